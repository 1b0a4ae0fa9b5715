"""A model's card, for shell and cell."""

from __future__ import annotations

import re

import pytest

from lakebook.ml.card import card_page, headline, not_for, score_rows, tried_rows, usage, weakest_rows
from lakebook.ml.evaluation.records import Evaluation, Segment
from lakebook.ml.model_version import Candidate, Excluded, Feature, Finding, ModelVersion, SplitFacts


def test_the_card_says_what_how_well_and_beside_what(boosted: ModelVersion) -> None:
    text = boosted.text()
    assert "boosted v1 (candidate, champion): classification of survived, learned from table v3" in text
    assert boosted.verdict in text
    assert all(f"{baseline.score:.4g}" in text for baseline in boosted.baselines)
    assert "AutoGluon is not installed" in text


def test_what_was_left_out_is_said_once(boosted: ModelVersion) -> None:
    leaking = boosted.model_copy(update={"excluded": [Excluded(column="alive", reason="is a copy of 'survived'")]})
    assert [line for line in headline(leaking) if "alive" in line] == ["Left out alive: is a copy of 'survived'"]


def test_the_winner_stands_above_its_baselines(boosted: ModelVersion) -> None:
    rows = score_rows(boosted)
    assert [row[0] for row in rows][:3] == ["HistGradientBoosting (accuracy)", "constant", "linear"]
    assert rows[0][3] == ""
    assert rows[1][3].startswith("+")


def test_a_model_without_a_score_and_many_models_have_their_place(boosted: ModelVersion) -> None:
    assert tried_rows(boosted)[0][:2] == ["HistGradientBoosting", ""]
    many = [Candidate(model=f"m{n}", score=n / 7, fit_seconds=1.25) for n in range(12)]
    assert len(tried_rows(boosted.model_copy(update={"leaderboard": many}))) == 8


def test_names_are_no_markup_in_a_cell(boosted: ModelVersion) -> None:
    hostile = boosted.model_copy(update={"name": "<script>alert(1)</script>", "winner": "<b>x</b>"})
    page = hostile._repr_html_()
    assert "<script>" not in page
    assert "<b>x</b>" not in page
    assert "&lt;script&gt;" in page


def with_segments(model: ModelVersion, *segments: Segment) -> ModelVersion:
    """The model, scored at .9 in all, with these groups."""
    return model.model_copy(
        update={"evaluation": Evaluation(segments=list(segments)), "score": 0.9, "rows_held_out": 500}
    )


def test_for_whom_it_is_not_is_said(boosted: ModelVersion) -> None:
    weak = Segment(column="port", value="Cherbourg", rows=80, score=0.6, interval=(0.5, 0.7))
    small = Segment(column="age", value="up to 5", rows=12, score=0.8, interval=(0.5, 0.95))
    fine = Segment(column="age", value="5 to 9", rows=90, score=0.88, interval=(0.8, 0.93))
    model = with_segments(boosted, weak, small, fine)
    said = [line for line in not_for(model) if "Where" in line or "where" in line]
    assert said == [
        "Clearly weaker where port is Cherbourg: accuracy 0.6 against 0.9 overall, on 80 rows.",
        "Where age is up to 5 it was scored on 12 rows only.",
    ]
    assert weakest_rows(model)[0] == ["port = Cherbourg", "80", "0.6", "0.5 to 0.7"]
    text, page = model.text(), model._repr_html_()
    assert all(line in text for line in said)
    assert "Clearly weaker where port is Cherbourg" in page
    assert "where it is weakest" in text


def test_a_worse_error_is_a_higher_one(boosted: ModelVersion) -> None:
    amounts = boosted.model_copy(update={"problem_type": "regression", "score_metric": "rmse"})
    worse = Segment(column="x", value="a", rows=80, score=2.0, interval=(1.5, 2.5))
    better = Segment(column="x", value="b", rows=80, score=0.2, interval=(0.1, 0.3))
    said = [line for line in not_for(with_segments(amounts, worse, better)) if "weaker" in line]
    assert len(said) == 1
    assert "x is a" in said[0]


@pytest.mark.parametrize(
    ("update", "said"),
    [
        ({"findings": [Finding(code="rare", message="Only 9 rows are 'yes'.")]}, "Only 9 rows are 'yes'."),
        ({"rows_held_out": 24}, "It was scored on 24 rows only: its score may be off by much."),
        ({"stopped_early": True}, "Its training was cancelled: longer ones may find better models."),
    ],
    ids=["finding", "few rows", "cancelled"],
)
def test_what_makes_it_doubtful_is_said(boosted: ModelVersion, update: dict[str, object], said: str) -> None:
    assert said in not_for(boosted.model_copy(update=update))
    assert said in boosted.model_copy(update=update).text()


def test_a_model_no_better_than_the_baseline_is_nothing_to_decide_by(boosted: ModelVersion) -> None:
    beaten = [baseline.model_copy(update={"beaten": False}) for baseline in boosted.baselines]
    assert any(
        "do not decide anything by it" in line for line in not_for(boosted.model_copy(update={"baselines": beaten}))
    )


def test_the_commands_to_use_it_can_be_pasted(boosted: ModelVersion) -> None:
    odd = boosted.model_copy(
        update={"name": "Ada's model", "input_example": {"age": 22.5, "port": "New York", "paid": None}}
    )
    predict, drift = usage(odd)
    assert predict == """%predict 'Ada'"'"'s model@1' --features age=22.5 'port=New York' paid=null"""
    assert drift.endswith("--dataset table")


@pytest.mark.parametrize(
    ("split", "said"),
    [
        (SplitFacts(kind="time", column="day"), "held out (the latest by day)"),
        (SplitFacts(kind="group", column="shop"), "held out (whole groups of shop)"),
        (SplitFacts(), "held out, "),
    ],
    ids=["time", "group", "random"],
)
def test_how_rows_were_held_out_is_said(boosted: ModelVersion, split: SplitFacts, said: str) -> None:
    assert said in boosted.model_copy(update={"split": split}).text()


def test_the_page_asks_nothing_of_any_server(boosted: ModelVersion) -> None:
    hostile = boosted.model_copy(
        update={"name": "<script>alert(1)</script>", "features": [Feature(name="</style>", type="text")]}
    )
    page = card_page(hostile)
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert set(re.findall(r'src="([^"]{0,22})', page)) == {"data:image/png;base64,"}
    assert not re.search(r"https?://|url\(|@import", page)
    assert boosted.model_id in page
