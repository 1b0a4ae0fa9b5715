"""One sentence about a result; every number in it is a value of the result, and it is said of which cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

MOST_DECIMALS = 4

Trace = tuple[int, int, int, str]


@dataclass(frozen=True)
class Said:
    """A sentence, and for each value in it where it begins and ends, and the row and column that it is from."""

    text: str
    traces: tuple[Trace, ...] = ()


@dataclass
class Saying:
    """A sentence in the making."""

    rows: Sequence[dict[str, object]]
    text: str = ""
    traces: list[Trace] = field(default_factory=list)

    def say(self, words: str) -> Saying:
        """Add words that hold no number."""
        self.text += words
        return self

    def cell(self, row: int, column: str) -> Saying:
        """Add a value of the result."""
        return self._add(row, column, written(self.rows[row][column]))

    def _add(self, row: int, column: str, shown: str) -> Saying:
        self.traces.append((len(self.text), len(self.text) + len(shown), row, column))
        self.text += shown
        return self

    def cells(self, row: int, columns: Sequence[str]) -> Saying:
        """Add the values that name a row, one after the other; numbers that are names have no thousands."""
        for number, column in enumerate(columns):
            self.say(" " if number else "").name(row, column)
        return self

    def name(self, row: int, column: str) -> Saying:
        """Add a value that is a name."""
        value = self.rows[row][column]
        return self._add(row, column, str(value) if is_whole(value) else written(value))

    def done(self) -> Said:
        """The sentence; none where it holds a number that is no value of the result."""
        rest = self.text
        for start, end, _, _ in reversed(self.traces):
            rest = rest[:start] + rest[end:]
        if any(sign.isdigit() for sign in rest):
            return Said("")
        return Said(self.text, tuple(self.traces))


def written(value: object) -> str:
    """A value as people write it: thousands separated, at most four decimals, days without a midnight.

    Exact decimals keep their places, but past the second only as many as say something.
    """
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, float):
        short = f"{value:,.{MOST_DECIMALS}f}"
        return (short.rstrip("0").rstrip(".") if "." in short else short) or "0"
    if isinstance(value, datetime):
        plain = value.isoformat(sep=" ", timespec="seconds")
        return plain.removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, date) else str(value)


def _decimal(value: Decimal) -> str:
    shown = f"{value:,.{MOST_DECIMALS}f}" if value != round(value, MOST_DECIMALS) else f"{value:,f}"
    whole, point, places = shown.partition(".")
    return f"{whole}{point}{places[:2]}{places[2:].rstrip('0')}"


def is_whole(value: object) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Whether a value is a number one can compare."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool) and value == value
