"""Conditions on groups: what a country brought in, what fell in a month, and "only those with more than 20"."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined, Reading
from tests.unit.query.parse.more_worlds import DAYS, music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

D, H, S = DAYS, HOSPITAL, SHOP
SALES, BANDS = music("Customer", "Invoice"), music("Artist", "Album")

OF_GROUPS: list[tuple[Domain, str, str]] = [
    (S, "countries with revenue over 1000", "country, revenue above 1000"),
    (S, "customers with a total quantity of at least 500", "customer_id, total quantity at least 500"),
    (S, "countries whose total quantity is at least 500", "country, total quantity at least 500"),
    (S, "customers who spent more than 500 euros", "customer_id, revenue above 500"),
    (S, "customers who spent more than 500 euros of revenue", "customer_id, revenue above 500"),
    (S, "countries with less than 1000 pounds of revenue", "country, revenue below 1000"),
    (S, "countries that brought in more than 5,000 pounds of revenue in 2023",
     "country, order_date in 2023, revenue above 5000"),
    (S, "products sold more than three times", "product, rows of orders above 3"),
    (S, "products sold three times or more", "product, rows of orders at least 3"),
    (D, "months with over 200 mm of rain", "month, total precipitation above 200"),
    (D, "which months had more than 100 mm of precipitation", "month, total precipitation above 100"),
    (D, "years that got less than 700 mm altogether", "year, total precipitation below 700"),
    (H, "wards with more visits in 2023 than in 2022",
     "wards, rows of visits (admitted_on in 2023) above rows of visits (admitted_on in 2022)"),
    (SALES, "Which customers have spent more than 43 dollars in total? Name and amount.",
     "sum of Total by Customer, sum of Total above 43"),
    (BANDS, "Artists with ten or more albums - name and number of albums",
     "rows of Album by Artist, rows of Album at least 10"),
    (BANDS, "how many bands have more than two records", "how many Artist, rows of Album above 2"),
]  # fmt: skip

ONLY_THOSE: list[tuple[Domain, str, str]] = [
    (S, "number of orders by product, but only those with more than 20",
     "different order_id by product, different order_id above 20"),
    (S, "number of orders by country, only those with at least 20",
     "different order_id by country, different order_id at least 20"),
    (S, "revenue by country, but only those with more than 1000", "revenue by country, revenue above 1000"),
    (S, "revenue by country, but only countries with more than 20 orders",
     "revenue by country, different order_id above 20"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "meant"), OF_GROUPS + ONLY_THOSE)
def test_a_condition_on_groups(domain: Domain, question: str, meant: str) -> None:
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    assert len(understood.having) == 1
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question", "meant"),
    [
        (D, "days with over 20 mm of precipitation", "date, precipitation > 20"),  # a day is one row
        (S, "orders with a quantity over 20", "different order_id, quantity > 20"),
        (H, "visits with a cost over 500", "visit_id, cost > 500"),
    ],
)
def test_of_single_rows_it_is_a_condition_on_rows(domain: Domain, question: str, meant: str) -> None:
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    assert not understood.having
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    "question",
    [
        "revenue and number of orders by country, but only those with more than 20",  # of which of the two?
        "number of orders, but only those with more than 20",  # no groups to keep
        "number of orders by product, but only those with more than 20 unicorns",
    ],
)
def test_only_those_needs_groups_and_one_figure(question: str) -> None:
    assert isinstance(read(question, SHOP), Declined)
