"""One corpus on DuckDB, on Snowflake's protocol and on Spark Connect: equal answers; and how the engines fail."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import snowflake.connector

from lakebook.engines.addresses import opened
from lakebook.errors import QueryCancelled, QueryFailed, QueryTimedOut, Unavailable
from lakebook.query.children.elsewhere import Elsewhere
from lakebook.query.children.engine import Engine
from lakebook.query.guard.guarded import Guarded, guard
from tests.conformance.rows import COLUMNS, rows_as_query, statements, tables
from tests.services.conftest import Server, free_row, served

CLOSE = 1e-11


@pytest.fixture(scope="module")
def spark(shared: Path) -> Iterator[Server]:
    """Spark with its Connect server, in as few processes as it takes."""
    port = str(free_row(1))
    for server in served(shared, "spark.sh", "SPARK_PORT", "spark/metastore", "spark/warehouse",
                         SPARK_WORKERS="1", SPARK_CONNECT_PORT=port):  # fmt: skip
        server.address = f"sc://127.0.0.1:{port}"
        yield server


@pytest.fixture(scope="module")
def plain() -> duckdb.DuckDBPyConnection:
    """The tables in DuckDB itself."""
    made = duckdb.connect()
    made.execute("CREATE SCHEMA bronze")
    for name in COLUMNS:
        made.execute(f"CREATE TABLE bronze.{name} AS {rows_as_query(name, 'duckdb')}")
    return made


@pytest.fixture(scope="module")
def in_snowflake(snowflake: Server) -> Iterator[Engine]:
    """Snowflake's protocol, with the tables."""
    words = dict(word.split("=") for word in snowflake.address.split()[1:])
    address = (
        f"snowflake://{words['user']}@{words['account']}/DB1/CONFORMANCE?host={words['host']}&port={words['port']}"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
        with snowflake_session(words) as session:
            for name in COLUMNS:
                session.cursor().execute(f"CREATE OR REPLACE TABLE {name} AS {rows_as_query(name, 'snowflake')}")
        engine = opened(f"{address}&protocol={words['protocol']}", words["password"])
        yield engine
        engine.close()


def snowflake_session(words: dict[str, str]) -> Any:
    return snowflake.connector.connect(
        host=words["host"], port=int(words["port"]), protocol=words["protocol"], account=words["account"],
        user=words["user"], password=words["password"], database="DB1", schema="CONFORMANCE",
    )  # fmt: skip


@pytest.fixture(scope="module")
def in_spark(spark: Server) -> Iterator[Engine]:
    """Spark Connect, with the tables as views over their rows, so that no files are read."""
    engine = opened(f"{spark.address}/conformance", "")
    for setting in ("shuffle.partitions=1", "adaptive.enabled=false", "codegen.wholeStage=false"):
        engine.rows(f"SET spark.sql.{setting}", seconds=120)  # for forty rows: less to plan, nothing to compile
    engine.rows("CREATE DATABASE IF NOT EXISTS conformance", seconds=60)
    for name in COLUMNS:
        engine.rows(f"CREATE OR REPLACE VIEW conformance.{name} AS {rows_as_query(name, 'spark')}", seconds=60)
    yield engine
    engine.close()


@pytest.fixture(params=["snowflake", pytest.param("spark", marks=pytest.mark.spark)], scope="module")
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each of the engines."""
    found: Engine = request.getfixturevalue(f"in_{request.param}")
    return found


def plainly(value: object) -> object:
    """Numbers as numbers, times without a zone: how a value is kept is no part of its meaning."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value)
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def equal(left: Sequence[object], right: Sequence[object]) -> bool:
    """Whether two rows say the same; binary fractions may differ in their last digits."""
    for one, other in zip(map(plainly, left), map(plainly, right), strict=True):
        if isinstance(one, float) and isinstance(other, float):
            if not (math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE) or (math.isnan(one) and math.isnan(other))):
                return False
        elif type(one) is not type(other) or one != other:
            return False
    return True


