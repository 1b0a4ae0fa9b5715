"""Values of text columns in the words of a question."""

from __future__ import annotations

import pytest

from lakebook.query.tables import Column, Table
from lakebook.query.understand.values import ValueFinder
from lakebook.query.understand.words import tokens

COUNTRY = Column("country", "VARCHAR", top_values=("France", "United Kingdom", "FRANCE", "S", "Gentoo"))
PRODUCT = Column("product", "VARCHAR", top_values=("WHITE T-LIGHT HOLDER", "WHITE", "Tea & cake", "France"))
TABLE = Table("t", "bronze", "x", 1, 1, (), (COUNTRY, PRODUCT, Column("n", "INTEGER")))


def at(text: str, column: Column | None = None) -> list[tuple[int, str, tuple[str, ...]]]:
    found = ValueFinder(TABLE, None).at(tokens(text), 0, column)
    return [(end, column.name, same) for end, column, same in found]


@pytest.mark.parametrize("said", ["united kingdom", "United Kingdom", "UNITED KINGDOM", '"united kingdom"'])
def test_in_any_case(said: str) -> None:
    assert [(name, same) for _, name, same in at(said)] == [("country", ("United Kingdom",))]


def test_every_spelling_of_one_value() -> None:
    assert at("france", COUNTRY) == [(1, "country", ("France", "FRANCE"))]


def test_in_two_columns() -> None:
    assert [name for _, name, _ in at("france")] == ["country", "product"]


def test_the_longest_run_wins() -> None:
    assert at("white t-light holder") == [(5, "product", ("WHITE T-LIGHT HOLDER",))]
    assert at("white tea") == [(1, "product", ("WHITE",))]


def test_signs_inside_a_value_do_not_matter() -> None:
    assert at("tea cake") == [(2, "product", ("Tea & cake",))]
    assert at("tea & cake") == [(3, "product", ("Tea & cake",))]


def test_a_comma_ends_a_value() -> None:
    assert at("white, t light holder") == [(1, "product", ("WHITE",))]


def test_a_plural_of_a_value() -> None:
    assert at("Gentoos") == [(1, "country", ("Gentoo",))]


def test_a_short_value_needs_its_column_or_quotes() -> None:
    assert at("s") == []
    assert at("s", COUNTRY) == [(1, "country", ("S",))]
    assert at('"s"') == [(1, "country", ("S",))]


def test_no_value() -> None:
    assert at("Atlantis") == []
    assert at("") == []
    assert at("unit") == []


def test_values_may_be_given() -> None:
    finder = ValueFinder(TABLE, lambda table, column: ["Oslo"] if column.name == "country" else [])
    assert [end for end, _, _ in finder.at(tokens("oslo"), 0)] == [1]
    assert finder.at(tokens("France"), 0) == []
