"""Where the table begins in a sheet: what stands above it, and whether its first row names the columns."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lakebook.ingest.sources.notes import Notes

Cells = list[Any]
Kind = Literal["nothing", "text", "truth", "number", "moment"]
SAMPLE = 200
YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Region:
    """The row that names the columns, from 1 (0 for none), the first row of data, and the columns' labels."""

    header: int
    first: int
    labels: list[str]


def filled(cells: Cells) -> int:
    """How many cells hold something."""
    return sum(1 for cell in cells if not blank(cell))


def blank(cell: Any) -> bool:
    """Whether a cell holds nothing but blanks."""
    return isinstance(cell, str) and not cell.strip()


@dataclass(frozen=True)
class Span:
    """A merged cell: its rows from 1 and its columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies over this place."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def region_of(
    rows: Iterable[Cells], header: bool | None, skip: int, notes: Notes, spans: Sequence[Span] = ()
) -> Region | None:
    """The region of the table that these first rows begin; None where they are all empty.

    `header` and `skip` are what was said about the sheet; lines above the table are noted. A header of two rows, whose
    upper one names groups of columns by merged cells, gives each column both names.
    """
    sample: list[tuple[int, Cells]] = []
    for number, cells in enumerate(rows, 1):
        if number > skip and filled(cells):
            sample.append((number, cells))
        if len(sample) == SAMPLE:
            break
    if not sample:
        return None
    above = 0 if skip else _preamble([filled(cells) for _number, cells in sample])
    number, first = sample[above]
    below = [cells for _number, cells in sample[above + 1 :]]
    named = header if header is not None else _names_columns(first, below)
    top, bottom = _header(number, dict(sample), spans) if named else (number, number)
    for at, cells in sample[:above]:
        if at < top:
            notes.note("preamble", None, shown(cells), "stands above the table: not loaded", line=at)
    if not named:
        return Region(0, number, [""] * len(first))
    return Region(bottom, bottom + 1, _labels(dict(sample), top, bottom, spans))


def _header(number: int, rows: dict[int, Cells], spans: Sequence[Span]) -> tuple[int, int]:
    """The first and the last row of the header: one row, or two where the upper one groups columns."""
    width = len(rows[number])
    groups = [span for span in spans if span.top == span.bottom and 1 < span.right - span.left + 1 < width]
    if number - 1 in rows and any(span.top == number - 1 for span in groups):
        return number - 1, number
    under = rows.get(number + 1)
    if under is None or not all(kind_of(cell) in ("text", "nothing") for cell in under):
        return number, number
    over = [span for span in groups if span.top == number]
    inside = [said(cell) for at, cell in enumerate(under) if any(span.left <= at <= span.right for span in over)]
    outside = len([cell for cell in under if not blank(cell)]) - len([text for text in inside if text])
    # A row of texts may be one of data: it is not where it names columns in no group, or groups name theirs alike.
    alike = len(over) > 1 and len(set(inside)) < len(inside)
    free = len(inside) < width
    return (number, number + 1) if over and all(inside) and outside == 0 and (free or alike) else (number, number)


def _labels(rows: dict[int, Cells], top: int, bottom: int, spans: Sequence[Span]) -> list[str]:
    labels = []
    for column in range(len(rows[bottom])):
        parts: list[str] = []
        for row in range(top, bottom + 1):
            over = next((span for span in spans if span.holds(row, column)), Span(row, column, row, column))
            text = said(rows[over.top][over.left]) if over.top in rows else ""
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        labels.append(" ".join(parts))
    return labels


def _preamble(widths: list[int]) -> int:
    """How many of the first rows are narrower than the table is: titles and notes, not its header."""
    widest = max(widths)
    enough = widest if widest <= 2 else (widest + 1) // 2
    return next(at for at, width in enumerate(widths) if width >= enough)


def _names_columns(first: Cells, below: list[Cells]) -> bool:
    """Text over numbers says header, numbers over numbers say data; where only text meets text it is a header."""
    like_data = False
    for at, cell in enumerate(first):
        above, kinds = kind_of(cell), {kind_of(cells[at]) for cells in below} - {"nothing"}
        under: Kind = kinds.pop() if len(kinds) == 1 else "nothing" if not kinds else "text"
        if above == "text" and under in ("number", "moment", "truth"):
            return True
        typed = above in ("number", "moment", "truth")
        like_data = like_data or (typed and under in (above, "nothing"))
    return not like_data or _names_years(first)


def _names_years(first: Cells) -> bool:
    """Whether the numbers in a row are years or days that follow each other, as over a table of periods."""
    periods = [cell for cell in first if kind_of(cell) in ("number", "moment")]
    rising = all(type(one) is type(other) and one < other for one, other in itertools.pairwise(periods))
    whole = all(kind_of(cell) == "moment" or cell in YEARS for cell in periods)
    return len(periods) > 1 and rising and whole and kind_of(first[0]) == "text"


def kind_of(cell: Any) -> Kind:
    """What a cell holds, roughly."""
    if isinstance(cell, bool):
        return "truth"
    if isinstance(cell, (int, float)):
        return "number"
    if isinstance(cell, str):
        return "text" if cell.strip() else "nothing"
    return "moment"


def said(cell: Any) -> str:
    """A cell as text: whole numbers without a point, times as ISO 8601, durations as hours, minutes and seconds."""
    match cell:
        case bool():
            return str(cell).upper()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell)
        case dt.datetime():
            return cell.isoformat(" ")
        case dt.timedelta():
            seconds = cell.days * 86_400 + cell.seconds
            minutes, second = divmod(abs(seconds), 60)
            return f"{'-' if seconds < 0 else ''}{minutes // 60}:{minutes % 60:02}:{second:02}"
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell).strip()


def shown(cells: Cells) -> str:
    """A row as one short line."""
    return " | ".join(said(cell) for cell in cells if not blank(cell))[:200]
