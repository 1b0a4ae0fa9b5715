"""Periods in words become half-open stretches of days."""

from __future__ import annotations

from datetime import date

import pytest

from lakebook.query.domain import Domain
from lakebook.query.parse.grammar.dates import periods
from lakebook.query.parse.grammar.stretches import month_of, stretches
from lakebook.query.parse.graph import Graph
from lakebook.query.parse.names import Names
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.values import ValueIndex
from lakebook.query.parse.wants import Lately, Recurs
from lakebook.query.parse.words import tokens
from lakebook.query.reading import Period

NOTHING = Domain(())


def sentence(text: str) -> Sentence:
    return Sentence(tokens(text), Names(NOTHING, Graph(NOTHING)), ValueIndex((), None))


def whole(text: str) -> list[tuple[date | None, date | None]]:
    """The periods that take the whole text."""
    s = sentence(text)
    found = [period for end, period in periods(s, 0) if end == s.end and isinstance(period, Period)]
    return list(dict.fromkeys((period.start, period.end) for period in found))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in 2011", date(2011, 1, 1), date(2012, 1, 1)),
        ("for 2011", date(2011, 1, 1), date(2012, 1, 1)),
        ("2011", date(2011, 1, 1), date(2012, 1, 1)),
        ("during the year 2011", date(2011, 1, 1), date(2012, 1, 1)),
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
        "on 5th", "in the first quarter",
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
    assert list(stretches(sentence("2011"), 0)) == [(1, (date(2011, 1, 1), date(2012, 1, 1)))]


@pytest.mark.parametrize(
    ("text", "part", "values"),
    [
        ("on Sundays", "weekday", ("Sunday",)),
        ("on a Monday or Tuesday", "weekday", ("Monday", "Tuesday")),
        ("in December", "month_of_year", (12,)),
        ("in winter", "month_of_year", (12, 1, 2)),
        ("before 9 am", "hour", tuple(range(9))),
        ("after 6 pm", "hour", tuple(range(18, 24))),
        ("after 5 in the afternoon", "hour", tuple(range(17, 24))),
    ],
)
def test_what_comes_again(text: str, part: str, values: tuple[int | str, ...]) -> None:
    s = sentence(text)
    assert Recurs(part, values) in [when for end, when in periods(s, 0) if end == s.end]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("last month", Lately("month")),
        ("in the last 30 days", Lately("day", 30)),
        ("in the most recent year", Lately("year", 1, current=True)),
        ("this quarter", Lately("quarter", 1, current=True)),
    ],
)
def test_what_is_counted_from_the_newest_day(text: str, meant: Lately) -> None:
    s = sentence(text)
    assert meant in [when for end, when in periods(s, 0) if end == s.end]
