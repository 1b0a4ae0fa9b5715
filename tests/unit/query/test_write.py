"""Readings as SQL: each part by itself, run against the truth computed in Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pytest

from lakebook.query.guard import guard
from lakebook.query.tables import Column, Table
from lakebook.query.understand.reading import Condition, Dimension, Having, Measure, Period, Reading
from lakebook.query.write import distinct_values, write

SPECIES = Column("species", "VARCHAR")
SEX = Column("sex", "VARCHAR")
MASS = Column("body_mass_g", "INTEGER")
LENGTH = Column("bill_length_mm", "DOUBLE")
YEAR = Column("year", "INTEGER")
ROWS = Measure("rows")


@pytest.fixture(scope="module")
def birds(shop: dict[str, Table], plain: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows as dicts, for computing answers in Python."""
    cursor = plain.execute("SELECT * FROM bronze.birds")
    names = [described[0] for described in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run(reading: Reading, shop: dict[str, Table], plain: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """The rows of a reading, through the guard."""
    return plain.execute(guard(write(reading), list(shop.values())).sql).fetchall()


def total(shop: dict[str, Table], *measures: Measure, conditions: tuple[Condition, ...] = ()) -> Reading:
    return Reading("q", shop["birds"], "total", measures, conditions=conditions)


@pytest.mark.parametrize(
    ("condition", "keeps"),
    [
        (Condition(SEX, "in", ("female",)), lambda bird: bird["sex"] == "female"),
        (Condition(SEX, "in", ("female", "male")), lambda bird: bird["sex"] in ("female", "male")),
        (Condition(SEX, "not in", ("female",)), lambda bird: bird["sex"] != "female"),
        (Condition(SEX, "not in", ("female", "male")), lambda bird: bird["sex"] is None),
        (Condition(SEX, "other", ("female",)), lambda bird: bird["sex"] == "male"),
        (Condition(SPECIES, "other", ("Adelie", "Gentoo")), lambda bird: bird["species"] == "Chinstrap"),
        (Condition(SEX, "missing"), lambda bird: bird["sex"] is None),
        (Condition(SEX, "present"), lambda bird: bird["sex"] is not None),
        (Condition(SEX, "known"), lambda bird: bird["sex"] is not None),
        (Condition(MASS, ">", (3500,)), lambda bird: bird["body_mass_g"] > 3500),
        (Condition(MASS, ">=", (3500,)), lambda bird: bird["body_mass_g"] >= 3500),
        (Condition(MASS, "<", (3500,)), lambda bird: bird["body_mass_g"] < 3500),
        (Condition(MASS, "<=", (3500,)), lambda bird: bird["body_mass_g"] <= 3500),
        (Condition(MASS, "=", (3500,)), lambda bird: bird["body_mass_g"] == 3500),
        (Condition(MASS, "<>", (3500,)), lambda bird: bird["body_mass_g"] != 3500),
        (Condition(MASS, "between", (3400, 4500)), lambda bird: 3400 <= bird["body_mass_g"] <= 4500),
        (Condition(LENGTH, ">", (46.1,)), lambda bird: bird["bill_length_mm"] > 46.1),
        (Condition(SPECIES, "in", ("O'Brien \" -- ;",)), lambda bird: False),
    ],
)
def test_a_condition(
    condition: Condition,
    keeps: Any,
    shop: dict[str, Table],
    plain: duckdb.DuckDBPyConnection,
    birds: list[dict[str, Any]],
) -> None:
    rows = run(total(shop, ROWS, conditions=(condition,)), shop, plain)
    assert rows == [(sum(1 for bird in birds if keeps(bird)),)]


@pytest.mark.parametrize(
    ("measure", "figure"),
    [
        (ROWS, lambda values: 7),
        (Measure("distinct", (SPECIES,)), lambda values: 3),
        (Measure("distinct", (SEX,)), lambda values: 2),
        (Measure("sum", (MASS,)), sum),
        (Measure("avg", (MASS,)), lambda values: sum(values) / len(values)),
        (Measure("median", (MASS,)), lambda values: sorted(values)[3]),
        (Measure("min", (MASS,)), min),
        (Measure("max", (MASS,)), max),
        (Measure("sum", (MASS, YEAR)), None),
    ],
)
def test_a_measure(
    measure: Measure,
    figure: Any,
    shop: dict[str, Table],
    plain: duckdb.DuckDBPyConnection,
    birds: list[dict[str, Any]],
) -> None:
    expected = figure([bird["body_mass_g"] for bird in birds]) if figure else sum(
        bird["body_mass_g"] * bird["year"] for bird in birds
    )  # fmt: skip
    assert run(total(shop, measure), shop, plain) == [(pytest.approx(expected),)]


def test_two_measures_stand_side_by_side(shop: dict[str, Table], plain: duckdb.DuckDBPyConnection) -> None:
    assert run(total(shop, ROWS, Measure("max", (MASS,))), shop, plain) == [(7, 5700)]


def test_groups_in_order_of_the_measure_then_of_the_name(
    shop: dict[str, Table], plain: duckdb.DuckDBPyConnection
) -> None:
    reading = Reading("q", shop["birds"], "groups", (ROWS,), (Dimension(SPECIES),), order="desc")
    assert run(reading, shop, plain) == [("Adelie", 3), ("Gentoo", 3), ("Chinstrap", 1)]
    assert run(replace(reading, order="asc"), shop, plain) == [("Chinstrap", 1), ("Adelie", 3), ("Gentoo", 3)]
    assert run(replace(reading, order="natural"), shop, plain) == [("Adelie", 3), ("Chinstrap", 1), ("Gentoo", 3)]


def test_a_group_without_a_name_comes_last(shop: dict[str, Table], plain: duckdb.DuckDBPyConnection) -> None:
    reading = Reading("q", shop["birds"], "groups", (ROWS,), (Dimension(SEX),), order="natural")
    assert run(reading, shop, plain) == [("female", 4), ("male", 2), (None, 1)]


def test_a_ranking_is_cut(shop: dict[str, Table], plain: duckdb.DuckDBPyConnection) -> None:
    heaviest = Measure("max", (MASS,))
    reading = Reading("q", shop["birds"], "ranking", (heaviest,), (Dimension(SPECIES),), order="desc", limit=2)
    assert run(reading, shop, plain) == [("Gentoo", 5700), ("Adelie", 3750)]
    assert run(replace(reading, order="asc"), shop, plain) == [("Chinstrap", 3500), ("Adelie", 3750)]


@pytest.mark.parametrize(("operator", "number", "kept"), [(">", 2, 2), (">=", 3, 2), ("<", 3, 1), ("=", 1, 1)])
def test_groups_by_a_figure_of_theirs(
    operator: str, number: int, kept: int, shop: dict[str, Table], plain: duckdb.DuckDBPyConnection
) -> None:
    having = (Having(ROWS, operator, number),)
    reading = Reading("q", shop["birds"], "groups", (ROWS,), (Dimension(SPECIES),), having=having, order="desc")
    assert len(run(reading, shop, plain)) == kept


def test_different_values_in_order(shop: dict[str, Table], plain: duckdb.DuckDBPyConnection) -> None:
    reading = Reading("q", shop["birds"], "values", columns=(SPECIES,))
    assert run(reading, shop, plain) == [("Adelie",), ("Chinstrap",), ("Gentoo",)]


def test_rows(shop: dict[str, Table], plain: duckdb.DuckDBPyConnection) -> None:
    assert len(run(Reading("q", shop["birds"], "rows", limit=4), shop, plain)) == 4
    chosen = Reading("q", shop["birds"], "rows", columns=(YEAR, SPECIES), conditions=(Condition(YEAR, "=", (2009,)),))
    assert run(chosen, shop, plain) == [(2009, "Gentoo"), (2009, "Gentoo")]


DATE = Column("date", "DATE")


@pytest.mark.parametrize(
    ("part", "first", "groups"),
    [
        ("year", 2012, 2),
        ("quarter", date(2012, 1, 1), 5),
        ("month", date(2012, 1, 1), 14),
        ("day", date(2012, 1, 1), 425),
        ("weekday", "Monday", 7),
    ],
)
def test_parts_of_a_time(
    part: str, first: object, groups: int, shop: dict[str, Table], plain: duckdb.DuckDBPyConnection
) -> None:
    reading = Reading("q", shop["days"], "groups", (ROWS,), (Dimension(DATE, part),), order="natural")
    rows = run(reading, shop, plain)
    assert len(rows) == groups
    assert rows[0][0] == first
    assert sum(row[1] for row in rows) == 425
    if part == "weekday":
        assert [row[0] for row in rows][-1] == "Sunday"


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2012, 1, 1), date(2012, 2, 1), 31),
        (date(2012, 2, 1), date(2012, 3, 1), 29),
        (None, date(2012, 1, 8), 7),
        (date(2013, 2, 28), None, 1),
    ],
)
def test_periods(
    start: date | None, end: date | None, days: int, shop: dict[str, Table], plain: duckdb.DuckDBPyConnection
) -> None:
    condition = Condition(DATE, "period", (Period(start, end, "then"),))
    reading = Reading("q", shop["days"], "total", (ROWS,), conditions=(condition,))
    assert run(reading, shop, plain) == [(days,)]


