"""Values side by side of which each has a figure of its own: "on Dream and on Biscoe", "male and female birds"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from lakebook.query.parse.at_once import are_several
from lakebook.query.parse.figures_within import counts_rows, inner, is_count
from lakebook.query.parse.wants import Draft, InTime, Span
from lakebook.query.parse.words import Token, parts
from lakebook.query.reading import Among, Compare, Figure, Metric, Period, Reading, Within, each_of
from lakebook.query.terms import Field, Part, Term

BEFORE = frozenset({"for", "in", "on", "of", "at", "by", "with", "to", "from"})
_DESCRIBING = frozenset({"avg", "median", "quantile", "stddev", "variance", "min", "max"})
_YEARS = re.compile(r"(?:(?:in|for|during|of) )?\d{4}(?: ?, \d{4})* and \d{4}")
_ALL = frozenset({"total", "sum", "much", "many", "number", "whole", "joint", "all", "or", "not", "except", "without"})
_TOGETHER = frozenset({"together", "combined", "pooled", "jointly", "joined", "overall", "altogether"})


def apart(folds: list[str], draft: Draft, reading: Reading) -> Iterator[str]:
    """The words that ask for several figures of a reading that has one for all rows."""
    filters = [folds[span.start : span.end] for span in draft.spans if span.part == "filter"]
    yield from (f"and {each[0]}" for each in filters if each[0] in BEFORE and _again(each))
    if not any(map(are_several, _choices(reading))):
        return
    if counts_rows(reading):
        filters = [folds[span.start : span.end] for span in _spans_before_subject(draft)]
    elif _DESCRIBING.isdisjoint(_kinds(reading)) or not _TOGETHER.isdisjoint(folds):
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


def each_of_several(words: tuple[Token, ...], draft: Draft, reading: Reading) -> Reading | None:
    """ "The average mass of Adelie and Gentoo" is two averages, unless it is said that they are taken together.

    So are "male and female birds per island" two counts for each.
    """
    folds = [token.fold for token in words]
    filters = [span for span in draft.spans if span.part == "filter"]
    kinds = {getattr(figure, "kind", "") for figure in reading.figures}
    if not kinds <= _DESCRIBING and reading.groups and counts_rows(reading):
        filters = list(_spans_before_subject(draft))
    elif not kinds or not kinds <= _DESCRIBING:
        return None
    several: list[Term] = [each.term for each in _choices(reading) if are_several(each)]
    if kinds <= _DESCRIBING:
        several += _years_of(draft, reading)
    told = any("and" in folds[span.start : span.end] for span in filters)
    if not told or len(several) != 1 or not isinstance(several[0], Field | Part) or not _TOGETHER.isdisjoint(folds):
        return None
    if isinstance(several[0], Part) and several[0].part != "year":
        return None  # the months of a season are taken together
    if reading.limit or reading.having or several[0] in reading.groups:
        return None
    return replace(reading, groups=(*reading.groups, several[0]))


def also_apart(words: tuple[Token, ...], draft: Draft, reading: Reading) -> Reading | None:
    """ "The revenue of Spain and Portugal" may be one sum and may be two; a total is one."""
    folds = frozenset(token.fold for token in words)
    filters = [words[span.start : span.end] for span in draft.spans if span.part == "filter"]
    joined = any(token.fold == "and" for each in filters for token in each)
    if reading.groups or reading.columns or reading.along or not joined or not (_ALL | _TOGETHER).isdisjoint(folds):
        return None
    several: list[Term] = [each.term for each in _choices(reading) if are_several(each)]
    several += _years_of(draft, reading)
    if len(several) != 1 or not isinstance(several[0], Field | Part) or not all(map(_is_amount, reading.figures)):
        return None
    return replace(reading, groups=(several[0],))


def _years_of(draft: Draft, reading: Reading) -> list[Term]:
    """What tells the years apart where several are asked for: "in 2010 and 2011", and not "from 2010 to 2011"."""
    times = [each for each in draft.where if isinstance(each, InTime) and isinstance(each.when, Period)]
    if not any(_YEARS.fullmatch(getattr(each.when, "text", "")) for each in times if not each.negated):
        return []
    where = [one for each in each_of(reading.where) for one in each_of(each)]
    columns = [each.term for each in where if isinstance(each, Compare) and isinstance(each.term, Field)]
    years: list[Term] = [each for each in columns if "year" in parts(each.column.name)]
    years += [Part(each.term, "year") for each in where if isinstance(each, Within)]
    return list(dict.fromkeys(years))


def _is_amount(figure: Figure) -> bool:
    return getattr(figure, "kind", "") == "sum" or (isinstance(figure, Metric) and not is_count(figure))


def _choices(reading: Reading) -> list[Among]:
    return [each for each in each_of(reading.where) if isinstance(each, Among) and not each.negated]


def _kinds(reading: Reading) -> set[str]:
    return {getattr(each, "kind", "") for each in inner(reading.figures)}
