"""Statements for an engine elsewhere: said in its dialect or refused, run there, its rows in DuckDB's types."""

from __future__ import annotations

import json
import re
import threading
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import exp, parse_one

from lakebook.errors import InvalidRequest, QueryMemoryExceeded, RefusedStatement, Unavailable
from lakebook.query.children.elsewhere import ChildrenAndEngine, Elsewhere, as_duckdb_gives
from lakebook.query.children.engine import RemoteTable
from lakebook.query.guard.guarded import check, guard, one_row_more
from lakebook.query.tables import Table
from tests.conformance.rows import FOLDER, statements, tables

ENGINES = ("snowflake", "spark")


def refused() -> list[dict[str, Any]]:
    """Statements that not every engine can run, with the reason."""
    return [json.loads(line) for line in (FOLDER / "refused.jsonl").read_text(encoding="utf-8").splitlines()]


def said(sql: str, engine: str) -> str:
    """The statement in the engine's dialect, in one line, without quotes around names."""
    line = re.sub(r"\s+", " ", guard(sql, tables(engine), row_limit=None).sql)
    return re.sub(r'["`]|(?<=\() | (?=\))', "", line)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("sql", statements(), ids=range(len(statements())))
def test_what_is_said_elsewhere_reads_the_same_tables_and_passes_again(sql: str, engine: str) -> None:
    guarded = guard(sql, tables(engine), row_limit=50)
    ours = guard(sql, tables("duckdb"), row_limit=50)
    assert guarded.dialect == engine
    assert [table.dataset_id for table in guarded.tables] == [table.dataset_id for table in ours.tables]
    assert check(guarded.sql, tables(engine), engine) == []
    assert isinstance(parse_one(guarded.sql, read=engine), exp.Query)
    assert isinstance(ours.statement, exp.Query)
    assert isinstance(guarded.statement, exp.Query)
    if "*" not in ours.statement.named_selects:
        for mine, theirs in zip(ours.statement.selects, guarded.statement.selects, strict=True):
            if isinstance(mine, exp.Alias | exp.Column):
                assert theirs.alias_or_name.lower() == mine.alias_or_name.lower()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", refused(), ids=lambda case: case["sql"][:50])
def test_what_means_something_else_is_refused(case: dict[str, Any], engine: str) -> None:
    if (case["sql"], engine) == ("select -score::integer from items", "spark"):
        assert "RINT" in said(case["sql"], engine)
        return
    with pytest.raises(RefusedStatement) as caught:
        guard(case["sql"], tables(engine))
    reason = caught.value.reasons[0]
    assert reason.message.startswith(case["message"].replace("Snowflake", engine.capitalize()))
    assert (reason.line, reason.column) == (case["line"], case["column"])


