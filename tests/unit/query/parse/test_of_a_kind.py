"""Things beside those of a kind, things that were ever sold, and rows that are called by what they are."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Aggregate, Beside, Declined, Has, Reading
from lakebook.query.wording import wording
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, music
from tests.unit.query.parse.worlds import HOSPITAL, OFFICE, SHOP, read, said

B, D, H, S = BIRDS, DAYS, HOSPITAL, SHOP
CATALOGUE = music("Track", "InvoiceLine", "Genre")


@pytest.mark.parametrize(
    ("question", "operator", "of_kind"),
    [
        ("how many birds are lighter than the mean Chinstrap", "<", True),
        ("how many birds are heavier than the mean Adelie", ">", True),
        ("how many birds are heavier than the average penguin", ">", False),
        ("how many birds are lighter than average", "<", False),
    ],
)
def test_birds_beside_the_mean(question: str, operator: str, of_kind: bool) -> None:
    understood = read(question, B)
    assert isinstance(understood, Reading)
    where = understood.where
    assert isinstance(where, Beside)
    assert isinstance(where.figure, Aggregate)
    assert (where.operator, where.figure.kind, where.figure.where is not None) == (operator, "avg", of_kind)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("how many birds are lighter than the mean Chinstrap",
         "rows of penguins, body_mass_g < the average body_mass_g (species = Chinstrap)"),
        ("how many female penguins are heavier than the mean Adelie",
         "rows of penguins, sex = female, body_mass_g > the average body_mass_g (species = Adelie)"),
        ("how many penguins are heavier than the average penguin",
         "rows of penguins, body_mass_g > the overall average body_mass_g"),
    ],
)  # fmt: skip
def test_the_mean_of_a_kind_is_said(question: str, meant: str) -> None:
    assert said(question, B) == meant


def test_a_mean_of_a_kind_and_a_half_can_be_meant_in_two_ways() -> None:
    understood = read("how many penguins are heavier than the mean Gentoo female", B)
    assert isinstance(understood, Declined)
    assert understood.choices == (
        "rows of penguins, body_mass_g > the average body_mass_g (species = Gentoo and sex = female)",
        "rows of penguins, body_mass_g > the average body_mass_g (species = Gentoo), sex = female",
    )
    assert {wording(reading) for reading in understood.readings} == set(understood.choices)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("How many tracks in our catalogue has nobody ever bought?", "rows of Track, without any InvoiceLine"),
        ("how many tracks that nobody ever bought", "rows of Track, without any InvoiceLine"),
        ("which tracks were never sold?", "Track, without any InvoiceLine"),
        ("how many Rock tracks has nobody ever bought", "rows of Track, Genre = Rock, without any InvoiceLine"),
        ("how many Rock tracks were ever sold", "rows of Track, Genre = Rock, with InvoiceLine"),
        ("tracks that were ever sold", "Track, with InvoiceLine"),
        ("how many tracks have been sold at least once", "rows of Track, with InvoiceLine"),
        ("What percentage of all our tracks has been sold at least once?",
         "rows of Track (with InvoiceLine) in percent of rows of Track"),
    ],
)  # fmt: skip
def test_what_was_ever_sold(question: str, meant: str) -> None:
    assert said(question, CATALOGUE) == meant


@pytest.mark.parametrize(
    ("question", "negated"), [("tracks that were ever sold", False), ("which tracks were never sold?", True)]
)
def test_sold_is_to_have_lines(question: str, negated: bool) -> None:
    understood = read(question, CATALOGUE)
    assert isinstance(understood, Reading)
    assert isinstance(understood.where, Has)
    assert understood.where.negated is negated


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (music("Track"), "which tracks were ever sold"),  # no table says so
        (S, "products that were ever sold"),  # each row is a sale
        (B, "penguins heavier than the mean unicorn"),
        (B, "penguins heavier than the mean of Tuesday"),
    ],
)
def test_kinds_that_are_not_there_are_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)


ROWS_OF_A_KIND: list[tuple[Domain, str, str]] = [
    (H, "visits dearer than the mean asthma", "visit_id, cost > the average cost (diagnosis = asthma)"),
    (D, "dates hotter than the average foggy day", "date, temp_max > the average temp_max (weather = fog)"),
    (S, "of all orders, how many were by web", "different order_id, channel = web"),
    (B, "how many have flippers of at least 220 mm?", "rows of penguins, flipper_length_mm ≥ 220"),
    (B, "how many weigh over 5 kg?", "rows of penguins, body_mass_g > 5000"),
    (B, "how many females live on Biscoe", "rows of penguins, sex = female, island = Biscoe"),
    (B, "of all the female penguins, how many are Gentoo?", "rows of penguins, sex = female, species = Gentoo"),
    (B, "of all penguins, how many are Gentoo?", "rows of penguins, species = Gentoo"),
    (B, "Of the Gentoo, how many weigh over 5 kg", "rows of penguins, species = Gentoo, body_mass_g > 5000"),
    (B, "of the female penguins, what percentage are Gentoo",
     "rows of penguins (species = Gentoo) in percent of rows of penguins, sex = female"),
    (B, "What fraction of Gentoos weigh over 5 kg?",
     "rows of penguins (body_mass_g > 5000) per rows of penguins, species = Gentoo"),
    (B, "what share of penguins are Gentoo", "rows of penguins (species = Gentoo) in percent of rows of penguins"),
    (H, "of all the female patients, how many live in Turin?", "rows of patients, sex = female, city = Turin"),
    (H, "of all female patients, what percentage live in Turin?",
     "rows of patients (city = Turin) in percent of rows of patients, sex = female"),
    (music("Employee"), "headcount", "rows of Employee"),
    (OFFICE, "headcount", "rows of staff"),
    (OFFICE, "who answers to Ravi Okafor",
     "first_name, last_name of staff, boss first_name = Ravi, boss last_name = Okafor"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "meant"), ROWS_OF_A_KIND, ids=[each[1] for each in ROWS_OF_A_KIND])
def test_rows_are_called_by_what_they_are(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(("domain", "question"), [(B, "how many are there?"), (S, "headcount by country")])
def test_a_count_of_nothing_named_is_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)