def test_the_last_moment_of_a_day_belongs_to_it(shop: dict[str, Table], plain: duckdb.DuckDBPyConnection) -> None:
    """A line at 23:59:59 on 31 March is in March; one at midnight on 1 April is not."""
    time = Column("InvoiceDate", "TIMESTAMP")
    march = Condition(time, "period", (Period(date(2011, 3, 1), date(2011, 4, 1), "in March"),))
    reading = Reading("q", shop["orders"], "total", (ROWS,), conditions=(march,))
    assert run(reading, shop, plain) == [(2,)]


@pytest.mark.parametrize(
    ("data_type", "written"),
    [
        ("DATE", "CAST('2011-01-01' AS DATE)"),
        ("TIMESTAMP", "CAST('2011-01-01' AS TIMESTAMP)"),
        ("TIMESTAMP WITH TIME ZONE", "CAST('2011-01-01' AS TIMESTAMPTZ)"),
        ("TIMESTAMPTZ", "CAST('2011-01-01' AS TIMESTAMPTZ)"),
    ],
)
def test_bounds_have_the_type_of_their_column(data_type: str, written: str) -> None:
    column = Column("at", data_type)
    table = Table("t", "bronze", "x", 1, 1, (), (column,))
    condition = Condition(column, "period", (Period(date(2011, 1, 1), None, "since 2011"),))
    assert written in write(Reading("q", table, "total", (ROWS,), conditions=(condition,)))


