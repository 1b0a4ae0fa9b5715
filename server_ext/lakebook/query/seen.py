"""The different values of text columns, looked up once for each version of a table."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlglot import exp

from lakebook.query.guard.guarded import guard
from lakebook.query.tables import Column, Table

if TYPE_CHECKING:
    from lakebook.query.children.pool import Children

# A text column with more different values than this is free text: questions do not quote it.
MOST_VALUES = 50_000
MOST_COLUMNS_SEEN = 1024

Values = Callable[[Table, Column], list[str]]


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


def distinct_values(table: Table, column: Column, limit: int) -> str:
    """The SELECT that lists a column's different values, at most `limit` of them."""
    source = exp.Table(this=exp.to_identifier(table.name, quoted=True), db=exp.to_identifier(table.layer))
    values = exp.column(exp.to_identifier(column.name, quoted=True))
    known = exp.not_(exp.Is(this=values.copy(), expression=exp.Null()))
    return exp.Select().from_(source).select(values).distinct().where(known).limit(limit).sql("duckdb")


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
