"""Equals that a limit cuts between: one row more is looked at, of all rows or of each part, and it is said."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from lakebook.query.reading import Figure, Order, Reading
from lakebook.query.write.keys import keys_of

if TYPE_CHECKING:
    import pyarrow as pa

TIED = "Other rows have the same value as the last one shown: the limit cut between equals."
TIED_WITHIN = "In {tied} of {parts} groups another row has the same value as the last one shown: the limit cut it off."


def one_more(reading: Reading) -> Reading | None:
    """The reading with one row past its limit, what it is put in order by shown at the end; None without a limit."""
    first = reading.order[0].by if reading.order else None
    if reading.limit is None or reading.along or reading.count_groups or reading.distinct:
        return None
    if isinstance(first, Figure) and (reading.groups or reading.figures):
        more = () if first in reading.figures else (first,)
        return replace(reading, limit=reading.limit + 1, figures=(*reading.figures, *more))
    listed = reading.columns and not (reading.groups or reading.figures) and set(reading.each) <= set(reading.columns)
    if first is None or isinstance(first, Figure) or not listed:
        return None
    more_columns = () if first in reading.columns else (first,)
    return replace(reading, limit=reading.limit + 1, columns=(*reading.columns, *more_columns))


def cut(table: pa.Table, reading: Reading, wider: Reading) -> tuple[pa.Table, str]:
    """The rows and columns of `reading` out of those of `wider`, and what to say of equals that are not shown."""
    import pyarrow as pa

    limit = reading.limit or 1
    width = table.num_columns - _hidden(reading, wider)
    values = table.column(_place(reading.order[0], reading, width)).to_pylist()
    kept, tied, parts = [], 0, 0
    for rows in _parts(table, reading):
        parts += 1
        tied += len(rows) > limit and values[rows[limit - 1]] == values[rows[limit]]
        kept += rows[:limit]
    shown = table.take(pa.array(kept, pa.int64())).select(list(range(width)))
    said = TIED_WITHIN.format(tied=tied, parts=parts) if reading.each else TIED
    return shown, said if tied else ""


def _parts(table: pa.Table, reading: Reading) -> list[list[int]]:
    """The rows by the groups that the limit holds for, which lie together; all of them where it holds for all."""
    grouped = reading.groups or reading.figures
    terms = [key.term for key in keys_of(reading) if key.shown] if grouped else list(reading.columns)
    keys = [table.column(terms.index(each)).to_pylist() for each in reading.each]
    return [list(rows) for _, rows in groupby(range(table.num_rows), lambda row: [key[row] for key in keys])]


def _hidden(reading: Reading, wider: Reading) -> int:
    return len(wider.figures) + len(wider.columns) - len(reading.figures) - len(reading.columns)


def _place(order: Order, reading: Reading, width: int) -> int:
    """The column of the wider result that holds what it is put in order by."""
    if isinstance(order.by, Figure):
        shown = reading.figures.index(order.by) - len(reading.figures) if order.by in reading.figures else 0
        return width + shown
    return reading.columns.index(order.by) if order.by in reading.columns else width
