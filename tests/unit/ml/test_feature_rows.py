"""Rows to predict, held against a model's signature."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from lakebook.errors import InvalidRequest
from lakebook.ml.columns import to_frame
from lakebook.ml.model_version import Feature
from lakebook.ml.serving.feature_rows import from_rows, from_table, travelled

at = datetime.fromisoformat
FEATURES = [
    Feature(name="age", type="number"),
    Feature(name="siblings", type="integer"),
    Feature(name="paid", type="boolean"),
    Feature(name="port", type="text"),
    Feature(name="born", type="date"),
    Feature(name="seen", type="timestamp"),
]
WHOLE = {"age": 22.5, "siblings": 1, "paid": True, "port": "Cork", "born": "1990-05-01", "seen": "2026-01-31T12:30:00"}


def test_a_whole_row_passes_without_a_word() -> None:
    table, warnings = from_rows([WHOLE], FEATURES)
    assert warnings == []
    assert table.to_pylist() == [
        {
            "age": 22.5,
            "siblings": 1.0,
            "paid": 1.0,
            "port": "Cork",
            "born": at("1990-05-01T00:00"),
            "seen": at("2026-01-31T12:30"),
        }
    ]


@pytest.mark.parametrize(
    ("field", "value", "travels"),
    [
        ("age", 22, 22.0),
        ("age", Decimal("22.25"), 22.25),
        ("age", np.float32(0.5), 0.5),
        ("siblings", np.int64(3), 3.0),
        ("siblings", 2.0, 2.0),
        ("age", float("nan"), None),
        ("age", pd.NA, None),
        ("seen", pd.NaT, None),
        ("paid", np.bool_(False), 0.0),
        ("paid", None, None),
        ("port", "", ""),
        ("born", date(2000, 2, 29), at("2000-02-29T00:00")),
        ("born", at("2000-02-29T05:00"), at("2000-02-29T05:00")),
        ("seen", datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))), at("2025-12-31T23:00")),
        ("seen", "2026-01-01T01:00:00+02:00", at("2025-12-31T23:00")),
        ("seen", pd.Timestamp(2026, 1, 1, tz=UTC), at("2026-01-01T00:00")),
    ],
)
def test_values_of_like_types_are_taken(field: str, value: Any, travels: Any) -> None:
    table, _ = from_rows([{**WHOLE, field: value}], FEATURES)
    assert table.to_pylist()[0][field] == travels


@pytest.mark.parametrize(
    ("field", "value", "wanted", "got"),
    [
        ("age", "old", "a number", "'old'"),
        ("age", "22", "a number", "'22'"),
        ("age", True, "a number", "True"),
        ("age", float("inf"), "a number", "inf"),
        ("siblings", [1], "a number", r"\[1\]"),
        ("siblings", 10**400, "a number", "1000"),
        ("paid", 1, "true or false", "1"),
        ("paid", "yes", "true or false", "'yes'"),
        ("port", 7, "text", "7"),
        ("born", "yesterday", "a date such as 2026-01-31", "'yesterday'"),
        ("seen", 1700000000, "a time such as", "1700000000"),
    ],
)
def test_a_wrong_type_names_field_type_and_value(field: str, value: Any, wanted: str, got: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"'{field}' wants {wanted}.*got {got}.*\(row 2\)") as refused:
        from_rows([WHOLE, {**WHOLE, field: value}], FEATURES)
    assert refused.value.details["field"] == field


def test_a_long_value_is_cut_in_the_error() -> None:
    with pytest.raises(InvalidRequest) as refused:
        from_rows([{**WHOLE, "age": "x" * 5000}], FEATURES)
    assert len(refused.value.message) < 150


def test_missing_and_unknown_fields_are_reported() -> None:
    without = {name: value for name, value in WHOLE.items() if name not in ("age", "port")}
    table, warnings = from_rows([{**without, "shoe": 42}, {**without, "age": 1}], FEATURES)
    assert table.column("age").to_pylist() == [None, 1.0]
    assert warnings == [
        "Fields not given, taken as null: port.",
        "Fields not given in some rows, taken as null: age (1 of 2 rows).",
        "Fields the model does not know, ignored: shoe.",
    ]


def test_known_fields_may_be_there_in_silence() -> None:
    assert from_rows([{**WHOLE, "survived": 1}], FEATURES, {"survived"})[1] == []


def test_a_row_that_is_none_is_refused() -> None:
    rows: list[Any] = [WHOLE, 7]
    with pytest.raises(InvalidRequest, match="Row 2 is 7, not fields with values"):
        from_rows(rows, FEATURES)


def test_a_table_is_taken_by_its_columns() -> None:
    table = pa.table(
        {
            "siblings": pa.array([1, None], pa.int8()),
            "age": pa.array([Decimal("1.5"), None], pa.decimal128(9, 2)),
            "port": pa.array(["Cork", None]).dictionary_encode(),
            "born": pa.array([date(2000, 1, 1), None]),
            "seen": pa.nulls(2),
            "shoe": [1, 2],
        }
    )
    taken, warnings = from_table(table, FEATURES)
    assert taken.column_names == [feature.name for feature in FEATURES]
    assert taken.to_pylist()[0] == {
        "age": 1.5, "siblings": 1.0, "paid": None, "port": "Cork", "born": at("2000-01-01T00:00"), "seen": None
    }  # fmt: skip
    assert all(value is None for value in taken.to_pylist()[1].values())
    assert warnings == [
        "Fields not given, taken as null: paid.",
        "Fields the model does not know, ignored: shoe.",
    ]


@pytest.mark.parametrize(
    ("field", "column", "got"),
    [
        ("age", pa.array(["1"]), "string"),
        ("paid", pa.array([1]), "int64"),
        ("port", pa.array([1.5]), "double"),
        ("born", pa.array(["2000-01-01"]), "string"),
    ],
)
def test_a_column_of_a_wrong_type_is_named(field: str, column: pa.Array[Any], got: str) -> None:
    with pytest.raises(InvalidRequest, match=f"'{field}' wants .* got {got}"):
        from_table(pa.table({field: column}), FEATURES)


def test_rows_and_table_give_the_models_the_same_frame() -> None:
    rows, _ = from_rows([WHOLE, {"age": None}], FEATURES)
    table, _ = from_table(
        pa.table(
            {
                "age": [22.5, None],
                "siblings": [1, None],
                "paid": [True, None],
                "port": ["Cork", None],
                "born": [date(1990, 5, 1), None],
                "seen": [at("2026-01-31T12:30"), None],
            }
        ),
        FEATURES,
    )
    pd.testing.assert_frame_equal(to_frame(rows, FEATURES), to_frame(table, FEATURES))


def test_a_table_that_travelled_to_one_model_suits_another() -> None:
    table, _ = from_rows([WHOLE], FEATURES)
    other = [FEATURES[2], Feature(name="age", type="text"), Feature(name="shoe", type="number"), FEATURES[3]]
    found = travelled(table, other)
    assert found.column_names == ["paid", "age", "shoe", "port"]
    assert found.to_pylist() == [{"paid": 1.0, "age": None, "shoe": None, "port": "Cork"}]
