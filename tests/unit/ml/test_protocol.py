"""The ways in which programs ask: lakebook's own, and MLflow's scoring protocol."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from lakebook.errors import InvalidRequest, PayloadTooLarge, WrongMedia
from lakebook.ml.model_version import Feature
from lakebook.ml.requests import Prediction
from lakebook.ml.serving.protocol import MOST_BYTES, MOST_ROWS, check_head, told, understood

FEATURES = [Feature(name="age", type="number"), Feature(name="paid", type="boolean"), Feature(name="port", type="text")]
ROW = {"age": 22, "paid": True, "port": "Cork"}


def fields(form: dict[str, Any]) -> Any:
    return understood("mlflow", "application/json; charset=utf-8", json.dumps(form).encode()).fields(FEATURES)


@pytest.mark.parametrize(
    "form",
    [
        {"dataframe_split": {"columns": ["age", "paid", "port"], "index": [7], "data": [[22, True, "Cork"]]}},
        {"dataframe_split": {"data": [[22, True, "Cork"]]}},
        {"dataframe_records": [ROW]},
        {"instances": [ROW], "params": {"unheard": 1}},
        {"instances": [[22, True, "Cork"]]},
        {"inputs": {"age": [22], "paid": [True], "port": ["Cork"]}},
        {"inputs": {"age": 22, "paid": True, "port": "Cork"}},
        {"inputs": [ROW]},
    ],
    ids=["split", "split-without-names", "records", "instances", "lists", "columns", "one-row", "inputs"],
)
def test_every_form_of_mlflow_gives_the_same_row(form: dict[str, Any]) -> None:
    assert fields(form) == [ROW]


def test_a_csv_table_is_read_in_each_fields_type() -> None:
    body = b'\xef\xbb\xbfage,paid,port,extra\n22,true,"Cork, Ireland",x\n,0,,\n'
    question = understood("mlflow", "text/csv", body)
    assert question.fields(FEATURES) == [
        {"age": 22.0, "paid": True, "port": "Cork, Ireland", "extra": "x"},
        {"age": None, "paid": False, "port": None, "extra": None},
    ]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "holds 0 of the forms"),
        ({"instances": [ROW], "inputs": [ROW]}, "holds 2 of the forms"),
        ({"instances": 3}, "instances wants a list of rows"),
        ({"dataframe_records": {"age": 2}}, "dataframe_records wants a list of rows"),
        ({"dataframe_split": {"columns": ["age"]}}, "wants `columns` and `data`"),
        ({"dataframe_split": {"columns": "age", "data": []}}, "a list of names"),
        ({"dataframe_split": {"columns": ["age"], "data": [[1, 2]]}}, "Row 1 does not hold 1 values"),
        ({"inputs": {"age": [1, 2], "paid": [True]}}, "not equally long"),
        ({"instances": [[1, True]]}, "Row 1 does not hold 3 values"),
    ],
    ids=["none", "two", "no-list", "no-records", "no-data", "no-names", "too-wide", "uneven", "too-narrow"],
)
def test_what_is_no_table_is_refused_in_one_sentence(form: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        fields(form)
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("style", "media", "body", "said"),
    [
        ("mlflow", "application/json", b"{", "The body is not JSON."),
        ("mlflow", "application/json", b"[1]", "The body is not a JSON object."),
        ("mlflow", "application/json", b"[" * 100_000, "The body is not JSON."),
        ("mlflow", "text/csv", b"", "has no line"),
        ("mlflow", "text/csv", b"a\xff", "not a CSV table in UTF-8"),
        ("lakebook", "application/json", b'{"model": "m", "dataset": "t"}', "predicts rows that are sent"),
        ("lakebook", "application/json", b'{"features": {}}', "model"),
        ("lakebook", "application/json", b'{"model": "m", "features": {}, "colour": 1}', "colour"),
    ],
    ids=["half", "list", "deep", "empty-csv", "no-utf8", "a-table", "no-model", "unknown-field"],
)
def test_bodies_that_cannot_be_read_say_why(style: Any, media: str, body: bytes, said: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        understood(style, media, body)
    assert said in refused.value.message


@pytest.mark.parametrize("media", ["application/x-pickle", "application/octet-stream", "", "text/html"])
def test_a_pickle_is_refused_by_its_head(media: str) -> None:
    with pytest.raises(WrongMedia) as refused:
        check_head("mlflow", media, 10)
    assert (refused.value.status, "pickles" in refused.value.hint) == (415, True)


def test_csv_is_mlflows_alone() -> None:
    check_head("mlflow", "text/csv; charset=utf-8", 10)
    check_head("lakebook", "Application/JSON", 10)
    with pytest.raises(WrongMedia):
        check_head("lakebook", "text/csv", 10)


def test_a_body_of_100_mb_and_too_many_rows_are_refused() -> None:
    with pytest.raises(PayloadTooLarge, match="100,000,000 bytes"):
        check_head("mlflow", "application/json", 100_000_000)
    check_head("mlflow", "application/json", MOST_BYTES)
    rows = json.dumps({"instances": [0] * (MOST_ROWS + 1)}).encode()
    with pytest.raises(PayloadTooLarge, match="10,001 rows"):
        understood("mlflow", "application/json", rows)


def test_lakebooks_own_question_names_its_model_and_key() -> None:
    body = {"model_id": "guests", "features": ROW, "explain": True, "key": "ada"}
    question = understood("lakebook", "application/json", json.dumps(body).encode())
    assert (question.reference, question.rows, question.explained, question.key) == ("guests", [ROW], True, "ada")
    assert question.fields(FEATURES) == [ROW]


def test_answers_are_told_in_the_way_they_were_asked() -> None:
    meant: Any = SimpleNamespace(model=SimpleNamespace(model_id="1", name="guests", version=3))
    found = [Prediction(prediction="yes", confidence=0.75, probabilities={"no": 0.25, "yes": 0.75})]
    assert json.loads(told("mlflow", meant, found, [])) == {"predictions": ["yes"]}
    own = json.loads(told("lakebook", meant, found, ["careful"]))
    assert (own["prediction"], own["confidence"], own["version"], own["warnings"]) == ("yes", 0.75, 3, ["careful"])
    assert own["predictions"][0]["probabilities"] == {"no": 0.25, "yes": 0.75}
    assert json.loads(told("lakebook", meant, found * 2, []))["prediction"] is None
