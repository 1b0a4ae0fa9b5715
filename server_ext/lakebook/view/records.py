"""Where the records of a text file begin and end, told block by block with arrays instead of characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Units = NDArray[np.unsignedinteger[Any]]
    Places = NDArray[np.int64]

WIDE = {"utf-16-le": "<u2", "utf-16-be": ">u2"}


@dataclass(frozen=True)
class Marks:
    """The characters that cut a text into records and fields, as numbers; `units` is how the bytes are read."""

    newline: int = 10
    quote: int | None = None
    delimiter: int = 44
    escape: int | None = None
    units: str = "u1"

    @property
    def unit_bytes(self) -> int:
        """Bytes of a character's unit."""
        return 1 if self.units == "u1" else 2


def marks_of(dialect: dict[str, Any]) -> Marks:
    """The marks of a dialect as the native pass says it; JSON lines have no quotes that span lines."""
    units = WIDE.get(str(dialect.get("encoding") or "").lower(), "u1")
    newline = 13 if dialect.get("line_end") == "\r" else 10
    if dialect.get("format") == "json":
        return Marks(newline=newline, units=units)
    quote, escape = dialect.get("quote"), dialect.get("escape")
    return Marks(
        newline=newline,
        quote=ord(quote) if quote else None,
        delimiter=ord(dialect.get("delimiter") or ","),
        escape=ord(escape) if escape and escape != quote else None,
        units=units,
    )


def record_bounds(block: bytes, marks: Marks) -> tuple[Places, Places, int]:
    """Begin and end in bytes of each whole record of a block that begins with one, and where the rest begins.

    Blank lines are no records. A record's end is past its line end.
    """
    import numpy as np

    size = marks.unit_bytes
    units: Units = np.frombuffer(block, dtype=marks.units, count=len(block) // size)
    ends = _record_ends(units, marks)
    if not len(ends):
        none = np.empty(0, dtype=np.int64)
        return none, none, 0
    begins = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1]))
    lengths = ends - begins
    blank = (lengths == 1) | ((lengths == 2) & (units[begins] == 13))
    return begins[~blank] * size, ends[~blank] * size, int(ends[-1]) * size


def _record_ends(units: Units, marks: Marks) -> Places:
    import numpy as np

    lines = np.flatnonzero(units == marks.newline)
    if marks.quote is None:
        return lines + 1
    quotes = np.flatnonzero(units == marks.quote)
    if marks.escape is not None and len(quotes):
        quotes = quotes[(quotes == 0) | (units[quotes - 1] != marks.escape)]
    if not len(quotes):
        return lines + 1
    turns = quotes if _alternate(units, quotes, marks) else _walked(units, quotes, marks)
    outside = np.searchsorted(turns, lines) % 2 == 0
    ends: Places = lines[outside] + 1
    return ends


def _alternate(units: Units, quotes: Places, marks: Marks) -> bool:
    """Whether every quote opens and closes in turn: the case of nearly every file, told without a loop."""
    import numpy as np

    around = np.array([marks.delimiter, 10, 13, marks.quote or 0], dtype=units.dtype)
    opening, closing = quotes[0::2], quotes[1::2]
    opening, closing = opening[opening > 0], closing[closing < len(units) - 1]
    opens = np.isin(units[opening - 1], around).all()
    return bool(opens and np.isin(units[closing + 1], around).all())


def _walked(units: Units, quotes: Places, marks: Marks) -> Places:
    """The quotes that open and close fields where others stand in the middle of unquoted text."""
    import numpy as np

    padded = np.concatenate((units[:0], [marks.newline], units, [marks.newline]))
    before, after = padded[quotes].tolist(), padded[quotes + 2].tolist()
    openers, turns, inside, doubled = {marks.delimiter, 10, 13}, [], False, -1
    for place, left, right in zip(quotes.tolist(), before, after, strict=True):
        if place == doubled:
            continue
        if not inside:
            if left in openers:
                inside = True
                turns.append(place)
        elif right == marks.quote:
            doubled = place + 1
        else:
            inside = False
            turns.append(place)
    return np.array(turns, dtype=np.int64)
