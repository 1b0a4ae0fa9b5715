"""Whether an answer's rows are those that were expected: labels and keys besides are no fault, names do not count."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

Row = Sequence[object]
Column = tuple[object, ...]

TOLERANCE = 1e-9
# Deviations and correlations differ by more between two honest ways to reckon them.
LOOSE_TOLERANCE = 1e-6
_ZERO = 1e-12
_MOST_TRIED = 20_000

_NUMBER = re.compile(r"[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(\.\d+)?)?)?(?:Z|[+-]00(?::?00)?)?")


def columns_left_over(
    expected: Sequence[Row], given: Sequence[Row], *, ordered: bool = False, tolerance: float = TOLERANCE
) -> int | None:
    """How many columns of `given` remain when some of them equal all of `expected`; None where none do.

    Rows are compared as a multiset, as a list where `ordered`; numbers within the relative tolerance are the same.
    """
    if len(expected) != len(given):
        return None
    if not expected:
        return 0
    wanted, offered = _columns(expected), _columns(given)
    if len(offered) < len(wanted):
        return None
    wanted, offered = _graded(wanted, offered, tolerance)
    choices = [[n for n, column in enumerate(offered) if _same([each], [column], ordered)] for each in wanted]
    if not all(choices):
        return None
    found = _Assignment(wanted, offered, choices, ordered).exists()
    return len(offered) - len(wanted) if found else None


class _Assignment:
    """Looks for different offered columns, one for each wanted one, whose rows together are the wanted rows."""

    def __init__(self, wanted: list[Column], offered: list[Column], choices: list[list[int]], ordered: bool) -> None:
        self.wanted, self.offered, self.choices, self.ordered = wanted, offered, choices, ordered
        self.tried = 0

    def exists(self, taken: tuple[int, ...] = ()) -> bool:
        if len(taken) == len(self.wanted):
            return True
        for choice in self.choices[len(taken)]:
            self.tried += 1
            if self.tried > _MOST_TRIED:
                return False
            longer = (*taken, choice)
            if choice not in taken and self._fits(longer) and self.exists(longer):
                return True
        return False

    def _fits(self, taken: tuple[int, ...]) -> bool:
        return _same(self.wanted[: len(taken)], [self.offered[n] for n in taken], self.ordered)


def _same(left: Sequence[Column], right: Sequence[Column], ordered: bool) -> bool:
    one, other = list(zip(*left, strict=True)), list(zip(*right, strict=True))
    return one == other if ordered else Counter(one) == Counter(other)


def _columns(rows: Sequence[Row]) -> list[Column]:
    return list(zip(*([plain(value) for value in row] for row in rows), strict=True))


def _graded(wanted: list[Column], offered: list[Column], tolerance: float) -> tuple[list[Column], list[Column]]:
    """The columns with each number as the class of those next to it within the tolerance."""
    grades = _grades((value for column in (*wanted, *offered) for value in column), tolerance)

    def graded(column: Column) -> Column:
        return tuple(("number", grades[value]) if isinstance(value, float) else value for value in column)

    return [graded(column) for column in wanted], [graded(column) for column in offered]


def _grades(values: Iterable[object], tolerance: float) -> dict[float, int]:
    grades: dict[float, int] = {}
    grade, last = 0, math.nan
    for number in sorted({value for value in values if isinstance(value, float)}):
        near = number == last or abs(number - last) <= max(_ZERO, tolerance * max(abs(number), abs(last)))
        grade += 0 if near else 1
        grades[number] = grade
        last = number
    return grades


def plain(value: object) -> object:
    """A cell as None, float or text: a number written as text is that number, midnight is its day."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return None if math.isnan(number) else number
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None).isoformat(sep=" ")
    elif isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, list | dict):
        value = json.dumps(value, sort_keys=True, default=str)
    text = unicodedata.normalize("NFC", str(value)).strip()
    return float(text) if _NUMBER.fullmatch(text) else _time(text)


def _time(text: str) -> str:
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    day, minutes, seconds, fraction = found.groups()
    clock = f"{minutes or '00:00'}:{seconds or '00'}" + (fraction or "").rstrip("0").rstrip(".")
    return day if clock == "00:00:00" else f"{day} {clock}"
