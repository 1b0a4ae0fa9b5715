"""The days that a statement names in texts."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlglot import exp

from lakebook.query.by_model.signs import numbers_of, texts_of

DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:[ T]00:00(?::00)?)?")


def months_in(tree: exp.Expr) -> set[int]:
    """The months that the statement's times lie in, and the numbers that may be a month's."""
    days = [found for text in texts_of(tree) if (found := meant_day(text)) is not None]
    return {day.month for day in days} | {int(float(each.name)) for each in numbers_of(tree)}


def meant_day(text: exp.Literal) -> date | None:
    """The day that a text names, the last one before it where it is the end of a stretch; None for other texts."""
    day = DAY.fullmatch(text.name)
    try:
        meant = date(int(day[1]), int(day[2]), int(day[3] or 1)) if day else None
    except ValueError:
        return None
    above = text.parent
    while isinstance(above, exp.Cast):
        above = above.parent
    is_end = isinstance(above, exp.LT) and meant is not None and meant.day == 1
    return meant - timedelta(days=1) if is_end and meant is not None else meant
