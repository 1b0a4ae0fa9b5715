"""Conditions that no row meets together: in October of every year and in November 2011, of Germany and of France."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations
from typing import Any

from lakebook.query.reading import Among, Compare, Condition, Every, Missing, Named, Period, Within, each_of
from lakebook.query.terms import Part


def contradicts_itself(condition: Condition) -> bool:
    """ "Cancelled and not cancelled", "before 2023 and after 2023" are two groups, and no row is in both.

    Nor are "sold in Germany but not in France" the rows of Germany that are not of France.
    """
    if not isinstance(condition, Every):
        return False
    spans = [each for each in condition.conditions if isinstance(each, Within) and not each.negated]
    if any(one.term == other.term and _are_apart(one.period, other.period) for one, other in combinations(spans, 2)):
        return True
    if any(_falls_outside(each, span) for span in spans for each in condition.conditions):
        return True
    left = [each for each in condition.conditions if isinstance(each, Within) and each.negated]
    if any(one.term == other.term and _are_apart(one.period, other.period) for one in spans for other in left):
        return True
    chosen = [each for each in condition.conditions if isinstance(each, Among) and not each.negated]
    pairs = ((one, other) for one, other in combinations(chosen, 2) if one.term == other.term)
    if any(set(one.values).isdisjoint(other.values) for one, other in pairs):
        return True
    if _have_no_number(condition):
        return True
    sides = {(each.term, each.negated) for each in condition.conditions if isinstance(each, Named | Missing | Among)}
    return any((term, not negated) in sides for term, negated in sides)


def _have_no_number(condition: Every) -> bool:
    """ "In 2007, 2008 and 2009" of a column of years: no number is all of them."""
    inner = [one for each in condition.conditions for one in each_of(each)]
    beside = [each for each in inner if isinstance(each, Compare) and isinstance(each.value, int | float | Decimal)]
    exact = [each for each in beside if each.operator == "="]
    return any(
        one.term == other.term and not _HOLDS[other.operator](one.value, other.value)
        for one in exact
        for other in beside
    )


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _falls_outside(condition: Condition, span: Within) -> bool:
    """ "In October" of every year and "in November 2011" have no row together."""
    months = (
        isinstance(condition, Among) and isinstance(condition.term, Part) and condition.term.part == "month_of_year"
    )
    if (
        not months
        or not isinstance(condition, Among)
        or condition.negated
        or span.period.start is None
        or span.period.end is None
    ):
        return False
    first, last = span.period.start, span.period.end
    count = (last.year - first.year) * 12 + last.month - first.month
    covered = {(first.month - 1 + place) % 12 + 1 for place in range(max(count, 1))}
    return covered.isdisjoint(condition.values)


def _are_apart(one: Period, other: Period) -> bool:
    return any(
        first.end is not None and later.start is not None and f"{first.end}" <= f"{later.start}"
        for first, later in ((one, other), (other, one))
    )
