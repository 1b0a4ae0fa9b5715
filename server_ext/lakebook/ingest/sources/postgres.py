"""PostgreSQL: one read-only transaction, server-side cursors, values typed by the server's own types."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from lakebook.call import Call
from lakebook.errors import Forbidden, InvalidRequest, LakebookError, MissingExtra, QueryFailed, Unavailable
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import database
from lakebook.ingest.sources.credentials import secret_of
from lakebook.ingest.sources.database import Address, Selection, address_of
from lakebook.ingest.sources.material import Material, Reference
from lakebook.ingest.sources.notes import Notes
from lakebook.ingest.sources.postgres_types import Column, array_of, columns_of, measured, noted_loaders

if TYPE_CHECKING:
    import pyarrow as pa

EXAMPLE = "postgresql://user@host/database"
SAID = frozenset({"sslmode", "sslrootcert", "application_name", "connect_timeout"})
CONNECT_SECONDS = 10
BATCH_BYTES = 16 << 20
FIRST_ROWS, MOST_ROWS = 2_000, 50_000
CANCEL_LOOK = 0.2

TABLES = """
SELECT n.nspname, c.relname, n.nspname = current_schema() FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'f') AND NOT c.relispartition AND n.nspname = ANY (current_schemas(false))
ORDER BY n.nspname, c.relname"""
KEYS = """
SELECT contype, (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(conkey) WITH ORDINALITY k (num, n)
    JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.num),
  (SELECT relname::text FROM pg_class WHERE oid = confrelid),
  (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(confkey) WITH ORDINALITY k (num, n)
    JOIN pg_attribute a ON a.attrelid = confrelid AND a.attnum = k.num)
FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('p', 'f') ORDER BY contype DESC, conname"""


def prepare(call: Call, request: IngestRequest) -> str:
    """Refuse at the door what cannot be read; returns the database's name."""
    return database.prepare(call, request, EXAMPLE, SAID)


def tables(call: Call, request: IngestRequest, facts: dict[str, Any]) -> Iterator[Material]:
    """Every wanted table of the database, or the rows of the query."""
    yield from database.tables(call, request, facts, connected)


@contextmanager
def connected(call: Call, request: IngestRequest) -> Iterator[Postgres]:
    """A proved connection in one read-only snapshot; Forbidden or Unavailable where there is none."""
    if find_spec("psycopg") is None:
        raise MissingExtra.named("psycopg", "postgres")
    psycopg = import_module("psycopg")
    address = address_of(request.source)
    try:
        connection = psycopg.connect(**_said(address, secret_of(call, request.credentials)))
    except psycopg.Error as error:
        raise refused(error, address) from error
    with connection, _stopped_when_cancelled(call, connection), _faults(call, psycopg, address):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        milliseconds = int(call.runtime.settings.source_seconds * 1000)
        for name, value in (("statement_timeout", milliseconds), ("idle_in_transaction_session_timeout", 0),
                            ("TimeZone", "UTC"), ("DateStyle", "ISO")):  # fmt: skip
            connection.execute("SELECT set_config(%s, %s, false)", (name, str(value)))
        yield Postgres(connection, lambda: _faults(call, psycopg, address))


def _said(address: Address, secret: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "application_name": "lakebook", **address.said}
    given = {"host": address.host, "port": address.port, "user": address.user, "dbname": address.path,
             "password": secret}  # fmt: skip
    return said | {name: value for name, value in given.items() if value}


def refused(error: Exception, address: Address) -> LakebookError:
    """Why the connection was not made; the server's words could repeat a secret and stay in the chain."""
    said, state = str(error).casefold(), getattr(error, "sqlstate", None) or ""
    if state.startswith("28") or "authentication failed" in said or "no password supplied" in said or 'role "' in said:
        return Forbidden(f"{address.host} does not accept the credentials; nothing was read.",
                         hint="Check the user, and where `--credentials` points.")  # fmt: skip
    if 'database "' in said:
        return InvalidRequest(f"{address.host} has no database {address.path!r}.", hint="Check the address.")
    return Unavailable(f"{address.host} cannot be reached.", hint="Check the host, the port and the network.")


