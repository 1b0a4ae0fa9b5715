"""Tables of databases: proved reachable first, then read in batches, one Parquet file each, under one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from lakebook import names
from lakebook.call import Call
from lakebook.errors import (
    BadFile,
    Conflict,
    DiskFull,
    InvalidRequest,
    JobCancelled,
    LakebookError,
    LeaseLost,
    NameTaken,
    NotFound,
    Unavailable,
)  # fmt: skip
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.ingest.sources.allowed import allow_host
from lakebook.ingest.sources.credentials import checked, refuse_secrets, without_secrets
from lakebook.ingest.sources.material import Material, Reference
from lakebook.ingest.sources.notes import Notes
from lakebook.ingest.sources.own_names import own_name, own_names, renamed

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Address:
    """A database's address in its parts; the password is never one of them."""

    user: str | None
    host: str
    port: int | None
    path: str
    said: Mapping[str, str]


@dataclass(frozen=True)
class Selection:
    """What to read: a table or the rows of a query, all of them or those past a mark in a column that only grows."""

    table: str | None = None
    query: str | None = None
    watermark: str | None = None
    after: str | None = None
    inclusive: bool = False

    @property
    def condition(self) -> str:
        """How the watermark is compared."""
        return ">=" if self.inclusive else ">"


class Database(Protocol):
    """A connection that has been proved; everything that is read through it is of one moment."""

    notes: Notes

    def attempt(self) -> AbstractContextManager[None]:
        """Inside, faults are ours; one that happens there leaves the connection usable."""

    def tables(self) -> list[str]:
        """The tables there are, as they are to be named."""

    def keys(self, table: str) -> tuple[list[str], list[Reference]]:
        """The primary key's columns and the foreign keys."""

    def batches(self, selection: Selection) -> Iterator[pa.RecordBatch]:
        """The rows in batches of one schema; at least one batch, if of no rows."""


Connect = Callable[[Call, IngestRequest], AbstractContextManager[Database]]


def prepare(call: Call, request: IngestRequest, example: str, allowed: frozenset[str]) -> str:
    """Refuse at the door what carries a secret or contradicts itself; returns the database's name."""
    refuse_secrets(request.source, example)
    checked(call, request.credentials)
    if request.query is not None:
        if request.tables:
            raise InvalidRequest("A query and tables cannot be asked for at once.", hint="Leave one of them out.")
        _check_query(request.query)
    found = address_of(request.source)
    allow_host(call, found.host)
    for word in found.said:
        if word not in allowed:
            raise InvalidRequest(f"The address says {word!r}, which lakebook does not take.",
                                 hint=f"It takes: {', '.join(sorted(allowed))}.")  # fmt: skip
    return found.path.rsplit("/", 1)[-1] or found.host


def address_of(source: str) -> Address:
    """The parts of `scheme://user@host:port/path?word=value`."""
    parts = urlsplit(source)
    user = None if parts.username is None else unquote(parts.username)
    return Address(user, parts.hostname or "", parts.port, unquote(parts.path.strip("/")), dict(parse_qsl(parts.query)))


def _check_query(query: str) -> None:
    import sqlglot
    from sqlglot import exp

    try:
        found = sqlglot.parse(query)
    except sqlglot.errors.SqlglotError:
        found = []
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise InvalidRequest("The query is not one SELECT.", hint="Write one SELECT, without a semicolon.")


def tables(call: Call, request: IngestRequest, facts: dict[str, Any], connect: Connect) -> Iterator[Material]:
    """Every wanted table; nothing is read unless `connect` has found the credentials good."""
    allow_host(call, address_of(request.source).host)
    with connect(call, request) as database:
        if request.query is not None:
            with database.attempt():
                material = _material(call, request, facts, database, None)
            yield material
            return
        wanted = _wanted(database, request)
        called = own_names(wanted, facts.get("named"))
        for table in wanted:
            try:
                with database.attempt():
                    material = _material(call, request, facts, database, table, called)
            except (JobCancelled, LeaseLost, DiskFull, Unavailable):
                raise
            except LakebookError as error:
                material = Material(table, [], Options(), table, "database", fault=error)
            yield material


def _wanted(database: Database, request: IngestRequest) -> list[str]:
    known = database.tables()
    if not request.tables:
        if not known:
            raise BadFile("The database has no tables.", hint="Name one with its schema: `--tables schema.table`.")
        return known
    folded = {names.key(name): name for name in known}
    for name in request.tables:
        if names.key(name) not in folded and "." not in name:
            raise NotFound.named("table of the database", name, known)
    return [folded.get(names.key(name), name) for name in request.tables]


