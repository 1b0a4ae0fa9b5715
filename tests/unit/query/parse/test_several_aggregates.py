"""Two, three and more aggregates in a row or in brackets, and what two columns have to do with each other."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Aggregate, Declined, Reading
from tests.unit.query.parse.more_worlds import BIRDS, DAYS
from tests.unit.query.parse.worlds import FLIGHTS, HOSPITAL, SHOP, read, said

B, D, F, H, S = BIRDS, DAYS, FLIGHTS, HOSPITAL, SHOP

IN_A_ROW: list[tuple[Domain, str, tuple[str, ...], str]] = [
    (B, "Smallest, mean and largest flipper length for each species, please.", ("min", "avg", "max"),
     "least flipper_length_mm and average flipper_length_mm and greatest flipper_length_mm by species"),
    (B, "minimum, average, median and maximum body mass", ("min", "avg", "median", "max"),
     "least body_mass_g and average body_mass_g and median body_mass_g and greatest body_mass_g"),
    (B, "minimum and maximum body mass", ("min", "max"), "least body_mass_g and greatest body_mass_g"),
    (B, "smallest and mean flipper length by island", ("min", "avg"),
     "least flipper_length_mm and average flipper_length_mm by island"),
    (D, "minimum, mean and maximum wind in 2013", ("min", "avg", "max"),
     "least wind and average wind and greatest wind, date in 2013"),
    (H, "lowest, median and highest cost by ward", ("min", "median", "max"),
     "least cost and median cost and greatest cost by wards"),
    (S, "total, average and greatest quantity by country", ("sum", "avg", "max"),
     "total quantity and average quantity and greatest quantity by country"),
]  # fmt: skip

AFTER_THE_COLUMN: list[tuple[Domain, str, tuple[str, ...], str]] = [
    (B, "range of flipper lengths (min, max)", ("min", "max"),
     "least flipper_length_mm and greatest flipper_length_mm"),
    (B, "range of flipper lengths (min, max) by species", ("min", "max"),
     "least flipper_length_mm and greatest flipper_length_mm by species"),
    (B, "spread of body mass: lowest, average, highest", ("min", "avg", "max"),
     "least body_mass_g and average body_mass_g and greatest body_mass_g"),
    (H, "cost of visits (min, max)", ("min", "max"), "least cost and greatest cost"),
]  # fmt: skip

EVERY = [*IN_A_ROW, *AFTER_THE_COLUMN]


@pytest.mark.parametrize(("domain", "question", "kinds", "meant"), EVERY, ids=[each[1] for each in EVERY])
def test_aggregates_keep_the_order_they_are_said_in(
    domain: Domain, question: str, kinds: tuple[str, ...], meant: str
) -> None:
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    figures = [figure for figure in understood.figures if isinstance(figure, Aggregate)]
    assert tuple(figure.kind for figure in figures) == kinds
    assert len({figure.of for figure in figures}) == 1
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question", "meant"),
    [
        (B, "range of flipper lengths", "greatest flipper_length_mm less least flipper_length_mm"),
        (S, "total quantity and average unit price", "total quantity and average unit_price"),  # two columns
        (S, "first and last order date", "least order_date and greatest order_date"),
    ],
)
def test_what_is_near_to_a_row_of_aggregates(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    "question",
    [
        "minimum, Gentoo and maximum body mass",
        "minimum, mean and unicorn body mass",
        "range of flipper lengths (min, unicorn)",
        "smallest, mean and largest species",
    ],
)
def test_a_row_with_something_else_in_it_is_declined(question: str) -> None:
    assert isinstance(read(question, B), Declined)


RELATED: list[tuple[Domain, str, str]] = [
    (S, "are quantity and unit price correlated?", "correlation of quantity and unit_price"),
    (S, "is quantity related to unit price?", "correlation of quantity and unit_price"),
    (B, "is bill length related to bill depth?", "correlation of bill_length_mm and bill_depth_mm"),
    (B, "are bill length and bill depth related to each other", "correlation of bill_length_mm and bill_depth_mm"),
    (B, "is bill length linked to body mass for each species",
     "correlation of bill_length_mm and body_mass_g by species"),
    (B, "Pearson correlation between bill length and bill depth, computed separately for every species",
     "correlation of bill_length_mm and bill_depth_mm by species"),
    (F, "pearson correlation between delay and distance", "correlation of delay_minutes and distance_km"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "meant"), RELATED, ids=[each[1] for each in RELATED])
def test_numbers_that_may_be_related(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (S, "are quantity and country correlated?"),
        (B, "is bill length related to species"),
        (B, "is sex linked to year"),
    ],
)
def test_texts_have_no_correlation(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("average gap between daily low and high", "average temp_max - temp_min"),
        ("average gap between daily high and low", "average temp_max - temp_min"),
        ("average difference between high and low in 2013", "average temp_max - temp_min, date in 2013"),
        ("greatest gap between low and high per year", "greatest temp_max - temp_min by year"),
    ],
)
def test_of_a_gap_the_high_stands_first(question: str, meant: str) -> None:
    assert said(question, D) == meant
