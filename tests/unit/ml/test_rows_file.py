"""Rows to predict from a file beside whoever asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lakebook.errors import BadFile, InvalidRequest, LakebookError, PayloadTooLarge
from lakebook.ml.model_version import Feature
from lakebook.ml.requests import PredictRequest
from lakebook.ml.serving import rows_file
from lakebook.ml.serving.feature_rows import typed_rows


@pytest.mark.parametrize(
    ("name", "text", "rows", "words"),
    [
        ("a.csv", 'age,port\n22,"a\nb"\n,Cork\n', [{"age": "22", "port": "a\nb"}, {"age": "", "port": "Cork"}], True),
        ("a.json", '[{"age": 22}]', [{"age": 22}], False),
        ("a.json", '{"age": 22}', [{"age": 22}], False),
        ("a.JSONL", '{"age": 22}\n\n{"age": 23}\n', [{"age": 22}, {"age": 23}], False),
        ("a.csv", "age\n", [], True),
    ],
    ids=["csv", "list", "one", "lines", "header-alone"],
)
def test_rows_are_read(tmp_path: Path, name: str, text: str, rows: list[dict[str, Any]], words: bool) -> None:
    (tmp_path / name).write_text(text)
    assert rows_file.read(tmp_path / name) == (rows, words)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"a\xff", "cannot be read as text"),
        ("a.csv", b"a,b\n1\n", "Row 1 of 'a.csv' does not hold a value for each column"),
        ("a.csv", b"a\n1,2\n", "Row 1 of 'a.csv'"),
        ("a.csv", b'a\n"1\n', "not a CSV table"),
        ("a.json", b"[1]", "does not hold rows"),
        ("a.jsonl", b"{", "is not JSON"),
    ],
    ids=["bytes", "short", "long", "open-quote", "numbers", "half"],
)
def test_files_that_hold_no_rows_say_why(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile) as refused:
        rows_file.read(tmp_path / name)
    assert said in refused.value.message
    assert str(tmp_path) not in refused.value.message


def test_a_file_that_is_too_long_names_the_other_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n2\n3\n")
    monkeypatch.setattr(rows_file, "MOST_ROWS", 2)
    with pytest.raises(PayloadTooLarge) as refused:
        rows_file.read(tmp_path / "a.csv")
    assert "--to NAME" in refused.value.hint
    monkeypatch.setattr(rows_file, "MOST_BYTES", 4)
    with pytest.raises(PayloadTooLarge):
        rows_file.read(tmp_path / "a.csv")


def test_a_request_takes_its_files_rows_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("age\n22\n")
    brought = PredictRequest(model="m", file="a.csv").brought()
    assert (brought.file, brought.features, brought.words) == (None, [{"age": "22"}], True)
    assert PredictRequest(model="m", features={"age": 1}).brought().words is False
    with pytest.raises(InvalidRequest):
        PredictRequest(model="m", file="a.csv", dataset="t").brought()
    with pytest.raises(LakebookError):
        PredictRequest(model="m", file="missing.csv").brought()


def test_words_are_read_in_each_fields_type() -> None:
    features = [Feature(name="n", type="integer"), Feature(name="b", type="boolean"), Feature(name="t", type="text")]
    rows: list[dict[str, Any]] = [
        {"n": "3", "b": "TRUE", "t": "3"},
        {"n": "x", "b": "perhaps", "t": ""},
        {"n": 4, "more": "5"},
    ]
    assert typed_rows(rows, features) == [
        {"n": 3.0, "b": True, "t": "3"},
        {"n": "x", "b": "perhaps", "t": None},
        {"n": 4, "more": "5"},
    ]