def _material(
    call: Call,
    request: IngestRequest,
    facts: dict[str, Any],
    database: Database,
    table: str | None,
    called: Mapping[str, str] | None = None,
) -> Material:
    """One table, staged; `called` says what it and the tables beside it are called here."""
    # One table that was given a name is that name; of several each keeps its own.
    alone = table is None or (request.tables is not None and len(request.tables) == 1 and bool(facts.get("named")))
    keys, references = ([], []) if table is None else database.keys(table)
    source = without_secrets(request.source) + ("" if table is None else f"/{table}")
    material = Material(None if alone else table, [], Options(format="parquet"), source, "database", keys=keys,
                        references=references, called=dict(called or {}),
                        table=None if alone or called is None else called.get(table or ""))  # fmt: skip
    chosen = Selection(table, request.query)
    if request.mode != "replace":
        chosen = _selection(call, request, facts, material, chosen)
    staged = call.staged(".parquet")
    database.notes.clear()
    highest = _staged(call, database, chosen, staged, request.watermark)
    material.files, material.passing = [staged], [staged]
    if material.name is not None:
        for one in renamed(material.name, facts.get("named"), material.table):
            database.notes.note(one["kind"], None, one["raw"], one["reason"])
    material.deviations, material.deviation_counts = list(database.notes.first), dict(database.notes.counts)
    if request.watermark:
        material.watermark = {"column": request.watermark, "value": highest or chosen.after, "source": source}
    return material


def _selection(
    call: Call, request: IngestRequest, facts: dict[str, Any], material: Material, chosen: Selection
) -> Selection:
    """What to read beside the table that stands, if it does; says to the material how the two are joined."""
    name = request.name or ""
    if material.name is not None:
        name = material.table or own_name(material.name, facts.get("named"))
    found = call.runtime.catalog.find(facts["layer"], name)
    if found is None or not (request.watermark or request.key):
        return Selection(chosen.table, chosen.query, request.watermark)
    material.standing = int(found["version"])
    if not request.watermark:
        material.keys, material.mode = list(request.key or []), "snapshot"
        return chosen
    report = call.runtime.catalog.version(found["dataset_id"], found["version"])["report"]
    last = report.get("watermark")
    if last is None or last["column"] != request.watermark or last["source"] != material.source:
        raise NameTaken(
            f"The table {name!r} was not read by the watermark {request.watermark!r} of this source.",
            hint="Choose another name, or begin anew with `--mode replace`.",
        )
    keys = list(request.key or material.keys)
    material.keys, material.mode = keys, "merge" if keys else "append"
    # With a key, rows as old as the last one seen are read again and replaced: some may have come later.
    return Selection(chosen.table, chosen.query, request.watermark, last["value"], inclusive=bool(keys))


def _staged(call: Call, database: Database, chosen: Selection, target: Path, watermark: str | None) -> str | None:
    """Write the batches as one Parquet file; returns the watermark's highest value as text."""
    from pyarrow import compute
    from pyarrow import parquet as pq

    writer, rows, highest = None, 0, None
    shown = chosen.table or "the query"
    try:
        for batch in database.batches(chosen):
            writer = writer or pq.ParquetWriter(target, batch.schema)
            writer.write_batch(batch)
            rows += batch.num_rows
            if watermark is not None:
                top = compute.max(_grows(batch, watermark)).as_py()
                highest = top if highest is None or (top is not None and top > highest) else highest
            call.report(min(0.09, rows / 1e9), f"reading {shown}", rows=rows)
        if writer is None:
            raise BadFile(f"{shown} has no columns.", hint="Choose another table.")
        writer.close()
    except BaseException as error:
        if writer is not None:
            writer.close()
        target.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno == 28:
            raise DiskFull(f"No room left to keep {shown}.") from error
        raise
    return None if highest is None else _marked(highest)


def _grows(batch: pa.RecordBatch, column: str) -> Any:
    import pyarrow as pa

    if column not in batch.schema.names:
        raise InvalidRequest(f"The watermark {column!r} is no column of the rows.",
                             hint=f"They have: {', '.join(batch.schema.names)}.")  # fmt: skip
    found = batch.column(column)
    kind = found.type
    if not (pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_temporal(kind)):
        raise InvalidRequest(
            f"The watermark {column!r} holds neither numbers nor times.", hint="Choose another column."
        )
    return found


def _marked(value: Any) -> str:
    """A watermark as text that every database reads back as the same value."""
    if isinstance(value, (date, datetime)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def settle(call: Call, material: Material, layer: str, name: str) -> None:
    """Inside the name's lane: join the rows read with those that stand; Conflict where others came between."""
    if material.mode is None or material.standing is None:
        return
    found = call.runtime.catalog.find(layer, name)
    if found is None or int(found["version"]) != material.standing:
        raise Conflict(f"Another load of {name!r} came between.", hint="Start it again.")
    if material.mode == "append":
        return
    from lakebook.ingest.sources.snapshot import merged

    standing = [Path(path) for path in call.runtime.files(found)]
    changes, files = merged(standing, material.files[0], material.keys, whole=material.mode == "snapshot")
    material.changes = changes.counts()
    material.files = files
    material.passing += files
