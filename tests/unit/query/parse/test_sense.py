"""Readings whose words fit and whose meaning does not: they are given up for a better one, or for none."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.parse.question import NOT_UNDERSTOOD
from lakebook.query.reading import Declined
from tests.unit.query.parse.worlds import FLIGHTS, HOSPITAL, SHOP, read, said

H, F, S = HOSPITAL, FLIGHTS, SHOP


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        # One row has one diagnosis, one product: nobody asks for rows that have two.
        (H, "how many patients had a visit for asthma and migraine"),
        (H, "which patients were in Cardiology and in Surgery?"),
        (H, "wards with visits for asthma and burn"),
        (S, "customers who bought a blue lamp and a red lamp"),
        (S, "how many customers bought a blue lamp and a red lamp"),
        (S, "customers who bought a blue lamp without a red lamp"),
        (S, "orders with a blue lamp and a red lamp"),
        (S, "how many products are sold in Germany and France"),
        # All, not some.
        (H, "wards where all visits were for asthma"),
        (H, "patients whose visits were all for asthma"),
        # An age is no day of birth, and what happens has a time of its own.
        (H, "patients older than 60"),
        (H, "patients admitted in 2022 or 2023"),
        (H, "patients admitted in 2022 and 2023"),
        (H, "how many patients have been admitted more than once?"),
        # No row is in both.
        (F, "average distance of cancelled and not cancelled flights"),
        (H, "total cost before 2023 and after 2023"),
        # What is ranked, divided, compared or shown beside.
        (S, "which channel has the highest revenue per order?"),
        (S, "which product has the lowest revenue per customer"),
        (S, "which country has the highest quantity per order"),
        (F, "which carrier has the most passengers per flight?"),
        (S, "which products have the highest price"),
        (S, "revenue by country and its share"),
        (H, "cities with more female than male patients"),
        (H, "who had the most expensive visit?"),
        # What is counted and ranked is what was said.
        (H, "number of discharges per month"),
        (H, "number of admissions in 2023"),
        (H, "most expensive ward"),
        (H, "oldest ward"),
    ],
)
def test_what_nobody_means_is_no_answer(domain: Domain, question: str) -> None:
    understood = read(question, domain)
    assert isinstance(understood, Declined), said(question, domain)
    assert understood.reason == NOT_UNDERSTOOD
    assert understood.words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("customers from Germany and France", "from Germany and France"),
    ],
)
def test_the_words_that_no_row_can_meet_are_named(question: str, words: str) -> None:
    understood = read(question, S)
    assert isinstance(understood, Declined)
    assert understood.words == (words,)


@pytest.mark.parametrize(
    ("domain", "question", "meant"),
    [
        (H, "patients who had a visit for asthma and a visit for migraine",
         "full_name of patients, with visit_id where diagnosis = asthma, diagnosis = migraine"),
        (H, "patients with visits for asthma or migraine",
         "full_name of patients, with visit_id where diagnosis = asthma or migraine"),
        (H, "how many visits were there for asthma and migraine", "rows of visits, diagnosis = asthma or migraine"),
        (H, "how many patients are from Bergen and Turin", "rows of patients, city = Bergen or Turin"),
        (H, "average cost per patient for asthma and migraine",
         "average total cost per patients by diagnosis, diagnosis = asthma or migraine"),
        (S, "customers from Germany or France", "different customer_id, country = Germany or France"),
        (S, "customers who bought a blue lamp or a red lamp",
         "different customer_id, product = blue lamp or red lamp"),
        (S, "orders with a blue lamp but no red lamp",
         "different order_id, product = blue lamp, without any orders where product = red lamp"),
        (S, "products sold in Germany but not in France",
         "different product, country = Germany, without any orders where country = France"),
        (S, "customers from Germany without the web channel",
         "declined: The question can be meant in more than one way."),
        (S, "customers who never bought a red lamp",
         "different customer_id, without any orders where product = red lamp"),
        (S, "customers who only ordered by web", "different customer_id, only with orders where channel = web"),
        (S, "total revenue from Germany and France", "revenue, country = Germany or France"),
        (F, "number of flights of Northwind and Alpine Air", "rows of flights, carrier = Northwind or Alpine Air"),
    ],
)  # fmt: skip
def test_several_values_of_one_row_and_of_several(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question", "meant"),
    [
        (H, "how many patients were admitted in 2023", "rows of patients, with admitted_on where admitted_on in 2023"),
        (H, "visits discharged after 2023-06-01", "visit_id, discharged_on after 2023-06-01"),
        (H, "how many patients were born before 1980", "rows of patients, birth_date before 1980"),
        (H, "patients born in 1990", "full_name of patients, birth_date in 1990"),
        (S, "average number of products per order", "average different product per order_id"),
        (S, "average number of customers per product", "average different customer_id per product"),
        (S, "product with the highest price", "product, by greatest unit_price, highest first, top 1"),
        (S, "product with the lowest unit price", "product, by least unit_price, lowest first, bottom 1"),
        (F, "carrier with the longest distance", "carrier, by greatest distance_km, highest first, top 1"),
        (H, "list patients and their city", "full_name, city of patients"),
        (H, "list the patients and their birth date", "full_name, birth_date of patients"),
        (H, "list the wards with their floor and beds", "ward_name, floor, beds of wards"),
        (H, "longest delay", "declined: Not every word of the question is understood."),
        (F, "longest delay per carrier", "greatest delay_minutes by carrier"),
        (H, "patients with their number of visits", "rows of visits by patients"),
        (H, "number of different admission dates", "different admitted_on"),
        (H, "most expensive visit", "visit_id, by cost, highest first, first 1"),
        (S, "top customer in every country by revenue",
         "country and customer_id, by revenue, highest first, top 1 for each country"),
        (H, "which patient had the most visits?", "patients, by rows of visits, highest first, top 1"),
    ],
)  # fmt: skip
def test_the_reading_that_makes_sense_is_found(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant
