"""What a statement shows of itself."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one

from lakebook.query.by_model.days import meant_day, months_in
from lakebook.query.by_model.signs import columns_of, numbers_of, signs_of, texts_of


def read(sql: str) -> exp.Expr:
    return parse_one(sql, read="duckdb")


SHOWN: dict[str, str] = {
    "SELECT AVG(a) FROM t": "avg",
    "SELECT COUNT(*) FROM t": "count",
    "SELECT COUNT(*) FILTER (WHERE a > 1) FROM t": "count gt",
    "SELECT COUNT(DISTINCT a) FROM t": "count distinct",
    "SELECT SUM(a) FROM t": "sum",
    "SELECT MIN(a), MAX(a) FROM t": "min max",
    "SELECT MEDIAN(a) FROM t": "median",
    "SELECT STDDEV(a) FROM t": "stddev",
    "SELECT CORR(a, b) FROM t": "corr",
    "SELECT a / b FROM t": "division",
    "SELECT a - b FROM t": "minus",
    "SELECT DISTINCT a FROM t": "distinct",
    "SELECT a FROM t GROUP BY a": "group",
    "SELECT a FROM t ORDER BY a": "asc",
    "SELECT a FROM t ORDER BY a DESC LIMIT 3": "desc limit",
    "SELECT a FROM t WHERE a <> 1": "negation",
    "SELECT a FROM t WHERE NOT a IN (1, 2)": "negation",
    "SELECT a FROM t WHERE a IS NULL": "null",
    "SELECT a FROM t WHERE a IS NOT NULL": "notnull",
    "SELECT a FROM t WHERE a >= 1": "gte",
    "SELECT a FROM t WHERE a < 1": "lt",
    "SELECT a FROM t WHERE a <= 1": "lte",
    "SELECT a FROM t WHERE a BETWEEN 1 AND 2": "between",
    "SELECT LAG(a) OVER (ORDER BY b) FROM t": "lag window asc",
    "SELECT a FROM t UNION SELECT b FROM u": "union",
    "SELECT year(a) FROM t": "year",
    "SELECT quarter(a) FROM t": "quarter",
    "SELECT month(a) FROM t": "month",
    "SELECT monthname(a) FROM t": "month",
    "SELECT day(a) FROM t": "day",
    "SELECT dayname(a) FROM t": "weekday",
    "SELECT hour(a) FROM t": "hour",
    "SELECT date_trunc('month', a) FROM t": "month",
    "SELECT date_trunc('week', a) FROM t": "week",
    "SELECT EXTRACT(year FROM a) FROM t": "year",
    "SELECT strftime(a, '%Y-%m') FROM t": "year month",
    "SELECT 100 * a FROM t": "percent",
    "SELECT UPPER(a) FROM t": "odd",
    "SELECT COUNT(DISTINCT 1) FROM t": "count distinct odd",
    "SELECT CAST(a AS DOUBLE) FROM t": "",
    "SELECT ROUND(a, 2) FROM t": "",
    "SELECT COALESCE(a, 0) FROM t": "",
    "SELECT CASE WHEN a > 1 THEN 2 END FROM t": "gt",
    "SELECT a AS b FROM t": "",
}


@pytest.mark.parametrize("sql", list(SHOWN))
def test_the_signs_of_a_statement(sql: str) -> None:
    assert signs_of(read(sql)) == frozenset(SHOWN[sql].split())


def test_columns_that_only_tie_tables_are_not_used() -> None:
    tree = read("SELECT o.a FROM o JOIN c ON o.k = c.k WHERE o.b = 1 AND o.x = c.y")
    assert [column.name for column in columns_of(tree)] == ["a", "b"]


def test_a_star_is_no_column() -> None:
    assert columns_of(read("SELECT t.*, COUNT(*) FROM t")) == []


def test_texts_are_those_that_are_compared_or_shown() -> None:
    tree = read(
        "SELECT strftime(d, '%Y'), 'shown' FROM t WHERE a = 'x' AND b LIKE '%y%' AND d > now() - INTERVAL '1' DAY"
    )
    assert [text.name for text in texts_of(tree)] == ["shown", "x", "%y%"]


def test_numbers_are_those_that_are_compared_or_limit() -> None:
    tree = read("SELECT a * 3, ROUND(b, 2) FROM t WHERE c > 5 AND d IN (6, 7) AND e BETWEEN 8 AND 9 LIMIT 10")
    assert sorted(int(number.name) for number in numbers_of(tree)) == [5, 6, 7, 8, 9, 10]


DAYS: dict[str, str | None] = {
    "d >= '2011-03-01'": "2011-03-01",
    "d < '2011-04-01'": "2011-03-31",
    "d < DATE '2012-01-01'": "2011-12-31",
    "d <= '2011-04-01'": "2011-04-01",
    "d < '2011-04-15'": "2011-04-15",
    "d = '2011-03'": "2011-03-01",
    "d = '2011-13-01'": None,
    "d >= TIMESTAMP '2011-03-01 00:00:00'": "2011-03-01",
    "d = 'March'": None,
    "d = '12'": None,
}


@pytest.mark.parametrize("condition", list(DAYS))
def test_the_day_that_a_text_means(condition: str) -> None:
    text = texts_of(read(f"SELECT 1 FROM t WHERE {condition}"))[0]
    day = meant_day(text)
    assert (day.isoformat() if day else None) == DAYS[condition]


@pytest.mark.parametrize(
    ("condition", "months"),
    [
        ("d >= '2011-03-01' AND d < '2011-04-01'", {3}),
        ("d >= '2011-01-01' AND d < '2012-01-01'", {1, 12}),
        ("month(d) IN (12, 1, 2)", {12, 1, 2}),
        ("month(d) = 5", {5}),
        ("a = 'x'", set()),
    ],
)
def test_the_months_of_a_statement(condition: str, months: set[int]) -> None:
    assert months_in(read(f"SELECT 1 FROM t WHERE {condition}")) == months
