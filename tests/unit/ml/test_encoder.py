"""Columns as the numbers that boosters read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from lakebook.ml.serving.encoder import Encoder, InstantColumn, NumberColumn, SameColumn, WordColumn
from lakebook.ml.serving.parts import Blend, Layout

FIRST = 1_000_000_000
TABLE = pa.table(
    {
        "age": pa.array([1.5, None, 3.0], pa.float64()),
        "paid": pa.array([1.0, 0.0, None], pa.float64()),
        "port": pa.array(["Cork", "Rome", None], pa.string()),
        "seen": pa.array([datetime(2026, 1, 31, 12), None, datetime(1999, 12, 1)], pa.timestamp("us")),
    }
)
PORT = WordColumn("port", {"Cork": 0.0, "Oslo": 1.0}, unknown=float("nan"), missing=1.0)


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        (NumberColumn("age"), [1.5, None, 3.0]),
        (SameColumn("paid", 1.0), [1.0, 0.0, 0.0]),
        (PORT, [0.0, None, 1.0]),
        (InstantColumn("seen", "year", FIRST), [2026.0, 1970.0, 1999.0]),
        (InstantColumn("seen", "dayofweek", FIRST), [5.0, 3.0, 2.0]),
        (InstantColumn("seen", None, FIRST), [1769860800e9, 1e9, 944006400e9]),
    ],
    ids=["number", "same", "words", "year", "weekday", "instant"],
)
def test_each_kind_of_column(column: Any, wanted: list[float | None]) -> None:
    found = Encoder([column]).encode(TABLE).values[:, 0]
    assert [None if np.isnan(value) else float(value) for value in found] == wanted


def test_rows_in_several_pieces_are_read_alike() -> None:
    encoder = Encoder([NumberColumn("age"), PORT, InstantColumn("seen", "month", FIRST)], {1: 2})
    whole, pieces = encoder.encode(TABLE), encoder.encode(pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)]))
    assert np.array_equal(whole.values, pieces.values, equal_nan=True)
    assert whole.codes[1].tolist() == pieces.codes[1].tolist() == [0, -1, 1]


def test_words_that_were_not_learned_are_told_by_row() -> None:
    only_one = WordColumn("port", {"Cork": 1.0}, unknown=0.0, missing=0.0, is_whole=False)
    assert Encoder([PORT]).strange(TABLE) == {"port": [1]}
    assert Encoder([only_one, NumberColumn("age")]).strange(TABLE) == {}


def test_a_layout_puts_a_row_of_numbers_for_each_code() -> None:
    encoded = Encoder([NumberColumn("age"), PORT], {1: 2}).encode(TABLE)
    table = np.array([[1.0, 0.0], [0.0, 1.0], [9.0, 9.0]])
    made = Layout(numbers=[(0, 2)], tables=[(1, 0, table)], width=3).matrix(encoded, np.float64)
    assert np.nan_to_num(made, nan=-1.0).tolist() == [[1.0, 0.0, 1.5], [9.0, 9.0, -1.0], [0.0, 1.0, 3.0]]


def test_a_blend_weighs_its_parts() -> None:
    class Fixed:
        def __init__(self, value: float) -> None:
            self.value = value

        def scores(self, rows: Any) -> np.ndarray:
            return np.full(len(rows), self.value, dtype=np.float32)

    encoded = Encoder([NumberColumn("age")]).encode(TABLE)
    found = Blend([Fixed(1.0), Fixed(0.5)], [0.25, 0.75]).scores(encoded)
    assert found.dtype == np.float32
    assert found.tolist() == [0.625] * 3
