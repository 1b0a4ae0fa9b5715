"""Terms and conditions as SQL, value by value: edges, blanks, quotes, every operator; run on rows made for them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from lakebook.errors import NotConnected
from lakebook.query.domain import Domain
from lakebook.query.guard.guarded import guard
from lakebook.query.reading import (
    Aggregate,
    Along,
    Among,
    Compare,
    Condition,
    Either,
    Every,
    Figure,
    Like,
    Metric,
    Missing,
    Named,
    Period,
    Reading,
    Within,
)
from lakebook.query.tables import Column, Table
from lakebook.query.terms import Bands, Bin, Combined, Computed, Field, Part, Scaled, Term, Thing
from lakebook.query.write import write
from lakebook.semantics import model

COLUMNS = {"id": "INTEGER", "word": "VARCHAR", "n": "INTEGER", "x": "DOUBLE", "cost": "DECIMAL(10,2)", "seen": "DATE",
           "at": "TIMESTAMP", "utc": "TIMESTAMPTZ"}  # fmt: skip
THINGS = Table("things", "bronze", "t", 1, 6, (), tuple(Column(*each) for each in COLUMNS.items()))
DOMAIN = Domain((THINGS,), (), (), {"bronze.things": ("id",)})
ROWS = """
    (1, 'Ann''s 50%', 0, 0.3, 1.00, '2024-01-31', '2024-01-31 23:59:59', '2024-01-31 23:59:59+00'),
    (2, 'b_b', 5, 0.7, 9.99, '2024-02-29', '2024-02-29 00:00:00', '2024-02-29 00:00:00+00'),
    (3, 'B%B', -5, -0.1, 10.00, '2024-12-30', '2024-12-30 12:00:00', '2024-12-30 12:00:00+00'),
    (4, '', 10, 1.0, -0.01, '2025-01-01', '2025-01-01 00:00:00', '2025-01-01 00:00:00+00'),
    (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (6, 'bb', 9, 0.29, 2.00, '2023-12-31', '2023-12-31 23:00:00', '2023-12-31 23:00:00+00')
"""


def column(name: str) -> Field:
    return Field(THINGS, next(each for each in THINGS.columns if each.name == name))


ID, WORD, N, X, COST, SEEN, AT, UTC = map(column, COLUMNS)
MANY = Aggregate("rows", THINGS)


@pytest.fixture(scope="module")
def things() -> duckdb.DuckDBPyConnection:
    """A connection with the rows."""
    connection = duckdb.connect()
    described = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    connection.execute(f"CREATE SCHEMA bronze; CREATE TABLE bronze.things ({described})")
    connection.execute(f"INSERT INTO bronze.things VALUES {ROWS}")
    return connection


def run(things: duckdb.DuckDBPyConnection, reading: Reading, domain: Domain = DOMAIN) -> list[tuple[Any, ...]]:
    return things.execute(guard(write(reading, domain), domain.tables).sql).fetchall()


def listed(things: duckdb.DuckDBPyConnection, where: Condition) -> set[int]:
    """The ids of the rows for which the condition holds."""
    found = run(things, Reading("", Thing(THINGS, (ID,)), columns=(ID,), where=where))
    return {row[0] for row in found}


def valued(things: duckdb.DuckDBPyConnection, term: Term) -> dict[int, Any]:
    """The term's value in each row."""
    return dict(run(things, Reading("", Thing(THINGS, (ID,)), columns=(ID, term))))


def period(start: date | datetime | None, end: date | datetime | None) -> Period:
    return Period(start, end, "")


CANCELLED = Computed(THINGS, "is_b", "things.word LIKE 'b%'", False)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (Compare(N, "=", 5), {2}),
        (Compare(N, "<>", 5), {1, 3, 4, 6}),
        (Compare(N, "<", 0), {3}),
        (Compare(N, "<=", 0), {1, 3}),
        (Compare(N, ">", -5), {1, 2, 4, 6}),
        (Compare(COST, ">=", Decimal("9.99")), {2, 3}),
        (Compare(COST, "<", 1e-3), {4}),
        (Compare(X, "=", Decimal("0.3")), {1}),
        (Compare(WORD, "=", "Ann's 50%"), {1}),
        (Compare(WORD, "=", 50), set()),
        (Compare(N, ">", COST), {4, 6}),
        (Compare(SEEN, ">=", date(2025, 1, 1)), {4}),
        (Compare(AT, "<=", datetime.fromisoformat("2024-01-31T23:59:59")), {1, 6}),
        (Among(WORD, ("",)), {4}),
        (Among(WORD, ("bb", "b_b")), {2, 6}),
        (Among(WORD, ("bb", "b_b"), negated=True), {1, 3, 4}),
        (Among(WORD, ("bb", "b_b"), negated=True, unknown_too=True), {1, 3, 4, 5}),
        (Among(N, (0, 5), negated=True), {3, 4, 6}),
        (Among(Part(SEEN, "month_of_year"), (12, 1)), {1, 3, 4, 6}),
        (Among(Part(AT, "weekday"), ("Monday", "Sunday")), {3, 6}),
        (Like(WORD, "contains", "B"), {2, 3, 6}),
        (Like(WORD, "contains", "%"), {1, 3}),
        (Like(WORD, "contains", "_"), {2}),
        (Like(WORD, "starts", "ANN'S"), {1}),
        (Like(WORD, "ends", "%b"), {3}),
        (Like(WORD, "contains", "b", negated=True), {1, 4}),
        (Like(N, "contains", "5"), {2, 3}),
        (Missing(WORD), {5}),
        (Missing(WORD, negated=True), {1, 2, 3, 4, 6}),
        (Within(SEEN, period(date(2024, 1, 1), date(2025, 1, 1))), {1, 2, 3}),
        (Within(AT, period(date(2024, 1, 1), date(2025, 1, 1))), {1, 2, 3}),
        (Within(UTC, period(date(2024, 1, 1), date(2025, 1, 1))), {1, 2, 3}),
        (Within(AT, period(date(2024, 1, 1), date(2025, 1, 1)), negated=True), {4, 6}),
        (Within(AT, period(None, date(2024, 1, 31))), {6}),
        (Within(AT, period(datetime.fromisoformat("2024-01-31T12:00:00"), None)), {1, 2, 3, 4}),
        (Named(CANCELLED), {2, 6}),
        (Named(CANCELLED, negated=True), {1, 3, 4}),
        (Every((Compare(N, ">", 0), Either((Compare(N, "<", 6), Missing(N), Compare(X, ">", 0.9))))), {2, 4}),
        (Either((Every((Compare(N, ">", 0), Compare(N, "<", 6))), Missing(N))), {2, 5}),
        (Compare(Combined("-", N, X), ">=", 9), {4}),
        (Compare(Combined("/", N, N), "=", 1), {2, 3, 4, 6}),
    ],
)
def test_rows_that_a_condition_keeps(where: Condition, ids: set[int], things: duckdb.DuckDBPyConnection) -> None:
    assert listed(things, where) == ids


JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)


@pytest.mark.parametrize(
    ("term", "values"),
    [
        (Part(SEEN, "year"), {1: 2024, 2: 2024, 3: 2024, 4: 2025, 5: None, 6: 2023}),
        (Part(SEEN, "quarter"), {1: JANUARY, 2: JANUARY, 3: date(2024, 10, 1), 4: date(2025, 1, 1), 5: None,
                                 6: date(2023, 10, 1)}),
        (Part(AT, "month"), {1: JANUARY, 2: FEBRUARY, 3: date(2024, 12, 1), 4: date(2025, 1, 1), 5: None,
                             6: date(2023, 12, 1)}),
        (Part(SEEN, "week"), {1: date(2024, 1, 29), 2: date(2024, 2, 26), 3: date(2024, 12, 30),
                              4: date(2024, 12, 30), 5: None, 6: date(2023, 12, 25)}),
        (Part(AT, "day"), {1: date(2024, 1, 31), 2: date(2024, 2, 29), 3: date(2024, 12, 30), 4: date(2025, 1, 1),
                           5: None, 6: date(2023, 12, 31)}),
        (Part(AT, "hour"), {1: 23, 2: 0, 3: 12, 4: 0, 5: None, 6: 23}),
        (Part(SEEN, "day_of_month"), {1: 31, 2: 29, 3: 30, 4: 1, 5: None, 6: 31}),
        (Part(SEEN, "quarter_of_year"), {1: 1, 2: 1, 3: 4, 4: 1, 5: None, 6: 4}),
        (Part(SEEN, "weekday"), {1: "Wednesday", 2: "Thursday", 3: "Monday", 4: "Wednesday", 5: None, 6: "Sunday"}),
        (Scaled(N, 2, "pairs"), {1: 0, 2: 2.5, 3: -2.5, 4: 5, 5: None, 6: 4.5}),
        (Combined("+", N, Combined("*", N, N)), {1: 0, 2: 30, 3: 20, 4: 110, 5: None, 6: 90}),
        (Combined("*", Combined("+", N, N), N), {1: 0, 2: 50, 3: 50, 4: 200, 5: None, 6: 162}),
        (Combined("/", COST, N), {1: None, 2: 9.99 / 5, 3: -2, 4: -0.001, 5: None, 6: 2 / 9}),
        (Bin(N, Decimal(5)), {1: 0, 2: 5, 3: -5, 4: 10, 5: None, 6: 5}),
        (Bin(N, Decimal(4), Decimal(1)), {1: -3, 2: 5, 3: -7, 4: 9, 5: None, 6: 9}),
        (Bin(X, Decimal("0.1")), {1: 0.3, 2: 0.7, 3: -0.1, 4: 1.0, 5: None, 6: 0.2}),
        (Bands(COST, (Decimal(2), Decimal(10)), ("low", "middle", "high")),
         {1: "low", 2: "middle", 3: "high", 4: "low", 5: None, 6: "middle"}),
        (Computed(THINGS, "double", "n * 2 / things.N"), {1: None, 2: 2, 3: 2, 4: 2, 5: None, 6: 2}),
    ],
)  # fmt: skip
def test_values_of_a_term(term: Term, values: dict[int, Any], things: duckdb.DuckDBPyConnection) -> None:
    found = valued(things, term)
    assert {row: float(value) if isinstance(value, Decimal) else value for row, value in found.items()} == values


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        (Aggregate("rows", THINGS, N), 5),
        (Aggregate("distinct", THINGS, Part(SEEN, "year")), 3),
        (Aggregate("distinct", THINGS, Thing(THINGS, (ID, N))), 6),
        (Aggregate("sum", THINGS, COST), Decimal("22.98")),
        (Aggregate("sum", THINGS, Scaled(N, 2, "pairs")), 9.5),
        (Aggregate("min", THINGS, SEEN), date(2023, 12, 31)),
        (Aggregate("max", THINGS, WORD), "bb"),
        (Aggregate("median", THINGS, Scaled(N, 5, "hands")), 1),
        (Aggregate("quantile", THINGS, N, fraction=0.25), 0),
        (Aggregate("sum", THINGS, N, where=Compare(N, ">", 100)), None),
        (Metric("m", "SUM(things.n) / COUNT(DISTINCT things.word)", (THINGS,)), 19 / 5),
        (Metric("m", "SUM(things.n) / COUNT(DISTINCT things.word)", (THINGS,), where=Compare(N, ">", 5)), 19 / 2),
        (Metric("m", "COUNT(*) FILTER (WHERE things.n > 0)", (THINGS,), where=Compare(N, "<", 10)), 2),
        (Metric("m", "SUM(n) / SUM(0)", (THINGS,)), None),
    ],
)
def test_values_of_a_figure(figure: Figure, value: Any, things: duckdb.DuckDBPyConnection) -> None:
    assert run(things, Reading("", figures=(figure,))) == [(value,)]


