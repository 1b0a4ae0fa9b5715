"""Snowflake: its connector's Arrow batches, one statement a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.call import Call
from lakebook.errors import Forbidden, InvalidRequest, LakebookError, QueryFailed, Unavailable
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import database
from lakebook.ingest.sources.credentials import secret_of
from lakebook.ingest.sources.database import Address, Selection, address_of
from lakebook.ingest.sources.material import Material, Reference
from lakebook.ingest.sources.notes import Notes
from lakebook.snowflake_session import SAID, TIMED_OUT, connector, opened, refuses_credentials, words_for
from lakebook.sql_text import quoted
from lakebook.watched import Done, watched

if TYPE_CHECKING:
    import pyarrow as pa

EXAMPLE = "snowflake://user@account/database/schema"
CANCEL_LOOK = 0.2

# The connector's number for NUMBER, and the digits that always fit into 64 bits.
FIXED, DIGITS = 0, 18


def prepare(call: Call, request: IngestRequest) -> str:
    """Refuse at the door what cannot be read; returns the schema's name."""
    title = database.prepare(call, request, EXAMPLE, SAID)
    found = address_of(request.source)
    if not found.user or not found.host or found.path.count("/") != 1:
        raise InvalidRequest("The address names no user, account, database or schema.", hint=f"Write `{EXAMPLE}`.")
    if request.credentials is None:
        raise InvalidRequest("Snowflake asks for a password.", hint="Give `--credentials env:NAME`.")
    return title


def tables(call: Call, request: IngestRequest, facts: dict[str, Any]) -> Iterator[Material]:
    """Every wanted table of the schema, or the rows of the query."""
    yield from database.tables(call, request, facts, connected)


@contextmanager
def connected(call: Call, request: IngestRequest) -> Iterator[Snowflake]:
    """A proved session; Forbidden or Unavailable where there is none."""
    module = connector()
    address, secret = address_of(request.source), secret_of(call, request.credentials)
    words = _words(address, secret, int(call.runtime.settings.source_seconds))
    try:
        connection = _unless_cancelled(call, lambda: opened(words))
    except module.Error as error:
        raise refused(error, address) from error
    try:
        yield Snowflake(call, module, connection)
    finally:
        with suppress(module.Error):
            connection.close()


def _words(address: Address, secret: str | None, seconds: int) -> dict[str, Any]:
    name, _, schema = address.path.partition("/")
    seat = {"account": address.host, "user": address.user, "password": secret, "database": name, "schema": schema}
    session = {"TIMEZONE": "UTC", "STATEMENT_TIMEOUT_IN_SECONDS": seconds, "ABORT_DETACHED_QUERY": True}
    return words_for(seat, address.said, session)


def refused(error: Any, address: Address) -> LakebookError:
    """Why no session was given; the service's words stay in the chain."""
    if refuses_credentials(error):
        return Forbidden(f"{address.host} does not accept the credentials; nothing was read.",
                         hint="Check the user, the role, and where `--credentials` points.")  # fmt: skip
    return Unavailable(f"{address.host} cannot be reached.", hint="Check the account and the network.")


def _unless_cancelled(call: Call, work: Callable[[], Done]) -> Done:
    """The work's outcome; when the job is cancelled it is left behind, and the service drops it with the session."""
    return watched(work, call.check, every=CANCEL_LOOK)