@contextmanager
def _stopped_when_cancelled(call: Call, connection: Any) -> Iterator[None]:
    """Ask the server to stop as soon as the job is cancelled, also in the middle of a long statement."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(CANCEL_LOOK):
            if call.is_cancelled():
                connection.cancel_safe(timeout=2)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _faults(call: Call, psycopg: Any, address: Address) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        call.check()
        raise QueryFailed("The database took too long.", hint="Raise `LAKEBOOK_SOURCE_SECONDS`.") from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise Forbidden("The user may not read this table.", hint="Grant SELECT on it, or leave it out.") from error
    except psycopg.OperationalError as error:
        raise Unavailable(
            f"{address.host} broke off.", hint="Start it again: nothing of this table was kept."
        ) from error
    except psycopg.Error as error:
        raise QueryFailed(f"The database refuses: {_words(error)}.", hint="Check the query and the columns.") from error


def _words(error: Any) -> str:
    return str(error.diag.message_primary or "it gave no reason").rstrip(".")


class Postgres:
    """A PostgreSQL database at one moment."""

    def __init__(self, connection: Any, faults: Callable[[], AbstractContextManager[None]]) -> None:
        self.notes = Notes()
        self._connection, self._faults = connection, faults

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A savepoint: what fails inside leaves the snapshot usable."""
        with self._faults(), self._connection.transaction():
            yield

    def tables(self) -> list[str]:
        """The tables of the search path; those past its first schema carry their schema's name."""
        found = self._connection.execute(TABLES).fetchall()
        return [table if first else f"{schema}.{table}" for schema, table, first in found]

    def keys(self, table: str) -> tuple[list[str], list[Reference]]:
        """The primary key's columns and the foreign keys."""
        primary: list[str] = []
        foreign: list[Reference] = []
        for kind, columns, other, theirs in self._connection.execute(KEYS, (_name(table).as_string(None),)):
            if kind in {"p", b"p"}:
                primary = list(columns)
            else:
                foreign.append(Reference(tuple(columns), other, tuple(theirs)))
        return primary, foreign

    def batches(self, selection: Selection) -> Iterator[pa.RecordBatch]:
        """The rows in batches of about 16 MB, by a server-side cursor."""
        import pyarrow as pa

        sql = import_module("psycopg.sql")
        if selection.table is not None:
            relation = _name(selection.table)
        else:
            relation = sql.SQL("({}) AS q").format(sql.SQL((selection.query or "").rstrip().rstrip(";")))
        with self._connection.cursor(binary=True) as cursor:
            # Binary results go by the protocol that takes one statement alone.
            cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(relation))
            columns = columns_of(cursor.description)
        columns = measured(self._connection, relation, columns)
        schema = pa.schema([(column.name, column.type) for column in columns])
        statement = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(one.expression for one in columns), relation)
        parameters: tuple[str, ...] = ()
        if selection.watermark is not None and selection.after is not None:
            statement += sql.SQL(f" WHERE {{}} {selection.condition} %s").format(sql.Identifier(selection.watermark))
            parameters = (selection.after,)
        yield pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
        yield from self._fetched(statement, parameters, columns, schema)

    def _fetched(
        self, statement: Any, parameters: tuple[str, ...], columns: list[Column], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        size = FIRST_ROWS
        with self._connection.cursor(name="lakebook") as cursor:
            noted_loaders(cursor, self.notes)
            cursor.execute(statement, parameters or None, binary=True)
            while rows := cursor.fetchmany(size):
                arrays = [array_of(column, values, self.notes)
                          for column, values in zip(columns, zip(*rows, strict=True), strict=True)]  # fmt: skip
                batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
                size = max(1, min(MOST_ROWS, int(BATCH_BYTES * len(rows) / max(1, batch.nbytes))))
                yield batch


def _name(table: str) -> Any:
    """The table's name, quoted: `schema.table`, or as it is where it has no dot."""
    sql = import_module("psycopg.sql")
    return sql.Identifier(*table.split(".", 1))
