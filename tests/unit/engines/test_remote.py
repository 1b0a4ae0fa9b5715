"""Engines elsewhere without any: addresses, time limits, cancels, types, what is told to a service, who is down."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from lakebook.engines import snowflake, spark
from lakebook.engines.addresses import opened
from lakebook.engines.remote import address_of, in_time
from lakebook.errors import Forbidden, InvalidRequest, QueryCancelled, QueryFailed, QueryTimedOut, Unavailable
from lakebook.ingest.sources import database
from lakebook.ingest.sources import snowflake as source
from lakebook.snowflake_session import SAID


def test_an_address_in_its_parts() -> None:
    found = address_of("snowflake://ann@acme/DB/S%20one?role=reader&port=1", SAID)
    assert (found.scheme, found.user, found.host, found.path) == ("snowflake", "ann", "acme", ("DB", "S one"))
    assert found.said == {"role": "reader", "port": "1"}


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("snowflake://ann:secret@acme/DB/S", "password in clear"),
        ("snowflake://ann@acme/DB/S?token=secret", "says token"),
        ("snowflake:///DB/S", "names no host"),
        ("snowflake://ann@acme:many/DB/S", "cannot be read"),
        ("snowflake://acme/DB/S", "names no user"),
        ("snowflake://ann@acme/DB", "names no user, database or schema"),
        ("oracle://x", "no engine for oracle"),
    ],
)
def test_an_address_that_cannot_be_used(address: str, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message) as caught:
        opened(address, "")
    assert "secret" not in str(caught.value)


def test_work_that_ends_in_time() -> None:
    assert in_time(lambda: 7, seconds=5.0, cancel=threading.Event(), stop=lambda: None) == 7
    with pytest.raises(QueryFailed, match="its own"):
        in_time(fails, seconds=5.0, cancel=None, stop=lambda: None)


def fails() -> int:
    raise QueryFailed("its own fault")


@pytest.mark.parametrize("way", ["time", "cancel"])
def test_work_that_is_stopped(way: str) -> None:
    stopped, released = threading.Event(), threading.Event()
    cancel = threading.Event()
    if way == "cancel":
        cancel.set()
    started = time.monotonic()
    with pytest.raises(QueryTimedOut if way == "time" else QueryCancelled):
        in_time(lambda: released.wait(20), seconds=0.2 if way == "time" else 20, cancel=cancel, stop=stopped.set)
    assert time.monotonic() - started < 5
    assert stopped.wait(5)
    released.set()


@pytest.mark.parametrize(
    ("kind", "precision", "scale", "expected"),
    [
        ("NUMBER", 38, 0, "HUGEINT"), ("NUMBER", 18, 0, "BIGINT"), ("NUMBER", 12, 2, "DECIMAL(12,2)"),
        ("NUMBER", None, None, "HUGEINT"), ("TEXT", None, None, "VARCHAR"), ("FLOAT", None, None, "DOUBLE"),
        ("TIMESTAMP_NTZ", None, None, "TIMESTAMP"), ("VARIANT", None, None, "VARCHAR"),
    ],
)  # fmt: skip
def test_types_of_snowflake(kind: str, precision: int | None, scale: int | None, expected: str) -> None:
    assert snowflake.type_of(kind, precision, scale) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("bigint", "BIGINT"), ("decimal(12,2)", "DECIMAL(12,2)"), ("string", "VARCHAR"), ("timestamp", "TIMESTAMPTZ"),
        ("timestamp_ntz", "TIMESTAMP"), ("array<int>", "VARCHAR"), ("double", "DOUBLE"),
    ],
)  # fmt: skip
def test_types_of_spark(kind: str, expected: str) -> None:
    assert spark.type_of(kind) == expected


def test_what_snowflake_is_told() -> None:
    address = address_of("snowflake://ann@acme/DB/S?host=127.0.0.1&port=443&protocol=http&role=r", SAID)
    told = snowflake.said(address, "s3cret")
    assert told["session_parameters"] == snowflake.SESSION
    assert (told["account"], told["user"], told["database"], told["schema"]) == ("acme", "ann", "DB", "S")
    assert (told["port"], told["role"], told["password"]) == (443, "r", "s3cret")
    odd = address_of("snowflake://ann@acme/DB/S?port=many", SAID)
    assert snowflake.said(odd, "")["port"] == 443


class Refusal(Exception):
    """What the connector raises."""

    def __init__(self, errno: int, text: str) -> None:
        super().__init__(text)
        self.errno = errno


@pytest.mark.parametrize(
    ("errno", "text", "kind"),
    [
        (390100, "Failed to login: the user name was not found", Forbidden),
        (250001, "Failed to login: Incorrect username or password was specified.", Forbidden),
        (250001, "Failed to login: JWT token is invalid. Authentication failed.", Forbidden),
        (250001, "Could not connect to Snowflake backend", Unavailable),
        (250001, "Failed to login: HTTP request failed after retries: Connection refused (os error 111)", Unavailable),
        (250001, "Failed to login: HTTP request failed after retries: Name or service not known", Unavailable),
        (14, "Failed to login: login timed out after 30s", Unavailable),
    ],
)
def test_why_snowflake_gives_no_session(errno: int, text: str, kind: type[Exception]) -> None:
    address = address_of("snowflake://ann@acme/DB/S", SAID)
    assert isinstance(snowflake.refused(Refusal(errno, text), address), kind)
    assert isinstance(source.refused(Refusal(errno, text), database.address_of("snowflake://ann@acme/DB/S")), kind)


def test_snowflake_that_is_down() -> None:
    down = opened("snowflake://ann@acme/DB/S?host=127.0.0.1&port=9&protocol=http", "p")
    assert down.dialect == "snowflake"
    down.close()


def test_spark_that_is_down() -> None:
    down = opened("sc://127.0.0.1:9/shop", "")
    with pytest.raises(Unavailable, match="cannot be reached"):
        down.tables()
    down.close()


def test_spark_from_a_process_without_a_main_file() -> None:
    asked = """
import sys
from lakebook.engines.addresses import opened
from lakebook.errors import Unavailable
try:
    opened("sc://127.0.0.1:9/shop", "").tables()
except Unavailable as error:
    print(error, hasattr(sys.modules["__main__"], "__file__"))
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "Spark on 127.0.0.1 cannot be reached. Start it, then ask again. False\n"
