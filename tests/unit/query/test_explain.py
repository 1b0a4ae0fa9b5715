"""Sentences about results: every number in one is a value of the result."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from lakebook.query.explain import grounded, sentence, written
from lakebook.query.tables import Table
from lakebook.query.understand.parse import understand
from lakebook.query.understand.reading import Reading


def said(question: str, shop: dict[str, Table], rows: pa.Table, table: str = "orders") -> str:
    reading = understand(question, [shop[table]])
    assert isinstance(reading, Reading), reading
    return sentence(reading, rows)


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
    ("question", "rows", "expected"),
    [
        ("how many rows", {"rows": [12]}, "There are 12 rows in orders."),
        ("how many rows in France", {"rows": [1]}, "There is 1 row that match."),
        ("how many rows in France", {"rows": [2]}, "There are 2 rows that match."),
        ("how many invoices", {"n": [8]}, "There are 8 different InvoiceNo in orders."),
        ("total quantity", {"n": [140]}, "The total Quantity in orders is 140."),
        ("revenue", {"revenue": [Decimal("858.42")]}, "The revenue in orders is 858.42."),
        ("revenue in France", {"revenue": [Decimal("144.00")]}, "The revenue is 144.00."),
        ("revenue in France", {"revenue": [None]}, "No rows match."),
        ("latest invoice date", {"d": [date(2011, 4, 8)]}, "The latest InvoiceDate in orders is 2011-04-08."),
        ("how many rows in France", {"rows": []}, "No rows match."),
        (
            "top 2 countries by revenue",
            {"Country": ["Netherlands", "France"], "revenue": [508.53, 144.0]},
            "Netherlands leads with 508.53.",
        ),
        (
            "bottom 2 countries by revenue",
            {"Country": ["EIRE", "Germany"], "revenue": [0.0, 74.5]},
            "EIRE comes last with 0.",
        ),
        ("top 1 country by revenue", {"Country": ["EIRE"], "revenue": [5.5]}, "EIRE: 5.5."),
        (
            "top 2 countries by revenue",
            {"Country": ["A", "B"], "revenue": [5.0, 5.0]},
            "A and others share the highest value, 5.",
        ),
        ("revenue by month", {"month": [date(2011, 1, 1)], "revenue": [1.0]}, ""),
        ("revenue by country", {"Country": [None, "B"], "revenue": [5.0, 1.0]}, ""),
        ("which countries", {"Country": ["EIRE"]}, "There is only one: EIRE."),
        ("which countries", {"Country": ["EIRE", "France"]}, ""),
        ("show the first 3 rows", {"a": [1, 2, 3]}, ""),
    ],
)
def test_a_sentence(question: str, rows: dict[str, list[object]], expected: str, shop: dict[str, Table]) -> None:
    assert said(question, shop, pa.table(rows)) == expected


def test_two_measures_are_two_sentences(shop: dict[str, Table]) -> None:
    text = said("total quantity and average unit price", shop, pa.table({"a": [140], "b": [7.4566]}))
    assert text == "The total Quantity in orders is 140. The average UnitPrice in orders is 7.4566."


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


def test_a_table_name_with_a_number_costs_the_sentence(shop: dict[str, Table]) -> None:
    """Better no sentence than one with a number that is not in the result."""
    orders = shop["orders"]
    renamed = Table("orders_2011", *(getattr(orders, name) for name in
                    ("layer", "dataset_id", "version", "row_count", "files", "columns")))  # fmt: skip
    reading = understand("how many rows", [renamed])
    assert isinstance(reading, Reading)
    assert sentence(reading, pa.table({"rows": [12]})) == ""
