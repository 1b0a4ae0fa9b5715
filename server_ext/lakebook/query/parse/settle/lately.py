"""Stretches counted back from the newest day of the data."""

from __future__ import annotations

from datetime import date, timedelta

from lakebook.query.parse.grammar.stretches import month_of
from lakebook.query.parse.wants import (
    Lately,
)


def day_of(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value is not None else None
    except ValueError:
        return None


def counted_back(newest: date, when: Lately) -> tuple[date, date]:
    after = newest + timedelta(days=1)
    if when.unit in ("day", "week"):
        return after - timedelta(days=when.number * (7 if when.unit == "week" else 1)), after
    length = {"month": 1, "quarter": 3, "year": 12}[when.unit] * when.number
    first = newest.month - (newest.month - 1) % {"month": 1, "quarter": 3, "year": 12}[when.unit]
    step = {"month": 1, "quarter": 3, "year": 12}[when.unit]
    before = 0 if when.current or when.number > 1 else step
    end_month = newest.year * 12 + first - 1 + step - before
    start_month = end_month - length
    start, end = divmod(start_month, 12), divmod(end_month, 12)
    return month_of(start[0], start[1] + 1)[0], month_of(end[0], end[1] + 1)[0]
