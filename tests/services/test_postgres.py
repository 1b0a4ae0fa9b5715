"""A real PostgreSQL: every table typed, one moment, increments, comparisons, refusals and cancels."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from lakebook.call import Call
from lakebook.errors import Forbidden, InvalidRequest, JobCancelled, NameTaken, NotFound, QueryFailed, Unavailable
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources.database import Selection
from lakebook.ingest.sources.material import Reference
from lakebook.ingest.sources.postgres import connected
from tests.services.conftest import Server
from tests.services.remote import loaded, rows_of
from tests.unit.remains import left_in

TYPES = """
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE kinds (
  id bigint PRIMARY KEY, small smallint, yes boolean, exact numeric(12, 4), open_digits numeric, wide numeric,
  double double precision, said text, fixed char(4), day date, naive timestamp, instant timestamptz, raw bytea,
  doc jsonb, list int[], feeling mood, one uuid, at time, cash money);
INSERT INTO kinds VALUES
  (1, 7, true, 12.3450, 1.5, 12345678901234567890123456789012345678901234567890, 0.1, 'Zoë', 'ab', '2024-02-29',
   '2024-02-29 10:00:00.123456', '2024-02-29 12:00:00+02', '\\x00ff', '{"a": [1, null]}', '{{1,2},{3,4}}', 'sad',
   '00000000-0000-0000-0000-000000000001', '10:30', '12.34'),
  (2, NULL, false, 'NaN', 'NaN', 1, 'NaN', '', NULL, 'infinity', '-infinity', 'infinity', NULL, NULL, NULL, NULL,
   NULL, NULL, NULL),
  (3, NULL, NULL, NULL, 0.001, NULL, NULL, NULL, NULL, '0044-03-15 BC', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL);
"""
SHOP = """
CREATE TABLE customers (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int, line int, customer int REFERENCES customers, total numeric(10, 2), changed timestamptz,
  PRIMARY KEY (id, line));
INSERT INTO customers VALUES (1, 'Ann'), (2, 'Bo');
INSERT INTO orders SELECT n, 1, 1 + n % 2, n * 1.25, '2024-01-01 00:00Z'::timestamptz + n * interval '1 minute'
  FROM generate_series(1, 1000) n;