def difference(sql: str, plain: duckdb.DuckDBPyConnection, elsewhere: Elsewhere) -> str | None:
    """What an engine answers otherwise than DuckDB."""
    ours = plain.cursor().execute(guard(sql, tables("duckdb"), row_limit=None).sql).fetchall()
    guarded = guard(sql, tables(elsewhere.dialect), row_limit=None)
    found = elsewhere.run(guarded, principal="tester")
    theirs = list(zip(*(column.to_pylist() for column in found.columns), strict=True))
    if len(ours) != len(theirs):
        return f"{sql}: {len(theirs)} rows, not {len(ours)}"
    return next((f"{sql}: {b}, not {a}" for a, b in zip(ours, theirs, strict=True) if not equal(a, b)), None)


def test_every_engine_gives_the_same_answers(engine: Engine, plain: duckdb.DuckDBPyConnection) -> None:
    elsewhere = Elsewhere(engine, 180.0)
    one_by_one = 1 if engine.dialect == "snowflake" else 4
    with ThreadPoolExecutor(one_by_one) as pool:
        found = pool.map(lambda sql: difference(sql, plain, elsewhere), statements())
    assert [each for each in found if each] == []


def test_the_tables_of_an_engine(engine: Engine) -> None:
    found = {table.name.lower(): table for table in Elsewhere(engine, 60.0).tables()}
    assert set(found) == set(COLUMNS)
    for table in tables(engine.dialect):
        same = found[table.name.lower()]
        assert (same.full_name, same.engine) == (table.full_name, engine.dialect)
        assert [column.name for column in same.columns] == [column.name for column in table.columns]
        kinds = {column.name.lower(): column.data_type for column in same.columns}
        exact = ("VARCHAR", "DECIMAL(12,2)", "DATE", "TIMESTAMP", "DOUBLE", "BOOLEAN")
        assert {name: kind for name, kind in COLUMNS[table.dataset_id] if kind in exact}.items() <= kinds.items()


def test_a_statement_that_the_engine_refuses(engine: Engine) -> None:
    with pytest.raises(QueryFailed) as caught:
        engine.rows("SELECT * FROM nowhere", seconds=30)
    assert "nowhere" not in str(caught.value)


@pytest.mark.spark
def test_spark_stops_where_duckdb_has_no_equal(in_spark: Engine) -> None:
    """Infinity and NULL would both be wrong: a division by zero and the logarithm of nothing are errors."""
    for sql in ("select 1 / (qty - qty) from items", "select log(qty) from items"):
        guarded = guard(sql, tables("spark"))
        with pytest.raises(QueryFailed, match=r"divide by zero|cast invalid input"):
            in_spark.rows(guarded.sql, seconds=60)


def endless() -> Guarded:
    """A statement that takes Spark minutes."""
    joins = ", ".join(f"items i{number}" for number in range(8))
    return guard(f"select sum(i1.qty * i2.qty * i7.qty) from {joins} where i0.id <> i7.id", tables("spark"))


@pytest.mark.spark
def test_spark_is_stopped_in_time(in_spark: Engine) -> None:
    with pytest.raises(QueryTimedOut, match="longer than 1 s"):
        in_spark.rows(endless().sql, seconds=1.0)


@pytest.mark.spark
def test_spark_is_stopped_by_a_cancel(in_spark: Engine) -> None:
    cancel = threading.Event()
    timer = threading.Timer(0.5, cancel.set)
    timer.start()
    with pytest.raises(QueryCancelled):
        in_spark.rows(endless().sql, seconds=60.0, cancel=cancel)
    timer.join()
    assert in_spark.rows("SELECT 1 AS one", seconds=60.0).to_pylist() == [{"one": 1}]


def test_an_engine_that_is_down() -> None:
    down = opened("sc://127.0.0.1:9/conformance", "")
    with pytest.raises(Unavailable, match="cannot be reached"):
        down.tables()
    assert Elsewhere(down, 60.0).tables_now() == []
    down.close()
