"""The core of a question: what is asked for, before any filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.tables import Column
from lakebook.query.understand.compare import compared
from lakebook.query.understand.draft import Draft
from lakebook.query.understand.lexicon import ADVERBS, COUNT, DISTINCT, EARNING, FILLERS, HAVING, ROWS
from lakebook.query.understand.nouns import (
    ROW_COUNT,
    aggregated,
    bare,
    counted,
    dimensions,
    measures,
    revenue_measures,
    row_nouns,
    superlatives,
)
from lakebook.query.understand.reading import Condition, Dimension, Having, Measure
from lakebook.query.understand.scope import Scope
from lakebook.query.understand.words import parts, singular

Step = tuple[int, Draft]


def cores(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """Every core that stands at `start`."""
    yield from _counts(scope, start, draft)
    yield from _figures(scope, start, draft)
    yield from _every(scope, start, draft)
    yield from _rankings(scope, start, draft)
    yield from _with_the_most(scope, start, draft)
    yield from _with_more_than(scope, start, draft)
    yield from _values(scope, start, draft)
    yield from _rows(scope, start, draft)


def _counts(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "how many orders", "number of different customers", "rows" (per something), "how many Gentoo penguins"."""
    for at in scope.phrase(scope.article(start), COUNT):
        for end, measure in counted(scope, at):
            yield end, _measured(draft, measure, start, end)
        yield from _counts_of_a_kind(scope, at, draft.spanned(start, at, "measure"))
    for end, measure in row_nouns(scope, scope.article(start)):
        yield end, replace(_measured(draft, measure, start, end), shape="groups")


