"""Each repair by itself: what it changes, what it says, and what it leaves alone."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one

from lakebook.query.by_model.foreign import mend_functions
from lakebook.query.by_model.literals import (
    filters_on_text,
    mend_case,
    mend_comparisons,
    mend_formats,
    mend_quotes,
    mend_types,
)
from lakebook.query.by_model.names import mend_columns, mend_tables
from lakebook.query.by_model.shapes import mend_conditions, mend_groups
from lakebook.query.by_model.sources import Values, own_sources
from lakebook.query.by_model.spelling import respelled, tidied
from lakebook.query.domain import Domain
from lakebook.semantics.model import Dataset, SemanticModel


def read(sql: str) -> exp.Expr:
    return parse_one(sql, read="duckdb")


def one_line(tree: exp.Expr) -> str:
    return tree.sql("duckdb")


TIDIED: dict[str, tuple[str, str]] = {
    "backticks": ("SELECT `a` FROM `t`", 'SELECT "a" FROM "t"'),
    "backticks in a text": ("SELECT 'a `b` c'", "SELECT 'a `b` c'"),
    "brackets around a known name": ("SELECT [Country] FROM [orders]", 'SELECT "Country" FROM "orders"'),
    "brackets of a list": ("SELECT [1, 2]", "SELECT [1, 2]"),
    "curly quotes": ("SELECT ‘x’, “y”", "SELECT 'x', \"y\""),
    "a curly quote in a text": ("SELECT 'Women’s'", "SELECT 'Women’s'"),
    "two signs of equality": ("a == 1 && b == 2", "a = 1  AND  b = 2"),
    "signs in a text": ("SELECT 'a == b && c'", "SELECT 'a == b && c'"),
    "escaped underscores": ("SELECT unit\\_price", "SELECT unit_price"),
    "count distinct": ("COUNT DISTINCT Country", "COUNT(DISTINCT Country)"),
    "distinct count": ("DISTINCT COUNT(Country)", "COUNT(DISTINCT Country)"),
    "a good statement": ("SELECT COUNT(DISTINCT a) FROM t", "SELECT COUNT(DISTINCT a) FROM t"),
}


@pytest.mark.parametrize("name", list(TIDIED))
def test_texts_are_tidied_outside_of_quotes(domain: Domain, name: str) -> None:
    before, after = TIDIED[name]
    found, changes = tidied(before, domain.tables)
    assert found == after
    assert bool(changes) == (before != after)


RESPELLED: dict[str, tuple[str, str]] = {
    "keywords": ("SELET Country FORM orders GRUOP BY Country", "SELECT Country FROM orders GROUP BY Country"),
    "joined keywords": ("SELECT a FROM t GROUPBY a ORDERBY a", "SELECT a FROM t GROUP BY a ORDER BY a"),
    "a table that is like one": ("SELECT 1 FROM orders", "SELECT 1 FROM orders"),
    "a text": ("SELECT 'FORM'", "SELECT 'FORM'"),
    "words of a column": ("SELECT unit price FROM orders", 'SELECT "UnitPrice" FROM orders'),
    "words of a longer column": ("SELECT bill length mm FROM birds", 'SELECT "bill_length_mm" FROM birds'),
    "words with a point": ("SELECT o.unit price", "SELECT o.unit price"),
}


@pytest.mark.parametrize("name", list(RESPELLED))
def test_what_cannot_be_read_is_spelled_again(domain: Domain, name: str) -> None:
    before, after = RESPELLED[name]
    found, changes = respelled(before, domain.tables)
    assert found == after
    assert bool(changes) == (before != after)


FUNCTIONS: dict[str, str] = {
    "AVERAGE(a)": "AVG(a)",
    "MEAN(a)": "AVG(a)",
    "COUNT_DISTINCT(a)": "COUNT(DISTINCT a)",
    "DATE_FORMAT(d, '%Y-%m')": "STRFTIME(CAST(d AS TIMESTAMP), '%Y-%m')",
    "TO_CHAR(d, 'YYYY-MM')": "STRFTIME(d, '%Y-%m')",
    "ISNULL(a, 0)": "COALESCE(a, 0)",
    "DATEPART(year, d)": "EXTRACT(YEAR FROM d)",
    "IFF(a > 1, 2, 3)": "CASE WHEN a > 1 THEN 2 ELSE 3 END",
    "AVG(a)": "AVG(a)",
    "NO_SUCH_FUNCTION(a)": "NO_SUCH_FUNCTION(a)",
    "YEAR(d)": "YEAR(d)",
}


@pytest.mark.parametrize("call", list(FUNCTIONS))
def test_functions_of_other_engines_are_put_into_duckdbs(domain: Domain, call: str) -> None:
    tree = read(f"SELECT {call} FROM t")
    changes = mend_functions(tree, domain.tables)
    assert one_line(tree).casefold() == f"SELECT {FUNCTIONS[call]} FROM t".casefold()
    assert bool(changes) == (call != FUNCTIONS[call])


QUOTES: dict[str, tuple[str, str]] = {
    "a group in quotes": ("SELECT COUNT(*) FROM orders GROUP BY 'Country'", 'GROUP BY "Country"'),
    "an order in quotes": ("SELECT Country FROM orders ORDER BY 'country'", 'ORDER BY "Country"'),
    "an aggregate of quotes": ("SELECT SUM('Quantity') FROM orders", 'SUM("Quantity")'),
    "a projection in quotes": ("SELECT 'Country' FROM orders", 'SELECT "Country"'),
    "a value in double quotes": ('SELECT 1 FROM orders WHERE Country = "Germany"', "Country = 'Germany'"),
    "values in double quotes": ('SELECT 1 FROM orders WHERE Country IN ("a", "b")', "IN ('a', 'b')"),
    "a column in double quotes": ('SELECT 1 FROM orders WHERE Country = "Description"', 'Country = "Description"'),
    "a value that is a column's name": ("SELECT 1 FROM orders WHERE Country = 'Quantity'", "Country = 'Quantity'"),
    "a text of no column": ("SELECT 'hello' FROM orders", "SELECT 'hello'"),
}


@pytest.mark.parametrize("name", list(QUOTES))
def test_quotes_are_of_the_right_kind(domain: Domain, name: str) -> None:
    before, part = QUOTES[name]
    tree = read(before)
    mend_quotes(tree, domain.tables)
    assert part in one_line(tree)


COMPARED: dict[str, str] = {
    "CustomerID = NULL": "CustomerID IS NULL",
    "CustomerID <> NULL": "NOT CustomerID IS NULL",
    "InvoiceNo = 536365": "InvoiceNo = '536365'",
    "Quantity = 5": "Quantity = 5",
    "Quantity = '5'": "Quantity = '5'",
    "InvoiceDate LIKE '2011%'": "CAST(InvoiceDate AS TEXT) LIKE '2011%'",
    "Description LIKE '%HEART%'": "Description LIKE '%HEART%'",
    "InvoiceDate >= '2011-03'": "InvoiceDate >= '2011-03-01'",
    "InvoiceDate = '2011-03'": "InvoiceDate = '2011-03'",
    "margin > 5": "margin > 5",
}


@pytest.mark.parametrize("condition", list(COMPARED))
def test_comparisons_are_between_like_and_like(domain: Domain, condition: str) -> None:
    tree = read(f"SELECT 1 FROM orders WHERE {condition}")
    changes = mend_comparisons(tree, domain.tables)
    assert one_line(tree) == f"SELECT 1 FROM orders WHERE {COMPARED[condition]}"
    assert bool(changes) == (condition != COMPARED[condition])


TYPES: dict[str, str] = {
    "SUM(StockCode)": "SUM(CAST(StockCode AS DOUBLE))",
    "AVG(StockCode)": "AVG(CAST(StockCode AS DOUBLE))",
    "YEAR(InvoiceNo)": "YEAR(CAST(InvoiceNo AS TIMESTAMP))",
    "SUM(Quantity)": "SUM(Quantity)",
    "MAX(StockCode)": "MAX(StockCode)",
    "YEAR(InvoiceDate)": "YEAR(InvoiceDate)",
}


@pytest.mark.parametrize("call", list(TYPES))
def test_texts_are_cast_where_a_figure_is_made_of_them(domain: Domain, call: str) -> None:
    tree = read(f"SELECT {call} FROM orders")
    mend_types(tree, domain.tables)
    assert one_line(tree) == f"SELECT {TYPES[call]} FROM orders"


def test_the_format_of_a_time_comes_second(domain: Domain) -> None:
    tree = read("SELECT strftime('%Y', InvoiceDate), strftime(InvoiceDate, '%m') FROM orders")
    assert len(mend_formats(tree, domain.tables)) == 1
    assert one_line(tree) == "SELECT STRFTIME(InvoiceDate, '%Y'), STRFTIME(InvoiceDate, '%m') FROM orders"


@pytest.mark.parametrize(
    ("text", "found"),
    [("germany", "Germany"), (" GERMANY ", "Germany"), ("Germany", "Germany"), ("Germny", "Germny"), ("eire", "EIRE")],
)
def test_a_value_in_another_case_is_the_value(domain: Domain, values: Values, text: str, found: str) -> None:
    tree = read(f"SELECT 1 FROM orders WHERE Country = '{text}'")
    changes = mend_case(tree, domain.tables, values)
    assert one_line(tree) == f"SELECT 1 FROM orders WHERE Country = '{found}'"
    assert bool(changes) == (text != found)


def test_of_two_values_that_differ_in_case_alone_none_is_chosen(domain: Domain, values: Values) -> None:
    """85123A and 85123a are two codes; neither is meant more by a third spelling."""
    tree = read("SELECT 1 FROM orders WHERE StockCode IN ('85123A', ' 85123a ')")
    assert mend_case(tree, domain.tables, values) == []


def test_the_texts_that_filter_are_found(domain: Domain) -> None:
    tree = read("SELECT 1 FROM orders WHERE Country = 'a' AND StockCode IN ('b', 'c') AND Quantity = 1 AND x = 'd'")
    assert isinstance(tree, exp.Select)
    found = filters_on_text(tree, own_sources(tree, domain.tables))
    assert [(column.name, text.name) for _, column, text in found] == [
        ("Country", "a"),
        ("StockCode", "b"),
        ("StockCode", "c"),
    ]


GROUPS: dict[str, str] = {
    "SELECT a, COUNT(*) FROM t": "SELECT a, COUNT(*) FROM t GROUP BY a",
    "SELECT a, b, SUM(c) FROM t GROUP BY a": "SELECT a, b, SUM(c) FROM t GROUP BY a, b",
    "SELECT a, SUM(c) FROM t GROUP BY a": "SELECT a, SUM(c) FROM t GROUP BY a",
    "SELECT a, SUM(c) FROM t GROUP BY 1": "SELECT a, SUM(c) FROM t GROUP BY 1",
    "SELECT YEAR(d) AS y, SUM(c) FROM t GROUP BY y": "SELECT YEAR(d) AS y, SUM(c) FROM t GROUP BY y",
    "SELECT a, SUM(c) FROM t GROUP BY ALL": "SELECT a, SUM(c) FROM t GROUP BY ALL",
    "SELECT a, 1 AS one, SUM(c) FROM t": "SELECT a, 1 AS one, SUM(c) FROM t GROUP BY a",
    "SELECT SUM(c) FROM t": "SELECT SUM(c) FROM t",
    "SELECT a, b FROM t": "SELECT a, b FROM t",
    "SELECT a, SUM(c) OVER (PARTITION BY a) FROM t": "SELECT a, SUM(c) OVER (PARTITION BY a) FROM t",
    "SELECT a, (SELECT SUM(c) FROM u) FROM t": "SELECT a, (SELECT SUM(c) FROM u) FROM t",
    "SELECT t.a, SUM(c) FROM t GROUP BY a": "SELECT t.a, SUM(c) FROM t GROUP BY a",
}


@pytest.mark.parametrize("sql", list(GROUPS))
def test_what_stands_beside_an_aggregate_is_grouped_by(domain: Domain, sql: str) -> None:
    tree = read(sql)
    mend_groups(tree, domain.tables)
    assert one_line(tree) == GROUPS[sql]


CONDITIONS: dict[str, str] = {
    "SELECT a FROM t WHERE COUNT(*) > 2 GROUP BY a": "SELECT a FROM t GROUP BY a HAVING COUNT(*) > 2",
    "SELECT a FROM t WHERE b = 1 AND SUM(c) > 2 GROUP BY a": "SELECT a FROM t WHERE b = 1 GROUP BY a HAVING SUM(c) > 2",
    "SELECT a, SUM(c) AS s FROM t WHERE s > 2 GROUP BY a": "SELECT a, SUM(c) AS s FROM t GROUP BY a HAVING s > 2",
    "SELECT a FROM t WHERE b = 1 GROUP BY a": "SELECT a FROM t WHERE b = 1 GROUP BY a",
    "SELECT a FROM t WHERE b = 1 OR SUM(c) > 2 GROUP BY a": "SELECT a FROM t WHERE b = 1 OR SUM(c) > 2 GROUP BY a",
    "SELECT a FROM t WHERE b > (SELECT AVG(b) FROM t) GROUP BY a": (
        "SELECT a FROM t WHERE b > (SELECT AVG(b) FROM t) GROUP BY a"
    ),
    "SELECT a FROM t WHERE SUM(c) > 2 GROUP BY a HAVING COUNT(*) > 1": (
        "SELECT a FROM t GROUP BY a HAVING COUNT(*) > 1 AND SUM(c) > 2"
    ),
}


@pytest.mark.parametrize("sql", list(CONDITIONS))
def test_conditions_on_groups_stand_in_having(domain: Domain, sql: str) -> None:
    tree = read(sql)
    mend_conditions(tree, domain.tables)
    assert one_line(tree) == CONDITIONS[sql]


TABLES: dict[str, str | None] = {
    "orders": None,
    "ORDERS": None,
    "bronze.orders": None,
    "order": "orders",
    "dbo.orders": "orders",
    "shop.public.orders": "orders",
    "custommers": "customers",
    "order_lines": "orders",
    "avian": "birds",
    "suppliers": None,
    "gold.orders": None,
}


@pytest.mark.parametrize("name", list(TABLES))
def test_tables_are_those_that_are_meant(domain: Domain, name: str) -> None:
    model = SemanticModel("m", datasets=(Dataset("fowl", "bronze.birds", synonyms=("avian",)),))
    meant = Domain(domain.tables, domain.relationships, (model,), domain.keys)
    quoted = ".".join(f'"{part}"' for part in name.split("."))
    tree = read(f"SELECT 1 FROM {quoted}")
    changes = mend_tables(tree, meant)
    found = tree.find(exp.Table)
    assert found is not None
    assert bool(changes) == (TABLES[name] is not None)
    assert found.name == (TABLES[name] or name.rpartition(".")[2])


def test_a_query_of_a_with_is_no_table(domain: Domain) -> None:
    tree = read("WITH order_ AS (SELECT 1 AS x) SELECT x FROM order_")
    assert mend_tables(tree, domain) == []


COLUMNS: dict[str, tuple[str, str]] = {
    "spelled otherwise": ("SELECT unit_price FROM orders", 'SELECT "UnitPrice" FROM orders'),
    "one letter": ("SELECT Quantitty FROM orders", 'SELECT "Quantity" FROM orders'),
    "one of its words": ("SELECT price FROM orders", 'SELECT "UnitPrice" FROM orders'),
    "in two columns": ("SELECT invoice FROM orders", "SELECT invoice FROM orders"),
    "no such": ("SELECT margin FROM orders", "SELECT margin FROM orders"),
    "the name of a result": ("SELECT SUM(Quantity) AS q FROM orders ORDER BY q",
                            "SELECT SUM(Quantity) AS q FROM orders ORDER BY q"),
    "unknown alias": ("SELECT x.Country FROM orders", 'SELECT "orders".Country FROM orders'),
    "another source's": (
        "SELECT c.Quantity FROM orders o JOIN customers c ON o.CustomerID = c.customer_id",
        'SELECT "o".Quantity FROM orders AS o JOIN customers AS c ON o.CustomerID = c.customer_id'),
}  # fmt: skip


@pytest.mark.parametrize("name", list(COLUMNS))
def test_columns_are_those_that_are_meant(domain: Domain, name: str) -> None:
    before, after = COLUMNS[name]
    tree = read(before)
    mend_columns(tree, domain)
    assert one_line(tree) == after


def test_a_table_is_joined_where_rows_belong_to_one_of_its_rows(domain: Domain) -> None:
    tree = read("SELECT segment, SUM(Quantity) FROM orders GROUP BY segment")
    mend_columns(tree, domain)
    assert 'LEFT JOIN bronze."customers" ON "orders"."CustomerID" = "customers"."customer_id"' in one_line(tree)


def test_a_table_is_not_joined_where_it_would_multiply_rows(domain: Domain) -> None:
    tree = read("SELECT name, Quantity FROM customers")
    mend_columns(tree, domain)
    assert "JOIN" not in one_line(tree)
