"""A model's card, for shell and cell."""

from __future__ import annotations

from lakebook.ml.card import headline, score_rows, tried_rows
from lakebook.ml.model_version import Candidate, Excluded, ModelVersion


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
    assert [row[0] for row in rows] == ["HistGradientBoosting (accuracy)", "constant", "linear"]
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
