"""The real connector against a server that speaks Snowflake's protocol: tables, types, increments, refusals."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
import snowflake.connector

from lakebook.call import Call
from lakebook.errors import InvalidRequest, JobCancelled, NotFound, QueryFailed, Unavailable
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import snowflake as source
from tests.services.conftest import Server
from tests.services.remote import loaded, rows_of
from tests.unit.remains import left_in

_schemas = count()


class Schema:
    """A schema of the test's own."""

    def __init__(self, server: Server) -> None:
        words = dict(word.split("=") for word in server.address.split()[1:])
        name = f"S{next(_schemas)}"
        self.address = (
            f"snowflake://{words['user']}@{words['account']}/DB1/{name}"
            f"?host={words['host']}&port={words['port']}&protocol={words['protocol']}"
        )
        self.connection = snowflake.connector.connect(
            host=words["host"], port=int(words["port"]), protocol=words["protocol"], account=words["account"],
            user=words["user"], password=words["password"], database="DB1", schema=name,
        )  # fmt: skip

    def run(self, *statements: str) -> None:
        """Run each statement."""
        for statement in statements:
            self.connection.cursor().execute(statement)


@pytest.fixture
def schema(snowflake: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Schema]:
    monkeypatch.setenv("LB_SNOW", "p")
    # The connector asks metadata addresses from native code, where the tests' guard does not see it.
    monkeypatch.setenv("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
    made = Schema(snowflake)
    made.run(
        "CREATE TABLE customers (id INT PRIMARY KEY, name TEXT)",
        "INSERT INTO customers VALUES (1, 'Ann'), (2, 'Bo')",
        "CREATE TABLE orders (id INT PRIMARY KEY, total NUMBER(10, 2), share FLOAT, paid BOOLEAN, day DATE, "
        "made TIMESTAMP_NTZ, doc VARIANT)",
        "INSERT INTO orders SELECT 1, 12.34, 0.5, TRUE, '2024-02-29', '2024-02-29 10:00:00', PARSE_JSON('{\"a\": 1}')",
        # The stand-in cannot send a time that is null.
        "INSERT INTO orders (id, total, made) VALUES (2, 99, '2024-03-01')",
    )
    yield made
    made.connection.close()


def load(call: Call, schema: Schema, **request: Any) -> Any:
    return loaded(call, schema.address, credentials="env:LB_SNOW", **request)


def test_every_table_comes_typed_under_its_own_name(call: Call, schema: Schema) -> None:
    done = load(call, schema)
    assert (done.name, done.rows, [(one.name, one.rows, one.error) for one in done.tables]) == (
        "CUSTOMERS", 2, [("ORDERS", 2, None)],
    )  # fmt: skip
    one, two = rows_of(call, "ORDERS")
    assert (one["ID"], one["TOTAL"], one["SHARE"], one["PAID"], one["DAY"]) == (
        1, Decimal("12.34"), 0.5, True, date(2024, 2, 29),
    )  # fmt: skip
    assert str(one["MADE"]) == "2024-02-29 10:00:00"
    assert "".join(one["DOC"].split()) == '{"a":1}'
    assert (two["TOTAL"], two["SHARE"], two["DAY"]) == (Decimal(99), None, None)
    assert left_in(call.runtime) == []


def test_a_query_and_an_increment(call: Call, schema: Schema) -> None:
    assert load(call, schema, query="SELECT id, total FROM orders WHERE total > 50", name="big").rows == 1
    asked: dict[str, Any] = {"tables": ["ORDERS"], "name": "orders", "watermark": "ID"}
    assert load(call, schema, **asked).rows == 2
    schema.run(
        "INSERT INTO orders (id, total, made) VALUES (3, 5, '2024-03-02')", "UPDATE orders SET total = 1 WHERE id = 2"
    )
    assert load(call, schema, **asked).changes == {"inserted": 1, "updated": 1, "deleted": 0, "unchanged": 1}
    assert sorted((row["ID"], row["TOTAL"]) for row in rows_of(call, "orders")) == [
        (1, Decimal("12.34")), (2, Decimal(1)), (3, Decimal(5)),
    ]  # fmt: skip


def test_an_empty_table_keeps_its_columns(call: Call, schema: Schema) -> None:
    schema.run("CREATE TABLE nothing (n INT, said TEXT)")
    done = load(call, schema, tables=["NOTHING"], name="nothing")
    assert (done.rows, done.columns) == (0, 2)


def test_what_is_not_there_is_said(call: Call, schema: Schema) -> None:
    with pytest.raises(NotFound, match="'ORDER'"):
        load(call, schema, tables=["ORDER"])
    with pytest.raises(QueryFailed, match="not there"):
        load(call, schema, query="SELECT * FROM nowhere")


def test_the_address_needs_a_password_by_reference(call: Call, schema: Schema) -> None:
    with pytest.raises(InvalidRequest, match="asks for a password"):
        loaded(call, schema.address)
    with pytest.raises(InvalidRequest, match="names no user"):
        loaded(call, "snowflake://account/db/schema", credentials="env:LB_SNOW")


def test_a_service_that_is_not_there_is_said(call: Call, schema: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakebook.snowflake_session.LOGIN_SECONDS", 2)
    address = schema.address.partition("?")[0] + "?host=127.0.0.1&port=1&protocol=http"
    with pytest.raises(Unavailable, match="cannot be reached"):
        loaded(call, address, credentials="env:LB_SNOW")
    call.is_cancelled = lambda: True
    with pytest.raises(JobCancelled):
        loaded(call, address, credentials="env:LB_SNOW", name="again")


def test_the_connector_does_not_ask_where_it_runs(call: Call, schema: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SNOWFLAKE_DISABLE_PLATFORM_DETECTION")
    asked: list[str | None] = []

    def connect(**_said: Any) -> Any:
        asked.append(os.environ.get("SNOWFLAKE_DISABLE_PLATFORM_DETECTION"))
        return schema.connection

    monkeypatch.setattr("snowflake.connector.connect", connect)
    assert load(call, schema, tables=["CUSTOMERS"], name="asked").rows == 2
    assert asked == ["true"]


def test_numbers_stay_exact_whatever_their_size(call: Call, schema: Schema) -> None:
    schema.run(
        "CREATE TABLE sizes (small INT, big NUMBER(38, 0), fine NUMBER(38, 9))",
        f"INSERT INTO sizes VALUES (1, {2**63 - 1}, 12345678901234567890123456789.000000001), (NULL, 1, NULL)",
    )
    load(call, schema, tables=["SIZES"], name="sizes")
    assert rows_of(call, "sizes") == [
        {"SMALL": 1, "BIG": 2**63 - 1, "FINE": Decimal("12345678901234567890123456789.000000001")},
        {"SMALL": None, "BIG": 1, "FINE": None},
    ]


def test_keys_come_along(call: Call, schema: Schema) -> None:
    asked = IngestRequest(source=schema.address, credentials="env:LB_SNOW")
    with source.connected(call, asked) as opened:
        assert opened.tables() == ["CUSTOMERS", "ORDERS"]
        assert opened.keys("ORDERS") == (["ID"], [])
