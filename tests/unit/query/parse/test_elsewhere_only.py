"""What was done in one place and in no other, in both, or nowhere at all."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined, Every, Has, Reading
from tests.unit.query.parse.more_worlds import music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

H, S, M = HOSPITAL, SHOP, music("Customer", "Invoice")

NOWHERE_ELSE: list[tuple[Domain, str, str]] = [
    (S, "customers who ordered in Germany and in no other country",
     "different customer_id, only with orders where country = Germany"),
    (S, "how many customers bought in France and to no other country",
     "different customer_id, only with orders where country = France"),
    (S, "products that went to Germany and to no other country",
     "different product, only with orders where country = Germany"),
    (S, "products sold in France and nowhere else", "different product, only with orders where country = France"),
    (S, "customers who ordered by web and on no other channel",
     "different customer_id, only with orders where channel = web"),
    (S, "customers who bought nothing but a red lamp",
     "different customer_id, only with orders where product = red lamp"),
    (S, "customers only in France", "different customer_id, only with orders where country = France"),
    (H, "patients who were in Cardiology and nowhere else",
     "full_name of patients, only with wards where ward_name = Cardiology"),
]  # fmt: skip

BOTH: list[tuple[Domain, str, str]] = [
    (S, "customers who bought both a red lamp and a blue lamp",
     "different customer_id, product = red lamp, with orders where product = blue lamp"),
    (S, "customers who bought both of red lamp and blue lamp",
     "different customer_id, product = red lamp, with orders where product = blue lamp"),
    (S, "customers who ordered in both France and Germany",
     "different customer_id, country = France, with orders where country = Germany"),
    (S, "customers who ordered both in 2022 and 2023",
     "different customer_id, order_date in 2022, with orders where order_date in 2023"),
    (S, "customers who had an order in 2022 and also one in 2023",
     "different customer_id, order_date in 2022, with orders where order_date in 2023"),
    (H, "patients treated both in Cardiology and in Surgery",
     "full_name of patients, with wards where ward_name = Cardiology, with wards where ward_name = Surgery"),
    (M, "customers in Brazil who had an invoice in 2021 and also one in 2022",
     ("FirstName, LastName of Customer, Country = Brazil, with Invoice where InvoiceDate in 2021, "
      "with Invoice where InvoiceDate in 2022")),
]  # fmt: skip

NOTHING: list[tuple[Domain, str, str]] = [
    (S, "countries where nothing was ever bought by phone call",
     "different country, without any orders where channel = phone call"),
    (S, "countries where nothing was ever ordered by phone call",
     "different country, without any orders where channel = phone call"),
    (S, "countries in which nothing was bought by web", "different country, without any orders where channel = web"),
    (S, "countries where nothing was ordered in 2023",
     "different country, without any orders where order_date in 2023"),
    (S, "products sold in France but not in Germany",
     "different product, country = France, without any orders where country = Germany"),
    (S, "customers who ordered in 2022 but ordered nothing in 2023",
     "different customer_id, order_date in 2022, without any orders where order_date in 2023"),
    (S, "which customers ordered in January 2023 and no longer in 2024",
     "different customer_id, order_date in January 2023, without any orders where order_date in 2024"),
    (S, "customers who ordered in January 2023 and never again",
     "different customer_id, order_date in January 2023, without any orders where order_date after in January 2023"),
]  # fmt: skip

EVERY = [*NOWHERE_ELSE, *BOTH, *NOTHING]


@pytest.mark.parametrize(("domain", "question", "meant"), EVERY, ids=[each[1] for each in EVERY])
def test_one_both_or_none(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


def has(question: str, domain: Domain) -> list[Has]:
    """The conditions that speak of other rows."""
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    where = understood.where.conditions if isinstance(understood.where, Every) else (understood.where,)
    return [each for each in where if isinstance(each, Has)]


@pytest.mark.parametrize(("domain", "question"), [each[:2] for each in NOWHERE_ELSE])
def test_no_other_leaves_no_plain_condition(domain: Domain, question: str) -> None:
    """A condition on the row alone would keep who went elsewhere too."""
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    assert isinstance(understood.where, Has)
    assert understood.where.only
    assert not understood.where.negated


@pytest.mark.parametrize(("domain", "question"), [each[:2] for each in NOTHING])
def test_nothing_is_said_of_other_rows(domain: Domain, question: str) -> None:
    (without,) = has(question, domain)
    assert without.negated
    assert not without.only


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("customers who ordered in Germany", "different customer_id, country = Germany"),
        ("customers who bought a red lamp or a blue lamp", "different customer_id, product = red lamp or blue lamp"),
        ("countries without web orders", "different country, without any orders where channel = web"),
        ("products sold in France", "different product, country = France"),
    ],
)
def test_the_same_without_the_other_half(question: str, meant: str) -> None:
    assert said(question, S) == meant


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (S, "how many customers bought a red lamp and a blue lamp"),  # no row has both
        (S, "how many orders in France and Germany"),
        (S, "countries where something was bought by web"),
        (S, "countries where nothing was ever bought by carrier pigeon"),
        (S, "customers who ordered in Germany and in no other weather"),
        (S, "customers who bought both a red lamp and a unicorn"),
        (H, "wards where nothing was paid"),
    ],
)
def test_what_cannot_be_said_of_one_row_is_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)
