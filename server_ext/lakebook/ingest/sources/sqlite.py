"""SQLite databases, by address or as files: each table whole, as typed Parquet, with its keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from lakebook.call import Call
from lakebook.errors import BadFile, InvalidRequest, JobCancelled, NotFound
from lakebook.ingest.keep import keep_file
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.ingest.sources.material import Material, Reference, part_hash
from lakebook.ingest.sources.own_names import own_names, renamed
from lakebook.ingest.sources.packed import Growth
from lakebook.ingest.sources.sqlite_columns import Column, columns_of, write
from lakebook.sql_text import quoted

MAGIC = b"SQLite format 3\x00"
PREFIX = "sqlite:///"
LONGEST_VALUE = 64 << 20
STEPS = 200_000


@dataclass
class Contents:
    """What a database holds: the tables to read, and what is left out, in words."""

    tables: list[str]
    left_out: list[str]


def prepare(call: Call, request: IngestRequest) -> str:
    """The file's name, once it is plain that it is there; the address is made absolute."""
    address = request.source
    if not address.lower().startswith(PREFIX) or len(address) == len(PREFIX):
        raise InvalidRequest("The address names no file.", hint="Write sqlite:///folder/file.sqlite.")
    path = (call.folder / unquote(address[len(PREFIX) :])).absolute()
    if not path.is_file():
        raise BadFile(f"There is no file {path.name}.", hint="Check the path; a path from the root has four slashes.")
    if not is_sqlite(path.open("rb").read(len(MAGIC))):
        raise BadFile(f"{path.name} is no SQLite database.", hint="Name the file without sqlite:///.")
    request.source = PREFIX + quote(str(path))
    return path.name


def tables(call: Call, request: IngestRequest, facts: dict[str, Any]) -> Iterator[Material]:
    """The kept file at the address; what it holds is found by its content."""
    path = Path(unquote(request.source[len(PREFIX) :]))
    kept, digest = keep_file(call, path, path.name)
    _settled(path)
    yield Material(None, [kept], Options(), path.name, "database", digest)


def is_sqlite(head: bytes) -> bool:
    """Whether a file that begins so is a SQLite database."""
    return head.startswith(MAGIC)


def of_file(call: Call, request: IngestRequest, file: Material, facts: dict[str, Any]) -> Iterator[Material]:
    """Every table that the request wants of a local file, one after the other, each as one Parquet file."""
    filename, kept = facts["filename"], file.files[0]
    for word, given in (("query", request.query), ("watermark", request.watermark), ("key", request.key)):
        if given:
            raise InvalidRequest(f"A SQLite file is read whole: `{word}` has no place.", hint="Use `tables`.")
    if "://" not in request.source:
        _settled(Path(request.source))
    growth = Growth(call, filename, kept.stat().st_size)
    with _reading(call, kept, filename) as database:
        contents = _contents(database)
        chosen = _chosen(contents, request.tables, filename)
        called = own_names(chosen, facts.get("named"))
        said = [{"kind": "left_out", "line": None, "column": None, "raw": None, "reason": why}
                for why in contents.left_out]  # fmt: skip
        for at, table in enumerate(chosen):
            columns = columns_of(database, table)
            plain = growth.path(f"{kept.stem[:16]}-{at}", ".parquet")
            deviations = write(call, database, table, columns, plain, filename)
            # A name that was asked for is that of the one table, not a word before it.
            name = None if len(chosen) == 1 and facts.get("named") else table
            part = None if len(contents.tables) == 1 else table
            renames = [] if name is None else renamed(table, facts.get("named"), called.get(table))
            yield Material(
                name, [plain], Options("parquet"), f"{file.source}: {table}", "database",
                part_hash(file.source_hash, part), None if name is None else called.get(table),
                deviations=[*deviations, *renames, *(said if at == 0 else [])], keys=_keys(columns),
                references=_references(database, table), called=called, passing=[plain],
            )  # fmt: skip


def _settled(path: Path) -> None:
    """Refuse a database whose newest rows lie in a journal beside it: the file alone is not the whole."""
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.is_file() and beside.stat().st_size:
            raise BadFile(
                f"{path.name} is being written: rows wait beside it in {beside.name}.",
                hint="Close the program that writes it, or run `PRAGMA wal_checkpoint(TRUNCATE)`.",
            )


@contextmanager
def _reading(call: Call, kept: Path, filename: str) -> Iterator[sqlite3.Connection]:
    """The kept copy, opened so that nothing can be written and nothing in its schema is trusted."""
    stopped: list[JobCancelled] = []

    def go_on() -> int:
        try:
            call.check()
        except JobCancelled as error:
            stopped.append(error)
        return len(stopped)

    address = f"file:{quote(str(kept))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
            database.set_progress_handler(go_on, STEPS)
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
                database.execute(f"PRAGMA {pragma}")
            yield database
    except sqlite3.Error as error:
        if stopped:
            raise stopped[0] from error
        raise BadFile(f"{filename} is a damaged SQLite database, or one of another make.",
                      hint="Check it with `PRAGMA integrity_check`.") from error  # fmt: skip


def _contents(database: sqlite3.Connection) -> Contents:
    found, left_out = [], []
    for _schema, name, kind, *_rest in sorted(database.execute("PRAGMA table_list"), key=lambda row: str(row[1])):
        if kind == "table" and not name.startswith("sqlite_"):
            found.append(name)
        elif kind == "view":
            left_out.append(f"{name} is a view; tables alone are read.")
        elif kind == "virtual":
            left_out.append(f"{name} is a virtual table; stored tables alone are read.")
    return Contents(found, left_out)


def _chosen(contents: Contents, wanted: list[str] | None, filename: str) -> list[str]:
    if not contents.tables:
        raise BadFile(f"{filename} holds no table.", hint="Check that it is the right file.")
    if not wanted:
        return contents.tables
    known = {name.casefold(): name for name in contents.tables}
    missing = [name for name in wanted if name.casefold() not in known]
    if missing:
        raise NotFound(f"{filename} has no table {missing[0]!r}.", hint=f"It has: {', '.join(contents.tables[:20])}.")
    return list(dict.fromkeys(known[name.casefold()] for name in wanted))


def _keys(columns: list[Column]) -> list[str]:
    return [column.name for column in sorted(columns, key=lambda one: one.key) if column.key]


def _references(database: sqlite3.Connection, table: str) -> list[Reference]:
    """Foreign keys in the order they were declared; one without columns means the other table's primary key."""
    found: dict[int, list[Any]] = {}
    for row in database.execute(f"PRAGMA foreign_key_list({quoted(table)})"):
        found.setdefault(row[0], []).append(row)
    references = []
    for _at, rows in sorted(found.items(), reverse=True):
        rows.sort(key=lambda row: row[1])
        theirs = [row[4] for row in rows]
        if None in theirs:
            theirs = _keys(columns_of(database, rows[0][2]))
        references.append(Reference(tuple(row[3] for row in rows), rows[0][2], tuple(theirs)))
    return references
