"""To how many decimals the figures are rounded, in people's words."""

from __future__ import annotations

import pytest

from lakebook.query.reading import Declined, Reading
from tests.unit.query.parse.more_worlds import DAYS
from tests.unit.query.parse.worlds import SHOP, read, said

WORDS: list[tuple[str, int]] = [
    ("rounded to two decimals", 2),
    ("rounded to 2 decimal places", 2),
    (", rounded to one decimal place", 1),
    ("(rounded to 3 decimals)", 3),
    (", rounded off to 1 decimal", 1),
    ("with two decimals", 2),
    ("to four decimal places", 4),
    ("to the nearest whole number", 0),
    ("rounded to the nearest integer", 0),
    ("rounded to whole numbers", 0),
    ("with no decimals", 0),
]


@pytest.mark.parametrize(("words", "digits"), WORDS, ids=[each[0] for each in WORDS])
def test_how_many_decimals(words: str, digits: int) -> None:
    found = read(f"average wind by year {words}", DAYS)
    assert isinstance(found, Reading)
    assert found.digits == digits


def test_the_reading_says_so() -> None:
    assert said("average wind rounded to 2 decimals", DAYS) == "average wind, rounded to 2 decimals"
    assert said("average wind to the nearest whole number", DAYS) == "average wind, rounded to whole numbers"


@pytest.mark.parametrize(
    "question",
    [
        "average wind rounded",
        "average wind rounded to 13 decimals",
        "average wind rounded to half a decimal",
        "days with a wind over 5, rounded to 2 decimals",
        "average wind rounded to 1 decimal, rounded to 2 decimals",
    ],
)
def test_what_cannot_be_rounded_is_declined(question: str) -> None:
    assert isinstance(read(question, DAYS), Declined)


def test_a_number_after_to_is_no_rounding() -> None:
    found = read("number of orders with a quantity of 2 to 4", SHOP)
    assert isinstance(found, Declined) or found.digits is None
