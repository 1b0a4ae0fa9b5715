"""Column types, and the one way columns become what models read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from lakebook.ml.columns import feature_type, to_frame, travel_column, travel_schema
from lakebook.ml.model_version import Feature, FeatureType


@pytest.mark.parametrize(
    ("dtype", "kind"),
    [
        (pl.Int8(), "integer"),
        (pl.UInt64(), "integer"),
        (pl.Float32(), "number"),
        (pl.Decimal(18, 2), "number"),
        (pl.Boolean(), "boolean"),
        (pl.String(), "text"),
        (pl.Categorical(), "text"),
        (pl.Enum(["a"]), "text"),
        (pl.Date(), "date"),
        (pl.Datetime("ns", "UTC"), "timestamp"),
        (pl.Time(), None),
        (pl.Duration(), None),
        (pl.Binary(), None),
        (pl.List(pl.Int8()), None),
        (pl.Struct({"a": pl.Int8()}), None),
        (pl.Null(), None),
    ],
)
def test_every_column_type_has_its_feature_type(dtype: pl.DataType, kind: FeatureType | None) -> None:
    assert feature_type(dtype) == kind


@pytest.mark.parametrize(
    ("column", "kind", "travels"),
    [
        (pa.array([1, None], pa.int8()), "integer", [1.0, None]),
        (pa.array([2**63], pa.uint64()), "integer", [float(2**63)]),
        (pa.array([1.5, float("nan"), float("inf"), -float("inf")]), "number", [1.5, None, None, None]),
        (pa.array([Decimal("1.25")], pa.decimal128(9, 2)), "number", [1.25]),
        (pa.array([True, False, None]), "boolean", [1.0, 0.0, None]),
        (pa.array(["a", None], pa.large_string()), "text", ["a", None]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), "text", ["a", "b", "a"]),
        (pa.nulls(2), "text", [None, None]),
        (pa.nulls(2), "number", [None, None]),
    ],
)
def test_values_travel_as_numbers_and_words(column: pa.Array[Any], kind: FeatureType, travels: list[object]) -> None:
    assert travel_column(pa.chunked_array([column]), kind).to_pylist() == travels


def test_instants_travel_naive_and_those_past_nanoseconds_are_missing() -> None:
    days = pa.chunked_array([pa.array([date(1600, 1, 1), date(2026, 1, 31), date(9999, 12, 31), None])])
    assert travel_column(days, "date").to_pylist() == [None, datetime.fromisoformat("2026-01-31"), None, None]
    zoned = pa.chunked_array([pa.array([0], pa.timestamp("ns", "Europe/Paris"))])
    assert travel_column(zoned, "timestamp").to_pylist() == [datetime.fromisoformat("1970-01-01")]


def test_a_frame_holds_floats_objects_and_instants() -> None:
    features = [
        Feature(name="n", type="integer"),
        Feature(name="w", type="text"),
        Feature(name="d", type="date"),
    ]
    table = pa.table({"d": [date(2026, 1, 31), None], "other": [1, 2], "w": ["x", None], "n": [1, None]})
    frame = to_frame(table, features)
    assert list(frame.columns) == ["n", "w", "d"]
    assert [str(dtype) for dtype in frame.dtypes] == ["float64", "object", "datetime64[ns]"]
    assert np.isnan(frame["n"][1])
    assert frame["w"].tolist() == ["x", None]
    assert travel_schema(features).names == ["n", "w", "d"]


def test_a_frame_of_no_rows_keeps_its_columns() -> None:
    frame = to_frame(pa.table({"n": pa.array([], pa.int64())}), [Feature(name="n", type="integer")])
    assert frame.shape == (0, 1)
