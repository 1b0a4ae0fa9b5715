"""First and last days, when something was first sold, and who bought it."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined
from tests.unit.query.parse.more_worlds import DAYS, MUSIC, music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

D, H, S, M = DAYS, HOSPITAL, SHOP, music("Customer", "Invoice")

DAYS_OF: list[tuple[Domain, str, str]] = [
    (D, "first foggy day", "least date, weather = fog"),
    (D, "first day with fog", "least date, weather = fog"),
    (D, "last day with snow?", "greatest date, weather = snow"),
    (D, "the last snow day", "greatest date, weather = snow"),
    (D, "last foggy day in 2013", "greatest date, weather = fog, date in 2013"),
    (D, "last day over 30 degrees", "greatest date, temp_max > 30"),
    (D, "the first day", "least date"),
]  # fmt: skip

WHEN: list[tuple[Domain, str, str]] = [
    (S, "when did we first sell anything to Germany", "least order_date, country = Germany"),
    (S, "when did we first sell a red lamp", "least order_date, product = red lamp"),
    (S, "when did we last ship anything to France", "greatest order_date, country = France"),
    (S, "when did we last have an order from France", "greatest order_date, country = France"),
    (S, "when did customer 20 first buy a red lamp", "least order_date, customer_id = 20, product = red lamp"),
    (H, "when was the first visit for asthma", "least admitted_on, diagnosis = asthma"),
    (S, "date of the first order", "least order_date"),
    (S, "the dates of the first and the last order of customer 20",
     "least order_date and greatest order_date, customer_id = 20"),
    (S, "first and last order date", "least order_date and greatest order_date"),
    (M, "when did we last invoice Brazil", "greatest InvoiceDate, BillingCountry = Brazil"),
]  # fmt: skip

OF_EACH: list[tuple[Domain, str, str]] = [
    (S, "date of each customer's latest purchase", "greatest order_date by customer_id"),
    (S, "dates of every customer's first order", "least order_date by customer_id"),
    (H, "date of each patient's first visit", "least admitted_on by patients"),
    (H, "date of each patient's latest visit", "greatest admitted_on by patients"),
]  # fmt: skip

BUYERS: list[tuple[Domain, str, str]] = [
    (MUSIC, "who bought something by Aerosmith?",
     "FirstName, LastName of Customer, with InvoiceLine where Artist = Aerosmith"),
    (M, "who bought something in 2022?", "FirstName, LastName of Customer, with Invoice where InvoiceDate in 2022"),
    (M, "who ordered in 2022", "FirstName, LastName of Customer, with Invoice where InvoiceDate in 2022"),
    (M, "who ever bought in 2022", "FirstName, LastName of Customer, with Invoice where InvoiceDate in 2022"),
    (M, "customers who bought in 2021", "FirstName, LastName of Customer, with Invoice where InvoiceDate in 2021"),
    (S, "in how many countries was the red lamp bought", "different country, product = red lamp"),
]  # fmt: skip

EVERY = [*DAYS_OF, *WHEN, *OF_EACH, *BUYERS]


@pytest.mark.parametrize(("domain", "question", "meant"), EVERY, ids=[each[1] for each in EVERY])
def test_what_happened_when_and_to_whom(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question"),
    [(each[0], each[1]) for each in DAYS_OF if "last" in each[1]],
)
def test_first_in_the_place_of_last_is_the_least(domain: Domain, question: str) -> None:
    last, first = said(question, domain), said(question.replace("last", "first"), domain)
    assert first == last.replace("greatest date", "least date") != last


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (S, "when did we first sell anything to Atlantis"),
        (S, "when did we first hate a red lamp"),
        (S, "when did we first sell"),
        (S, "in how many countries was it bought"),  # what was?
        (S, "who made a red lamp"),
        (S, "who ordered"),
        (M, "who paid in 2022"),
        (D, "first unicorn day"),
        (D, "first day with a unicorn"),
        (H, "date of each unicorn's first visit"),
        (H, "date of each patient's first unicorn"),
    ],
)
def test_what_never_happened_is_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)
