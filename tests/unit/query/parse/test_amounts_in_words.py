"""Amounts as people write them: a dollar, half an hour, minus 5, more than 20 mm of rain, the first of May."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.parse.wants import Number, Unit
from tests.unit.query.parse.more_worlds import DAYS, LINES, music
from tests.unit.query.parse.test_dates import sentence
from tests.unit.query.parse.worlds import SHOP, said

AMOUNTS: list[tuple[str, list[tuple[int, Number, Unit | None]]]] = [
    ("a dollar", [(2, 1, ("money", "unit"))]),
    ("an hour", [(2, 1, ("time", "h"))]),
    ("an hour and a half", [(5, 1.5, ("time", "h")), (2, 1, ("time", "h"))]),
    ("half an hour", [(3, 0.5, ("time", "h"))]),
    ("a minute", [(2, 1, ("time", "min"))]),
    ("minus 5", [(2, -5, None)]),
    ("minus 5 degrees", [(3, -5, ("temperature", "c")), (2, -5, None)]),
    ("minus", []),
    ("a s", []),  # a letter is no unit by itself
    ("half of them", []),
    ("half a million", [(3, 500_000, None)]),
    ("two and a half hours", [(5, 2.5, ("time", "h")), (4, 2.5, None)]),
]


@pytest.mark.parametrize(("words", "amounts"), AMOUNTS, ids=[each[0] for each in AMOUNTS])
def test_amounts_are_read_with_their_units(words: str, amounts: list[tuple[int, Number, Unit | None]]) -> None:
    assert sentence(words).amount(0) == amounts


MEANT = [
    (DAYS, "How many days saw more than 20 mm of precipitation?", "rows of weather, precipitation > 20"),
    (DAYS, "days with a high of minus 3 or less", "date, temp_max ≤ -3"),
    (DAYS, "Number of days for each kind of weather, commonest first", "rows of weather by weather, highest first"),
    (LINES, "how many lines with price 0", "rows of orders, UnitPrice = 0"),
    (LINES, "how many lines with quantity 12", "rows of orders, Quantity = 12"),
    (SHOP, "number of different countries in Germany", "different country, country = Germany"),
    (SHOP, "orders on the second of March 2023", "different order_id, order_date on second of March 2023"),
    (music("Track"), "tracks with price 0.99", "Track, UnitPrice = 0.99"),
    (music("Track"), "tracks longer than two and a half minutes", "Track, Milliseconds > 150000"),
]


@pytest.mark.parametrize(("domain", "question", "meaning"), MEANT, ids=[each[1] for each in MEANT])
def test_amounts_stand_in_conditions(domain: Domain, question: str, meaning: str) -> None:
    assert said(question, domain) == meaning
