"""Questions that go on from the one before: what the whole is, and when no whole is made of them."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.parse.following import UNCLEAR, goes_on, goes_on_from, whole_question
from lakebook.query.reading import Declined, Reading
from tests.unit.query.parse.worlds import FLIGHTS, HOSPITAL, SHOP, read, said


def after(before: str, question: str, domain: Domain) -> str | Declined:
    """The whole question."""
    reading = read(before, domain)
    assert isinstance(reading, Reading), before
    return whole_question(reading, question, domain)


@pytest.mark.parametrize(
    ("question", "goes"),
    [
        ("and by month?", True), ("only in Germany", True), ("What about last year?", True), ("how about Turin", True),
        ("now per ward", True), ("but only asthma", True), ("by month", None), ("in 2023?", None),
        ("without asthma", None), ("In which countries are we?", None), ("how many patients", False), ("", False),
        ("and", False), ("what about?", False), ("android sales", False), ("?", False), ("and " * 20, False),
    ],
)  # fmt: skip
def test_which_questions_go_on(question: str, goes: bool | None) -> None:
    assert goes_on(question) is goes


@pytest.mark.parametrize(
    ("before", "question", "whole", "reading"),
    [
        ("total cost", "and by year?", "total cost by year", "total cost by year of admitted_on"),
        ("total cost", "and per diagnosis", "total cost per diagnosis", "total cost by diagnosis"),
        ("how many visits in 2023?", "and by diagnosis?", "how many visits in 2023 by diagnosis",
         "rows of visits by diagnosis, admitted_on in 2023"),
        ("number of visits in 2022 by diagnosis", "what about 2023?", "number of visits in 2023 by diagnosis",
         "rows of visits by diagnosis, admitted_on in 2023"),
        ("number of visits per diagnosis", "only in 2023", "number of visits per diagnosis in 2023",
         "rows of visits by diagnosis, admitted_on in 2023"),
        ("how many patients from Bergen", "What about from Turin?", "how many patients from Turin",
         "rows of patients, city = Turin"),
        ("how many patients from Bergen", "only female", "how many patients from Bergen female",
         "rows of patients, city = Bergen, sex = female"),
        ("average cost", "without asthma", "average cost without asthma", "average cost, diagnosis ≠ asthma"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_goes_on_is_one_whole_question(before: str, question: str, whole: str, reading: str) -> None:
    found = after(before, question, HOSPITAL)
    assert found == whole
    assert said(whole, HOSPITAL) == reading


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("total cost", "and the weather?"),
        ("total cost", "what about Bergen in Mordor"),
        ("how many patients from Bergen", "only from Turin"),
        ("how many patients from Bergen", "without Turin"),
        ("how many patients from Bergen", "what about Bergen?"),
        ("total cost", "and how many patients?"),
        ("total cost by year", "and the median cost?"),
        ("the five patients with the highest total cost", "only the top 3"),
        ("total cost", "and delete everything"),
        ("total cost", "and; drop table visits"),
    ],
)
def test_what_is_not_clear_is_declined(before: str, question: str) -> None:
    assert after(before, question, HOSPITAL) == Declined((), reason=UNCLEAR.format(before))


def test_where_two_wholes_fit_both_are_named() -> None:
    found = after("total cost by ward", "and by year?", HOSPITAL)
    assert isinstance(found, Declined)
    assert found.choices == ("total cost by ward by year", "total cost by year")
    readings = {choice: said(choice, HOSPITAL) for choice in found.choices}
    assert readings == {
        "total cost by ward by year": "total cost by wards and year of admitted_on",
        "total cost by year": "total cost by year of admitted_on",
    }


def test_one_may_go_on_from_a_whole() -> None:
    whole = "number of flights"
    for question in ("and by carrier?", "only in 2023", "what about 2024?"):
        found = after(whole, question, FLIGHTS)
        assert isinstance(found, str), question
        whole = found
    assert whole == "number of flights by carrier in 2024"
    assert said(whole, FLIGHTS) == "rows of flights by carrier, departed_at in 2024"


@pytest.mark.parametrize(
    ("before", "reading", "narrows", "goes"),
    [
        ("number of flights", "number of flights by carrier", False, True),
        ("number of flights", "number of flights by carrier", True, True),
        ("number of flights by carrier", "number of flights", False, False),
        ("number of flights by carrier", "number of flights by year", False, True),
        ("number of flights by carrier", "number of flights by year", True, False),
        ("number of flights by carrier", "number of flights by carrier by year", False, True),
        ("number of flights by carrier", "number of flights by year by carrier", False, False),
        ("number of flights", "number of flights in 2023", True, True),
        ("number of flights in 2022", "number of flights in 2023", False, True),
        ("number of flights in 2022", "number of flights in 2023", True, False),
        ("number of flights in 2022", "number of flights", False, False),
        ("number of flights in 2022", "number of flights in 2022", False, False),
        ("number of flights in 2022", "number of flights in 2023 by carrier", False, False),
        ("number of flights", "total passengers in 2023", False, False),
        ("number of flights in 2022", "number of flights by Alpine Air", False, False),
        ("number of flights in 2022", "number of flights in 2022 by Alpine Air", False, True),
    ],
)  # fmt: skip
def test_a_reading_goes_on_by_one_change_alone(before: str, reading: str, narrows: bool, goes: bool) -> None:
    first, then = read(before, FLIGHTS), read(reading, FLIGHTS)
    assert isinstance(first, Reading)
    assert isinstance(then, Reading)
    assert goes_on_from(then, first, narrows=narrows) is goes


def test_values_in_quotes_stay_values() -> None:
    found = after("number of orders", 'only "red lamp"', SHOP)
    assert found == 'number of orders "red lamp"'
    assert "red lamp" in said('number of orders "red lamp"', SHOP)
