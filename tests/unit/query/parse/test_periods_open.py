"""Periods whose first end leaves its year or its month to the second, and hours of the clock."""

from __future__ import annotations

from datetime import date

import pytest

from lakebook.query.reading import Compare, Declined, Every, Reading, Within
from tests.unit.query.parse.more_worlds import LINES
from tests.unit.query.parse.worlds import FLIGHTS, SHOP, read, said


@pytest.mark.parametrize(
    ("said_so", "start", "end"),
    [
        ("between 10 and 15 January 2023", "2023-01-10", "2023-01-16"),
        ("from 10 to 15 January 2023", "2023-01-10", "2023-01-16"),
        ("between the 10th and the 15th of January 2023", "2023-01-10", "2023-01-16"),
        ("from January 10 to March 15, 2023", "2023-01-10", "2023-03-16"),
        ("between 10 January and 15 March 2023", "2023-01-10", "2023-03-16"),
        ("between 10 of January and 15 March 2023", "2023-01-10", "2023-03-16"),
        ("between 28 February and 1 March 2024", "2024-02-28", "2024-03-02"),
        ("from 29 February to 1 March 2024", "2024-02-29", "2024-03-02"),
        ("from January to March 2023", "2023-01-01", "2023-04-01"),
        ("in January and February 2023", "2023-01-01", "2023-03-01"),
        ("between 10 January 2023 and 15 March 2023", "2023-01-10", "2023-03-16"),
    ],
)
def test_a_period_takes_the_rest_from_its_second_end(said_so: str, start: str, end: str) -> None:
    understood = read(f"revenue {said_so}", SHOP)
    assert isinstance(understood, Reading)
    where = understood.where
    assert isinstance(where, Within)
    assert (where.period.start, where.period.end) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    "said_so",
    [
        "between 15 and 10 January 2023",  # back in time
        "between 15 March and 10 January 2023",
        "between 30 and 31 February 2023",  # no such days
        "between 29 February and 1 March 2023",
        "between December and March 2023",
        "between 5 and March 2023",  # a day and a month
        "in January and March 2023",  # not one after the other
    ],
)
def test_a_period_that_is_none_is_declined(said_so: str) -> None:
    assert isinstance(read(f"revenue {said_so}", SHOP), Declined)


def test_numbers_without_a_month_are_amounts() -> None:
    understood = read("orders with a quantity between 10 and 15", SHOP)
    assert isinstance(understood, Reading)
    assert isinstance(understood.where, Every)
    assert all(isinstance(each, Compare) for each in understood.where.conditions)


HOURS = {
    "from 12:00 to 12:59": range(12, 13),
    "from 12:00 to 13:00": range(12, 13),
    "between 9:00 and 10:59": range(9, 11),
    "between 9:00 and 11:00": range(9, 11),
    "before 9:00": range(9),
    "before noon": range(12),
    "after 22:00": range(22, 24),
    "after 22:59": range(23, 24),
    "at 6 pm or later": range(18, 24),
    "at 18:00 onwards": range(18, 24),
    "at 22:00 and later": range(22, 24),
    "before 6 am": range(6),
}


@pytest.mark.parametrize("clock", HOURS)
def test_hours_of_the_clock(clock: str) -> None:
    hours = " or ".join(map(str, HOURS[clock]))
    assert said(f"number of flights {clock}", FLIGHTS) == f"rows of flights, hour of the day = {hours}"
    assert said(f"number of invoices {clock}", LINES) == f"different InvoiceNo, hour of the day = {hours}"


@pytest.mark.parametrize(
    "clock", ["at 6 pm", "from 12:00 to 12:30", "from 12:30 to 12:59", "after 25:00", "at 6 pm or heavier"]
)
def test_parts_of_an_hour_are_declined(clock: str) -> None:
    assert isinstance(read(f"number of flights {clock}", FLIGHTS), Declined)


def test_a_table_of_days_has_no_hours() -> None:
    assert isinstance(read("number of orders from 12:00 to 12:59", SHOP), Declined)
