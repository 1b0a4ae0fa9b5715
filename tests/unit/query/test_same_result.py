"""When an answer's rows are the expected ones: columns by content, rows as a multiset, numbers within a tolerance."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.query.same_result import LOOSE_TOLERANCE, columns_left_over, plain

CELL = st.one_of(st.none(), st.integers(-9, 9), st.sampled_from(["a", "b", "2020-01-01", "7"]), st.booleans())


@st.composite
def tables(draw: st.DrawFn) -> list[list[object]]:
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6))


@pytest.mark.parametrize(
    ("expected", "given", "left"),
    [
        pytest.param([[1]], [[1]], 0, id="one number"),
        pytest.param([[1]], [["x", 1]], 1, id="a label besides"),
        pytest.param([["DE", 3], ["FR", 2]], [[2, "FR"], [3, "DE"]], 0, id="columns and rows elsewhere"),
        pytest.param([["DE", 3], ["FR", 2]], [["DE", 2], ["FR", 3]], None, id="figures swapped"),
        pytest.param([[1], [1]], [[1]], None, id="a row is missing"),
        pytest.param([[1], [1], [2]], [[1], [2], [2]], None, id="as often as expected"),
        pytest.param([[1, 1]], [[1]], None, id="a column is used once"),
        pytest.param([[1, 2], [1, 3]], [[1, 2, 9], [1, 3, 9]], 1, id="a constant besides"),
        pytest.param([], [], 0, id="no rows"),
        pytest.param([], [[1]], None, id="rows where there are none"),
        pytest.param([[None]], [[float("nan")]], 0, id="nothing is nothing"),
        pytest.param([["7"]], [[Decimal("7.00")]], 0, id="a number as text"),
        pytest.param([["007"]], [[7]], None, id="a code is no number"),
        pytest.param([[True]], [["true"]], 0, id="truth as text"),
        pytest.param([[" Oslo "]], [["Oslo"]], 0, id="outer blanks"),
        pytest.param([["oslo"]], [["Oslo"]], None, id="capitals"),
        pytest.param([["é"]], [["e\u0301"]], 0, id="one letter, two spellings"),
        pytest.param([[datetime(2020, 1, 1)]], [[date(2020, 1, 1)]], 0, id="midnight is its day"),
        pytest.param([["2020-01-01T10:30:00"]], [[datetime(2020, 1, 1, 10, 30)]], 0, id="a time as text"),
        pytest.param([["2020-01-01 10:30:00.500"]], [["2020-01-01T10:30:00.5Z"]], 0, id="a fraction of a second"),
        pytest.param([[[1, 2]]], [["[1, 2]"]], 0, id="a list"),
    ],
)
def test_columns_left_over(expected: list[list[object]], given: list[list[object]], left: int | None) -> None:
    assert columns_left_over(expected, given) == left


def test_the_order_counts_where_it_was_asked_for() -> None:
    assert columns_left_over([[1], [2]], [[2], [1]]) == 0
    assert columns_left_over([[1], [2]], [[2], [1]], ordered=True) is None
    assert columns_left_over([[1], [2]], [["x", 1], ["y", 2]], ordered=True) == 1


@pytest.mark.parametrize(
    ("one", "other", "tolerance", "same"),
    [
        (1.0, 1.0 + 1e-12, 1e-9, True),
        (1.0, 1.000001, 1e-9, False),
        (1.0, 1.0000001, LOOSE_TOLERANCE, True),
        (0.0, 1e-13, 1e-9, True),
        (1e15, 1e15 + 1, 1e-9, True),
        (5, -5, 1e-9, False),
    ],
)
def test_numbers_are_the_same_within_the_tolerance(one: float, other: float, tolerance: float, same: bool) -> None:
    assert (columns_left_over([[one]], [[other]], tolerance=tolerance) is not None) == same


def test_equal_columns_are_told_apart_by_their_rows() -> None:
    """Each column fits two of the other side; only one choice makes whole rows."""
    expected = [[1, 1, 2], [1, 2, 1], [2, 1, 1]]
    given = [[2, 1, 1, 0], [1, 2, 1, 0], [1, 1, 2, 0]]
    assert columns_left_over(expected, given) == 1


@given(tables(), st.randoms(use_true_random=False))
def test_shuffled_rows_and_columns_stay_the_same(rows: list[list[object]], dice: Random) -> None:
    places = list(range(len(rows[0])))
    dice.shuffle(places)
    moved = [[row[place] for place in places] for row in rows]
    dice.shuffle(moved)
    assert columns_left_over(rows, moved) == 0


@given(tables())
def test_a_changed_cell_is_noticed(rows: list[list[object]]) -> None:
    changed = [list(row) for row in rows]
    changed[0][0] = "nothing like it"
    assert columns_left_over(rows, changed) is None


def test_plain_keeps_text_that_only_looks_like_a_time() -> None:
    assert plain("2020-01-01 tea") == "2020-01-01 tea"
    assert plain("2020-01-01 00:00:00") == "2020-01-01"
    assert plain("1e3") == 1000.0
