"""What a SELECT sees, and how names are compared."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one

from lakebook.query.by_model.sources import (
    column_of,
    flat,
    named_by,
    own_sources,
    seen_sources,
    selects,
    source_of,
    spelled_words,
    spoken_words,
    words_of,
)
from lakebook.query.domain import Domain


def outer(sql: str) -> exp.Select:
    tree = parse_one(sql, read="duckdb")
    assert isinstance(tree, exp.Select)
    return tree


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("InvoiceNo", ("invoice", "no")),
        ("invoice_lines", ("invoice", "line")),
        ("Unit Price", ("unit", "price")),
        ("HTTPCode2", ("http", "code", "2")),
        ("countries", ("country",)),
        ("glass", ("glass",)),
        ("bus", ("bus",)),
        ("Größen", ("grössen",)),
        ("", ()),
        ("--", ()),
    ],
)
def test_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("UnitPrice", "unit_price", True),
        ("invoice_number", "InvoiceNo", True),
        ("qty", "Quantity", True),
        ("Customers", "customer", True),
        ("max_temperature", "temp_max", False),
        ("price", "UnitPrice", False),
        ("order", "orders", True),
    ],
)
def test_two_spellings_of_one_name_are_flat_the_same(one: str, other: str, same: bool) -> None:
    assert (flat(one) == flat(other)) == same


def test_abbreviations_are_spelled_one_way_and_spoken_both() -> None:
    assert spelled_words("InvoiceNumber") == spelled_words("InvoiceNo") == ("invoice", "no")
    assert {"invoice", "no", "number"} <= spoken_words("InvoiceNo")
    assert "number" not in words_of("InvoiceNo")


SEEN: dict[str, tuple[str, list[str]]] = {
    "a table": ("SELECT 1 FROM orders", ["orders"]),
    "a table by its alias": ("SELECT 1 FROM orders AS o", ["o"]),
    "with its layer": ("SELECT 1 FROM bronze.orders", ["orders"]),
    "two tables": ("SELECT 1 FROM orders o JOIN customers c ON true", ["o", "c"]),
    "by a comma": ("SELECT 1 FROM orders, birds", ["orders", "birds"]),
    "a query": ("SELECT 1 FROM (SELECT Country FROM orders) AS q", ["q"]),
    "a WITH": ("WITH q AS (SELECT Country FROM orders) SELECT 1 FROM q", ["q"]),
    "nothing": ("SELECT 1", []),
}


@pytest.mark.parametrize("name", list(SEEN))
def test_the_sources_of_a_select(domain: Domain, name: str) -> None:
    sql, names = SEEN[name]
    assert [each.name for each in own_sources(outer(sql), domain.tables)] == names


COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "of a table": ("SELECT 1 FROM birds", ("species", "island", "bill_length_mm", "body_mass_g", "sex", "year")),
    "of no table": ("SELECT 1 FROM nowhere", ()),
    "of a query": ("SELECT 1 FROM (SELECT Country, COUNT(*) AS n FROM orders GROUP BY 1) q", ("Country", "n")),
    "of a star": ("SELECT 1 FROM (SELECT * FROM customers) q",
                  ("customer_id", "name", "country", "segment", "signup_date", "credit_limit")),
    "of a star and more": ("SELECT 1 FROM (SELECT *, 1 AS one FROM days) q",
                           ("date", "precipitation", "temp_max", "weather", "one")),
    "of a union": ("SELECT 1 FROM (SELECT Country AS a FROM orders UNION SELECT country FROM customers) q", ("a",)),
    "of a WITH": ("WITH q AS (SELECT sex AS s FROM birds) SELECT 1 FROM q", ("s",)),
    "of a WITH over a WITH": ("WITH a AS (SELECT sex AS s FROM birds), b AS (SELECT s FROM a) SELECT 1 FROM b", ("s",)),
}  # fmt: skip


@pytest.mark.parametrize("name", list(COLUMNS))
def test_the_columns_that_a_source_gives(domain: Domain, name: str) -> None:
    sql, columns = COLUMNS[name]
    assert own_sources(outer(sql), domain.tables)[0].columns == columns


def test_a_query_in_a_condition_sees_what_is_around_it(domain: Domain) -> None:
    sql = "SELECT 1 FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.CustomerID = c.customer_id)"
    inner = selects(outer(sql))[0]
    assert [each.name for each in seen_sources(inner, domain.tables)] == ["o", "c"]


def test_a_query_in_a_from_sees_itself_alone(domain: Domain) -> None:
    inner = selects(outer("SELECT 1 FROM customers c JOIN (SELECT 1 AS x FROM orders o) q ON true"))[0]
    assert [each.name for each in seen_sources(inner, domain.tables)] == ["o"]


@pytest.mark.parametrize(
    ("column", "source"),
    [("Quantity", "o"), ("o.Quantity", "o"), ("c.name", "c"), ("country", None), ("x.name", None), ("margin", None)],
)
def test_the_source_of_a_column(domain: Domain, column: str, source: str | None) -> None:
    select = outer(f"SELECT {column} FROM orders o JOIN customers c ON o.CustomerID = c.customer_id")
    node = select.expressions[0]
    assert isinstance(node, exp.Column)
    found = source_of(node, own_sources(select, domain.tables))
    assert (found.name if found else None) == source


def test_a_column_is_known_with_its_type_through_brackets(domain: Domain) -> None:
    select = outer("SELECT (Quantity), Quantity + 1 FROM orders")
    sources = own_sources(select, domain.tables)
    found = column_of(select.expressions[0], sources)
    assert found is not None
    assert (found[0].name, found[1].name, found[1].is_number) == ("orders", "Quantity", True)
    assert column_of(select.expressions[1], sources) is None


def test_a_column_of_a_query_has_no_table(domain: Domain) -> None:
    select = outer("SELECT n FROM (SELECT COUNT(*) AS n FROM orders) q")
    assert column_of(select.expressions[0], own_sources(select, domain.tables)) is None


def test_names_that_a_select_gives() -> None:
    given = named_by(outer("SELECT COUNT(*) AS Total, Country FROM orders"))
    assert list(given) == ["total"]
    assert isinstance(given["total"], exp.Count)


def test_inner_selects_come_first() -> None:
    tree = outer("SELECT 1 AS a FROM (SELECT 2 AS b FROM (SELECT 3 AS c) x) y")
    assert [each.expressions[0].alias for each in selects(tree)] == ["c", "b", "a"]