def test_the_middle_of_two_prices_is_not_cut_off(things: duckdb.DuckDBPyConnection) -> None:
    reading = Reading("", figures=(Aggregate("median", THINGS, COST),), where=Among(ID, (1, 4)))
    assert run(things, reading) == [(0.495,)]


def test_metrics_know_the_models_fields_and_datasets(things: duckdb.DuckDBPyConnection) -> None:
    dataset = model.Dataset("T", "bronze.things", fields=(model.Field("twice", "n * 2"),))
    domain = Domain((THINGS,), (), (model.SemanticModel("m", datasets=(dataset,)),))
    assert run(things, Reading("", figures=(Metric("m", "SUM(T.twice)", (THINGS,)),)), domain) == [(38,)]
    for sql in ("SUM(T.none)", "SUM(other.n)"):
        with pytest.raises(NotConnected, match="semantic model"):
            write(Reading("", figures=(Metric("m", sql, (THINGS,)),)), domain)


@pytest.mark.parametrize(
    ("part", "start", "kind", "rows"),
    [
        ("year", date(2024, 1, 1), "difference", [(2024, 2), (2025, -2)]),
        ("year", None, "difference", [(2024, 2), (2025, -2)]),
        ("quarter", date(2024, 10, 1), "growth", [(date(2024, 10, 1), -50.0), (date(2025, 1, 1), 0.0)]),
        ("year", date(2024, 1, 1), "running", [(2024, 3), (2025, 4)]),
    ],
)
def test_changes_begin_with_the_time_before(
    part: str, start: date | None, kind: str, rows: list[Any], things: duckdb.DuckDBPyConnection
) -> None:
    where = Every((Within(SEEN, period(start, None)), Compare(ID, ">", 0))) if start else None
    reading = Reading("", figures=(MANY,), groups=(Part(SEEN, part),), along=Along(kind), where=where)
    assert run(things, reading) == rows


@pytest.mark.parametrize("word", ["order", "group", "at", "end", "select", "user", "name", "date", "first name", "ß"])
def test_columns_may_be_called_like_words_of_the_language(word: str) -> None:
    table = Table(word, "bronze", "w", 1, 2, (), (Column(word, "VARCHAR"), Column("n", "INTEGER")))
    connection, name = duckdb.connect(), f'"{word}"'
    connection.execute(f"CREATE SCHEMA bronze; CREATE TABLE bronze.{name} ({name} VARCHAR, n INTEGER)")
    connection.execute(f"INSERT INTO bronze.{name} VALUES ('a', 1), ('a', 2)")
    called = Field(table, table.columns[0])
    summed = Metric(word, "SUM(n)", (table,))
    domain = Domain((table,))
    assert run(connection, Reading("", figures=(summed,), groups=(called,)), domain) == [("a", 3)]
    assert run(connection, Reading("", columns=(called,), distinct=True), domain) == [("a",)]
    assert run(connection, Reading("", groups=(called,), count_groups=True), domain) == [(1,)]


def test_a_change_without_a_time_is_refused() -> None:
    with pytest.raises(NotConnected, match="time"):
        write(Reading("", figures=(MANY,), groups=(Thing(THINGS, (ID,)),), along=Along("running")), DOMAIN)
