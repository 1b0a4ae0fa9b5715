"""Faults that models make are mended without guessing: the mended statement gives what the right one gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import duckdb
import pytest

from lakebook.query.by_model.repair import BeyondRepair, Repaired, repaired
from lakebook.query.by_model.reply import statement_in
from lakebook.query.by_model.sources import Values
from lakebook.query.domain import Domain
from lakebook.query.guard.guarded import guard
from tests.unit.by_model.faults import FAULTS, RIGHT, injected

Mend = Callable[[str], Repaired | BeyondRepair]


@pytest.fixture
def mend(domain: Domain, values: Values) -> Mend:
    return lambda sql: repaired(sql, domain, values)


def rows(plain: duckdb.DuckDBPyConnection, domain: Domain, sql: str) -> Counter[tuple[object, ...]]:
    return Counter(plain.execute(guard(sql, domain.tables).sql).fetchall())


def test_injected_faults_are_mended_and_none_silently_wrong(
    plain: duckdb.DuckDBPyConnection, domain: Domain, mend: Mend
) -> None:
    cases = list(injected())
    assert len(cases) >= 200
    wanted = {right: rows(plain, domain, right) for right in RIGHT}
    given_up, wrong = [], []
    for name, right, reply in cases:
        sql = statement_in(reply)
        mended = mend(sql) if isinstance(sql, str) else None
        if not isinstance(mended, Repaired):
            given_up.append(name)
            continue
        try:
            found = rows(plain, domain, mended.sql)
        except duckdb.Error:
            given_up.append(name)
            continue
        if found != wanted[right]:
            wrong.append(name)
    assert wrong == []
    assert len(given_up) <= len(cases) * 0.05, given_up


@pytest.mark.parametrize("number", range(len(RIGHT)))
def test_a_right_statement_is_left_alone(mend: Mend, number: int) -> None:
    mended = mend(RIGHT[number])
    assert isinstance(mended, Repaired)
    assert (mended.changes, mended.diff) == ((), "")


def test_every_fault_is_injected_somewhere() -> None:
    used = {name.rpartition(" ")[0] for name, _, _ in injected()}
    assert used == set(FAULTS)


MENDED: dict[str, tuple[str, str]] = {
    "table by one of its words": ("SELECT Country FROM order_lines", 'FROM bronze."orders" AS "order_lines"'),
    "known values of another case": ("SELECT name FROM customers WHERE segment IN ('GOLD', 'silver')", "IN ('gold'"),
    "other engine's cut of a time": ("SELECT DATENAME(month, InvoiceDate) FROM orders", "InvoiceDate"),
    "a sum of texts": ("SELECT SUM(StockCode) FROM orders", "SUM(CAST(StockCode AS DOUBLE))"),
    "a year of a text": ("SELECT YEAR(InvoiceNo) FROM orders", "YEAR(CAST(InvoiceNo AS TIMESTAMP))"),
    "like over a time": ("SELECT COUNT(*) FROM orders WHERE InvoiceDate LIKE '2011%'", "CAST(InvoiceDate AS TEXT)"),
    "like over a number": ("SELECT COUNT(*) FROM orders WHERE Quantity LIKE '1%'", "CAST(Quantity AS TEXT) LIKE"),
    "name of a result misspelled": ("SELECT SUM(Quantity) AS units FROM orders ORDER BY unitz", 'ORDER BY\n  "units"'),
    "a result's name in WHERE": (
        "SELECT Country, SUM(Quantity) AS u FROM orders WHERE u > 9 GROUP BY Country", "HAVING\n  u > 9"),
    "both kinds of conditions": (
        "SELECT Country FROM orders WHERE Quantity > 1 AND COUNT(*) > 2 GROUP BY Country", "WHERE\n  Quantity > 1"),
    "distinct before count": ("SELECT DISTINCT COUNT(Country) FROM orders", "COUNT(DISTINCT Country)"),
    "one of two tables has it": (
        "SELECT c.Quantity FROM orders o JOIN customers c ON o.CustomerID = c.customer_id", '"o".Quantity'),
    "in a query inside": (
        "SELECT AVG(n) FROM (SELECT country, COUNT(*) AS n FROM order GROUP BY country) x", 'FROM bronze."orders"'),
    "in a WITH": ("WITH x AS (SELECT unit_price FROM orders) SELECT MAX(unit_price) FROM x", '"UnitPrice"'),
}  # fmt: skip


@pytest.mark.parametrize("name", list(MENDED))
def test_it_is_mended_and_said(mend: Mend, name: str) -> None:
    wrong, part = MENDED[name]
    mended = mend(wrong)
    assert isinstance(mended, Repaired)
    assert part in mended.sql
    assert mended.changes
    assert mended.diff.startswith("--- as the model wrote it\n+++ as it was mended\n")


BEYOND: dict[str, tuple[str, str]] = {
    "no such thing": ("SELECT margin FROM orders", "no column 'margin'"),
    "two columns are as near": ("SELECT Co FROM customers", "no column 'co'"),
    "in two tables": (
        "SELECT country FROM orders o JOIN customers c ON o.CustomerID = c.customer_id", "in orders and in customers"),
    "no such table": ("SELECT x FROM suppliers", "no table 'suppliers'"),
    "a write": ("DELETE FROM orders", "Only a SELECT"),
    "two statements": ("SELECT 1; SELECT 2", "2 statements"),
    "a file": ("SELECT * FROM read_csv('/etc/passwd')", "read_csv"),
    "a file as a table": ("SELECT * FROM '/etc/passwd'", "no table"),
    "half a statement": ("SELECT Country, SUM(Quantity FROM orders GROUP BY", "SQL"),
    "settings": ("SELECT current_setting('home_directory')", "may not be used"),
    "far too long": ("SELECT " + "1 + " * 10_000 + "1", "longer"),
    "far too deep": ("SELECT " + "(" * 900 + "1" + ")" * 900, "nested too deep"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BEYOND))
def test_what_would_be_guessed_is_refused(mend: Mend, name: str) -> None:
    sql, reason = BEYOND[name]
    found = mend(sql)
    assert isinstance(found, BeyondRepair)
    assert reason in " ".join(each.message for each in found.reasons)


def test_a_reason_never_holds_a_value_of_a_row(mend: Mend) -> None:
    """Reasons may be told to the model; a value that was put into another case must not get into one."""
    found = mend("SELECT Countri, margin FROM orders WHERE Country = 'germany' AND")
    assert isinstance(found, BeyondRepair)
    assert "Germany" not in " ".join(each.message for each in found.reasons)
