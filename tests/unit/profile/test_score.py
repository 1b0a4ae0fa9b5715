"""The score never rises when values are lost or rows repeat, and its parts sum to what is missing of 1."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lakebook.profile.score import Counts, score_of


@st.composite
def tables(draw: st.DrawFn) -> Counts:
    """Counts as a table can have them."""
    rows = draw(st.one_of(st.integers(1, 20), st.integers(1, 10**9)))
    columns = draw(st.integers(1, 4))
    upto = st.lists(st.integers(0, rows), min_size=columns, max_size=columns)
    return Counts(rows, draw(st.integers(0, rows - 1)), draw(st.integers(0, 2 * rows)), draw(upto), draw(upto))


def summed(parts: list[tuple[str, float]]) -> Fraction:
    """The parts' sum in ten-thousandths, without rounding."""
    return sum((Fraction(str(taken)) for _, taken in parts), Fraction(0))


@given(counts=tables())
def test_the_parts_sum_to_what_is_missing_of_1(counts: Counts) -> None:
    score, parts = score_of(counts)
    assert 1 - summed(parts) == Fraction(str(score))
    assert 0 <= score <= 1
    assert all(taken > 0 for _, taken in parts)


@given(counts=tables(), column=st.integers(0, 3), lost=st.integers(1, 10**9))
@example(counts=Counts(2, 0, 0, [1], [0]), column=0, lost=1)
def test_lost_values_never_raise_the_score(counts: Counts, column: int, lost: int) -> None:
    place = column % len(counts.missing)
    missing = [min(counts.rows, count + lost * (at == place)) for at, count in enumerate(counts.missing)]
    assert score_of(replace(counts, missing=missing))[0] <= score_of(counts)[0]


@given(counts=tables(), repeats=st.integers(1, 10**9), row=st.lists(st.sampled_from(("", "missing", "padded"))))
@example(counts=Counts(10, 0, 0, [5, 0], [0, 0]), repeats=1, row=[])
@example(counts=Counts(10, 0, 10, [6, 0], [0, 0]), repeats=100, row=["", "missing"])
def test_repeated_rows_never_raise_the_score(counts: Counts, repeats: int, row: list[str]) -> None:
    """The row that is repeated has a value, none, or a padded one in each column, where the table has such."""
    cells = [*row, "", "", "", ""][: len(counts.missing)]
    more = replace(
        counts,
        rows=counts.rows + repeats,
        duplicates=counts.duplicates + repeats,
        missing=[n + repeats * (cell == "missing" and n > 0) for n, cell in zip(counts.missing, cells, strict=True)],
        padded=[n + repeats * (cell == "padded" and n > 0) for n, cell in zip(counts.padded, cells, strict=True)],
    )
    assert score_of(more)[0] <= score_of(counts)[0]


@pytest.mark.parametrize("counts", [Counts(0, 0, 0, [0], [0]), Counts(5, 0, 0, [], [])], ids=["rows", "columns"])
def test_a_table_without_rows_or_columns_has_no_quality(counts: Counts) -> None:
    assert score_of(counts) == (0.0, [("no rows", 1.0)])


def test_a_clean_table_is_1() -> None:
    assert score_of(Counts(10, 0, 0, [0, 0], [0, 0])) == (1.0, [])


def test_a_repeated_row_thins_out_nothing() -> None:
    """Half the values of one column missing, then every row twice: the missing part stays as it was."""
    once = dict(score_of(Counts(10, 0, 0, [5, 0], [2, 0]))[1])
    twice = dict(score_of(Counts(20, 10, 0, [5, 0], [2, 0]))[1])
    assert twice == {**once, "duplicate rows": 0.15}
