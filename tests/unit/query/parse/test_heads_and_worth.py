"""What is shown beside: heads said again, names and titles, what each was worth, columns asked for."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined, Reading
from lakebook.query.terms import Field
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, LINES, music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

B, D, H, S, L = BIRDS, DAYS, HOSPITAL, SHOP, LINES
STAFF, ALBUMS, TRACKS = music("Employee"), music("Album", "Artist"), music("Track")

HEADS: list[tuple[Domain, str, str]] = [
    (B, "Which bird was the lightest of all? Tell me its species, its sex and its body mass.",
     "species, sex, body_mass_g of penguins, by body_mass_g, lowest first, first 1"),
    (B, "Which bird was the lightest? Species, island and mass, please.",
     "species, island, body_mass_g of penguins, by body_mass_g, lowest first, first 1"),
    (B, "which penguin has the longest flipper? species, island, length",
     "species, island, flipper_length_mm of penguins, by flipper_length_mm, highest first, first 1"),
    (B, "which penguin has the longest bill? species and length",
     "species, bill_length_mm of penguins, by bill_length_mm, highest first, first 1"),
    (B, "which is the heaviest of all penguins? species and mass",
     "species, body_mass_g of penguins, by body_mass_g, highest first, first 1"),
    (B, "all birds with flippers of 230 mm or longer: species and length",
     "species, flipper_length_mm of penguins, flipper_length_mm ≥ 230"),
    (B, "all birds with flippers of 230 mm or longer: species, year, flipper length and body mass",
     "species, year, flipper_length_mm, body_mass_g of penguins, flipper_length_mm ≥ 230"),
    (D, "Dates with wind speed above 8: date and speed", "date, wind of date, wind > 8"),
    (D, "Which day had the strongest wind, and what was the speed?",
     "date, wind of date, by wind, highest first, first 1"),
    (D, "what was the coldest night? Date and minimum temperature, please.",
     "date, temp_min of date, by temp_min, lowest first, first 1"),
    (D, "Give me the three days with the lowest daily high, and that temperature", "least temp_max by date, bottom 3"),
    (TRACKS, "What's the shortest track, and how many seconds does it last?",
     "Track, Milliseconds in secs of Track, by Milliseconds, lowest first, first 1"),
    (H, "which visit was the most expensive? diagnosis and cost",
     "diagnosis, cost of visit_id, by cost, highest first, first 1"),
]  # fmt: skip

WORTH: list[tuple[Domain, str, str]] = [
    (L, "List the invoice numbers of customer 12347 together with what each invoice was worth.",
     "revenue by InvoiceNo, CustomerID = 12347"),
    (L, "invoice numbers of customer 12347 and what each was worth", "revenue by InvoiceNo, CustomerID = 12347"),
    (S, "list the orders of customer 17 together with what each order was worth",
     "revenue by order_id, customer_id = 17"),
    (S, "top 3 countries by revenue, with the amount", "revenue by country, top 3"),
    (S, "top 3 countries by revenue, with the revenue of each", "revenue by country, top 3"),
]  # fmt: skip

BESIDE: list[tuple[Domain, str, str]] = [
    (H, "patients from Turin with their birth date", "full_name, birth_date of patients, city = Turin"),
    (S, "orders in France with channel and date", "different order_id, channel, order_date, country = France"),
    (S, "orders in France with weight", "order_id, weight_kg of orders, country = France"),
    (S, "orders with a weight over 3 with their channel", "different order_id, channel, weight_kg > 3"),
    (music("Customer"), "customers in Brazil with their email",
     "FirstName, LastName, Email of Customer, Country = Brazil"),
    (STAFF, "employees with their birth date", "FirstName, LastName, BirthDate of Employee"),
]  # fmt: skip

EVERY = [*HEADS, *WORTH, *BESIDE]


@pytest.mark.parametrize(("domain", "question", "meant"), EVERY, ids=[each[1] for each in EVERY])
def test_what_is_asked_for_beside_is_shown(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question", "meant"),
    [
        (B, "which penguin has the longest flipper? species, island, depth",  # a column of its own, and no head
         "species, island, bill_depth_mm of penguins, by flipper_length_mm, highest first, first 1"),
        (B, "heaviest penguin: species and island",
         "species, island of penguins, by body_mass_g, highest first, first 1"),
        (L, "List the invoice numbers of customer 12347", "different InvoiceNo, CustomerID = 12347"),
        (D, "Dates with a wind speed above 8", "date, wind > 8"),
    ],
)  # fmt: skip
def test_what_is_not_said_again_is_not_shown(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (S, "revenue by country with channel"),  # a country has many
        (B, "which penguin has the longest flipper? species, island, unicorn"),
        (D, "Dates with a wind speed above 8, and the unicorn on each"),
        (H, "who had the most expensive visit"),
        (S, "customers with revenue over 1000: name and amount"),  # customers have no names here
    ],
)
def test_what_cannot_be_shown_is_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)


def columns(question: str, domain: Domain) -> list[str]:
    """The names of the columns that a reading lists."""
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    return [column.column.name for column in understood.columns if isinstance(column, Field)]


def test_a_title_that_is_a_column_is_that_column() -> None:
    question = "Which employees were hired in 2003? I need name and job title."
    assert columns(question, STAFF) == ["FirstName", "LastName", "Title"]
    assert columns("Which employees were hired in 2003? I need the names.", STAFF) == ["FirstName", "LastName"]


@pytest.mark.parametrize("question", ["All album titles by Led Zeppelin", "titles of all the records by Led Zeppelin"])
def test_the_title_of_an_album_is_its_name(question: str) -> None:
    assert columns(question, ALBUMS) == ["Title"]


def test_people_are_counted_by_their_title() -> None:
    understood = read("headcount by job title", STAFF)
    assert isinstance(understood, Reading)
    (group,) = understood.groups
    assert isinstance(group, Field)
    assert group.column.name == "Title"
