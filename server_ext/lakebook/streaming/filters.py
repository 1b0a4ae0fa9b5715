"""Which rows a listener wants: equality, any of a list, a range; pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

RANGE = frozenset({"min", "max"})


def matches(filters: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether the row passes every filter; a column that the row lacks counts as null.

    A filter is a value (the same value), a list (any of it), or {"min": …, "max": …} (within both ends).
    Numbers are compared as numbers, also where one of them travels as text, as DECIMAL does.
    """
    return all(_passes(wanted, row.get(name)) for name, wanted in filters.items())


def _passes(wanted: Any, value: Any) -> bool:
    match wanted:
        case list():
            return any(_same(item, value) for item in wanted)
        case dict() if wanted and wanted.keys() <= RANGE:
            return _within(wanted.get("min"), wanted.get("max"), value)
        case _:
            return _same(wanted, value)


def _same(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, bool) or isinstance(value, bool):
        return wanted is value
    if _is_number(wanted) or _is_number(value):
        left, right = _number(wanted), _number(value)
        return left is not None and left == right
    return bool(wanted == value)


def _within(least: Any, most: Any, value: Any) -> bool:
    return (least is None or _ordered(least, value)) and (most is None or _ordered(value, most)) and value is not None


def _ordered(low: Any, high: Any) -> bool:
    """Whether `low` is at most `high`; values of different kinds have no order."""
    if isinstance(low, bool) or isinstance(high, bool):
        return False
    if _is_number(low) or _is_number(high):
        left, right = _number(low), _number(high)
        return left is not None and right is not None and left <= right
    return isinstance(low, str) and isinstance(high, str) and low <= high


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Any) -> Decimal | None:
    """The value as a number, whether it came as one or as its text; None for anything else."""
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
