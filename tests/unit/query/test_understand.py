"""Questions and what they mean, by pairs in fixture files; and what understand() says when it declines."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lakebook.query.tables import Column, Table
from lakebook.query.understand.parse import MOST_CHARACTERS, understand
from lakebook.query.understand.reading import Declined, Reading
from lakebook.query.write import write

FIXTURES = Path(__file__).parent / "fixtures"


def asked() -> list[tuple[str, str, str]]:
    """Question, reading and SQL of every block of the fixture file."""
    text = (FIXTURES / "asked.txt").read_text(encoding="utf-8")
    return re.findall(r"^\? (.+)\n= (.+)\n> (.+)$", text, re.MULTILINE)


def declined() -> list[dict[str, Any]]:
    """The questions that must be declined."""
    return [json.loads(line) for line in (FIXTURES / "declined.jsonl").read_text(encoding="utf-8").splitlines()]


def reading_of(question: str, tables: list[Table], dataset: str | None = None) -> Reading:
    understood = understand(question, tables, dataset)
    assert isinstance(understood, Reading), understood
    return understood


def declined_of(question: str, tables: list[Table], dataset: str | None = None) -> Declined:
    understood = understand(question, tables, dataset)
    assert isinstance(understood, Declined), understood
    return understood


def test_the_fixture_file_is_read_whole() -> None:
    text = (FIXTURES / "asked.txt").read_text(encoding="utf-8")
    assert len(asked()) == len(re.findall(r"^\? ", text, re.MULTILINE)) > 95


@pytest.mark.parametrize(("question", "text", "sql"), asked(), ids=lambda value: str(value)[:50])
def test_a_question_means_this_query(
    question: str, text: str, sql: str, shop: dict[str, Table], plain: duckdb.DuckDBPyConnection
) -> None:
    named = re.search(r"FROM bronze\.(\w+)", sql)
    assert named
    reading = reading_of(question, [shop[named[1]]])
    assert reading.text == text
    assert " ".join(write(reading).split()) == sql
    assert plain.execute(write(reading)).fetchall(), "the fixtures are made so that every question has rows"


@pytest.mark.parametrize("case", declined(), ids=lambda case: case["question"][:50])
def test_a_question_is_declined(case: dict[str, Any], shop: dict[str, Table]) -> None:
    understood = declined_of(case["question"], [shop[case["table"]]])
    if "words" in case:
        assert understood.words == tuple(case["words"])
    if "choices" in case:
        assert understood.choices == tuple(case["choices"])
    assert understood.reason
    assert len(understood.suggestions) == 3


@pytest.mark.parametrize("case", declined(), ids=lambda case: case["question"][:50])
def test_every_suggestion_is_a_question_that_works(case: dict[str, Any], shop: dict[str, Table]) -> None:
    tables = [shop[case["table"]]]
    for suggestion in declined_of(case["question"], tables).suggestions:
        assert isinstance(understand(suggestion, tables), Reading), suggestion


@pytest.mark.parametrize("question", ["zzz", "how many frobs", "total quality", "banana by country"])
def test_suggestions_work_among_several_tables_too(question: str, tables: list[Table]) -> None:
    suggestions = declined_of(question, tables).suggestions
    assert suggestions
    for suggestion in suggestions:
        assert isinstance(understand(suggestion, tables), Reading), suggestion


def test_a_misspelt_column_is_only_suggested(shop: dict[str, Table]) -> None:
    understood = declined_of("number of rows by county", [shop["orders"]])
    assert understood.words == ("county",)
    assert understood.suggestions[0] == "number of rows by country"


@pytest.mark.parametrize(
    "variant",
    [
        "Total REVENUE by Country",
        "total revenue by country?",
        "total  revenue by  country.",
        "please show me the total revenue by country",
        "What is the total revenue by country?",
        "total revenue grouped by country",
        "total revenue for each country",
        "total revenue broken down by countries",
    ],
)
def test_the_same_question_in_other_words(variant: str, shop: dict[str, Table]) -> None:
    orders = [shop["orders"]]
    assert write(reading_of(variant, orders)) == write(reading_of("revenue by country", orders))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unit_price", "unit price"),
        ("UnitPrice", "unit price"),
        ("unitPrice", "unit prices"),
        ("UNIT PRICE", "unit price"),
        ("Unit-Price", "unit price"),
        ("unit_price", "unit_price"),
        ("UnitPrice", "UnitPrice"),
        ("body_mass_g", "body mass"),
        ("flipper_length_mm", "flipper length"),
        ("HTTPStatus", "http status"),
        ("Größe", "größe"),
        ("数量", "数量"),
        ("size of hat", "size of hat"),
    ],
)
def test_column_names_in_any_case(name: str, said: str) -> None:
    table = Table("things", "bronze", "x", 1, 10, (), (Column(name, "INTEGER"), Column("other", "VARCHAR")))
    reading = reading_of(f"average {said}", [table])
    assert reading.measures[0].operand[0].name == name


def test_a_label_names_the_column_too() -> None:
    table = Table("things", "bronze", "x", 1, 10, (), (Column("c_17", "INTEGER", label="Shoe size (EU)"),))
    assert reading_of("average shoe size eu", [table]).measures[0].operand[0].name == "c_17"


def test_a_word_that_fits_two_columns_is_a_choice() -> None:
    columns = (Column("min_temp", "DOUBLE"), Column("max_temp", "DOUBLE"))
    table = Table("sensor", "bronze", "x", 1, 10, (), columns)
    assert declined_of("average temp", [table]).choices == ("average min_temp of sensor", "average max_temp of sensor")
    assert reading_of("average max temp", [table]).measures[0].operand[0].name == "max_temp"


def test_the_unit_of_a_column_may_be_left_out_but_does_not_name_it() -> None:
    columns = (Column("bill_length_mm", "DOUBLE"), Column("flipper_length_mm", "DOUBLE"), Column("mass_g", "DOUBLE"))
    table = Table("sensor", "bronze", "x", 1, 10, (), columns)
    assert reading_of("average mass", [table]).measures[0].operand[0].name == "mass_g"
    assert reading_of("average bill length", [table]).measures[0].operand[0].name == "bill_length_mm"
    assert len(declined_of("average length", [table]).choices) == 2
    assert declined_of("average mm", [table]).words == ("mm",)


def test_a_value_of_two_columns_is_a_choice(shop: dict[str, Table]) -> None:
    columns = (
        Column("home", "VARCHAR", top_values=("Leeds", "Ajax")),
        Column("away", "VARCHAR", top_values=("Leeds",)),
    )
    table = Table("matches", "bronze", "x", 1, 10, (), columns)
    understood = declined_of("how many matches in Leeds", [table])
    assert understood.choices == ("number of rows of matches, home = Leeds", "number of rows of matches, away = Leeds")
    assert reading_of("how many matches with home Leeds", [table]).conditions[0].column.name == "home"
    assert reading_of("how many matches for Ajax", [table]).conditions[0].column.name == "home"


def test_two_time_columns_must_be_named() -> None:
    columns = (Column("ordered", "DATE"), Column("shipped", "DATE"), Column("total", "DECIMAL(18,2)"))
    table = Table("parcels", "bronze", "x", 1, 10, (), columns)
    assert len(declined_of("how many parcels in 2011", [table]).choices) == 2
    assert reading_of("how many parcels shipped in 2011", [table]).conditions[0].column.name == "shipped"


def test_a_column_called_year_beside_a_date_is_a_choice() -> None:
    columns = (Column("year", "INTEGER"), Column("day", "DATE"))
    table = Table("harvest", "bronze", "x", 1, 10, (), columns)
    assert reading_of("number of rows by year", [table]).groups[0].column.name == "year"


def test_a_number_of_things_is_the_rows_only_where_each_row_is_one() -> None:
    def table(unique: int | None) -> Table:
        return Table("orders", "bronze", "x", 1, 1000, (), (Column("order_id", "BIGINT", unique_count=unique),))

    assert reading_of("how many orders", [table(1000)]).text == "number of rows of orders"
    assert reading_of("how many orders", [table(990)]).text == "number of rows of orders"
    assert len(declined_of("how many orders", [table(400)]).choices) == 2
    assert len(declined_of("how many orders", [table(None)]).choices) == 2


def test_among_tables_the_one_whose_things_are_asked_for(tables: list[Table]) -> None:
    """Customers have a table of their own; the key in the order lines is not what is asked for."""
    assert reading_of("how many customers", tables).table.name == "customers"
    assert reading_of("how many birds", tables).table.name == "birds"
    assert reading_of("revenue by country", tables).table.name == "orders"


def test_among_tables_what_fits_several_is_a_choice(tables: list[Table]) -> None:
    understood = declined_of("how many countries", tables)
    assert understood.choices == (
        "number of different Country of orders (orders)",
        "number of different country of customers (customers)",
    )
    assert reading_of("how many countries in orders", tables).table.name == "orders"
    assert reading_of("how many countries", tables, dataset="customers").table.name == "customers"


def test_a_key_to_another_table_does_not_stand_for_its_things(tables: list[Table]) -> None:
    """Asked for customers, nobody wants their numbers where a table knows their names."""
    assert declined_of("top 3 customers by revenue", tables)
    assert reading_of("top 3 customer id by revenue", tables).groups[0].column.name == "CustomerID"


@pytest.mark.parametrize("dataset", ["orders", "bronze.orders", "ORDERS", "id-0"])
def test_the_dataset_may_be_given_by_name_or_id(dataset: str, tables: list[Table]) -> None:
    assert reading_of("how many rows", tables, dataset).table.name == "orders"


def test_a_dataset_that_is_not_there(tables: list[Table]) -> None:
    assert declined_of("how many rows", tables, "nowhere").reason == "There is no such table to ask."
    assert declined_of("how many rows", [], None).reason == "There is no such table to ask."


def test_bronze_comes_first(shop: dict[str, Table]) -> None:
    orders = shop["orders"]
    gold, silver = replace(orders, layer="gold"), replace(orders, layer="silver")
    assert reading_of("how many rows", [gold, orders, silver]).table.layer == "bronze"
    assert reading_of("how many rows", [gold]).table.layer == "gold"
    assert reading_of("how many rows", [gold, orders], "gold.orders").table.layer == "gold"


def test_a_question_that_never_ends_is_declined(shop: dict[str, Table]) -> None:
    assert "longer than" in declined_of("revenue " * MOST_CHARACTERS, [shop["orders"]]).reason


def test_a_question_of_many_clauses_is_declined_in_time(shop: dict[str, Table]) -> None:
    question = "how many rows " + "in France and " * 30 + "in Germany"
    assert declined_of(question, [shop["orders"]]).words


@pytest.mark.parametrize(
    "question",
    [
        "how many rows'; DROP TABLE orders; --",
        'how many rows in "France\' OR 1=1"',
        "how many rows where country is \"x' OR 'a'='a\"",
        "show rows for \\u0000",
    ],
)
def test_sql_in_a_question_does_not_get_through(question: str, shop: dict[str, Table]) -> None:
    assert declined_of(question, [shop["orders"]]).reason


def test_every_word_is_traced(shop: dict[str, Table]) -> None:
    reading = reading_of("please show me the top 2 countries by revenue in 2011 without France", [shop["orders"]])
    assert [(trace.words, trace.part) for trace in reading.trace] == [
        ("please show me", "nothing"),
        ("top 2", "limit"),
        ("countries", "group"),
        ("by revenue", "measure"),
        ("in 2011", "filter"),
        ("without France", "filter"),
    ]


def test_values_are_looked_up_only_where_a_word_needs_them(shop: dict[str, Table]) -> None:
    looked: list[str] = []

    def values(table: Table, column: Column) -> list[str]:
        looked.append(column.name)
        return ["France"] if column.name == "Country" else []

    assert isinstance(understand("revenue in France", [shop["orders"]], None, values), Reading)
    assert "Country" in looked
    assert set(looked) <= {"InvoiceNo", "StockCode", "Description", "Country"}
