"""A sheet's columns, typed by the cells they hold: each keeps every value, or says what it could not."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lakebook.ingest.sources.sheet_region import blank, said

NULL_WORDS = frozenset(
    {"NA", "N/A", "n/a", "null", "NULL", "Null", "None", "none", "-", "\\N", "#N/A", "<NA>"}
)  # fmt: skip
EXACT = float(1 << 53)
KINDS: dict[type, str] = {
    bool: "truth", int: "number", float: "number", str: "text", dt.date: "day", dt.datetime: "moment",
    dt.time: "clock", dt.timedelta: "clock",
}  # fmt: skip
SAID = {"truth": "true or false", "number": "numbers", "text": "texts", "day": "days", "moment": "moments",
        "clock": "times of day"}  # fmt: skip


@dataclass
class Look:
    """What one column holds: how many cells of each kind, whether its numbers are whole, its words for null."""

    kinds: Counter[str] = field(default_factory=Counter)
    whole: bool = True
    words: Counter[str] = field(default_factory=Counter)

    def take(self, cells: Sequence[Any], words: frozenset[str]) -> None:
        """Look at the next cells of the column."""
        kinds = Counter(map(type, cells))
        for kind, count in kinds.items():
            if kind is not str:
                self.kinds[KINDS[kind]] += count
        if kinds[str]:
            texts = [cell for cell in cells if type(cell) is str and not blank(cell)]
            self.kinds["text"] += len(texts)
            self.words.update(text for text in texts if text.strip() in words)
        if self.whole and kinds[float]:
            self.whole = all(
                cell.is_integer() and -EXACT <= cell <= EXACT for cell in cells if type(cell) is float
            )  # fmt: skip

    @property
    def typed(self) -> bool:
        """Whether the cells are of one kind that is not text, words for null left aside."""
        kinds = set(+self.kinds) - ({"text"} if self.kinds["text"] == sum(self.words.values()) else set())
        return bool(kinds) and "text" not in kinds and (len(kinds) == 1 or kinds == {"day", "moment"})

    @property
    def nothing(self) -> bool:
        """Whether no cell holds anything."""
        return not +self.kinds


@dataclass(frozen=True)
class Typed:
    """The Arrow type of a column, how its cells become it, and what was out of the ordinary: a kind and a reason."""

    type: Any
    made_of: Callable[[Sequence[Any]], Any]
    notes: tuple[tuple[str, str], ...] = ()


def typed(look: Look, nulls: frozenset[str]) -> Typed:
    """The narrowest type that keeps every cell; `nulls` are words that mean null in a column of text."""
    import pyarrow as pa

    kinds = set(+look.kinds) - ({"text"} if look.typed else set())
    if not look.typed:
        return _text(look, nulls)
    notes = []
    if look.words:
        shown = ", ".join(f"{word!r} {count} times" for word, count in look.words.most_common(5))
        notes.append(("null_word", f"{shown}: read as null"))
    if kinds == {"clock"}:
        # No table has a type for a time without a day.
        return Typed(pa.string(), lambda cells: pa.array([_said(cell, look.words) for cell in cells], pa.string()),
                     tuple(notes))  # fmt: skip
    if kinds == {"number"} and look.whole:
        return _plain(pa.int64(), lambda cell: int(cell), notes)
    if kinds == {"number"}:
        return _plain(pa.float64(), float, notes)
    if kinds == {"truth"}:
        return _plain(pa.bool_(), lambda cell: cell, notes)
    if kinds == {"day"}:
        return _plain(pa.date32(), lambda cell: cell, notes)
    return _plain(pa.timestamp("us"), _moment, notes)


def _plain(kind: Any, value_of: Callable[[Any], Any], notes: list[tuple[str, str]]) -> Typed:
    import pyarrow as pa

    def made_of(cells: Sequence[Any]) -> Any:
        return pa.array([None if type(cell) is str else value_of(cell) for cell in cells], kind)

    return Typed(kind, made_of, tuple(notes))


def _moment(cell: Any) -> Any:
    return cell if isinstance(cell, dt.datetime) else dt.datetime.combine(cell, dt.time())


def _text(look: Look, nulls: frozenset[str]) -> Typed:
    import pyarrow as pa

    notes = []
    if len(+look.kinds) > 1:
        held = ", ".join(f"{count} {SAID[kind]}" for kind, count in look.kinds.most_common() if count)
        notes.append(("mixed_types", f"holds {held}: kept as text"))
    return Typed(pa.string(), lambda cells: pa.array([_said(cell, nulls) for cell in cells], pa.string()),
                 tuple(notes))  # fmt: skip


def _said(cell: Any, nulls: frozenset[str] | Counter[str]) -> str | None:
    """A cell's text as it stands; None where it is empty or a word for null."""
    if type(cell) is not str:
        return said(cell)
    return None if blank(cell) or cell.strip() in nulls else cell
