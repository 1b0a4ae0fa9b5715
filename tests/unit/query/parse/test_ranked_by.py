"""Rankings whose figure stands before, "the weakest for sales", rows without a key, and what turns up most often."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined, Reading
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, MUSIC, music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

B, D, H, S, T = BIRDS, DAYS, HOSPITAL, SHOP, music("Track")

BEST: list[tuple[Domain, str, str]] = [
    (S, "in which month was revenue the highest", "month, by revenue, highest first, top 1"),
    (S, "in which month was revenue highest?", "month, by revenue, highest first, top 1"),
    (S, "in which country was the average unit price the lowest",
     "country, by average unit_price, lowest first, bottom 1"),
    (S, "which month was the weakest for sales", "month, by revenue, lowest first, bottom 1"),
    (S, "which country was the weakest for revenue", "country, by revenue, lowest first, bottom 1"),
    (S, "which country had the lowest in terms of revenue", "country, by revenue, lowest first, bottom 1"),
    (S, "which month had the highest revenue", "month, by revenue, highest first, top 1"),
    (D, "which weather turns up most often", "weather, by rows of weather, highest first, top 1"),
    (D, "which weather is the rarest", "weather, by rows of weather, lowest first, bottom 1"),
    (S, "which product turns up most often in France",
     "product, country = France, by rows of orders, highest first, top 1"),
    (S, "which channel is seen most frequently", "channel, by rows of orders, highest first, top 1"),
    (D, "which day had the highest wind", "date, by wind, highest first, first 1"),
    (D, "which day had the least precipitation", "date, by precipitation, lowest first, first 1"),
    (B, "which species has the longest bill", "species, by greatest bill_length_mm, highest first, top 1"),
    (B, "which island has the heaviest penguins", "island, by greatest body_mass_g, highest first, top 1"),
    (B, "the penguin with the longest bill: species and island",
     "species, island of penguins, by bill_length_mm, highest first, first 1"),
    (B, "heaviest of all penguins: species", "species of penguins, by body_mass_g, highest first, first 1"),
    (T, "longest of all tracks", "Track, by Milliseconds, highest first, first 1"),
    (T, "the three longest of all our tracks", "Track, by Milliseconds, highest first, first 3"),
    (H, "the oldest of all patients", "full_name of patients, by birth_date, lowest first, first 1"),
    (H, "the most expensive of all visits", "visit_id, by cost, highest first, first 1"),
    (H, "the 3 most expensive visits by cost", "visit_id, by cost, highest first, first 3"),
    (MUSIC, "Which artist earned the most from customers in the USA, and how much?",
     "revenue by Artist, BillingCountry = USA, top 1"),
    (S, "top 2 products by revenue in each country", "revenue by country and product, top 2 for each country"),
    (S, "top 2 products by revenue in each channel", "revenue by channel and product, top 2 for each channel"),
    (S, "which order had the largest quantity on a single line",
     "order_id, by greatest quantity, highest first, top 1"),
    (S, "the 3 largest orders by quantity", "total quantity by order_id, top 3"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "meant"), BEST, ids=[each[1] for each in BEST])
def test_the_first_of_a_ranking(domain: Domain, question: str, meant: str) -> None:
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    assert understood.limit is not None
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("question", "high", "low"),
    [
        ("in which month was revenue the {}", "highest", "lowest"),
        ("in which country was the average unit price the {}", "highest", "lowest"),
        ("which month had the {} revenue", "highest", "lowest"),
    ],
)
def test_the_other_end_of_a_ranking(question: str, high: str, low: str) -> None:
    up, down = said(question.format(high), S), said(question.format(low), S)
    assert up.endswith("highest first, top 1")
    assert down == up.replace("highest first, top 1", "lowest first, bottom 1")


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (S, "in which month was quantity the highest"),  # the sum, or one line?
        (S, "in which month was unicorn the highest"),
        (S, "top 3 products by country"),
        (S, "top 3 products for each quantity"),  # an amount has no ranking within
        (S, "top 2 products by revenue for each unit price"),
        (S, "top 2 products by number of orders in each quantity"),
        (S, "the 20 largest orders by quantity for each quantity"),
        (B, "the 3 heaviest penguins for each body mass"),
        (B, "who has the longest bill"),
    ],
)
def test_a_ranking_by_nothing_is_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)


# Which are things, how many is a number; conditions that no row meets are no question.


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ("include a red lamp", "different order_id, product = red lamp"),
        ("have a quantity over 20", "different order_id, quantity > 20"),
    ],
)
def test_which_are_things_and_how_many_a_number(condition: str, meant: str) -> None:
    which, many = read(f"which orders {condition}", S), read(f"how many orders {condition}", S)
    assert isinstance(which, Reading)
    assert isinstance(many, Reading)
    assert (bool(which.columns), bool(which.figures)) == (True, False)
    assert (bool(many.columns), bool(many.figures)) == (False, True)
    assert said(f"which orders {condition}", S) == said(f"how many orders {condition}", S) == meant


@pytest.mark.parametrize(
    "question",
    [
        "number of orders in France where the country is Germany",
        "revenue in France and in Germany in Germany",
        "revenue in 2022 in 2023",
    ],
)
def test_what_contradicts_itself_is_declined(question: str) -> None:
    assert isinstance(read(question, S), Declined)
