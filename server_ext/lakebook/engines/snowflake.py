"""Snowflake as an engine: `snowflake://user@account/database/schema?role=…&warehouse=…`."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lakebook.engines.remote import Address, address_of, in_time
from lakebook.errors import Forbidden, InvalidRequest, LakebookError, QueryFailed, QueryTimedOut
from lakebook.errors import Unavailable as Down
from lakebook.query.children.engine import RemoteTable
from lakebook.snowflake_session import SAID, TIMED_OUT, connector, opened, refuses_credentials, words_for

if TYPE_CHECKING:
    import pyarrow as pa

CATALOGUE_SECONDS = 60.0
# Weeks begin on Monday whatever the account says; the session writes nothing and leaves nothing running.
SESSION = {"TIMEZONE": "UTC", "WEEK_START": 1, "WEEK_OF_YEAR_POLICY": 0, "ABORT_DETACHED_QUERY": True}
TYPES = {"FLOAT": "DOUBLE", "REAL": "DOUBLE", "TEXT": "VARCHAR", "DATE": "DATE", "BOOLEAN": "BOOLEAN",
         "TIMESTAMP_NTZ": "TIMESTAMP", "TIMESTAMP_LTZ": "TIMESTAMPTZ", "TIMESTAMP_TZ": "TIMESTAMPTZ", "TIME": "TIME",
         "BINARY": "BLOB"}  # fmt: skip
COLUMNS = """SELECT table_name, column_name, data_type, numeric_precision, numeric_scale
FROM information_schema.columns WHERE table_schema = %s ORDER BY table_name, ordinal_position"""


class SnowflakeEngine:
    """One session, opened when first used; the role of the address should be one that may only read."""

    dialect = "snowflake"

    def __init__(self, address: str, secret: str) -> None:
        self._address = address_of(address, SAID)
        if not self._address.user or len(self._address.path) != 2:
            raise InvalidRequest("The address names no user, database or schema.",
                                 hint="Write `snowflake://user@account/database/schema`.")  # fmt: skip
        self._secret = secret
        self._lock = threading.Lock()
        self._session: Any = None

    def tables(self) -> list[RemoteTable]:
        """The schema's tables, with NUMBER(p, 0) as BIGINT or HUGEINT."""
        schema = self._address.path[1]
        described: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind, precision, scale in self._ask(COLUMNS, (schema,)):
            described.setdefault(table, []).append((column, type_of(kind, precision, scale)))
        return [RemoteTable(schema, name, tuple(columns)) for name, columns in described.items()]

    def rows(self, sql: str, *, seconds: float, cancel: threading.Event | None = None) -> pa.Table:
        """The statement's rows; the service stops it after the seconds, and at a cancel."""
        cursor = self._open().cursor()
        try:
            return in_time(lambda: self._fetch(cursor, sql, seconds), seconds=seconds + 1, cancel=cancel,
                           stop=lambda: self._stop(cursor))  # fmt: skip
        finally:
            with suppress(connector().Error):
                cursor.close()

    def close(self) -> None:
        """End the session."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            with suppress(connector().Error):
                session.close()

    def _fetch(self, cursor: Any, sql: str, seconds: float) -> pa.Table:
        with self._ours():
            cursor.execute(sql, timeout=max(1, int(seconds)))
            found: pa.Table = cursor.fetch_arrow_all(force_return_table=True)
            return found

    def _ask(self, sql: str, parameters: tuple[str, ...]) -> list[tuple[Any, ...]]:
        session = self._open()

        def work() -> list[tuple[Any, ...]]:
            with self._ours(), session.cursor() as cursor:
                cursor.execute(sql, parameters)
                return list(cursor.fetchall())

        return in_time(work, seconds=CATALOGUE_SECONDS, cancel=None, stop=self.close)

    def _stop(self, cursor: Any) -> None:
        """Have the service abort what the cursor runs; the session lives on."""
        query = getattr(cursor, "sfqid", None)
        session = self._session
        if query and session is not None:
            with suppress(connector().Error), session.cursor() as other:
                other.execute("SELECT SYSTEM$CANCEL_QUERY(%s)", (query,))

    def _open(self) -> Any:
        with self._lock:
            if self._session is None or self._session.is_closed():
                try:
                    self._session = opened(said(self._address, self._secret))
                except connector().Error as error:
                    raise refused(error, self._address) from error
            return self._session

    def _ours(self) -> _Ours:
        return _Ours(connector())


class _Ours:
    """Inside, the service's faults are ours."""

    def __init__(self, connector: Any) -> None:
        self._connector = connector

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, self._connector.errors.ProgrammingError):
            if getattr(error, "errno", None) in TIMED_OUT:
                raise QueryTimedOut("Snowflake stopped the statement: it ran too long.") from error
            raise QueryFailed("Snowflake could not run the statement.",
                              hint="Check the tables, the columns and what the role may read.") from error  # fmt: skip
        if isinstance(error, self._connector.Error):
            raise Down("Snowflake broke off.", hint="Ask again in a moment.") from error


def said(address: Address, secret: str) -> dict[str, Any]:
    """What the connector is told."""
    database, schema = address.path
    seat = {"account": address.host, "user": address.user, "password": secret, "database": database, "schema": schema}
    return words_for(seat, address.said, SESSION)


def refused(error: Any, address: Address) -> LakebookError:
    """Why no session was given; the service's words stay in the chain."""
    if refuses_credentials(error):
        return Forbidden(f"{address.host} does not accept the credentials; nothing was read.",
                         hint="Check the user, the role, and where `LAKEBOOK_ENGINE_KEY` points.")  # fmt: skip
    return Down(f"{address.host} cannot be reached.", hint="Check the account and the network, then ask again.")


def type_of(kind: str, precision: int | None, scale: int | None) -> str:
    """The DuckDB type of a column as Snowflake describes it; what has no counterpart counts as text."""
    if kind in ("NUMBER", "DECIMAL", "FIXED"):
        digits = int(precision or 38)
        if not scale:
            return "BIGINT" if digits <= 18 else "HUGEINT"
        return f"DECIMAL({digits},{int(scale)})"
    return TYPES.get(kind, "VARCHAR")