"""


@pytest.fixture
def database(postgres: Server) -> Iterator[psycopg.Connection[Any]]:
    """A fresh database of the test's own; its address is `address(database)`."""
    name = f"db{time.monotonic_ns()}"
    with psycopg.connect(postgres.address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
    with psycopg.connect(postgres.address, dbname=name, autocommit=True) as made:
        yield made


def address(database: psycopg.Connection[Any], user: str = "postgres") -> str:
    about = database.info
    return f"postgresql://{user}@{about.host}:{about.port}/{about.dbname}"


def run(database: psycopg.Connection[Any], statements: str) -> None:
    database.execute(statements.encode())


def test_every_table_comes_under_its_own_name_with_its_keys(call: Call, database: psycopg.Connection[Any]) -> None:
    run(database, SHOP)
    done = loaded(call, address(database))
    assert (done.name, done.rows, [(one.name, one.rows, one.error) for one in done.tables]) == (
        "customers", 2, [("orders", 1000, None)],
    )  # fmt: skip
    first = rows_of(call, "orders")[0]
    assert (first["id"], first["customer"], first["total"]) == (1, 2, Decimal("1.25"))
    assert left_in(call.runtime) == []
    with connected(call, IngestRequest(source=address(database))) as opened:
        assert opened.keys("orders") == (["id", "line"], [Reference(("customer",), "customers", ("id",))])
    (edge,) = call.runtime.catalog.lineage(done.dataset_id)
    assert (edge["source_kind"], edge["source"]) == ("database", f"{address(database)}/customers")


def test_every_type_keeps_its_values(call: Call, database: psycopg.Connection[Any]) -> None:
    run(database, TYPES)
    done = loaded(call, address(database), tables=["kinds"], name="kinds")
    one, two, three = rows_of(call, "kinds")
    shown = {name: str(value) for name, value in one.items()}
    assert shown["exact"] == "12.3450"
    assert shown["open_digits"] == "1.500"
    assert shown["wide"] == "12345678901234567890123456789012345678901234567890"
    assert (one["small"], one["yes"], one["double"], one["said"], one["cash"]) == (
        7,
        True,
        0.1,
        "Zoë",
        Decimal("12.34"),
    )
    assert shown["instant"].startswith("2024-02-29 10:00:00")
    assert shown["naive"] == "2024-02-29 10:00:00.123456"
    assert (shown["day"], one["feeling"], one["list"]) == ("2024-02-29", "sad", "[[1,2],[3,4]]")
    assert (one["doc"], one["one"], one["at"]) == (
        '{"a": [1, null]}', "00000000-0000-0000-0000-000000000001", "10:30:00",
    )  # fmt: skip
    assert (two["exact"], two["open_digits"], two["day"], two["naive"], two["instant"]) == (None,) * 5
    assert (two["said"], two["yes"], three["day"]) == ("", False, None)
    assert done.deviation_counts["out_of_range"] == 6
    assert {item.column for item in done.deviations if item.raw == "NaN"} == {"exact", "open_digits"}


def test_a_query_becomes_one_table(call: Call, database: psycopg.Connection[Any]) -> None:
    run(database, SHOP)
    query = "SELECT customer, sum(total) AS spent FROM orders GROUP BY 1 ORDER BY 1"
    done = loaded(call, address(database), query=query, name="spent")
    assert (done.name, done.tables) == ("spent", [])
    expected = database.execute("SELECT customer, sum(total) FROM orders GROUP BY 1 ORDER BY 1").fetchall()
    assert [tuple(row.values()) for row in rows_of(call, "spent")] == expected


@pytest.mark.parametrize(
    "query",
    ["DELETE FROM orders", "SELECT 1; DROP TABLE orders", "SELECT 1) AS q; DROP TABLE orders; --", "nonsense ("],
)
def test_what_is_not_one_select_is_refused_at_the_door(
    call: Call, database: psycopg.Connection[Any], query: str
) -> None:
    with pytest.raises(InvalidRequest, match="not one SELECT"):
        loaded(call, address(database), query=query)
    assert call.runtime.jobs.claim("the test") is None


def test_a_select_that_writes_is_stopped_by_the_database(call: Call, database: psycopg.Connection[Any]) -> None:
    run(database, "CREATE TABLE kept AS SELECT 1 AS n; CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS "
        "'DELETE FROM kept; SELECT 1'")  # fmt: skip
    with pytest.raises(QueryFailed, match="read-only transaction"):
        loaded(call, address(database), query="SELECT wipe()")
    assert database.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_a_watermark_reads_only_what_is_new(call: Call, database: psycopg.Connection[Any]) -> None:
    run(database, SHOP + "CREATE TABLE log (n int, said text); INSERT INTO log VALUES (1, 'a'), (2, 'b')")
    asked: dict[str, Any] = {"tables": ["log"], "name": "log", "watermark": "n"}
    assert loaded(call, address(database), **asked).rows == 2
    run(database, "INSERT INTO log VALUES (2, 'late twin'), (3, 'c'), (4, 'd')")
    assert loaded(call, address(database), **asked).rows == 4
    assert [row["said"] for row in rows_of(call, "log")] == ["a", "b", "c", "d"]
    assert loaded(call, address(database), **asked).rows == 4
    run(database, "INSERT INTO log VALUES (9, 'e')")
    assert [row["n"] for row in rows_of(call, loaded(call, address(database), **asked).name)] == [1, 2, 3, 4, 9]


def test_a_watermark_with_a_key_sees_ties_and_changes(call: Call, database: psycopg.Connection[Any]) -> None:
    run(database, SHOP)
    asked: dict[str, Any] = {"tables": ["orders"], "name": "orders", "watermark": "changed"}
    loaded(call, address(database), **asked)
    run(database, "INSERT INTO orders SELECT 2000, 1, 1, 5, max(changed) FROM orders")
    run(database, "UPDATE orders SET total = 7, changed = '2030-01-01Z' WHERE id = 3")
    done = loaded(call, address(database), **asked)
    assert done.changes == {"inserted": 1, "updated": 1, "deleted": 0, "unchanged": 999}
    found = {row["id"]: row["total"] for row in rows_of(call, "orders")}
    assert (len(found), found[3], found[2000]) == (1001, Decimal(7), Decimal(5))
    with pytest.raises(NameTaken, match="not read by the watermark 'total'"):
        loaded(call, address(database), **(asked | {"watermark": "total"}))


def test_a_key_alone_finds_what_was_deleted_too(call: Call, database: psycopg.Connection[Any]) -> None:
    run(database, SHOP)
    asked: dict[str, Any] = {"tables": ["orders"], "name": "orders", "key": ["id", "line"]}
    assert loaded(call, address(database), **asked).changes is None
    run(database, "DELETE FROM orders WHERE id <= 10; UPDATE orders SET total = 0 WHERE id = 20;"
        "INSERT INTO orders VALUES (5000, 1, 2, 1, NULL)")  # fmt: skip
    done = loaded(call, address(database), **asked)
    assert done.changes == {"inserted": 1, "updated": 1, "deleted": 10, "unchanged": 989}
    there = database.execute("SELECT id, line, customer, total, changed FROM orders ORDER BY 1, 2").fetchall()
    assert sorted(tuple(row.values()) for row in rows_of(call, "orders"))[:990] == there[:990]
    assert left_in(call.runtime) == []
    with pytest.raises(InvalidRequest, match="stands more than once"):
        loaded(call, address(database), **(asked | {"key": ["customer"]}))


def test_one_table_that_may_not_be_read_leaves_the_others(call: Call, database: psycopg.Connection[Any]) -> None:
    run(database, SHOP + "CREATE ROLE half LOGIN; GRANT SELECT ON customers TO half")
    try:
        done = loaded(call, address(database, "half"))
        assert (done.name, done.rows) == ("customers", 2)
        (failed,) = done.tables
        assert (failed.name, (failed.error or {})["code"]) == ("orders", "forbidden")
    finally:
        run(database, "DROP OWNED BY half; DROP ROLE half")


def test_bad_credentials_and_addresses_read_nothing(
    call: Call, database: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(database, SHOP)
    monkeypatch.setenv("LB_SECRET", "hunter2")
    with pytest.raises(Forbidden, match="does not accept the credentials"):
        loaded(call, address(database, "nobody_here"), credentials="env:LB_SECRET")
    with pytest.raises(InvalidRequest, match="has no database 'elsewhere'"):
        loaded(call, address(database).rsplit("/", 1)[0] + "/elsewhere")
    with pytest.raises(Unavailable, match="cannot be reached"):
        loaded(call, "postgresql://postgres@127.0.0.1:1/postgres")
    with pytest.raises(NotFound, match="'order'"):
        loaded(call, address(database), tables=["order"])
    assert call.runtime.catalog.datasets() == []


def test_a_cancel_stops_a_long_statement_within_a_second(call: Call, database: psycopg.Connection[Any]) -> None:
    stopped = threading.Event()
    call.is_cancelled = stopped.is_set
    timer = threading.Timer(1.0, stopped.set)
    timer.start()
    began = time.monotonic()
    with pytest.raises(JobCancelled):
        loaded(call, address(database), query="SELECT pg_sleep(30)")
    assert 0.9 < time.monotonic() - began < 3
    assert left_in(call.runtime) == []


def test_a_long_table_comes_in_batches_of_one_moment(call: Call, database: psycopg.Connection[Any]) -> None:
    run(database, "CREATE TABLE a (n int, said text); INSERT INTO a SELECT n, repeat('x', n % 50) FROM "
        "generate_series(1, 100000) n; CREATE TABLE b AS SELECT 1 AS n")  # fmt: skip
    with connected(call, IngestRequest(source=address(database))) as opened:
        first = opened.batches(Selection("a"))
        sizes = [next(first).num_rows, next(first).num_rows]
        run(database, "INSERT INTO a VALUES (0, 'late'); INSERT INTO b VALUES (2)")
        sizes += [batch.num_rows for batch in first]
        assert sum(batch.num_rows for batch in opened.batches(Selection("b"))) == 1
    assert (sizes[0], sum(sizes)) == (0, 100_000)
    assert len(sizes) > 3
