""" "Only" said after a condition, values that no row has at once, and spellings of one value."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined
from tests.unit.query.parse.more_worlds import BIRDS, LINES
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

B, H, S, L = BIRDS, HOSPITAL, SHOP, LINES


@pytest.mark.parametrize(
    ("domain", "question", "meant"),
    [
        (S, "revenue in France only", "revenue, country = France"),
        (S, "revenue by web only", "revenue, channel = web"),
        (S, "how many lines by web only", "rows of orders, channel = web"),
        (H, "how many visits in Surgery only", "rows of visits, ward_name = Surgery"),
        (B, "how many birds on Biscoe only", "rows of penguins, island = Biscoe"),
        (S, "for France only: revenue by product", "revenue by product, country = France"),
        (S, "for France only, revenue by product", "revenue by product, country = France"),
        (S, "in France only: number of orders", "different order_id, country = France"),
    ],
)
def test_only_of_whole_rows_is_a_condition(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (S, "how many products are sold by web only"),
        (S, "how many products are sold in France only"),
        (S, "products that are sold in France only"),
        (S, "how many orders by web only"),
        (S, "how many customers were there in France only"),
        (H, "how many patients were in Surgery only"),
        (B, "how many species on Biscoe only"),
    ],
)
def test_only_of_things_that_may_have_other_rows_is_declined(domain: Domain, question: str) -> None:
    """The condition alone would count what is sold elsewhere too."""
    assert isinstance(read(question, domain), Declined)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("for France and Germany, the number of orders", "different order_id, country = France or Germany"),
        ("for Germany and France, how many customers", "different customer_id, country = Germany or France"),
        ("for Germany and France, revenue by product", "revenue by product, country = Germany or France"),
        ("total revenue in France and Germany", "revenue, country = France or Germany"),
        ("orders: France versus Germany", "different order_id by country, country = France or Germany"),
    ],
)
def test_what_a_question_begins_with_is_said_of_all_of_it(question: str, meant: str) -> None:
    assert said(question, S) == meant


@pytest.mark.parametrize(
    "question",
    [
        "how many customers ordered in France and Germany",
        "number of customers in France and Germany",
        "how many orders in France and Germany",
        "how many products sold in France and Germany",
    ],
)
def test_two_values_at_once_are_declined(question: str) -> None:
    assert isinstance(read(question, S), Declined)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("how many invoices have 85123A", "different InvoiceNo, StockCode = 85123A or 85123a"),
        ("revenue of 85123A", "revenue, StockCode = 85123A or 85123a"),
        ("total quantity of 85123a", "total Quantity, StockCode = 85123A or 85123a"),
        ("how many invoices contain 85123A or 22423", "different InvoiceNo, StockCode = 85123A or 85123a or 22423"),
    ],
)
def test_spellings_of_one_value_are_one(question: str, meant: str) -> None:
    assert said(question, L) == meant


def test_two_codes_at_once_are_two() -> None:
    assert isinstance(read("how many invoices contain 85123A and 22423", L), Declined)
