"""Spark as an engine, over Spark Connect: `sc://host:15002/schema`."""

from __future__ import annotations

import atexit
import logging
import re
import sys
import threading
import uuid
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from lakebook.engines.remote import address_of, in_time
from lakebook.errors import Forbidden, MissingExtra, QueryFailed, Unavailable
from lakebook.query.children.engine import RemoteTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

SAID = frozenset({"use_ssl", "user_id"})
PORT = 15002
OPEN_SECONDS = 30.0
CATALOGUE_SECONDS = 60.0
# Errors instead of NULL where a value does not fit, and times without a zone: what DuckDB does.
SESSION = {"spark.sql.ansi.enabled": "true", "spark.sql.session.timeZone": "UTC",
           "spark.sql.timestampType": "TIMESTAMP_NTZ"}  # fmt: skip
TYPES = {"tinyint": "TINYINT", "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT", "float": "FLOAT",
         "double": "DOUBLE", "string": "VARCHAR", "date": "DATE", "boolean": "BOOLEAN", "binary": "BLOB",
         "timestamp": "TIMESTAMPTZ", "timestamp_ntz": "TIMESTAMP"}  # fmt: skip
_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
_SCHEMA = re.compile(r"\w+")
# How gRPC says that nobody answers, or that the token is not accepted.
_DOWN = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "failed to connect", "Connection refused")
_NOT_LET_IN = ("UNAUTHENTICATED", "PERMISSION_DENIED", "INSUFFICIENT_PERMISSIONS")


class SparkEngine:
    """One session, opened when first used."""

    dialect = "spark"

    def __init__(self, address: str, secret: str = "") -> None:
        self._address = address_of(address, SAID)
        path = self._address.path
        self._schema = path[0] if len(path) == 1 and _SCHEMA.fullmatch(path[0]) else "default"
        self._secret = secret
        self._lock = threading.Lock()
        self._session: Any = None

    def tables(self) -> list[RemoteTable]:
        """The schema's tables."""
        found = self._arrow(f"SHOW TABLES IN `{self._schema}`", CATALOGUE_SECONDS, None).to_pylist()
        names = [row["tableName"] for row in found if not row["isTemporary"]]
        return [self._described(name) for name in names]

    def rows(self, sql: str, *, seconds: float, cancel: threading.Event | None = None) -> pa.Table:
        """The statement's rows; Spark stops it after the seconds, and at a cancel."""
        return self._arrow(sql, seconds, cancel)

    def close(self) -> None:
        """End the session."""
        with self._lock:
            session, self._session = self._session, None
        atexit.unregister(self.close)
        if session is not None:
            with suppress(Exception):  # whatever a server that is gone says at the end
                session.stop()

    def _described(self, name: str) -> RemoteTable:
        quoted = name.replace("`", "``")
        described = self._arrow(f"DESCRIBE TABLE `{self._schema}`.`{quoted}`", CATALOGUE_SECONDS, None).to_pylist()
        columns = []
        for row in described:
            if not row["col_name"] or row["col_name"].startswith("#"):
                break  # what follows tells of partitions
            columns.append((row["col_name"], type_of(row["data_type"])))
        return RemoteTable(self._schema, name, tuple(columns))

    def _arrow(self, sql: str, seconds: float, cancel: threading.Event | None) -> pa.Table:
        session = self._open(cancel)
        tag = f"lakebook-{uuid.uuid4().hex}"

        def work() -> pa.Table:
            session.addTag(tag)  # tags belong to the thread that sets them
            with _ours(self._address.host):
                found: pa.Table = session.sql(sql).toArrow()
                return found

        def stop() -> None:
            with suppress(Exception):  # whatever a server that is gone says to a stop
                session.interruptTag(tag)

        return in_time(work, seconds=seconds, cancel=cancel, stop=stop)

    def _open(self, cancel: threading.Event | None) -> Any:
        if find_spec("pyspark") is None or find_spec("grpc") is None:
            raise MissingExtra.named("pyspark-client", "spark")
        with self._lock:
            if self._session is None or self._session.is_stopped:
                atexit.register(self.close)  # a session that is left open would hang the interpreter's end
                self._session = in_time(self._connected, seconds=OPEN_SECONDS, cancel=cancel, stop=lambda: None)
            return self._session

    def _connected(self) -> Any:
        with _main_has_a_file():
            connect = import_module("pyspark.sql.connect.session")
        retries = import_module("pyspark.sql.connect.client.retries")
        said = "".join(f";{name}={value}" for name, value in self._address.said.items())
        token = f";token={self._secret}" if self._secret else ""
        address = f"sc://{self._address.host}:{self._address.port or PORT}/{said}{token}"
        with _ours(self._address.host):
            # It would write every fault to stderr, with the statement and its values.
            logging.getLogger("SQLQueryContextLogger").disabled = True
            session = connect.SparkSession(address)
            try:
                session.client.set_retry_policies([retries.DefaultPolicy(max_retries=2, max_backoff=500)])
                for name, value in SESSION.items():
                    session.conf.set(name, value)
            except BaseException:
                session.client.close()  # left to the interpreter's end, its channel could hang there
                raise
        return session


@contextmanager
def _main_has_a_file() -> Iterator[None]:
    """Inside, `python -c` is not taken for a run of doctests, in which importing the client ends the process."""
    main = sys.modules["__main__"]
    bare = main.__spec__ is None and not hasattr(main, "__file__") and not hasattr(sys, "ps1")
    if bare:
        main.__file__ = __file__
    try:
        yield
    finally:
        if bare:
            del main.__file__


@contextmanager
def _ours(host: str) -> Iterator[None]:
    """Inside, Spark's faults are ours."""
    faults = import_module("pyspark.errors")
    grpc = import_module("grpc")
    try:
        yield
    except (faults.PySparkException, grpc.RpcError) as error:
        text = str(error)
        if any(word in text for word in _NOT_LET_IN):
            raise Forbidden(f"{host} does not accept the credentials; nothing was read.",
                            hint="Check where `LAKEBOOK_ENGINE_KEY` points.") from error  # fmt: skip
        if any(word in text for word in _DOWN):
            raise Unavailable(f"Spark on {host} cannot be reached.", hint="Start it, then ask again.") from error
        raise QueryFailed(f"Spark could not run the statement{_kind(text)}.") from error


def _kind(text: str) -> str:
    """Spark's own short name for the error, which names no value."""
    found = re.search(r"\[([A-Z][A-Z0-9_.]+)\]", text)
    return f": {found[1].replace('_', ' ').lower()}" if found else ""


def type_of(kind: str) -> str:
    """The DuckDB type of a column as Spark describes it; what has no counterpart counts as text."""
    decimal = _DECIMAL.fullmatch(kind)
    return f"DECIMAL({decimal[1]},{decimal[2]})" if decimal else TYPES.get(kind, "VARCHAR")
