"""What questions of every construct are understood to mean, in words, over tables of other kinds than the shop's."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Reading
from tests.unit.query.parse.worlds import FLIGHTS, HOSPITAL, SHOP, read, said

HOSPITAL_QUESTIONS = [
    ("how many patients", "rows of patients"),
    ("number of visits per diagnosis", "rows of visits by diagnosis"),
    ("How many visits were there in March 2023?", "rows of visits, admitted_on in March 2023"),
    ("average cost by ward", "average cost by wards"),
    ("total cost per year", "total cost by year of admitted_on"),
    ("median cost of visits for asthma", "median cost, diagnosis = asthma"),
    ("Which diagnosis is the most frequent?", "diagnosis, by rows of visits, highest first, top 1"),
    ("the five patients with the highest total cost", "total cost by patients, top 5"),
    ("How many patients have never been admitted?", "rows of patients, without any visit_id"),
    ("patients with more than 3 visits", "patients, rows of visits above 3"),
    ("how many visits have no discharge date", "rows of visits, discharged_on is missing"),
    ("How many beds are there on floor 3?", "total beds, floor = 3"),
    ("wards without any visits", "ward_name of wards, without any visit_id"),
    ("What percentage of visits are for asthma?", "rows of visits (diagnosis = asthma) in percent of rows of visits"),
    ("visits that cost more than 5000, how many?", "rows of visits, cost > 5000"),
    ("how many patients are from Bergen or Turin", "rows of patients, city = Bergen or Turin"),
    ("number of visits by month in 2023", "rows of visits by month of admitted_on, admitted_on in 2023"),
    ("which ward has the most visits", "wards, by rows of visits, highest first, top 1"),
    ("standard deviation of cost", "standard deviation of cost"),
    ("the oldest patient", "full_name of patients, by birth_date, lowest first, first 1"),
    ("average number of visits per patient", "average rows of visits per patients"),
    (
        "Of the patients whose sex is known, what percentage is female?",
        "rows of patients (sex = female) in percent of rows of patients, sex is known",
    ),
    (
        "visits since 2024 by diagnosis, highest first",
        "rows of visits by diagnosis, admitted_on since 2024, highest first",
    ),
    (
        "compare the average cost of asthma with that of migraine",
        "average cost by diagnosis, diagnosis = asthma or migraine",
    ),
    ("lowest and highest cost by ward", "least cost and greatest cost by wards"),
    ("How many female patients live outside Bergen?", "rows of patients, sex = female, city ≠ Bergen"),
    ("what is the 90th percentile of cost", "90 % quantile of cost"),
    ("list the patients from Zagreb", "full_name of patients, city = Zagreb"),
]
FLIGHTS_QUESTIONS = [
    ("number of flights by carrier", "rows of flights by carrier"),
    ("what percentage of flights was cancelled?", "rows of flights (cancelled) in percent of rows of flights"),
    ("average delay by carrier", "average delay_minutes by carrier"),
    ("longest flight in kilometres", "flight_id, distance_km of flight_id, by distance_km, highest first, first 1"),
    ("how many flights left before 6 am", "rows of flights, hour of the day = 0 or 1 or 2 or 3 or 4 or 5"),
    ("on which weekday do most flights depart", "weekday, by rows of flights, highest first, top 1"),
    (
        "Flights delayed by more than 60 minutes: how many per carrier?",
        "rows of flights by carrier, delay_minutes > 60",
    ),
    ("correlation between distance and delay", "correlation of distance_km and delay_minutes"),
    ("flights longer than 2000 km, how many", "rows of flights, distance_km > 2000"),
    ("average distance of flights that were not cancelled", "average distance_km, not cancelled"),
    ("flights on Sundays in winter, how many", "rows of flights, weekday = Sunday, calendar month = 12 or 1 or 2"),
    ("running total of passengers by month", "running total of total passengers by month"),
    ("by how much did the number of passengers change from month to month?", "change of total passengers by month"),
    ("histogram of distance with 500 km wide bins", "rows of flights by distance_km in steps of 500"),
]
SHOP_QUESTIONS = [
    ("revenue by country", "revenue by country"),
    ("top 3 products by revenue", "revenue by product, top 3"),
    ("revenue in Germany without the web channel", "revenue, country = Germany, channel ≠ web"),
    ("how many different customers", "different customer_id"),
    ("lines over 5 kg: how many", "rows of orders, weight_kg > 5"),
    ("customers who never bought a red lamp", "different customer_id, without any orders where product = red lamp"),
    ("countries with at least 100 orders", "country, different order_id at least 100"),
    ("revenue per quarter of 2023", "revenue by quarter, order_date in 2023"),
    ("customers with only one order, how many", "how many customer_id, different order_id = 1"),
    ("total quantity by country and channel", "total quantity by country and channel"),
    (
        "top product by revenue in each country",
        "country and product, by revenue, highest first, top 1 for each country",
    ),
    (
        "which country earned more in 2023 than in 2022",
        "country, revenue (order_date in 2023) above revenue (order_date in 2022)",
    ),
    ("average revenue per order", "average revenue per order_id"),
    ("what share of revenue comes from Germany", "revenue (country = Germany) in percent of revenue"),
]


@pytest.mark.parametrize(("question", "meant"), HOSPITAL_QUESTIONS)
def test_questions_of_a_hospital(question: str, meant: str) -> None:
    assert said(question, HOSPITAL) == meant


@pytest.mark.parametrize(("question", "meant"), FLIGHTS_QUESTIONS)
def test_questions_of_flights(question: str, meant: str) -> None:
    assert said(question, FLIGHTS) == meant


@pytest.mark.parametrize(("question", "meant"), SHOP_QUESTIONS)
def test_questions_of_a_shop(question: str, meant: str) -> None:
    assert said(question, SHOP) == meant


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("wich ward has the most visits", "'wich' read as which"),
        ("number of vists per diagnosis", "'vists' read as visit"),
        ("visits last month", "the last month counted from the newest day of the data, 2024-12-09"),
    ],
)
def test_what_was_assumed_is_said(question: str, note: str) -> None:
    reading = read(question, HOSPITAL)
    assert isinstance(reading, Reading)
    assert reading.notes == (note,)


@pytest.mark.parametrize(
    ("domain", "question"),
    [*((HOSPITAL, each) for each, _ in HOSPITAL_QUESTIONS), *((SHOP, each) for each, _ in SHOP_QUESTIONS)],
    ids=[each for each, _ in (*HOSPITAL_QUESTIONS, *SHOP_QUESTIONS)],
)
def test_every_word_is_traced(domain: Domain, question: str) -> None:
    reading = read(question, domain)
    assert isinstance(reading, Reading)
    traced = [word for trace in reading.trace for word in trace.words.split()]
    spoken = question.rstrip("?").replace(",", " ,").replace(":", " :").split()
    assert traced == spoken
