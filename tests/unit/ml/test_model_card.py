"""A model's card as the doors show it: words, what to mind, cells to type, pictures; and the card of a cell."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from lakebook.ml.card import not_for
from lakebook.ml.evaluation.records import Segment
from lakebook.ml.model_card import card_of
from lakebook.ml.model_version import Excluded, Finding, ModelVersion
from tests.unit.ml.test_pictures import ALL, HOSTILE, a_model, evaluated


def a_version(**more: Any) -> ModelVersion:
    """A registered model of the titanic."""
    return ModelVersion(
        **{
            **a_model(**more).model_dump(), "model_id": "m-1", "name": "titanic_survived", "version": 2,
            "aliases": ["candidate"], "mlflow_run_id": "r-1", "created_at": datetime(2026, 3, 1, tzinfo=UTC),
            "user_id": "ada",
        }
    )  # fmt: skip


def test_the_card_holds_words_pictures_and_the_next_two_cells() -> None:
    model = a_version(input_example={"age": 31.5, "port": "Le Havre"})
    card = card_of(model)
    assert card.reference == "titanic_survived@2"
    assert card.text() == card.words == model.text()
    assert [picture.name for picture in card.pictures] == ALL
    assert card.usage == [
        "%predict titanic_survived@2 --features age=31.5 'port=Le Havre'",
        "%models drift titanic_survived@2 --dataset titanic",
    ]


def test_what_is_found_of_a_column_is_a_sentence_about_it() -> None:
    findings = [
        Finding(code="free_text", column="name", message="is free text; its words are counted"),
        Finding(code="few_rows", message="Only 12 rows: the score is little more than a guess."),
        Finding(code="leak", column="alive", message="is a copy of 'survived'", stop=True),
    ]
    model = a_version(findings=findings, excluded=[Excluded(column="alive", reason="is a copy of 'survived'")])
    assert not_for(model)[:2] == [
        "name is free text; its words are counted.",
        "Only 12 rows: the score is little more than a guess.",
    ]
    assert not any("alive" in line for line in card_of(model).mind)


def test_the_weakest_rows_are_minded() -> None:
    weak = Segment(column="port", value="Queenstown", rows=40, score=0.5, interval=(0.4, 0.6))
    assert any("port is Queenstown" in line for line in card_of(a_version(evaluation=evaluated(segments=[weak]))).mind)


@pytest.mark.parametrize(
    ("more", "shown"), [({}, "best accuracy so far"), ({"curve": []}, "accuracy of WeightedEnsemble_L2")],
    ids=["curve", "scores"],
)  # fmt: skip
def test_a_cell_shows_the_picture_above_the_tables(more: dict[str, Any], shown: str) -> None:
    page = a_version(**more)._repr_html_()
    found = re.search(r'<img alt="([^"]+)" width="560" src="data:image/png;base64,([^"]+)">', page)
    assert found is not None
    assert found[1].startswith(shown)
    assert base64.b64decode(found[2]).startswith(b"\x89PNG")
    assert page.index("<img") < page.index("<table") < page.index("%predict titanic_survived@2")


def test_names_are_no_markup() -> None:
    model = a_version(winner=HOSTILE[3], target_column=HOSTILE[3], curve=[])
    assert "<b>bold" not in model._repr_html_() + card_of(model)._repr_html_()
