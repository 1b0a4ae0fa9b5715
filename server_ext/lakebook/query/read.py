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
from lakebook.query.reading import Figure, Order, Reading
from lakebook.query.results import Kept, Results
from lakebook.query.sentences import sentence
from lakebook.query.shape import shape
from lakebook.query.tables import Table
from lakebook.query.wording import wording
from lakebook.query.write import write

if TYPE_CHECKING:
    import pyarrow as pa

    from lakebook.query.children.pool import Children
    from lakebook.query.domain import Domain

ROW_LIMIT = 10_000
TIED = "Other rows have the same value as the last one shown: the limit cut between equals."


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
    wider = _one_more(reading)
    if wider is None or reading.limit is None or (way.row_limit is not None and reading.limit >= way.row_limit):
        return rows_of(guarded, way), ()
    rows = rows_of(guard(write(wider, domain), domain.tables, row_limit=way.row_limit), way)
    width = rows.table.num_columns - _hidden(reading, wider)
    tied = rows.table.num_rows > reading.limit and _same(rows.table, reading, width)
    shown = rows.table.slice(0, reading.limit).select(list(range(width)))
    return replace(rows, table=shown), ((TIED,) if tied else ())


def _one_more(reading: Reading) -> Reading | None:
    """The reading with one row past its limit, what it is put in order by shown at the end; None without a limit."""
    first = reading.order[0].by if reading.order else None
    if reading.limit is None or reading.each or reading.along or reading.count_groups or reading.distinct:
        return None
    if isinstance(first, Figure) and (reading.groups or reading.figures):
        more = () if first in reading.figures else (first,)
        return replace(reading, limit=reading.limit + 1, figures=(*reading.figures, *more))
    if first is None or isinstance(first, Figure) or reading.groups or reading.figures or not reading.columns:
        return None
    more_columns = () if first in reading.columns else (first,)
    return replace(reading, limit=reading.limit + 1, columns=(*reading.columns, *more_columns))


def _hidden(reading: Reading, wider: Reading) -> int:
    return len(wider.figures) + len(wider.columns) - len(reading.figures) - len(reading.columns)


def _same(table: pa.Table, reading: Reading, width: int) -> bool:
    """Whether the last row shown and the one after it have the same value of what they are put in order by."""
    place = _place(reading.order[0], reading, width)
    last = (reading.limit or 1) - 1
    values = table.column(place).slice(last, 2).to_pylist()
    return len(values) == 2 and values[0] == values[1]


def _place(order: Order, reading: Reading, width: int) -> int:
    """The column of the wider result that holds what it is put in order by."""
    if isinstance(order.by, Figure):
        shown = reading.figures.index(order.by) - len(reading.figures) if order.by in reading.figures else 0
        return width + shown
    return reading.columns.index(order.by) if order.by in reading.columns else width