def _counts_of_a_kind(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    for at, column, same in scope.values(scope.article(start)):
        for end, measure in row_nouns(scope, at):
            kind = draft.filtered(Condition(column, "in", same)).spanned(start, at, "filter")
            yield end, _measured(kind, measure, at, end)


def _figures(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    for end, measure in [*aggregated(scope, start), *bare(scope, scope.article(start))]:
        drafted = _measured(draft, measure, start, end)
        yield end, drafted
        for at in scope.phrase(end, ("and", ",")):
            for last, second in measures(scope, at):
                if second != measure:
                    yield last, replace(_measured(drafted, second, at, last))


def _every(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "monthly revenue", "the yearly number of rows"."""
    place = scope.article(start)
    part = ADVERBS.get(scope.tokens[place].fold) if place < scope.end else None
    if part:
        for time in scope.times:
            grouped = replace(draft, shape="groups", groups=(Dimension(time, part),)).spanned(start, place + 1, "group")
            for end, measure in measures(scope, place + 1):
                yield end, _measured(grouped, measure, place + 1, end)


def _measured(draft: Draft, measure: Measure, start: int, end: int) -> Draft:
    drafted = replace(draft, measures=(*draft.measures, measure), per_row=measure == ROW_COUNT)
    return drafted.spanned(start, end, "measure")


def _rankings(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "top 5 countries by revenue", "bottom 3 products by number of rows"."""
    start = scope.article(start)
    for words, order in ((("top",), "desc"), (("bottom",), "asc")):
        for at in scope.phrase(start, words):
            limit = scope.number(at)
            place = limit[0] if limit else at
            for then, group in dimensions(scope, place):
                number = limit[1] if limit else _one(scope, then, group)
                if not isinstance(number, int) or number < 1:
                    continue
                for by in scope.phrase(then, ("by", "by their", "ranked by", "in terms of")):
                    for end, measure in measures(scope, by):
                        ranked = replace(draft, shape="ranking", groups=(group,), order=order, limit=number)
                        ranked = ranked.spanned(start, place, "limit").spanned(place, then, "group")
                        yield end, _measured(ranked, measure, then, end)


def _one(scope: Scope, end: int, group: Dimension) -> int | None:
    """A ranking without a number is of one thing where the thing is in the singular."""
    said = scope.tokens[end - 1].fold
    plural = singular(said) != said and said not in parts(group.column.name)
    return None if plural else 1


def _with_the_most(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "which country has the most rows", "the 5 countries with the highest average unit price"."""
    opened = next(scope.phrase(start, ("which", "what")), start)
    place = scope.article(opened)
    limit = scope.number(place)
    place = limit[0] if limit else place
    for then, group in dimensions(scope, place):
        number = limit[1] if limit else _one(scope, then, group)
        if not isinstance(number, int) or number < 1:
            continue
        for end, measure, order in _with_superlative(scope, then):
            ranked = replace(draft, shape="ranking", groups=(group,), order=order, limit=number)
            ranked = ranked.spanned(start, place, "limit").spanned(place, then, "group")
            yield end, _measured(ranked, measure, then, end)


def _with_superlative(scope: Scope, start: int) -> Iterator[tuple[int, Measure, str]]:
    for at in scope.phrase(start, HAVING):
        yield from superlatives(scope, at)
    for at in scope.phrase(start, EARNING):
        for then in scope.phrase(at, ("the most money", "most money")):
            for measure in revenue_measures(scope):
                yield then, measure, "desc"
        for end, measure, order in superlatives(scope, at):
            if len(measure.operand) == 2:
                yield end, measure, order


def _with_more_than(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "which countries have more than 100 customers", "countries with four or more customers"."""
    place = scope.article(next(scope.phrase(start, ("which", "what")), start))
    for then, group in dimensions(scope, place):
        for at in scope.phrase(then, HAVING):
            for after, operator, value in compared(scope, at):
                for end, measure in counted(scope, after):
                    if measure.kind in ("rows", "distinct") and group.column not in measure.operand:
                        grouped = replace(
                            draft, shape="groups", groups=(group,), having=(Having(measure, operator, value),)
                        ).spanned(start, then, "group")
                        yield end, _measured(grouped, measure, then, end)


def _values(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "which species …", "list the different countries"."""
    listing = list(scope.phrase(scope.article(start), DISTINCT))
    for at in [*scope.phrase(start, ("which", "what")), *listing]:
        place = next(scope.phrase(scope.article(at), DISTINCT), scope.article(at))
        asks = not scope.says(start, ("what",)) or place != at
        for end, column in scope.columns(place):
            if scope.means_another_table(place, end, column):
                continue
            if asks and not column.is_nested and not scope.says(end, ("has", "have", "had", "with")):
                listed = replace(draft, shape="values", columns=(column,)).spanned(start, end, "columns")
                yield end, listed


def _rows(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "rows …", "the first 10 rows", "InvoiceNo, Quantity and UnitPrice"."""
    place = scope.article(start)
    listed = replace(draft, shape="rows", per_row=True)
    for at in scope.phrase(place, ("first",)):
        number = scope.number(at)
        if number and isinstance(number[1], int) and number[1] > 0:
            for end in scope.phrase(number[0], ROWS):
                yield end, replace(listed, limit=number[1]).spanned(start, end, "limit")
    for end in scope.phrase(place, ROWS):
        yield end, listed.spanned(start, end, "columns")
    named = scope.table_name(place)
    if named is not None:
        yield named, listed.spanned(start, named, "columns")
    for end, columns in _column_list(scope, place):
        if len(columns) > 1:
            yield end, replace(listed, columns=columns).spanned(start, end, "columns")


def _column_list(scope: Scope, start: int) -> Iterator[tuple[int, tuple[Column, ...]]]:
    for end, column in scope.columns(scope.article(start)):
        yield end, (column,)
        for at in scope.phrase(end, (", and", ",", "and")):
            for last, others in _column_list(scope, at):
                if column not in others:
                    yield last, (column, *others)


def filler(scope: Scope, start: int) -> Iterator[int]:
    """Words that say nothing."""
    yield from scope.phrase(start, FILLERS)
