"""Which runs of words name which columns and tables, and how well."""

from __future__ import annotations

import pytest

from lakebook.query.tables import Column, Table
from lakebook.query.understand.names import (
    BARE,
    LAST,
    UNITLESS,
    WHOLE,
    columns_named,
    is_identifier,
    last_word,
    names_table,
    spellings,
    thing,
    unit,
)
from lakebook.query.understand.words import tokens

COLUMNS = (
    Column("InvoiceNo", "VARCHAR"),
    Column("InvoiceDate", "TIMESTAMP"),
    Column("UnitPrice", "DECIMAL(18,2)"),
    Column("CustomerID", "BIGINT"),
    Column("StockCode", "VARCHAR"),
    Column("Quantity", "INTEGER"),
    Column("body_mass_g", "INTEGER"),
    Column("FirstName", "VARCHAR"),
    Column("LastName", "VARCHAR"),
    Column("c7", "VARCHAR", label="Favourite colour"),
)


@pytest.mark.parametrize(
    ("said", "names", "length"),
    [
        ("invoice no", ["InvoiceNo"], 2),
        ("invoice", ["InvoiceNo"], 1),
        ("invoices in France", ["InvoiceNo"], 1),
        ("invoice number", ["InvoiceNo"], 2),
        ("InvoiceNo", ["InvoiceNo"], 1),
        ("invoice_no", ["InvoiceNo"], 1),
        ("invoice date", ["InvoiceDate"], 2),
        ("date", ["InvoiceDate"], 1),
        ("price", ["UnitPrice"], 1),
        ("unit prices", ["UnitPrice"], 2),
        ("customers", ["CustomerID"], 1),
        ("client", ["CustomerID"], 1),
        ("customer code", ["CustomerID"], 2),
        ("product codes", ["StockCode"], 2),
        ("sku", ["StockCode"], 1),
        ("stock", ["StockCode"], 1),
        ("units", ["Quantity"], 1),
        ("body mass", ["body_mass_g"], 2),
        ("body mass g", ["body_mass_g"], 3),
        ("mass", ["body_mass_g"], 1),
        ("favourite colour", ["c7"], 2),
        ("colour", ["c7"], 1),
        ("c7", ["c7"], 1),
        ("first name", ["FirstName"], 2),
    ],
)
def test_a_run_of_words_names_a_column(said: str, names: list[str], length: int) -> None:
    found = columns_named(COLUMNS, tokens(said), 0)
    assert [column.name for _, column in found] == names
    assert {end for end, _ in found} == {length}


@pytest.mark.parametrize(
    "said", ["number", "id", "no", "code", "name", "g", "body", "first", "quality", "country", ",", "5", ""]
)
def test_a_run_of_words_names_no_column(said: str) -> None:
    assert columns_named(COLUMNS, tokens(said), 0) == []


def test_the_better_name_wins() -> None:
    """A column called as was said is meant, not one that only ends so."""
    columns = (Column("price", "DOUBLE"), Column("unit_price", "DOUBLE"))
    assert [column.name for _, column in columns_named(columns, tokens("price"), 0)] == ["price"]


def test_two_columns_that_end_alike_are_both_named() -> None:
    columns = (Column("min_temp", "DOUBLE"), Column("max_temp", "DOUBLE"))
    assert [column.name for _, column in columns_named(columns, tokens("temp"), 0)] == ["min_temp", "max_temp"]


def test_twins_that_differ_in_case_only_are_told_apart_as_written() -> None:
    columns = (Column("Code", "VARCHAR"), Column("code", "VARCHAR"))
    assert [column.name for _, column in columns_named(columns, tokens("code"), 0)] == ["code"]
    assert len(columns_named(columns, tokens("codes"), 0)) == 2


def test_how_well_each_spelling_fits() -> None:
    assert spellings(Column("customer_id", "BIGINT")) == {
        ("customer", "id"): WHOLE,
        ("customer",): BARE,
        ("customer", "no"): BARE,
        ("customer", "number"): BARE,
        ("customer", "nr"): BARE,
        ("customer", "num"): BARE,
        ("customer", "code"): BARE,
        ("customer", "key"): BARE,
        ("client",): BARE,
    }
    assert spellings(Column("net_weight_kg", "DOUBLE")) == {
        ("net", "weight", "kg"): WHOLE,
        ("net", "weight"): UNITLESS,
        ("weight",): LAST,
    }
    assert spellings(Column("___", "DOUBLE")) == {}


@pytest.mark.parametrize(
    ("name", "said", "end"),
    [
        ("orders", "orders", 1),
        ("orders", "order", 1),
        ("orders", "ORDERS in France", 1),
        ("order_items", "order items by month", 2),
        ("OrderItem", "order items", 2),
        ("Order Details", "order details", 2),
        ("orders", '"orders"', 1),
        ("orders", "ordered", None),
        ("order_items", "order", None),
        ("orders", "5", None),
        ("orders", "", None),
    ],
)
def test_a_run_of_words_names_the_table(name: str, said: str, end: int | None) -> None:
    assert names_table(Table(name, "bronze", "x", 1, 1, (), ()), tokens(said), 0) == end


@pytest.mark.parametrize(
    ("name", "identifies", "last", "of_measure"),
    [
        ("customer_id", "customer", "id", ""),
        ("InvoiceNo", "invoice", "no", ""),
        ("id", "", "id", ""),
        ("country", "", "country", ""),
        ("bill_length_mm", "", "length", "mm"),
        ("kg", "", "kg", ""),
        ("UnitPrice", "", "price", ""),
    ],
)
def test_what_a_name_says_of_its_values(name: str, identifies: str, last: str, of_measure: str) -> None:
    column = Column(name, "INTEGER")
    assert thing(column) == identifies
    assert last_word(column) == last
    assert unit(column) == of_measure
    assert is_identifier(column) == (last in ("id", "no"))
