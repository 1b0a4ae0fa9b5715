"""Windows of rows out of Parquet files, read by the viewer's own sealed processes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from lakebook.call import Call
from lakebook.rows import json_value
from lakebook.view.cells import clipped
from lakebook.view.models import MOST_COLUMNS, MOST_ROWS, ColumnName, Rows, Window
from lakebook.view.statement import columns_statement, count_statement, rows_statement, size_statement

if TYPE_CHECKING:
    import pyarrow as pa

MOST_KEPT = 128
SAMPLED_ROWS = MOST_ROWS
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Table:
    """Parquet files as one table: `key` changes with their content."""

    key: str
    files: tuple[str, ...]
    columns: dict[str, str] = field(default_factory=dict)
    row_count: int = 0


class Kept:
    """What was found out about tables and their filters, for the latest questions."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tables: OrderedDict[str, Table] = OrderedDict()
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()

    def table(self, key: str, find: Callable[[], Table]) -> Table:
        """The table of this key, found out where it is not known."""
        return self._kept(self._tables, key, find)

    def count(self, key: tuple[str, str], find: Callable[[], int]) -> int:
        """The rows that pass these filters of a table, counted where it is not known."""
        return self._kept(self._counts, key, find)

    def _kept(self, known: OrderedDict[Key, Value], key: Key, find: Callable[[], Value]) -> Value:
        with self._lock:
            if key in known:
                known.move_to_end(key)
                return known[key]
        found = find()
        with self._lock:
            known[key] = found
            while len(known) > MOST_KEPT:
                known.popitem(last=False)
        return found


def described(call: Call, key: str, files: Sequence[str]) -> Table:
    """Columns and number of rows of Parquet files that the catalogue does not know."""

    def find() -> Table:
        found = _select(call, columns_statement(files), files).to_pydict()
        columns = dict(zip(found["column_name"], found["column_type"], strict=True))
        return Table(key, tuple(files), columns, _number(_select(call, size_statement(files), files)))

    return call.runtime.view_kept.table(key, find)


def first_rows(call: Call, table: Table) -> pa.Table:
    """The first rows of a table, of as many columns as are shown."""
    window = Window(limit=SAMPLED_ROWS, column_limit=MOST_COLUMNS)
    found: pa.Table = _select(call, rows_statement(table.files, table.columns, window), table.files)
    return found


def window_of(call: Call, table: Table, window: Window) -> Rows:
    """The rows of a window of a table."""
    if not table.files:
        return Rows(offset=window.offset, columns=[], rows=[], row_count=0)
    count = _count(call, table, window)
    found = _select(call, rows_statement(table.files, table.columns, window), table.files)
    values = [[json_value(clipped(value)) for value in column.to_pylist()] for column in found.columns]
    columns = [ColumnName(name=name, type=table.columns.get(name, "")) for name in found.column_names]
    rows = [list(row) for row in zip(*values, strict=True)]
    return Rows(offset=window.offset, columns=columns, rows=rows, row_count=count, rows_known=count)


def _count(call: Call, table: Table, window: Window) -> int:
    filters = {name: str(words).strip() for name, words in window.filters.items() if str(words).strip()}
    if not filters:
        return table.row_count
    asked = repr(sorted(filters.items()))
    sql = count_statement(table.files, table.columns, window)
    return call.runtime.view_kept.count((table.key, asked), lambda: _number(_select(call, sql, table.files)))


def _number(found: Any) -> int:
    return int(found.column(0)[0].as_py())


def _select(call: Call, sql: str, files: Sequence[str]) -> Any:
    found: pa.Table = call.runtime.viewers.read(
        sql, files, principal=call.principal.user_id, is_cancelled=call.is_cancelled
    )
    return found
