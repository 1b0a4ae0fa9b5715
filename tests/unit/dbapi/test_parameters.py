"""Values become literals of their own type in the statement's tree; no value ever becomes SQL."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.dbapi.failures import InterfaceError, ProgrammingError
from lakebook.dbapi.parameters import bound

OSLO = datetime.timezone(datetime.timedelta(hours=1))
VALUES: list[Any] = [
    None, True, False, 0, -7, 2**70, 1.5, -0.1, 1e300, Decimal("12.30"), Decimal("-0.001"), "", "a'b", "?",
    "'; DROP TABLE t; --", "naïve 日本 😀", datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 23, 59, 1, 5),
    datetime.time(4, 5, 6),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    row = duckdb.execute(bound("SELECT ? AS it", [value])).fetchone()
    assert row is not None
    assert row[0] == value
    assert type(row[0]) is type(value)


def test_a_decimal_without_a_fraction_keeps_its_value() -> None:
    assert bound("SELECT ?", [Decimal("1E+5")]) == "SELECT 100000"


def test_a_time_with_a_zone_is_a_moment() -> None:
    there = datetime.datetime(2024, 5, 1, 12, tzinfo=OSLO)
    row = duckdb.execute(bound("SELECT epoch(?)", [there])).fetchone()
    assert row == (there.timestamp(),)


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_stays_text(text: str) -> None:
    row = duckdb.execute(bound("SELECT ? AS it, 1 AS one", [text])).fetchone()
    assert row == (text, 1)


def test_the_order_is_that_of_the_text() -> None:
    statement = "WITH q AS (SELECT ? AS a) SELECT ?, a FROM q WHERE ? > 0 AND a IN (?, ?) ORDER BY 1 LIMIT ?"
    filled = "WITH q AS (SELECT 1 AS a) SELECT 2, a FROM q WHERE 3 > 0 AND a IN (4, 5) ORDER BY 1 LIMIT 6"
    assert bound(statement, [1, 2, 3, 4, 5, 6]) == filled


def test_marks_in_text_names_and_comments_are_none() -> None:
    statement = """SELECT '?', "?", ? /* ? */ FROM t -- ?"""
    assert "7" in bound(statement, [7])
    with pytest.raises(ProgrammingError, match="has 1 parameters, 2 values"):
        bound(statement, [7, 8])


@pytest.mark.parametrize(
    ("statement", "values", "words"),
    [
        ("SELECT ?", [], "has 1 parameters, 0 values"),
        ("SELECT 1", [1], "has 0 parameters, 1 values"),
        ("SELECT (", [1], "cannot be read"),
        ("SELECT $name, ?", [1], r"\$name has no value"),
    ],
    ids=["too-few", "too-many", "no-sql", "named"],
)
def test_what_does_not_match_is_said(statement: str, values: list[Any], words: str) -> None:
    with pytest.raises(ProgrammingError, match=words):
        bound(statement, values)


@pytest.mark.parametrize("value", [[1], {"a": 1}, object(), b"x"], ids=["list", "dict", "object", "bytes"])
def test_other_kinds_of_values_are_refused(value: Any) -> None:
    with pytest.raises(InterfaceError, match="A parameter cannot be"):
        bound("SELECT ?", [value])


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_decimals_without_an_end_are_refused(text: str) -> None:
    with pytest.raises(InterfaceError, match="finite"):
        bound("SELECT ?", [Decimal(text)])
