"""Orders that are said after the question, and listings put in order by a figure."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined, Reading
from tests.unit.query.parse.more_worlds import BIRDS, DAYS
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

B, D, H, S = BIRDS, DAYS, HOSPITAL, SHOP

AFTER: list[tuple[Domain, str, str, bool]] = [
    (D, "Count the days for every kind of weather and sort them so that the most frequent kind is at the top",
     "rows of weather by weather, highest first", True),
    (D, "number of days by weather so that the rarest kind is at the top", "rows of weather by weather, lowest first",
     False),
    (S, "revenue by country, sort them from high to low", "revenue by country, highest first", True),
    (S, "revenue by country and rank them from lowest to highest", "revenue by country, lowest first", False),
    (S, "revenue by country with the highest at the top", "revenue by country, highest first", True),
    (S, "revenue by country so that the lowest comes first", "revenue by country, lowest first", False),
    (S, "mean unit price per country, largest mean first", "average unit_price by country, highest first", True),
    (S, "mean unit price per country, smallest mean first", "average unit_price by country, lowest first", False),
    (B, "mean bill length per island, largest mean first", "average bill_length_mm by island, highest first", True),
]  # fmt: skip

BY_A_FIGURE: list[tuple[Domain, str, str, bool]] = [
    (S, "products ordered by total quantity", "total quantity by product, highest first", True),
    (S, "list products sorted by revenue, highest first", "revenue by product, highest first", True),
    (B, "species ordered by average body mass, heaviest first", "average body_mass_g by species, highest first", True),
]  # fmt: skip

EVERY = [*AFTER, *BY_A_FIGURE]


@pytest.mark.parametrize(("domain", "question", "meant", "down"), EVERY, ids=[each[1] for each in EVERY])
def test_an_order_said_after(domain: Domain, question: str, meant: str, down: bool) -> None:
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    assert [order.descending for order in understood.order] == [down]
    assert understood.limit is None
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question", "meant"),
    [
        (D, "count the days for every kind of weather", "rows of weather by weather"),
        (S, "list the products", "different product"),
        (H, "wards ordered by floor", "ward_name of wards, by floor, lowest first"),  # a column, and no figure
        (S, "revenue by country and by channel", "revenue by country and channel"),
    ],
)
def test_without_an_order_said_there_is_none(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (S, "list the countries by revenue"),  # for each country, or in order?
        (S, "list the products by number of orders"),
        (H, "wards by number of visits"),
        (B, "species by average body mass"),
        (S, "revenue by country, sort them from high to unicorn"),
        (S, "revenue by country so that the heaviest unicorn is at the top"),
    ],
)
def test_by_alone_is_no_order(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)


# Weekday by weekday, each month's, every year's.

AGAIN: list[tuple[Domain, str, str]] = [
    (S, "revenue weekday by weekday", "revenue by weekday"),
    (S, "revenue month by month", "revenue by month"),
    (S, "revenue country by country", "revenue by country"),
    (S, "revenue product for product", "revenue by product"),
    (S, "each month's revenue", "revenue by month"),
    (S, "each month's average unit price", "average unit_price by month"),
    (S, "every year's revenue", "revenue by year"),
    (S, "each country's revenue", "revenue by country"),
    (S, "revenue, split it by channel", "revenue by channel"),
    (S, "number of orders, broken down by weekday", "different order_id by weekday"),
    (D, "each year's average wind", "average wind by year"),
    (D, "average wind month after month", "average wind by month"),
    (B, "how many birds of each species on each island", "rows of penguins by species and island"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "meant"), AGAIN, ids=[each[1] for each in AGAIN])
def test_a_group_said_twice_is_one(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(("domain", "question"), [(S, "revenue country by channel"), (D, "month by year average wind")])
def test_two_groups_said_so_are_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)
