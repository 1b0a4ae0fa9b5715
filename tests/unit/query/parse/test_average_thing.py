"""Averages per thing: what the average order holds and what a customer spends on average."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined, OverGroups, Reading
from tests.unit.query.parse.more_worlds import LINES, music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

H, S, L = HOSPITAL, SHOP, LINES
ALBUMS, SALES = music("Album", "Track"), music("Customer", "Invoice")

PER_THING: list[tuple[Domain, str, str]] = [
    (S, "on average, how many products does an order have", "average different product per order_id"),
    (S, "how many products does the average order contain", "average different product per order_id"),
    (S, "the average order contains how many products", "average different product per order_id"),
    (S, "products per order on average", "average different product per order_id"),
    (S, "the average customer places how many orders", "average different order_id per customer_id"),
    (S, "an average customer has how many orders?", "average different order_id per customer_id"),
    (S, "how much does the average customer spend", "average revenue per customer_id"),
    (S, "how much does a customer from France spend on average", "average revenue per customer_id, country = France"),
    (H, "on average, how many visits does a patient have?", "average rows of visits per patients"),
    (H, "how many visits does the average patient have?", "average rows of visits per patients"),
    (H, "the average ward gets how many visits", "average rows of visits per wards"),
    (ALBUMS, "the average album holds how many songs?", "average rows of Track per Album"),
    (ALBUMS, "how many tracks are on an album on average?", "average rows of Track per Album"),
    (SALES, "how much does a customer from Brazil spend on average?",
     "average sum of Total per Customer, BillingCountry = Brazil"),
    (SALES, "How much does the average Canadian customer spend?",
     "average sum of Total per Customer, BillingCountry = Canada"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "meant"), PER_THING, ids=[each[1] for each in PER_THING])
def test_an_average_over_things(domain: Domain, question: str, meant: str) -> None:
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    (figure,) = understood.figures
    assert isinstance(figure, OverGroups)
    assert figure.kind == "avg"
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question", "meant"),
    [
        (S, "products per order", "different product by order_id"),  # one number for each, and no average
        (S, "how many products", "different product"),
        (S, "the average quantity", "average quantity"),
        (S, "average revenue per customer", "average revenue per customer_id"),
        (L, "the mean price of one unit", "average UnitPrice"),  # a price is of one unit anyway
        (H, "number of visits per patient", "rows of visits by patients"),
        (ALBUMS, "songs per album", "rows of Track by Album"),
    ],
)
def test_without_an_average_it_is_a_number_of_each(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (S, "how much does the average customer from Atlantis spend"),
        (S, "the average unicorn holds how many products"),
        (H, "the average patients gets how many zebras"),
        (ALBUMS, "how much does the average album spend"),  # nothing here is money that an album spends
    ],
)
def test_the_average_of_what_is_not_there_is_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)
