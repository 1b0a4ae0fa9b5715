"""Whose time is meant: a customer has no month because her clerk was hired in one, and 2010 is no postal code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lakebook.query.domain import Domain, Relationship
from lakebook.query.reading import Declined
from lakebook.query.tables import Table
from tests.unit.query.parse.worlds import made, read, said

CLERKS = made("clerks", 8, "clerk_id BIGINT 8, clerk_name VARCHAR 8, hire_date DATE 8, birth_date DATE 8")
CUSTOMERS = made(
    "customers", 59, "customer_id BIGINT 59, clerk_id BIGINT 3, customer_name VARCHAR 59, postal_code VARCHAR 55"
)
INVOICES = made("invoices", 412, "invoice_id BIGINT 412, customer_id BIGINT 59, invoice_date DATE 354, total DOUBLE 20")
GAMES = made("games", 300, "game_id BIGINT 300, season VARCHAR 4, goals BIGINT 9")


def with_values(table: Table, column: str, *values: str) -> Table:
    """The table with known values in a column."""
    columns = tuple(replace(each, top_values=values) if each.name == column else each for each in table.columns)
    return replace(table, columns=columns)


BUYERS = with_values(CUSTOMERS, "postal_code", "2010", "10115", "W1", "1012")
DOMAIN = Domain(
    (CLERKS, BUYERS, INVOICES),
    (
        Relationship(BUYERS, ("clerk_id",), CLERKS, ("clerk_id",)),
        Relationship(INVOICES, ("customer_id",), BUYERS, ("customer_id",)),
    ),
    keys={"bronze.clerks": ("clerk_id",), "bronze.customers": ("customer_id",), "bronze.invoices": ("invoice_id",)},
)
LEAGUE = Domain((with_values(GAMES, "season", "2021", "2022", "2023", "2024"),))


@pytest.mark.parametrize(
    "question",
    [
        "how many customers by month", "number of customers per year", "customers by year", "customers in March 2022",
        "how many customers in 2022", "how many customers in 2010",
    ],
)  # fmt: skip
def test_the_times_of_others_are_not_ones_own(question: str) -> None:
    assert isinstance(read(question, DOMAIN), Declined)


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("number of invoices by month", "rows of invoices by month"),
        ("number of invoices in 2010", "rows of invoices, invoice_date in 2010"),
        ("top 5 customers by total in 2010", "sum of total by customers, invoice_date in 2010, top 5"),
        ("how many clerks were hired in 2022", "rows of clerks, hire_date in 2022"),
        ("number of clerks by hire date", "rows of clerks by hire_date"),
        ("how many customers with postal code 2010", "rows of customers, postal_code = 2010"),
        ("number of customers whose postal code is 2010", "rows of customers, postal_code = 2010"),
        ("how many customers in W1", "rows of customers, postal_code = W1"),
    ],
)
def test_what_is_named_or_ones_own_is_meant(question: str, reading: str) -> None:
    assert said(question, DOMAIN) == reading


@pytest.mark.parametrize("season", ["2021", "2024"])
def test_texts_that_are_years_are_years(season: str) -> None:
    assert said(f"total goals in {season}", LEAGUE) == f"total goals, season = {season}"