@pytest.mark.parametrize("name", ['we"ird', "select", "a b", "数量", "x;--", "'"])
def test_odd_names(name: str) -> None:
    columns = (Column(name, "INTEGER"), Column("kind", "VARCHAR"))
    table = Table(name, "bronze", "x", 1, 1, (), columns)
    reading = Reading("q", table, "groups", (Measure("sum", columns[:1]),), (Dimension(columns[1]),), order="desc")
    connection = duckdb.connect()
    quoted = '"' + name.replace('"', '""') + '"'
    connection.execute(f"CREATE SCHEMA bronze; CREATE TABLE bronze.{quoted} ({quoted} INTEGER, kind VARCHAR)")
    connection.execute(f"INSERT INTO bronze.{quoted} VALUES (1, 'a'), (2, 'a')")
    assert connection.execute(guard(write(reading), [table]).sql).fetchall() == [("a", 3)]
    assert connection.execute(guard(distinct_values(table, columns[0], 5), [table]).sql).fetchall() in (
        [(1,), (2,)], [(2,), (1,)],
    )  # fmt: skip


def test_a_measure_named_like_its_group_gets_another_name() -> None:
    column = Column("rows", "VARCHAR")
    table = Table("t", "bronze", "x", 1, 1, (), (column,))
    sql = write(Reading("q", table, "groups", (ROWS,), (Dimension(column),), order="desc"))
    assert "AS rows_2" in sql
    assert "rows_2 DESC" in sql
