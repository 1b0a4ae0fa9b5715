"""Periods in words become half-open stretches of days."""

from __future__ import annotations

from datetime import date

import pytest

from lakebook.query.tables import Column, Table
from lakebook.query.understand.dates import month_of, periods, stretches
from lakebook.query.understand.reading import Period
from lakebook.query.understand.scope import Scope
from lakebook.query.understand.words import tokens

TABLE = Table("t", "bronze", "x", 1, 1, (), (Column("day", "DATE"),))


def whole(text: str) -> list[tuple[date | None, date | None]]:
    """The periods that take the whole text."""
    scope = Scope(TABLE, tokens(text), None)
    found: list[Period] = [period for end, period in periods(scope, 0) if end == scope.end]
    return list(dict.fromkeys((period.start, period.end) for period in found))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in 2011", date(2011, 1, 1), date(2012, 1, 1)),
        ("for 2011", date(2011, 1, 1), date(2012, 1, 1)),
        ("2011", date(2011, 1, 1), date(2012, 1, 1)),
        ("during the year 2011", None, None),
        ("in the year 2011", date(2011, 1, 1), date(2012, 1, 1)),
        ("in March 2011", date(2011, 3, 1), date(2011, 4, 1)),
        ("in Mar 2011", date(2011, 3, 1), date(2011, 4, 1)),
        ("in December of 2011", date(2011, 12, 1), date(2012, 1, 1)),
        ("in 2011-12", date(2011, 12, 1), date(2012, 1, 1)),
        ("in Q1 2011", date(2011, 1, 1), date(2011, 4, 1)),
        ("in the fourth quarter of 2011", date(2011, 10, 1), date(2012, 1, 1)),
        ("on 2012-02-29", date(2012, 2, 29), date(2012, 3, 1)),
        ("on 29 February 2012", date(2012, 2, 29), date(2012, 3, 1)),
        ("on the 1st of March 2011", date(2011, 3, 1), date(2011, 3, 2)),
        ("on March 31, 2011", date(2011, 3, 31), date(2011, 4, 1)),
        ("on December 31 2011", date(2011, 12, 31), date(2012, 1, 1)),
        ("before 2011", None, date(2011, 1, 1)),
        ("before March 2011", None, date(2011, 3, 1)),
        ("after 2011", date(2012, 1, 1), None),
        ("after 31 December 2011", date(2012, 1, 1), None),
        ("since 5 March 2011", date(2011, 3, 5), None),
        ("in 2011 or later", date(2011, 1, 1), None),
        ("in 2011 or earlier", None, date(2012, 1, 1)),
        ("between 2010 and 2011", date(2010, 1, 1), date(2012, 1, 1)),
        ("between 1 March 2011 and 5 March 2011", date(2011, 3, 1), date(2011, 3, 6)),
        ("from March to June 2011", date(2011, 3, 1), date(2011, 7, 1)),
        ("from 2010-12-01 through 2011-01-31", date(2010, 12, 1), date(2011, 2, 1)),
    ],
)
def test_a_period(text: str, start: date | None, end: date | None) -> None:
    expected = [] if start is None and end is None else [(start, end)]
    assert whole(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "in March", "on 31 February 2011", "on 2011-02-30", "in 2011-13", "on 5/3/2011", "last week", "yesterday",
        "in 20111", "in 999", "from 5 March 2011", "between June 2011 and March 2011", "in Q5 2011", "on 32 March 2011",
        "until 2011", "on 5th", "in the first quarter",
    ],
)  # fmt: skip
def test_no_period(text: str) -> None:
    assert whole(text) == []


@pytest.mark.parametrize("month", range(1, 13))
def test_months_follow_on_each_other(month: int) -> None:
    first, after = month_of(2011, month)
    assert first == date(2011, month, 1)
    assert after == (date(2011, month + 1, 1) if month < 12 else date(2012, 1, 1))


def test_a_year_alone_is_one_stretch() -> None:
    scope = Scope(TABLE, tokens("2011"), None)
    assert list(stretches(scope, 0)) == [(1, (date(2011, 1, 1), date(2012, 1, 1)))]
