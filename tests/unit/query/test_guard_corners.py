"""The guard where it is seldom asked: several statements, quotes without end, pivots inside, names of access rules."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection

import duckdb
import pytest
from sqlglot import exp, parse_one
from sqlglot.errors import ParseError

from lakebook.errors import Reason
from lakebook.query.guard.exact import mark_aggregates, spell_averages
from lakebook.query.guard.guarded import check, guard
from lakebook.query.guard.names import bind_columns
from lakebook.query.guard.statement import one_statement
from lakebook.query.tables import Column, Table, find_table, folded
from tests.conformance.rows import tables as remote

ENGINES = ("snowflake", "spark")


@pytest.mark.parametrize(
    ("sql", "count", "place"),
    [
        ("select 1; select 2", 2, (1, 11)),
        ("; ;select 1;;select 2", 2, (1, 14)),
        ("select 1;\n;\n  select 2; select 3", 3, (3, 3)),
        ("select ';'; select 2", 2, (1, 13)),
        ("/* ; */ select 1; -- ;\nselect 2;", 2, (2, 1)),
    ],
)
def test_where_the_second_statement_begins(sql: str, count: int, place: tuple[int, int]) -> None:
    tree, reasons = one_statement(sql, "duckdb")
    assert tree is None
    assert reasons == [Reason(f"There are {count} statements here; only one may run.", *place)]


@pytest.mark.parametrize("sql", ["select 1;", ";select 1", " ; select 1 ; ; -- end"])
def test_semicolons_around_one_statement_are_no_statements(sql: str) -> None:
    tree, reasons = one_statement(sql, "duckdb")
    assert reasons == []
    assert tree is not None
    assert tree.sql("duckdb", comments=False) == "SELECT 1"


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("select 'a' as a,\n 'b", (2, 2)),
        ('select "x" from "t', (1, 17)),
        ("select 1 /* and so on", (1, 10)),
        ("select $$a$$, $x$ b", (1, 15)),
        # More quotes inside of the open one than are tried: the statement as a whole is named.
        ("select '" + '"' * 140, (1, 1)),
    ],
    ids=["text", "name", "comment", "dollars", "too many"],
)
def test_where_a_quote_begins_that_never_ends(sql: str, place: tuple[int, int]) -> None:
    assert one_statement(sql, "duckdb") == (None, [Reason("A quote or a comment begins here and never ends.", *place)])


def test_a_fault_of_syntax_without_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_given: object, **_more: object) -> None:
        raise ParseError("no place", errors=[{"description": "odd", "highlight": "", "line": 2, "col": 3}])

    monkeypatch.setattr("lakebook.query.guard.statement.parse", failing)
    assert one_statement("select 1", "duckdb")[1] == [Reason("This cannot be read as SQL.", 2, 3)]

    def bare(*_given: object, **_more: object) -> None:
        raise ParseError("no place at all")

    monkeypatch.setattr("lakebook.query.guard.statement.parse", bare)
    assert one_statement("select 1", "duckdb")[1] == [Reason("This cannot be read as SQL.", 1, 1)]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select mean(a) from t", "SELECT AVG(a) FROM t"),
        ("select mean(mean(a)) from t", "SELECT AVG(AVG(a)) FROM t"),
        ("select 1 + MEAN(a + 1) * 2 from t", "SELECT 1 + AVG(a + 1) * 2 FROM t"),
        ("select mean(a, b), meaner(a) from t", "SELECT MEAN(a, b), MEANER(a) FROM t"),
    ],
)
def test_mean_is_avg_with_one_argument(sql: str, said: str) -> None:
    tree = parse_one(sql, read="duckdb")
    nodes = spell_averages(list(tree.walk()))
    assert tree.sql("duckdb") == said
    assert {id(node) for node in nodes} == {id(node) for node in tree.walk()}


def test_aggregates_are_numbered_one_by_one() -> None:
    tree = parse_one("select sum(a), max(b), avg(c), median(d) from t", read="duckdb")
    marked = mark_aggregates(tree.walk())
    assert [type(node) for node in marked] == [exp.Sum, exp.Avg, exp.Median]
    assert len({node.meta["aggregate"] for node in marked}) == 3
    assert [node.meta for node in tree.copy().find_all(exp.Max)] == [{}]


def test_two_pivots_inside_a_query_are_bound_each_alone(tables: list[Table], plain: duckdb.DuckDBPyConnection) -> None:
    pivot = "(pivot birds on species using count(*) group by island)"
    sql = f"select a.island from {pivot} a join {pivot} b on a.island = b.island order by 1"
    typed, reasons = bind_columns(parse_one(sql, read="duckdb"), tables, sql)
    assert reasons == []
    assert [type(tree) for tree in typed] == [exp.Pivot, exp.Pivot, exp.Select]
    islands = plain.execute("select distinct island from bronze.birds order by 1").fetchall()
    assert plain.execute(guard(sql, tables).sql).fetchall() == islands
    wrong = sql.replace("on species", "on specie", 1)
    assert [reason.message[:30] for reason in check(wrong, tables)] == ["There is no column 'specie' to"]


def test_sums_inside_a_pivot_are_exact_too(tables: list[Table]) -> None:
    found = guard("select * from (pivot birds on species using avg(bill_length_mm)) q", tables).sql
    assert "FAVG(bill_length_mm)" in found
    plainly = guard("select * from (pivot birds on species using avg(year)) q", tables).sql
    assert "AVG(year)" in plainly
    assert "FAVG" not in plainly


class Masks:
    """A rule that hides one column and no row."""

    def condition(self, table: Table) -> str | None:
        assert table.name
        return None

    def masked(self, table: Table) -> Collection[str]:
        return ("sex",) if table.name == "birds" else ()


def test_a_column_is_hidden_where_every_row_is_seen(tables: list[Table], plain: duckdb.DuckDBPyConnection) -> None:
    every = plain.execute("select count(*) from bronze.birds").fetchall()[0][0]
    seen = guard("select count(*), count(sex), count(species) from birds", tables, rules=Masks())
    assert plain.execute(seen.sql).fetchall() == [(every, 0, every)]
    assert "WHERE" not in seen.sql
    assert "NULL" not in guard("select count(*) from customers", tables, rules=Masks()).sql


@pytest.mark.parametrize("name", ["Orders", "ÄRGER", "stra\u00dfe", "e\u0301t\u00e9", "line no", "x_1"])
def test_names_compare_in_any_case_and_composition(name: str) -> None:
    assert folded(name) == folded(name.upper())
    assert folded(folded(name)) == folded(name)
    table = Table(name, "bronze", "x", 1, 0, (), ())
    assert find_table([table], name.lower()) == table


def test_tables_that_differ_are_told_apart_whatever_their_hash() -> None:
    one = Table("t", "bronze", "x", 1, 0, (), (Column("a", "DOUBLE"),))
    other = dataclasses.replace(one, columns=(Column("a", "INTEGER"),))
    assert one != other
    assert hash(one) == hash(dataclasses.replace(one))
    assert len({one, other, dataclasses.replace(one)}) == 2
    assert "FSUM(a)" in guard("select sum(a) from t", [one]).sql
    assert "FSUM" not in guard("select sum(a) from t", [other]).sql
    assert "FSUM(a)" in guard("select sum(a) from t", [one]).sql


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select score * 1e3 as x from items", "score * 1e3"),
        ("select id from items where '2024-02-01' < day", "CAST('2024-02-01' AS DATE) < items.day"),
        ("select id from items where day in ('2024-01-01', '2024-02-01')", "IN (CAST('2024-01-01' AS DATE), CAST("),
        ("select avg(distinct price) from items", "AVG(DISTINCT CAST(items.price AS DOUBLE))"),
        ("select qty::double from items", "CAST(items.qty AS DOUBLE)"),
        ("select max(qty) from items", "MAX(items.qty)"),
        ("select qty::decimal(10,2) from items", "CAST(items.qty AS DECIMAL(10, 2))"),
        ("select coalesce(null, null) from items", "COALESCE(NULL, NULL)"),
        ("select list_position(['b', 'a'], name) from items", "CASE items.name WHEN 'b' THEN 1 WHEN 'a' THEN 2 END"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_every_engine_is_told_alike(sql: str, said: str, engine: str) -> None:
    text = re.sub(r'["`]|(?<=\() | (?=\))', "", " ".join(guard(sql, remote(engine)).sql.split()))
    assert said.lower() in text.lower()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select max(*) from items", "The type of a value is not known."),
        ("select list_indexof(['a'], name) from items", "The function 'list_indexof' has no equal."),
        ("select list_position(name, 'a') from items", "The function 'list_position' has no equal."),
        ("select score::decimal(10,2) from items", "Binary fractions may not be turned into decimals."),
        ("select max([1]) from items", "Lists are counted and kept differently."),
        ("select * from (pivot items on country using count(*)) q", "A pivot is not the same in"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_no_other_engine_is_told(sql: str, message: str, engine: str) -> None:
    assert check(sql, remote(engine))[0].message.startswith(message)


def test_a_condition_on_windows_stays_inside_the_query_that_has_it() -> None:
    sql = "select id from (select id, qty from items qualify row_number() over (order by id) = 1) q where qty > 0"
    text = " ".join(guard(sql, remote("spark")).sql.split())
    assert "QUALIFY" not in text
    assert text.count("`__kept`") == 2
    assert text.index("AS `q`") > text.index("WHERE `__kept`")
    assert "`q`.`qty` > 0" in text


def test_ten_thousand_rows_unless_it_is_said_otherwise(tables: list[Table]) -> None:
    assert guard("select species from birds", tables).sql.endswith("\nLIMIT 10000")
    assert "LIMIT" not in guard("select species from birds", tables, row_limit=None).sql
    assert guard("select species from birds", tables, row_limit=7).sql.endswith("\nLIMIT 7")


@pytest.mark.parametrize(
    "sql", ["\n delete from birds", "create table t as select 1", "with a as (select 1) insert into t"]
)
def test_what_is_no_query_is_refused_from_its_beginning(sql: str, tables: list[Table]) -> None:
    assert check(sql, tables)[0] in (Reason("Only a SELECT may run.", 1, 1), *_unreadable(sql))


def _unreadable(sql: str) -> list[Reason]:
    return [reason for reason in one_statement(sql, "duckdb")[1] if "cannot be read" in reason.message]


def test_a_long_source_is_named_by_its_beginning(tables: list[Table]) -> None:
    (message,) = [reason.message for reason in check(f"select * from nothing_of_the_kind('{'x' * 200}')", tables)][:1]
    assert message == f'"NOTHING_OF_THE_KIND(\'{"x" * 39}" is no table that may be read.'


def test_a_column_of_a_table_further_inside_is_not_to_be_had(tables: list[Table]) -> None:
    assert check("select species from (select year from birds) q", tables) == [
        Reason("There is no column 'species' to be had here.", 1, 8)
    ]


@pytest.mark.parametrize("start", ["cast(species as date)", "birds.year", "cast(birds.year as integer)"])
def test_a_series_of_times_begins_at_a_time_that_is_written_out(start: str, tables: list[Table]) -> None:
    sql = f"select unnest(generate_series({start}, date '2024-01-01', interval 1 day)) from birds"
    assert check(sql, tables)[0].message == "A series may only run between numbers or times written out."


def test_what_was_guarded_stays_as_it_is(tables: list[Table]) -> None:
    guarded = guard("select species from birds", tables)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(guarded, "sql".lower(), "SELECT 1")


@pytest.mark.parametrize(("quotes", "place"), [(63, (1, 8)), (64, (1, 1))])
def test_how_many_quotes_are_tried(quotes: int, place: tuple[int, int]) -> None:
    (reason,) = one_statement("select '" + '"' * quotes, "duckdb")[1]
    assert (reason.line, reason.column) == place


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("sum(coalesce(bill_length_mm, 0))", "FSUM(COALESCE(bill_length_mm, 0))"),
        ("sum(coalesce(year, 0))", "SUM(COALESCE(year, 0))"),
        ("sum(distinct coalesce(bill_length_mm, 0))", "FSUM(DISTINCT COALESCE(bill_length_mm, 0))"),
    ],
)
def test_what_is_summed_has_the_type_of_the_whole(figure: str, said: str, tables: list[Table]) -> None:
    text = " ".join(guard(f"select {figure} as s from birds", tables).sql.split()).replace("( ", "(").replace(" )", ")")
    assert f"SELECT {said} AS s" in text


@pytest.mark.parametrize("engine", ENGINES)
def test_an_output_without_a_name_is_called_by_the_beginning_of_its_text(engine: str) -> None:
    statement = guard("select " + " + ".join(["qty"] * 30) + " from items", remote(engine)).statement
    assert isinstance(statement, exp.Query)
    assert statement.named_selects == [" + ".join(["qty"] * 30)[:60]]
