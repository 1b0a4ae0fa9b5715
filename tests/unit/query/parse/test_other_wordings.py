"""The same questions in other people's words: written short, said again, with asides, by what is not there."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined
from tests.unit.query.parse.worlds import FLIGHTS, HOSPITAL, SHOP, read, said

H, F, S = HOSPITAL, FLIGHTS, SHOP
Asked = tuple[Domain, str, str]

WRITTEN_SHORT: list[Asked] = [
    (S, "avg unit price per country, top 2, highest first", "average unit_price by country, top 2"),
    (S, "orders w/o a customer id", "different order_id, customer_id is missing"),
    (S, "how many lines w/ quantity over 10", "rows of orders, quantity > 10"),
    (S, "how many different customer IDs", "different customer_id"),
    (S, "revenue in Germany vs. France", "revenue by country, country = Germany or France"),
]
IN_ORDER: list[Asked] = [
    (S, "number of orders for each weekday, Monday first", "different order_id by weekday, by weekday, lowest first"),
    (S, "number of orders per month, from early to late", "different order_id by month, by month, lowest first"),
    (S, "running total of revenue month by month, from the first month on", "running total of revenue by month"),
    (S, "running total of revenue by month, oldest month first", "running total of revenue by month"),
    (S, "revenue by year, newest year first", "revenue by year, by year, highest first"),
    (S, "revenue by product, two largest in descending order", "revenue by product, top 2"),
]
IN_TIME: list[Asked] = [
    (S, "revenue in October-November 2023", "revenue, order_date in October - November 2023"),
    (S, "orders in summer 2023, June to August that is",
     "different order_id, order_date in summer 2023, June to August"),
    (S, "which week of 2023 (Monday to Sunday) saw the most orders",
     "week, order_date in 2023, by different order_id, highest first, top 1"),
    (S, "how many different countries were there over all three years?", "different country"),
    (S, "date of the first and of the last order", "least order_date and greatest order_date"),
    (S, "when did customer 17 place their most recent order?", "greatest order_date, customer_id = 17"),
    (S, "when did customer 17 last buy something?", "greatest order_date, customer_id = 17"),
    (S, "when did we get our very first order from Germany?", "least order_date, country = Germany"),
]  # fmt: skip
SIDE_BY_SIDE: list[Asked] = [
    (S, "revenue in the first half of 2023 compared with the second half",
     "revenue (order_date in first half of 2023) and revenue (order_date in second half)"),
    (S, "compare revenue in July 2023 with July 2024",
     "revenue by month, (order_date in July 2023 or order_date in July 2024)"),
    (S, "by how much was revenue in Germany below that of France?",
     "revenue (country = France) less revenue (country = Germany)"),
    (S, "by how many dollars was revenue in the second quarter of 2023 above that of the first quarter",
     "revenue (order_date in second quarter of 2023) less revenue (order_date in first quarter)"),
    (S, "by what percent did the yearly revenue change against the previous year?",
     "growth in percent of revenue by year"),
    (S, "Germany and France: revenue each", "revenue by country, country = Germany or France"),
    (S, "how many customers are there in Germany and how many in France?",
     "different customer_id by country, country = Germany or France"),
    (S, "number of orders in 2023 and what they add up to", "different order_id and revenue, order_date in 2023"),
    (F, "average ratio of delay minutes to distance, averaged by carrier",
     "average delay_minutes / distance_km by carrier"),
]  # fmt: skip
HERE_AND_NOT_THERE: list[Asked] = [
    (H, "patients with visits for asthma but not for migraine",
     "full_name of patients, with visit_id where diagnosis = asthma, without any visit_id where diagnosis = migraine"),
    (H, "patients who had a visit in 2022 but none in 2023",
     ("full_name of patients, with visit_id where admitted_on in 2022, "
      "without any visit_id where admitted_on in 2023")),
    (H, "patients who never had a visit of the ward Surgery",
     "full_name of patients, without any visit_id where ward_name = Surgery"),
    (S, "how many customers bought a blue lamp but not a red lamp",
     "different customer_id, product = blue lamp, without any orders where product = red lamp"),
    (S, "products sold in Germany but not in France",
     "different product, country = Germany, without any orders where country = France"),
    (S, "how many customers ordered in 2022 but not in 2023?",
     "different customer_id, order_date in 2022, without any orders where order_date in 2023"),
    (S, "how many customers ordered both in 2022 and in 2023?",
     "different customer_id, order_date in 2022, with orders where order_date in 2023"),
    (S, "how many customers have just one single order?", "how many customer_id, different order_id = 1"),
    (S, "Germany aside, what was the revenue?", "revenue, country ≠ Germany"),
    (S, "revenue if we leave Germany out", "revenue, country ≠ Germany"),
]  # fmt: skip
WHAT_IS_RANKED: list[Asked] = [
    (S, "which product sells best in Germany?",
     "product, country = Germany, by total quantity, highest first, top 1"),
    (S, "which product sells best in Germany, by revenue?",
     "product, country = Germany, by revenue, highest first, top 1"),
    (S, "which country brought in the most, and how much have they spent?", "revenue by country, top 1"),
    (S, "what was our busiest day by number of orders and how many were there?",
     "different order_id by order_date, top 1"),
    (H, "who is our oldest patient, and when was he or she born?",
     "full_name, birth_date of patients, by birth_date, lowest first, first 1"),
    (H, "which visit was the most expensive and how much did it cost?",
     "visit_id, cost of visit_id, by cost, highest first, first 1"),
    (F, "which carrier has the most passengers overall, all flights added up?",
     "carrier, by total passengers, highest first, top 1"),
]  # fmt: skip
CONDITIONS: list[Asked] = [
    (H, "how many patients have a visit", "rows of patients, with visit_id"),
    (H, "patients that had a visit in 2023", "full_name of patients, with visit_id where admitted_on in 2023"),
    (H, "what was the highest cost, and on which visit?",
     "visit_id, cost of visit_id, by cost, highest first, first 1"),
    (H, "who is the youngest person?", "full_name of patients, by birth_date, highest first, first 1"),
    (S, "how often did the quantity go above 10 in 2023?", "rows of orders, quantity > 10, order_date in 2023"),
    (S, "what is the lowest unit price that is still above zero?", "least unit_price, unit_price > 0"),
    (S, "how many orders have a null channel?", "different order_id, channel is missing"),
    (S, "revenue by country, but only countries with more than 1000", "revenue by country, revenue above 1000"),
    (S, "which countries have more than 5 customers, and how many?",
     "different customer_id by country, different customer_id above 5"),
    (F, "for how many flights is the carrier unknown", "rows of flights, carrier is missing"),
    (H, "percentage of patients whose sex we know that are female",
     "rows of patients (sex = female) in percent of rows of patients, sex is known"),
    (H, "visits whose cost comes to more than 100", "visit_id, cost > 100"),
]  # fmt: skip
ASIDES: list[Asked] = [
    (S, "our accountant wants to know the revenue in 2023", "revenue, order_date in 2023"),
    (S, "a riddle for the board: revenue by country", "revenue by country"),
    (S, "revenue by country, leaving Germany out because it is not finished", "revenue by country, without Germany"),
    (H, "how many patients did we ever find in Bergen?", "rows of patients, city = Bergen"),
    (H, "number of visits by ward: name and number", "rows of visits by wards"),
    (H, "patients from Bergen: name and dollars", "total cost by patients, city = Bergen"),
]


@pytest.mark.parametrize(
    ("domain", "question", "meant"),
    [
        *WRITTEN_SHORT, *IN_ORDER, *IN_TIME, *SIDE_BY_SIDE, *HERE_AND_NOT_THERE, *WHAT_IS_RANKED, *CONDITIONS, *ASIDES,
    ],
)  # fmt: skip
def test_other_words_mean_the_same(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        # A figure for each customer, or one for each of the two countries.
        (S, "revenue per customer for Germany and France"),
        # The biggest customer is not the one of whom there are most.
        (S, "the customer id of our biggest customer"),
        # Rows of Germany are never of France.
        (S, "revenue in Germany but not in France"),
        # "When" is the day of the visit, and not of the patient's birth.
        (H, "which patient had the most expensive visit and when"),
        # Of the islands that a species is on there is to be one.
        (H, "which wards have one diagnosis only, and which diagnosis is it?"),
        # A name before the question that is one of the tables'.
        (S, "Germany report: revenue by channel in France"),
        # October of every year and November 2023 have no day together.
        (S, "revenue in every October, in November 2023"),
    ],
)
def test_what_could_be_meant_otherwise_is_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined), said(question, domain)
