"""Sentences about results: every number in one is a value of the result."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from lakebook.query.explain import Saying, written
from tests.properties.grounding import grounded


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (541909, "541,909"),
        (-3, "-3"),
        (True, "yes"),
        (False, "no"),
        (None, "unknown"),
        (Decimal("9747747.934"), "9,747,747.934"),
        (Decimal("285446.30"), "285,446.30"),
        (Decimal("285446.300"), "285,446.30"),
        (Decimal("285446.3010"), "285,446.301"),
        (Decimal("12"), "12"),
        (Decimal("12.0"), "12.0"),
        (Decimal("1.123456"), "1.1235"),
        (2.5, "2.5"),
        (100.0, "100"),
        (0.1 + 0.2, "0.3"),
        (1e-9, "0"),
        (date(2011, 12, 9), "2011-12-09"),
        (datetime.fromisoformat("2011-12-09T00:00:00"), "2011-12-09"),
        (datetime.fromisoformat("2011-12-09T08:26:00"), "2011-12-09 08:26:00"),
        ("FRANCE", "FRANCE"),
    ],
)
def test_values_as_people_write_them(value: object, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize(
    ("text", "is_grounded"),
    [
        ("There are 12 rows.", True),
        ("There are 13 rows.", False),
        ("There are 1 rows.", False),
        ("Product 85123A leads with 12.", True),
        ("Product 85123 leads with 12.", False),
        ("It is 1,234.5.", True),
        ("It is 1234.5.", False),
        ("On 2011-03-04 it was 12.", True),
        ("On 2011-03-05 it was 12.", False),
        ("Nothing to count.", True),
        ("12 and 12 and 99", False),
    ],
)
def test_numbers_are_grounded_in_the_result(text: str, is_grounded: bool) -> None:
    rows = pa.table({"n": [12], "product": ["85123A"], "x": [1234.5], "day": [date(2011, 3, 4)]})
    assert grounded(text, rows) is is_grounded


def test_a_name_with_a_number_costs_the_sentence() -> None:
    """Better no sentence than one with a number that is not in the result."""
    assert Saying([{"n": 12}]).say("There are ").cell(0, "n").say(" rows of orders_2011.").done().text == ""
    assert Saying([{"n": 12}]).say("There are ").cell(0, "n").say(" rows.").done().text == "There are 12 rows."
