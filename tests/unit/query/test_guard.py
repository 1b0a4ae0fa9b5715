"""The guard: what it lets through and in which form, what it refuses and where."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lakebook.errors import RefusedStatement
from lakebook.query.guard.guarded import MAX_CHARACTERS, Guarded, check, guard, one_row_more
from lakebook.query.tables import Column, Table

FIXTURES = Path(__file__).parent / "fixtures"


def regenerated() -> list[tuple[str, str]]:
    """Statement and what runs in its place."""
    text = (FIXTURES / "regenerated.txt").read_text(encoding="utf-8")
    return re.findall(r"^\? (.+)\n> (.+)$", text, re.MULTILINE)


def refused() -> list[dict[str, Any]]:
    """Statements with the reason that must be given."""
    return [json.loads(line) for line in (FIXTURES / "refused.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("sql", "runs"), regenerated(), ids=lambda value: str(value)[:60])
def test_what_runs_is_regenerated(sql: str, runs: str, tables: list[Table], plain: duckdb.DuckDBPyConnection) -> None:
    guarded = guard(sql, tables, row_limit=100)
    assert " ".join(guarded.sql.split()) == runs
    assert plain.execute(guarded.sql).fetchall()


@pytest.mark.parametrize(("sql", "_runs"), regenerated(), ids=lambda value: str(value)[:60])
def test_what_runs_runs_again(sql: str, _runs: str, tables: list[Table]) -> None:
    once = guard(sql, tables, row_limit=100)
    assert guard(once.sql, tables, row_limit=100).sql == once.sql


@pytest.mark.parametrize("case", refused(), ids=lambda case: case["sql"][:60])
def test_refused_with_a_reason_and_a_place(case: dict[str, Any], tables: list[Table]) -> None:
    with pytest.raises(RefusedStatement) as caught:
        guard(case["sql"], tables)
    reasons = caught.value.reasons
    assert any(case["message"] in reason.message for reason in reasons), reasons
    assert "sqlglot" not in str(caught.value)
    if "line" in case:
        assert (reasons[0].line, reasons[0].column) == (case["line"], case["column"])


@pytest.mark.parametrize("case", refused(), ids=lambda case: case["sql"][:60])
def test_check_gives_the_same_reasons(case: dict[str, Any], tables: list[Table]) -> None:
    with pytest.raises(RefusedStatement) as caught:
        guard(case["sql"], tables)
    assert check(case["sql"], tables) == caught.value.reasons


def test_check_is_empty_for_what_runs(tables: list[Table]) -> None:
    assert check("select count(*) from orders", tables) == []


def test_the_tables_that_are_read(shop: dict[str, Table], tables: list[Table]) -> None:
    guarded = guard("select * from orders o join customers c on o.CustomerID = c.customer_id", tables)
    assert guarded.tables == (shop["orders"], shop["customers"])
    assert guard("select 1", tables).tables == ()


def test_without_a_row_limit(tables: list[Table]) -> None:
    assert "LIMIT" not in guard("select * from birds", tables, row_limit=None).sql


def test_a_statement_that_is_too_long(tables: list[Table]) -> None:
    assert "longer than" in check("select 1 " + " " * MAX_CHARACTERS, tables)[0].message


def test_a_statement_that_is_nested_too_deeply(tables: list[Table]) -> None:
    assert check("select " + "(" * 5000 + "1" + ")" * 5000, tables)


def test_comments_do_not_run(tables: list[Table]) -> None:
    sql = guard("select /* a */ count(*) -- b\nfrom /* c; drop table x */ birds", tables).sql
    assert "/*" not in sql
    assert "--" not in sql


def test_names_in_any_case_and_composition() -> None:
    table = Table("Café", "silver", "x", 1, 1, (), (Column("a", "INTEGER"),))
    assert "FROM silver.Café AS" in guard('select a from "CAFE\u0301"', [table]).sql


def test_odd_names_are_quoted() -> None:
    table = Table('a "b" c', "bronze", "x", 1, 1, (), (Column("select", "INTEGER"), Column("x;y", "INTEGER")))
    sql = guard('select "select", "x;y" from "a ""b"" c"', [table]).sql
    assert 'bronze."a ""b"" c"' in sql
    assert '"select"' in sql
    assert '"x;y"' in sql


def test_the_only_layer_that_has_it() -> None:
    def table(layer: str) -> Table:
        return Table("sales", layer, layer, 1, 1, (), (Column("a", "INTEGER"),))

    assert guard("select a from sales", [table("gold")]).tables[0].layer == "gold"
    assert guard("select a from sales", [table("gold"), table("bronze")]).tables[0].layer == "bronze"
    assert check("select a from sales", [table("gold"), table("silver")])[0].message.startswith("There is no table")
    both = "select g.a, b.a from gold.sales g join sales b on g.a = b.a"
    assert {each.layer for each in guard(both, [table("gold"), table("bronze")]).tables} == {"gold", "bronze"}


def test_unknown_types_do_not_stop_a_statement() -> None:
    table = Table("t", "bronze", "x", 1, 1, (), (Column("g", "GEOMETRY('EPSG:4326')"), Column("n", "DOUBLE")))
    assert "FSUM(n)" in guard("select sum(n) from t", [table]).sql


@pytest.mark.parametrize(
    ("sql", "wider"),
    [
        ("select * from birds", "LIMIT 6"),
        ("select * from birds limit 3", "LIMIT 3"),
        ("from birds limit 50%", "LIMIT 6"),
    ],
)
def test_one_row_more_than_the_guard_allows(sql: str, wider: str, tables: list[Table]) -> None:
    guarded = guard(sql, tables, row_limit=5)
    assert one_row_more(guarded, 5).sql.endswith(wider)


def test_a_limit_of_its_own_is_not_widened(tables: list[Table]) -> None:
    guarded = guard("select * from birds limit 5", tables, row_limit=5)
    assert one_row_more(guarded, 5) is guarded


# The shared cases: statements made to get around guards, and statements that must not be refused.


def _shared_tables(shared: Path) -> tuple[list[Table], duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute((shared / "data" / "guard" / "schema.sql").read_text(encoding="utf-8"))
    columns: defaultdict[str, list[Column]] = defaultdict(list)
    listed = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal"
    )
    for name, column, data_type in listed.fetchall():
        columns[name].append(Column(column, data_type))
    connection.execute("CREATE SCHEMA bronze")
    for name in columns:
        connection.execute(f'CREATE VIEW bronze."{name}" AS SELECT * FROM main."{name}"')
    return [Table(name, "bronze", name, 1, 6, (), tuple(own)) for name, own in columns.items()], connection


def test_the_shared_cases(shared: Path) -> None:
    tables, connection = _shared_tables(shared)
    lines = (shared / "data" / "guard" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    wrong = []
    for case in map(json.loads, lines):
        guarded: Guarded | None
        try:
            guarded = guard(case["sql"], tables, dialect=case["dialect"])
        except RefusedStatement:
            guarded = None
        if guarded is not None:
            connection.execute(guarded.sql).fetchall()
        if (guarded is None) != (case["expect"] == "reject"):
            wrong.append(case["id"])
    assert len(lines) >= 228
    assert wrong == []


@pytest.mark.parametrize(
    "name", ["Größe", "İstanbul", "Straße", "ﬁn", "éx", "K", "ſ", "ΑΣ", "ǅ", "日本", "a_b", "select", "1st", 'q"x']
)
def test_columns_of_any_spelling_can_be_named(name: str) -> None:
    """What folds in Unicode but not in DuckDB must still be found."""
    columns = (Column(name=name, data_type="BIGINT"), Column(name="other", data_type="BIGINT"))
    table = Table(name=f"t {name}", layer="bronze", dataset_id="1", version=1, row_count=1, files=(), columns=columns)
    spelled = name.replace('"', '""')
    guarded = guard(f'select sum("{spelled}") as s from "t {spelled}"', [table])
    assert guarded.tables == (table,)
    assert check(f'select "{spelled}x" from "t {spelled}"', [table])
