"""Ask a question, or run a statement: understand, write, guard, run in a sealed child, explain."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lakebook.query.answer import Answer
from lakebook.query.children import Children
from lakebook.query.explain import sentence
from lakebook.query.guard import Guarded, guard, one_row_more
from lakebook.query.tables import Column, Table
from lakebook.query.understand.parse import understand
from lakebook.query.understand.reading import Declined
from lakebook.query.understand.values import Values
from lakebook.query.write import distinct_values, write

if TYPE_CHECKING:
    import pyarrow as pa

ROW_LIMIT = 10_000
# A text column with more different values than this is free text: questions do not quote it.
MOST_VALUES = 50_000
MOST_COLUMNS_SEEN = 256


def ask(
    question: str,
    tables: Sequence[Table],
    children: Children,
    *,
    principal: str,
    dataset: str | None = None,
    values: Values | None = None,
    row_limit: int | None = ROW_LIMIT,
    cancel: threading.Event | None = None,
) -> Answer:
    """The answer to a question in words, or a declined one; `values` defaults to asking the children."""
    started = time.monotonic()
    values = values or values_from(children, principal=principal, cancel=cancel)
    understood = understand(question, tables, dataset, values)
    if isinstance(understood, Declined):
        return Answer(
            question=question,
            status="declined",
            source="parser",
            reason=understood.reason,
            words=understood.words,
            suggestions=understood.suggestions,
            choices=understood.choices,
            execution_time_ms=_milliseconds(started),
        )
    guarded = guard(write(understood), tables, row_limit=row_limit)
    table, truncated = _rows(guarded, children, row_limit, principal=principal, cancel=cancel)
    return Answer(
        question=question,
        status="answered",
        source="parser",
        reading=understood.text,
        sql=guarded.sql,
        sentence=sentence(understood, table),
        datasets=_datasets(guarded),
        execution_time_ms=_milliseconds(started),
        truncated=truncated,
        table=table,
    )


def query(
    sql: str,
    tables: Sequence[Table],
    children: Children,
    *,
    principal: str,
    row_limit: int | None = ROW_LIMIT,
    dialect: str = "duckdb",
    time_limit: float | None = None,
    cancel: threading.Event | None = None,
) -> Answer:
    """The rows of a guarded statement; raises RefusedStatement, QueryFailed and its kinds."""
    started = time.monotonic()
    guarded = guard(sql, tables, row_limit=row_limit, dialect=dialect)
    table, truncated = _rows(guarded, children, row_limit, principal=principal, time_limit=time_limit, cancel=cancel)
    return Answer(
        question=sql,
        status="answered",
        source="sql",
        sql=guarded.sql,
        datasets=_datasets(guarded),
        execution_time_ms=_milliseconds(started),
        truncated=truncated,
        table=table,
    )


def values_from(children: Children, *, principal: str, cancel: threading.Event | None = None) -> Values:
    """Looks a text column's different values up in the sealed children, once for each version of a table."""

    def look(table: Table, column: Column) -> list[str]:
        key = (principal, table.dataset_id, table.version, table.files, column.name)
        known = _seen.get(key)
        if known is None:
            guarded = guard(distinct_values(table, column, MOST_VALUES + 1), [table], row_limit=None)
            found = children.run(guarded, principal=principal, cancel=cancel).column(0).to_pylist()
            known = _seen.put(key, [str(value) for value in found] if len(found) <= MOST_VALUES else [])
        return known

    return look


class _Seen:
    """The values of the columns looked up last; safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[object, ...], list[str]] = OrderedDict()

    def get(self, key: tuple[object, ...]) -> list[str] | None:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def put(self, key: tuple[object, ...], values: list[str]) -> list[str]:
        with self._lock:
            self._known[key] = values
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return values


_seen = _Seen(MOST_COLUMNS_SEEN)


def _datasets(guarded: Guarded) -> tuple[tuple[str, int], ...]:
    return tuple((table.name, table.version) for table in guarded.tables)


def _rows(
    guarded: Guarded,
    children: Children,
    row_limit: int | None,
    *,
    principal: str,
    time_limit: float | None = None,
    cancel: threading.Event | None = None,
) -> tuple[pa.Table, bool]:
    """At most `row_limit` rows, and whether there are more: one row past the limit is asked for and cut off."""
    asked = guarded if row_limit is None else one_row_more(guarded, row_limit)
    table = children.run(asked, principal=principal, time_limit=time_limit, cancel=cancel)
    if row_limit is None or table.num_rows <= row_limit:
        return table, False
    return table.slice(0, row_limit), True


def _milliseconds(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)