class Snowflake:
    """A schema of Snowflake's; each table is of the moment at which its statement ran."""

    def __init__(self, call: Call, connector: Any, connection: Any) -> None:
        self.notes = Notes()
        self._call, self._connector, self._connection = call, connector, connection

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Inside, the service's faults are ours."""
        error_of = self._connector
        try:
            yield
        except error_of.errors.ProgrammingError as error:
            if error.errno in TIMED_OUT:
                raise QueryFailed("Snowflake took too long.", hint="Raise `LAKEBOOK_SOURCE_SECONDS`.") from error
            raise QueryFailed(
                "Snowflake refuses the statement: the table or a column is not there, or may not be read.",
                hint="Check the names, the query and the role.",
            ) from error
        except error_of.Error as error:
            raise Unavailable("Snowflake broke off.", hint="Start it again.") from error

    def tables(self) -> list[str]:
        """The schema's tables."""
        with self.attempt():
            return sorted(row["name"] for row in self._shown("SHOW TABLES"))

    def keys(self, table: str) -> tuple[list[str], list[Reference]]:
        """The primary key's columns and the foreign keys; Snowflake keeps both without enforcing them."""
        schema, _, bare = table.rpartition(".")
        own = (names.key(schema or str(self._connection.schema)), bare)
        shown = self._shown(f"SHOW PRIMARY KEYS IN TABLE {named(table)}")
        ours = [row for row in shown if (names.key(row["schema_name"]), row["table_name"]) == own]
        primary = [row["column_name"] for row in sorted(ours, key=lambda row: int(row["key_sequence"]))]
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in self._shown(f"SHOW IMPORTED KEYS IN TABLE {named(table)}"):
            if row["pk_table_name"] and (names.key(row["fk_schema_name"]), row["fk_table_name"]) == own:
                groups.setdefault(str(row["fk_name"]), []).append(row)
        return primary, [
            Reference(
                tuple(row["fk_column_name"] for row in rows),
                rows[0]["pk_table_name"],
                tuple(row["pk_column_name"] for row in rows),
            )
            for rows in groups.values()
        ]

    def batches(self, selection: Selection) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow; each batch is brought to the types of the statement's description."""
        relation = f"({selection.query}) AS q" if selection.table is None else named(selection.table)
        with self._connection.cursor() as cursor:
            self._run(cursor, f"SELECT * FROM {relation} LIMIT 0")
            schema = self._schema(relation, list(cursor.description))
            yield _none_of(schema)
            statement, parameters = f"SELECT * FROM {relation}", None
            if selection.watermark is not None and selection.after is not None:
                statement += f" WHERE {quoted(selection.watermark)} {selection.condition} %s"
                parameters = (selection.after,)
            self._run(cursor, statement, parameters)
            for table in cursor.fetch_arrow_batches():
                self._call.check()
                yield from self.in_types(table, schema).combine_chunks().to_batches()

    def in_types(self, table: pa.Table, schema: pa.Schema) -> pa.Table:
        """The batch in the statement's types; times finer than a microsecond are cut, and said."""
        import pyarrow as pa

        columns = []
        for found, field in zip(table.columns, schema, strict=True):
            try:
                columns.append(found.cast(field.type))
            except pa.ArrowInvalid:
                if not pa.types.is_timestamp(field.type):
                    raise
                columns.append(found.cast(field.type, safe=False))
                self.notes.note("finer_time", field.name, None, "times of a batch are finer than a microsecond: cut")
        return pa.Table.from_arrays(columns, schema=schema)

    def _schema(self, relation: str, description: list[Any]) -> pa.Schema:
        """One schema for every batch: each alone comes as narrow as its own values allow."""
        import pyarrow as pa

        wide = [one.name for one in description if one.type_code == FIXED and not one.scale and one.precision > DIGITS]
        highest = self._highest(relation, wide)
        return pa.schema([(one.name, type_of(one, highest.get(one.name, 0))) for one in description])

    def _highest(self, relation: str, columns: list[str]) -> dict[str, int]:
        """The largest size of each column's numbers: INT is NUMBER(38, 0) there, whatever it holds."""
        if not columns:
            return {}
        asked = ", ".join(f"max(abs({quoted(name)}))" for name in columns)
        with self._connection.cursor() as cursor:
            self._run(cursor, f"SELECT {asked} FROM {relation}")
            return {name: int(most or 0) for name, most in zip(columns, cursor.fetchone(), strict=True)}

    def _shown(self, statement: str) -> list[dict[str, Any]]:
        with self._connection.cursor(self._connector.DictCursor) as cursor:
            self._run(cursor, statement)
            return [{str(name).lower(): value for name, value in row.items()} for row in cursor.fetchall()]

    def _run(self, cursor: Any, statement: str, parameters: tuple[str, ...] | None = None) -> None:
        _unless_cancelled(self._call, lambda: cursor.execute(statement, parameters))


def type_of(column: Any, highest: int) -> pa.DataType:
    """The Arrow type of a described column; what has no counterpart comes as text."""
    import pyarrow as pa

    if column.type_code == FIXED:
        if column.scale or highest >= 2**63:
            return pa.decimal128(column.precision, column.scale)
        return pa.int64()
    plain: dict[int, pa.DataType] = {
        1: pa.float64(), 3: pa.date32(), 4: pa.timestamp("us"), 6: pa.timestamp("us", tz="UTC"),
        7: pa.timestamp("us", tz="UTC"), 8: pa.timestamp("us"), 11: pa.binary(), 13: pa.bool_(),
    }  # fmt: skip
    return plain.get(column.type_code, pa.string())


def _none_of(schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)


def named(table: str) -> str:
    """A table, with its schema where one stands before a dot, as SQL writes it."""
    return ".".join(map(quoted, table.split(".", 1)))
