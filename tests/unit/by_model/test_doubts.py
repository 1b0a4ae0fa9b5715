"""What the engine answers without complaint and is doubtful all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp, parse_one

from lakebook.query.by_model.doubts import doubtful_joins, doubtful_limits, doubtful_rows, empty_filters
from lakebook.query.by_model.sources import Values
from lakebook.query.domain import Domain
from lakebook.query.guard.guarded import guard
from lakebook.query.tables import Table

Run = Callable[[exp.Expr], Any]


@pytest.fixture
def run(plain: duckdb.DuckDBPyConnection, domain: Domain) -> Run:
    return lambda tree: plain.execute(guard(tree.sql("duckdb"), domain.tables).sql).to_arrow_table()


def read(sql: str) -> exp.Expr:
    return parse_one(sql, read="duckdb")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("Country = 'Germny'", "No row of orders has 'Germny' as Country. Did you mean 'Germany'?"),
        ("Country IN ('France', 'Xyzzy')", "No row of orders has 'Xyzzy' as Country."),
        ("Country <> 'UK'", "No row of orders has 'UK' as Country."),
        ("Country = 'France'", ""),
        ("Quantity = 7", ""),
        ("InvoiceDate = '2011-01-01'", ""),
        ("Country LIKE 'Q%'", ""),
    ],
)
def test_a_text_that_no_row_has_is_doubted(domain: Domain, values: Values, condition: str, said: str) -> None:
    found = list(empty_filters(read(f"SELECT COUNT(*) FROM orders WHERE {condition}"), domain, values))
    assert found == ([said] if said else [])


JOINED = "FROM orders o JOIN customers c ON o.CustomerID = c.customer_id"
JOINS: dict[str, tuple[str, tuple[str, ...]]] = {
    "one table": ("SELECT SUM(Quantity) FROM orders", ()),
    "sum of the many": (f"SELECT c.name, SUM(o.Quantity) {JOINED} GROUP BY c.name", ()),
    "rows of the many": (f"SELECT c.name, COUNT(*) {JOINED} GROUP BY c.name", ()),
    "distinct of the one": (f"SELECT COUNT(DISTINCT c.customer_id) {JOINED}", ()),
    "largest of the one": (f"SELECT MAX(c.credit_limit) {JOINED}", ()),
    "sum of the one": (f"SELECT SUM(c.credit_limit) {JOINED}", ("repeats rows of c",)),
    "average of the one": (f"SELECT AVG(c.credit_limit) {JOINED}", ("repeats rows of c",)),
    "by another way to write it": (
        "SELECT SUM(c.credit_limit) FROM orders o, customers c WHERE o.CustomerID = c.customer_id",
        ("repeats rows of c",)),
    "all with all": ("SELECT COUNT(*) FROM orders, birds", ("Nothing says which rows of orders",)),
    "by other columns": (
        "SELECT COUNT(*) FROM orders o JOIN customers c ON o.Country = c.country",
        ("belong together by Country",)),
    "the same key twice": (
        f"SELECT COUNT(*) {JOINED} JOIN orders p ON p.CustomerID = c.customer_id", ("repeats rows of",)),
    "in a query inside": (
        f"SELECT AVG(total) FROM (SELECT c.name, SUM(c.credit_limit) AS total {JOINED} GROUP BY c.name) x",
        ("repeats rows of c",)),
}  # fmt: skip


@pytest.mark.parametrize("name", list(JOINS))
def test_joins_that_repeat_rows_are_doubted(domain: Domain, name: str) -> None:
    sql, parts = JOINS[name]
    found = list(doubtful_joins(read(sql), domain))
    assert len(found) == len(parts)
    assert all(part in said for part, said in zip(parts, found, strict=True))


def test_a_declared_key_is_a_key_without_counting(domain: Domain) -> None:
    def uncounted(table: Table) -> Table:
        return replace(table, columns=tuple(replace(each, unique_count=None) for each in table.columns))

    tables = tuple(uncounted(table) for table in domain.tables)
    by_name = {table.name: table for table in tables}
    ties = tuple(
        replace(each, many=by_name[each.many.name], one=by_name[each.one.name]) for each in domain.relationships
    )
    known = Domain(tables, ties, (), domain.keys)
    sql = read(f"SELECT SUM(o.Quantity) {JOINED}")
    assert list(doubtful_joins(sql, known)) == []
    assert len(list(doubtful_joins(sql, Domain(tables, ties)))) == 1


LIMITS: dict[str, tuple[str, str]] = {
    "no limit": ("SELECT Country FROM orders", ""),
    "no tie": ("SELECT species, COUNT(*) AS n FROM birds GROUP BY species ORDER BY n DESC, species LIMIT 1", ""),
    "tie": (
        "SELECT species, COUNT(*) AS n FROM birds GROUP BY species ORDER BY n DESC LIMIT 1",
        "Row 1 and the one after",
    ),
    "tie by number": ("SELECT species, COUNT(*) FROM birds GROUP BY 1 ORDER BY 2 DESC LIMIT 1", "Row 1"),
    "tie by what is not shown": ("SELECT species FROM birds GROUP BY species ORDER BY COUNT(*) DESC LIMIT 1", "Row 1"),
    "no rows behind": ("SELECT species, COUNT(*) AS n FROM birds GROUP BY species ORDER BY n LIMIT 3", ""),
    "no order": ("SELECT Country FROM orders LIMIT 2", "in no order"),
    "groups in no order": ("SELECT Country, COUNT(*) FROM orders GROUP BY Country LIMIT 2", "in no order"),
    "one figure": ("SELECT COUNT(*) FROM orders LIMIT 1", ""),
}


@pytest.mark.parametrize("name", list(LIMITS))
def test_limits_that_cut_by_chance_are_doubted(run: Run, name: str) -> None:
    sql, part = LIMITS[name]
    found = list(doubtful_limits(read(sql), run))
    assert len(found) == bool(part)
    assert part in " ".join(found)


@pytest.mark.parametrize(
    ("table", "part"),
    [
        (pa.table({"n": [1]}), ""),
        (pa.table({"n": pa.array([], pa.int64())}), "No row fits"),
        (pa.table({"n": pa.array([None], pa.int64())}), "missing"),
        (pa.table([pa.array([1]), pa.array([2])], names=["n", "n"]), "one name"),
        (pa.table({"a": ["x"], "n": pa.array([None], pa.int64())}), ""),
    ],
)
def test_results_that_say_nothing_are_doubted(table: pa.Table, part: str) -> None:
    found = list(doubtful_rows(table))
    assert len(found) == bool(part)
    assert part in " ".join(found)