@pytest.mark.parametrize(
    ("sql", "engine", "expected"),
    [
        ("select avg(price) a from items", "snowflake", "AVG(CAST(items.PRICE AS DOUBLE))"),
        ("select price / qty from items", "spark", "CAST(items.price AS DOUBLE) / CAST(items.qty AS DOUBLE)"),
        ("select extract(dow from day) from items", "snowflake", "(DAYOFWEEKISO(items.DAY) % 7)"),
        ("select extract(dow from day) from items", "spark", "((WEEKDAY(items.day) + 1) % 7)"),
        ("select dayname(day) from items", "spark", "CASE (WEEKDAY(items.day) + 1) WHEN 1 THEN 'Monday' WHEN 2"),
        ("select date_diff('month', day, seen) from items", "snowflake", "DATEDIFF(MONTH, items.DAY, items.SEEN)"),
        ("select date_diff('month', day, day) from items", "spark",
         "((YEAR(items.day) * 12 + MONTH(items.day)) - (YEAR(items.day) * 12 + MONTH(items.day)))"),
        ("select price::int from items", "spark", "CAST(ROUND(items.price, 0) AS INT)"),
        ("select score::bigint from items", "spark", "CAST(RINT(items.score) AS BIGINT)"),
        ("select log(price) from items", "snowflake", "LOG(10, CAST(items.PRICE AS DOUBLE))"),
        ("select log(price) from items", "spark", "THEN LOG10(CAST(items.price AS DOUBLE)) ELSE CAST('"),
        ("select date_trunc('week', seen) from items", "snowflake", "DATEADD(DAY, (1 - DAYOFWEEKISO(items.SEEN)),"),
        ("select id from items order by price desc", "spark", "ORDER BY items.price DESC"),
        ("select id from items order by price", "spark", "ORDER BY items.price NULLS LAST"),
        ("select id from items order by price desc", "snowflake", "ORDER BY items.PRICE DESC NULLS LAST"),
        ("select median(price) from items", "spark", "PERCENTILE(CAST(items.price AS DOUBLE), 0.5)"),
        ("select median(price) from items", "snowflake", "MEDIAN(CAST(items.PRICE AS DOUBLE))"),
        ("select quantile_cont(qty, 0.9) from items", "snowflake", "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY"),
        ("select count(*) filter (where paid) from items", "snowflake", "COUNT(CASE WHEN items.PAID THEN 1 END)"),
        ("select id from items qualify row_number() over (order by id) = 1", "spark", "WHERE __kept"),
        ("select id from items qualify row_number() over (order by id) = 1", "snowflake", "QUALIFY ROW_NUMBER()"),
        ("select country, sum(qty) from items group by all", "spark", "GROUP BY ALL"),
        ("select sum(qty) over (order by id) from items", "snowflake",
         "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"),
        ("select day::date from items where day > '2024-02-01'", "spark", "> CAST('2024-02-01' AS DATE)"),
        ("select qty // 2 from items", "snowflake", "CAST(TRUNC(items.QTY / 2) AS BIGINT)"),
        ("select qty // 2 from items", "spark", "items.qty DIV 2"),
        ("select strftime(day, '%Y-%m') from items", "spark", "LPAD(CAST(MONTH(items.day) AS STRING), 2, '0')"),
        ("select round(score, 1) from items", "spark", "CAST(SIGN(items.score) AS DOUBLE) * (CAST(FLOOR("),
        ("select price as \"Preis\" from items order by \"Preis\"", "snowflake", "AS Preis FROM CONFORMANCE.ITEMS"),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_what_differs_is_said_otherwise(sql: str, engine: str, expected: str) -> None:
    assert expected in said(sql, engine)


def test_names_are_exact_in_snowflake() -> None:
    sql = guard("select Name, price from ITEMS i order by PRICE", tables("snowflake"), row_limit=5).sql
    assert '"i"."NAME" AS "Name"' in sql
    assert 'FROM "CONFORMANCE"."ITEMS" AS "i"' in sql


def test_a_statement_of_the_engines_own_dialect() -> None:
    own = "SELECT name, DATEADD(day, 7, day) FROM items QUALIFY ROW_NUMBER() OVER (ORDER BY id) = 1"
    guarded = guard(own, tables("snowflake"), row_limit=5, dialect="snowflake")
    assert guarded.dialect == "snowflake"
    assert "FROM CONFORMANCE.ITEMS" in guarded.sql
    assert guarded.sql.endswith("LIMIT 5")
    assert "no column" in check('SELECT "name" FROM items', tables("snowflake"), "snowflake")[0].message


def test_a_wider_limit_keeps_the_dialect() -> None:
    guarded = guard("select id from items", tables("spark"), row_limit=5)
    wider = one_row_more(guarded, 5)
    assert (wider.dialect, wider.sql.endswith("LIMIT 6")) == ("spark", True)


def test_tables_of_two_engines_cannot_be_read_together() -> None:
    both = [*tables("spark"), *[table for table in tables("duckdb") if table.name == "people"]]
    reasons = check("select count(*) from conformance.items i join bronze.people p on p.name = i.name", both)
    assert [reason.message for reason in reasons] == [
        "No engine has all of these tables: 'people' in the lake and 'items' in Spark. Ingest those that are elsewhere."
    ]


@pytest.mark.parametrize(("dialect", "engine"), [("snowflake", "spark"), ("postgres", "snowflake")])
def test_one_engines_dialect_does_not_run_in_another(dialect: str, engine: str) -> None:
    reasons = check("select id from items", tables(engine), dialect)
    assert "cannot run in" in reasons[0].message


@pytest.mark.parametrize(
    ("sql", "dialect"),
    [
        ("select format_bytes(qty) from items", "snowflake"), ("select zip_with(1) from items", "snowflake"),
        ("select try_to_timestamp(name) from items", "duckdb"), ("select system$wait(1)", "snowflake"),
        ("select reflect('java.lang.System', 'getenv')", "spark"), ("select current_account()", "snowflake"),
        ("select input_file_name() from items", "spark"), ("select java_method('a', 'b')", "spark"),
    ],
)  # fmt: skip
def test_functions_are_listed_by_dialect(sql: str, dialect: str) -> None:
    engine = "duckdb" if dialect == "duckdb" else dialect
    assert "may not be used" in check(sql, tables(engine), dialect)[0].message


class Recorder:
    """An engine that writes down what it is asked and gives one table."""

    dialect = "spark"

    def __init__(self, rows: pa.Table, *, down: bool = False) -> None:
        self.given, self.down, self.asked, self.closed = rows, down, list[str](), False

    def tables(self) -> list[RemoteTable]:
        if self.down:
            raise Unavailable("It is down.")
        return [RemoteTable("shop", "items", (("id", "BIGINT"), ("price", "DECIMAL(12,2)")))]

    def rows(self, sql: str, *, seconds: float, cancel: threading.Event | None = None) -> pa.Table:
        assert seconds > 0
        assert cancel is None
        self.asked.append(sql)
        return self.given

    def close(self) -> None:
        self.closed = True


def test_rows_come_in_the_types_of_duckdb() -> None:
    odd = pa.table(
        {
            "n": pa.array([1, None], pa.int8()),
            "big": pa.array([Decimal(2**70), None], pa.decimal128(38, 0)),
            "fits": pa.array([Decimal(7), None], pa.decimal128(38, 0)),
            "at": pa.array([datetime(2024, 1, 1), None], pa.timestamp("ns")),
            "text": ["a", "b"],
        }
    )
    given = as_duckdb_gives(odd)
    kinds = ["int64", "decimal128(38, 0)", "int64", "timestamp[us]", "string"]
    assert [str(field.type) for field in given.schema] == kinds
    assert given.to_pylist()[0] == {"n": 1, "big": 2**70, "fits": 7, "at": datetime(2024, 1, 1), "text": "a"}


def test_money_stays_decimal_where_the_service_sends_binary_fractions() -> None:
    engine = Recorder(pa.table({"s": [24.130000000000003]}))
    elsewhere = Elsewhere(engine, 5.0)
    guarded = guard("select sum(price) s from items", elsewhere.tables())
    assert elsewhere.run(guarded, principal="a").to_pylist() == [{"s": Decimal("24.13")}]


def test_the_engine_runs_only_what_was_guarded_for_it(shop: dict[str, Table]) -> None:
    elsewhere = Elsewhere(Recorder(pa.table({"n": [1]})), 5.0)
    with pytest.raises(InvalidRequest, match="written for duckdb"):
        elsewhere.run(guard("select 1 as n from birds", [shop["birds"]]), principal="a")
    guarded = guard("select count(*) n from items", elsewhere.tables())
    with pytest.raises(QueryMemoryExceeded):
        elsewhere.run(guarded, principal="a", memory_limit_bytes=1)


def test_tables_are_remembered_and_an_engine_that_is_down_has_none() -> None:
    engine = Recorder(pa.table({"n": [1]}))
    elsewhere = Elsewhere(engine, 5.0)
    first = elsewhere.tables_now()
    engine.down = True
    assert elsewhere.tables_now() is first
    assert Elsewhere(Recorder(pa.table({"n": [1]}), down=True), 5.0).tables_now() == []


def test_each_statement_runs_where_its_tables_are(shop: dict[str, Table]) -> None:
    engine = Recorder(pa.table({"n": [1]}))
    pool = ChildrenAndEngine(Elsewhere(engine, 5.0), memory_limit_bytes=1 << 30, time_limit=30.0)
    everything = [*shop.values(), *pool.tables_elsewhere()]
    here = pool.run(guard("select count(*) n from birds", everything), principal="a")
    there = pool.run(guard("select count(*) n from items", everything), principal="a")
    assert (here.to_pylist(), there.to_pylist()) == ([{"n": 7}], [{"n": 1}])
    assert len(engine.asked) == 1
    pool.close()
    assert engine.closed
