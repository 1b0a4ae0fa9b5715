"""Values side by side of which each has a figure of its own: "on Dream and on Biscoe", "male and female birds"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lakebook.query.parse.figures_within import counts_rows, inner
from lakebook.query.parse.wants import Draft, Span
from lakebook.query.reading import Among, Every, Reading

BEFORE = frozenset({"for", "in", "on", "of", "at", "by", "with", "to", "from"})
_TOGETHER = frozenset({"together", "combined", "pooled", "jointly", "joined", "overall", "altogether"})


def apart(folds: list[str], draft: Draft, reading: Reading) -> Iterator[str]:
    """The words that ask for several figures of a reading that has one for all rows."""
    filters = [folds[span.start : span.end] for span in draft.spans if span.part == "filter"]
    yield from (f"and {each[0]}" for each in filters if each[0] in BEFORE and _again(each))
    if not _are_several(reading):
        return
    if counts_rows(reading):
        filters = [folds[span.start : span.end] for span in _spans_before_subject(draft)]
    elif not _describes(reading) or not _TOGETHER.isdisjoint(folds):
        return
    yield from ("and" for each in filters if "and" in each)


def _again(folds: list[str]) -> bool:
    """ "On Dream and on Biscoe" asks for two figures."""
    return ("and", folds[0]) in pairwise(folds)


def _spans_before_subject(draft: Draft) -> Iterator[Span]:
    """ "Male and female penguins" are two kinds of them."""
    for span, then in pairwise(draft.spans):
        if span.part == "filter" and then.part == "subject":
            yield span


def _describes(reading: Reading) -> bool:
    """ "The average mass of Adelie and Gentoo" is two averages, unless it is said that they are taken together."""
    kinds = {"avg", "median", "quantile", "stddev", "variance", "min", "max"}
    return any(getattr(each, "kind", "") in kinds for each in inner(reading.figures))


def _are_several(reading: Reading) -> bool:
    where = reading.where.conditions if isinstance(reading.where, Every) else (reading.where,)
    return any(isinstance(each, Among) and len(each.values) > 1 and not each.negated for each in where)
