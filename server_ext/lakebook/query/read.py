"""From a reading, or a statement, to an answer: write, guard, run in a sealed child or remember, explain."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lakebook.errors import QueryTimedOut, Unavailable
from lakebook.ids import rfc3339
from lakebook.query.answer import Answer
from lakebook.query.guard.guarded import Guarded, guard, one_row_more
from lakebook.query.reading import Reading
from lakebook.query.results import Kept, Results
from lakebook.query.sentences import sentence
from lakebook.query.shape import shape
from lakebook.query.tables import Table
from lakebook.query.ties import cut, one_more
from lakebook.query.wording import wording
from lakebook.query.write import write

if TYPE_CHECKING:
    import pyarrow as pa

    from lakebook.query.children.pool import Children
    from lakebook.query.domain import Domain

ROW_LIMIT = 10_000


@dataclass(frozen=True)
class Way:
    """How a statement is run: by which children, for whom, with which limits; `fresh` runs what is remembered too."""

    children: Children
    principal: str
    row_limit: int | None = ROW_LIMIT
    fresh: bool = False
    time_limit: float | None = None
    cancel: threading.Event | None = None
    results: Results | None = None


@dataclass(frozen=True)
class Rows:
    """The rows of a statement, and how they came: cut off, remembered for a while, or stale."""

    table: pa.Table
    truncated: bool = False
    age_seconds: float | None = None
    stale_since: str = ""


def answered(reading: Reading, domain: Domain, way: Way, *, source: str = "parser") -> Answer:
    """The answer to a question that was read; raises NotConnected, SeveralWays, QueryFailed and its kinds."""
    started = time.monotonic()
    guarded = guard(write(reading, domain), domain.tables, row_limit=way.row_limit)
    rows, notes = _with_ties(reading, domain, guarded, way)
    said = sentence(reading, rows.table)
    return replace(
        _ran(reading.question, guarded, rows, started),
        source=source,
        reading=wording(reading),
        sentence=said.text,
        traces=said.traces,
        notes=(*reading.notes, *notes),
        shape=shape(reading),
        meaning=reading,
    )


def statement(sql: str, tables: Sequence[Table], way: Way, *, dialect: str = "duckdb") -> Answer:
    """The rows of a guarded statement; raises RefusedStatement, QueryFailed and its kinds."""
    started = time.monotonic()
    guarded = guard(sql, tables, row_limit=way.row_limit, dialect=dialect)
    return _ran(sql, guarded, rows_of(guarded, way), started)


def _ran(question: str, guarded: Guarded, rows: Rows, started: float) -> Answer:
    return Answer(
        question=question,
        status="answered",
        source="sql",
        sql=guarded.sql,
        datasets=tuple((table.name, table.version) for table in guarded.tables),
        execution_time_ms=round((time.monotonic() - started) * 1000, 1),
        truncated=rows.truncated,
        age_seconds=rows.age_seconds,
        stale_since=rows.stale_since,
        table=rows.table,
    )


def rows_of(guarded: Guarded, way: Way) -> Rows:
    """At most `row_limit` rows, and whether there are more: one row past the limit is asked for and cut off."""
    asked = guarded if way.row_limit is None else one_row_more(guarded, way.row_limit)
    known = way.results.fresh(way.principal, asked) if way.results and not way.fresh else None
    if known is not None:
        return _cut(known.table, way, age_seconds=known.age_seconds)
    try:
        table = way.children.run(asked, principal=way.principal, time_limit=way.time_limit, cancel=way.cancel)
    except (QueryTimedOut, Unavailable):
        old = way.results.stale(way.principal, asked) if way.results else None
        if old is None:
            raise
        return _stale(old, way)
    if way.results:
        way.results.keep(way.principal, asked, table)
    return _cut(table, way)


def _cut(table: pa.Table, way: Way, *, age_seconds: float | None = None, stale_since: str = "") -> Rows:
    truncated = way.row_limit is not None and table.num_rows > way.row_limit
    shown = table.slice(0, way.row_limit) if truncated else table
    return Rows(shown, truncated, age_seconds, stale_since)


def _stale(old: Kept, way: Way) -> Rows:
    return _cut(old.table, way, age_seconds=old.age_seconds, stale_since=rfc3339(old.made_at))


def _with_ties(reading: Reading, domain: Domain, guarded: Guarded, way: Way) -> tuple[Rows, tuple[str, ...]]:
    """The rows; where a limit may cut between equals, one row more is looked at, and it is said if it does."""
    wider = one_more(reading)
    if wider is None or reading.limit is None or (way.row_limit is not None and reading.limit >= way.row_limit):
        return rows_of(guarded, way), ()
    rows = rows_of(guard(write(wider, domain), domain.tables, row_limit=way.row_limit), way)
    if rows.truncated:  # by the rows that were looked at besides: it may be whole without them
        return rows_of(guarded, way), ()
    shown, said = cut(rows.table, reading, wider)
    return replace(rows, table=shown), ((said,) if said else ())
