"""A test of versions: scores, leads, a winner only by evidence, and what is said of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from lakebook.ml.lifecycle.answers import Answered
from lakebook.ml.lifecycle.records import RouteResult
from lakebook.ml.lifecycle.routing import Arm, Route
from lakebook.ml.lifecycle.trial import loss, result_of

A, B, C = Arm("a", "m@1", 0.5), Arm("b", "m@2", 0.5), Arm("c", "m@3", 1.0)


def route(arms: Sequence[Arm] = (A, B), shadows: Sequence[Arm] = (), ended_at: str | None = None) -> Route:
    return Route("m", "t", tuple(arms), tuple(shadows), "2026-01-01T00:00:00.000000Z", "ada", ended_at)


def answers(model_id: str, right: int, wrong: int, *, start: int = 0, is_shadow: bool = False) -> list[Answered]:
    keys = [f"{model_id if not is_shadow else 'a'}{number}" for number in range(start, start + right + wrong)]
    said = ["yes"] * right + ["no"] * wrong
    random.Random(right).shuffle(said)
    return [Answered(key, model_id, is_shadow, one, "yes") for key, one in zip(keys, said, strict=True)]


def test_a_clearly_better_version_wins() -> None:
    found = result_of(route(), "classification", [*answers("a", 240, 160), *answers("b", 360, 40)])
    assert found.winner == "m@2"
    control, rival = found.arms
    assert control.score == pytest.approx(0.6)
    assert rival.score == pytest.approx(0.9)
    assert control.lead is None
    assert rival.lead == pytest.approx(0.3)
    assert rival.lead_interval is not None
    assert 0 < rival.lead_interval[0] < 0.3 < rival.lead_interval[1]
    assert control.score_interval is not None
    assert control.score_interval[0] < 0.6 < control.score_interval[1]
    assert found.words.startswith("The better one is m@2. m@2: accuracy 0.9 on 400 outcomes, m@1: 0.6 on 400")


def test_the_first_version_wins_where_all_others_are_worse() -> None:
    found = result_of(route(), "classification", [*answers("a", 360, 40), *answers("b", 240, 160)])
    assert found.winner == "m@1"
    assert found.arms[1].lead == pytest.approx(-0.3)


def test_a_small_difference_has_no_winner_and_says_what_would_tell() -> None:
    found = result_of(route(), "classification", [*answers("a", 80, 20), *answers("b", 84, 16)])
    assert found.winner is None
    assert "No winner yet." in found.words
    assert "That may be chance. A difference of this size would take about" in found.words


def test_few_outcomes_never_make_a_winner() -> None:
    found = result_of(route(), "classification", [*answers("a", 0, 29), *answers("b", 400, 0)])
    assert found.winner is None
    assert "At least 30 outcomes of each are needed." in found.words


def test_without_outcomes_answers_wait() -> None:
    waiting = [Answered(f"k{number}", "a", False, "yes", None) for number in range(7)]
    found = result_of(route(), "classification", waiting, unknown_keys=2)
    assert found.arms[0].answers == 7
    assert found.arms[0].outcomes == 0
    assert found.arms[0].score is None
    assert found.words.startswith("No outcomes yet: 7 answers wait")
    assert found.words.endswith("2 keys were never asked in this test.")


def test_one_version_without_outcomes_is_named() -> None:
    found = result_of(route(), "classification", answers("a", 40, 10))
    assert found.words == "No winner yet. m@2 has no outcomes to compare."


def test_a_shadow_is_held_against_the_answers_to_the_same_keys() -> None:
    same = [*answers("a", 250, 150), *answers("c", 380, 20, is_shadow=True)]
    found = result_of(route([A], [C]), "classification", same)
    shadow = found.arms[1]
    assert (shadow.share, shadow.outcomes) == (None, 400)
    assert shadow.lead == pytest.approx((380 - 250) / 400)
    assert found.winner == "m@3"
    apart = [*answers("a", 250, 150), *answers("c", 380, 20, start=1000, is_shadow=True)]
    assert result_of(route([A], [C]), "classification", apart).arms[1].lead is None


def test_amounts_are_held_against_each_other_by_their_error() -> None:
    chance = random.Random(5)
    told: list[Answered] = []
    for number in range(400):
        truth = chance.uniform(0, 100)
        told.append(Answered(f"a{number}", "a", False, truth + chance.gauss(0, 8), truth))
        told.append(Answered(f"b{number}", "b", False, truth + chance.gauss(0, 4), truth))
    found = result_of(route(), "regression", told)
    assert found.metric == "rmse"
    assert found.winner == "m@2"
    assert found.arms[0].score == pytest.approx(8, rel=0.15)
    assert found.arms[1].lead == pytest.approx(4, rel=0.3)
    assert found.arms[1].lead_interval is not None
    assert found.arms[1].lead_interval[0] > 0


def test_more_rivals_ask_for_more_evidence() -> None:
    told = [*answers("a", 300, 100), *answers("b", 340, 60), *answers("c", 300, 100)]
    two = result_of(route(), "classification", told).arms[1].lead_interval
    three = result_of(route([A, B, Arm("c", "m@3", 0.2)]), "classification", told).arms[1].lead_interval
    assert two is not None
    assert three is not None
    assert three[0] < two[0] < two[1] < three[1]


@pytest.mark.parametrize(
    ("problem", "prediction", "truth", "expected"),
    [
        ("classification", "yes", "yes", 0.0),
        ("classification", "yes", "no", 1.0),
        ("classification", 1, 1.0, 0.0),
        ("classification", True, "True", 0.0),
        ("classification", "1", 1, 0.0),
        ("classification", False, True, 1.0),
        ("regression", 3.0, 5, 4.0),
        ("regression", 3.0, "5.0", 4.0),
        ("regression", 3.0, "many", None),
    ],
    ids=str,
)
def test_how_wrong_an_answer_is(problem: Any, prediction: Any, truth: Any, expected: float | None) -> None:
    assert loss(problem, prediction, truth) == expected


def test_the_test_is_shown_in_shell_and_cell() -> None:
    shown: RouteResult = result_of(
        route([A, B], [C], "2026-02-01T00:00:00.000000Z"), "classification",
        [*answers("a", 40, 10), *answers("b", 45, 5)],
    )  # fmt: skip
    assert shown.state == "ended"
    text = shown.text()
    assert "m@1      50%     50       50" in text
    assert "shadow" in text
    assert "<table" in shown._repr_html_()
