"""Snowflake without a server: addresses at the door, refusals before any read, types by their description."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest
from snowflake import connector

from lakebook.call import Call
from lakebook.errors import (
    Forbidden,
    InvalidRequest,
    JobCancelled,
    LakebookError,
    MissingExtra,
    QueryFailed,
    Unavailable,
)
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import snowflake as source
from lakebook.ingest.sources.gather import remote_module
from lakebook.snowflake_session import REFUSALS
from lakebook.sql_text import quoted

ADDRESS = "snowflake://ann@account/db/schema?warehouse=w"


def request(address: str = ADDRESS, **words: Any) -> IngestRequest:
    return IngestRequest(**{"source": address, "credentials": "env:LB_SNOW", **words})


@dataclass(frozen=True)
class Described:
    """A column as the connector describes it."""

    name: str
    type_code: int
    precision: int = 38
    scale: int = 0


class Session:
    """A connection that answers nothing and counts what is asked of it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.closed = False
        self.error = error

    def cursor(self, *_kind: Any) -> Session:
        return self

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to close."""

    def execute(self, statement: str, _parameters: Any = None) -> None:
        self.asked.append(statement)
        if self.error is not None:
            raise self.error

    def fetchall(self) -> list[Any]:
        return []

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LB_SNOW", "hunter2")


def test_its_scheme_leads_to_it() -> None:
    assert remote_module("snowflake") is source


@pytest.mark.parametrize(
    ("address", "words", "said"),
    [
        ("snowflake://account/db/schema", {}, "names no user"),
        ("snowflake://ann@account/db", {}, "names no user"),
        ("snowflake://ann@/db/schema", {}, "names no user"),
        ("snowflake://ann:hunter2@account/db/schema", {}, "password in clear"),
        ("snowflake://ann@account/db/schema?token=hunter2", {}, "in clear"),
        ("snowflake://ann@account/db/schema?autocommit=1", {}, "'autocommit'"),
        (ADDRESS, {"credentials": None}, "asks for a password"),
        (ADDRESS, {"credentials": "hunter2"}, "no reference"),
        (ADDRESS, {"query": "DROP TABLE t"}, "not one SELECT"),
        (ADDRESS, {"query": "SELECT 1", "tables": ["t"]}, "at once"),
    ],
    ids=["user", "schema", "account", "password", "token", "word", "none", "secret", "drop", "both"],
)
def test_an_address_is_checked_at_the_door(call: Call, address: str, words: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRequest, match=said) as refused:
        source.prepare(call, request(address, **words))
    assert "hunter2" not in str(refused.value)


def test_what_is_read_is_called_as_its_schema(call: Call) -> None:
    assert source.prepare(call, request()) == "schema"


@pytest.mark.parametrize("number", sorted(REFUSALS))
def test_bad_credentials_read_nothing(call: Call, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    session = Session()

    def connect(**_said: Any) -> Session:
        raise connector.errors.DatabaseError(msg="Incorrect username or password", errno=number)

    monkeypatch.setattr(connector, "connect", connect)
    with pytest.raises(Forbidden, match="nothing was read") as refused:
        list(source.tables(call, request(), {"layer": "bronze"}))
    assert session.asked == []
    assert "hunter2" not in str(refused.value)


def test_a_secret_that_is_not_there_reads_nothing(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[Any] = []
    monkeypatch.setattr(connector, "connect", lambda **said: reached.append(said))
    monkeypatch.delenv("LB_SNOW")
    with pytest.raises(InvalidRequest, match="LB_SNOW is not set"):
        list(source.tables(call, request(), {"layer": "bronze"}))
    assert reached == []


def test_an_account_that_is_not_there_is_unavailable(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(**_said: Any) -> Session:
        raise connector.errors.OperationalError(msg="no such host", errno=290404)

    monkeypatch.setattr(connector, "connect", connect)
    with pytest.raises(Unavailable, match="account cannot be reached"):
        list(source.tables(call, request(), {"layer": "bronze"}))


def test_without_the_extra_its_name_is_said(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakebook.snowflake_session.find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match="lakebook\\[snowflake\\]"):
        list(source.tables(call, request(), {"layer": "bronze"}))


def test_what_is_asked_for_is_what_was_said(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    said: dict[str, Any] = {}
    session = Session()
    monkeypatch.setattr(connector, "connect", lambda **given: said.update(given) or session)
    with source.connected(call, request(ADDRESS + "&role=reader&port=8443")):
        pass
    assert session.closed
    expected = {"account": "account", "user": "ann", "password": "hunter2", "database": "db", "schema": "schema",
                "warehouse": "w", "role": "reader"}  # fmt: skip
    assert {name: said[name] for name in expected} == expected
    assert said["port"] == 8443
    assert said["session_parameters"]["STATEMENT_TIMEOUT_IN_SECONDS"] == 3600


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (connector.errors.ProgrammingError(msg="gone", errno=2003), QueryFailed),
        (connector.errors.ProgrammingError(msg="late", errno=630), QueryFailed),
        (connector.errors.OperationalError(msg="net", errno=250003), Unavailable),
    ],
    ids=["missing", "late", "broken-off"],
)
def test_faults_are_ours(call: Call, error: Exception, kind: type[LakebookError]) -> None:
    opened = source.Snowflake(call, connector, Session(error))
    with pytest.raises(kind):
        opened.tables()


def test_a_cancel_leaves_a_statement_within_a_second(call: Call) -> None:
    stopped = threading.Event()
    call.is_cancelled = lambda: True
    opened = source.Snowflake(call, connector, Waiting(stopped))
    began = time.monotonic()
    with pytest.raises(JobCancelled):
        opened.tables()
    assert time.monotonic() - began < 1
    stopped.set()


class Waiting(Session):
    """A session whose statements end when they are told to."""

    def __init__(self, stopped: threading.Event) -> None:
        super().__init__()
        self.stopped = stopped

    def execute(self, statement: str, _parameters: Any = None) -> None:
        super().execute(statement)
        self.stopped.wait(20)


@pytest.mark.parametrize(
    ("described", "highest", "kind"),
    [
        (Described("n", 0, 10), 0, pa.int64()),
        (Described("n", 0, 38), 2**63 - 1, pa.int64()),
        (Described("n", 0, 38), 2**63, pa.decimal128(38, 0)),
        (Described("n", 0, 10, 2), 0, pa.decimal128(10, 2)),
        (Described("x", 1), 0, pa.float64()),
        (Described("s", 2), 0, pa.string()),
        (Described("d", 3), 0, pa.date32()),
        (Described("v", 5), 0, pa.string()),
        (Described("z", 7), 0, pa.timestamp("us", tz="UTC")),
        (Described("t", 8), 0, pa.timestamp("us")),
        (Described("b", 11), 0, pa.binary()),
        (Described("c", 12), 0, pa.string()),
        (Described("f", 13), 0, pa.bool_()),
    ],
    ids=["whole", "fits", "too-large", "money", "real", "text", "day", "variant", "instant", "naive", "bytes", "clock",
         "truth"],
)  # fmt: skip
def test_types_are_those_described(described: Described, highest: int, kind: pa.DataType) -> None:
    assert source.type_of(described, highest) == kind


def test_times_that_are_too_fine_are_cut_and_said(call: Call) -> None:
    opened = source.Snowflake(call, connector, Session())
    fine = pa.table({"t": pa.array([1_000_001, 2_000_000, None], pa.timestamp("ns")), "n": pa.array([1, 2, 3])})
    schema = pa.schema([("t", pa.timestamp("us")), ("n", pa.int64())])
    made = opened.in_types(fine, schema)
    assert [value and value.microsecond for value in made.column("t").to_pylist()] == [1000, 2000, None]
    assert opened.notes.counts == {"finer_time": 1}
    with pytest.raises(pa.ArrowInvalid):
        opened.in_types(fine.set_column(1, "n", pa.array(["x", "y", "z"])), schema)


def test_names_are_quoted() -> None:
    assert source.named('sales.or"ders') == '"sales"."or""ders"'
    assert source.named("orders") == quoted("orders")
