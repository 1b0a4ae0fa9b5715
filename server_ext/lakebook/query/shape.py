"""What the rows of a reading are, for the chart that fits them."""

from __future__ import annotations

from lakebook.query.reading import Reading
from lakebook.query.terms import Bands, Bin, Field, Part, Term, Thing

_COURSES = ("year", "quarter", "month", "week", "day", "hour_of_time")


def shape(reading: Reading) -> str:
    """A course in "time", "groups", groups of an order of their own ("ordered"), "bins", "pairs", or "none"."""
    if reading.count_groups or not reading.groups or not reading.figures:
        return "none"
    first = reading.groups[0]
    if len(reading.groups) > 2 or len(reading.figures) > 1:
        return "none"
    if is_course(first):
        return "time"
    if isinstance(first, Bin) and len(reading.groups) == 1:
        return "bins"
    if len(reading.groups) == 2:
        return "pairs"
    ranked = any(order.by in reading.figures for order in reading.order)
    return "ordered" if ranked or isinstance(first, Bands | Part | Bin) else "groups"


def is_course(group: Term | Thing) -> bool:
    """Whether groups follow one another in time, rather than come again like weekdays."""
    if isinstance(group, Part):
        return group.part in _COURSES
    return isinstance(group, Field) and group.column.is_time
