"""The clauses around the core: groups, filters, periods, order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.tables import Column
from lakebook.query.understand.core import Step, filler
from lakebook.query.understand.dates import periods
from lakebook.query.understand.draft import Draft
from lakebook.query.understand.lexicon import (
    ADVERBS,
    AFTER_NUMBER,
    BY,
    COMPARE,
    HIGH_FIRST,
    IS,
    IS_NOT,
    LOW_FIRST,
    MISSING,
    NATURAL,
    NO_SUCH,
    NOT_PLACE,
    PLACE,
    PRESENT,
    SUCH,
)
from lakebook.query.understand.names import is_identifier, unit
from lakebook.query.understand.nouns import dimensions
from lakebook.query.understand.reading import Condition, Dimension
from lakebook.query.understand.scope import Scope

MOST_GROUPS = 2


def clauses(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """Every clause that stands at `start`."""
    yield from _groups(scope, start, draft)
    yield from _periods(scope, start, draft)
    yield from _values(scope, start, draft)
    yield from _missing(scope, start, draft)
    yield from _numbers(scope, start, draft)
    yield from _orders(scope, start, draft)
    yield from _limits(scope, start, draft)
    yield from _tables(scope, start, draft)
    for end in filler(scope, start):
        yield end, draft.spanned(start, end, "nothing")


def _groups(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    if draft.shape not in ("", "groups"):
        return
    for at in scope.phrase(start, (*BY, "and by", "and per")):
        for end, group in dimensions(scope, at):
            grouped = _grouped(draft, group, start, end)
            if grouped:
                yield end, grouped
                for more in scope.phrase(end, ("and", ",", "and by", "and per", "by", "per")):
                    for last, second in dimensions(scope, more):
                        both = _grouped(grouped, second, more, last)
                        if both:
                            yield last, both
    if start < scope.end and scope.tokens[start].fold in ADVERBS:
        for time in scope.times:
            grouped = _grouped(draft, Dimension(time, ADVERBS[scope.tokens[start].fold]), start, start + 1)
            if grouped:
                yield start + 1, grouped


def _grouped(draft: Draft, group: Dimension, start: int, end: int) -> Draft | None:
    if group in draft.groups or len(draft.groups) == MOST_GROUPS:
        return None
    return replace(draft, shape="groups", groups=(*draft.groups, group)).spanned(start, end, "group")


def _periods(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    for end, period in periods(scope, start):
        for time in scope.times:
            yield end, draft.filtered(Condition(time, "period", (period,))).spanned(start, end, "filter")
        if not scope.times:
            yield from _year_column(scope, start, end, period.text, draft)
    for at in [*scope.phrase(start, ("with", "where", "whose")), start]:
        for place, column in scope.columns(scope.article(at)):
            if column.is_time:
                for end, period in periods(scope, next(scope.phrase(place, IS), place)):
                    yield end, draft.filtered(Condition(column, "period", (period,))).spanned(start, end, "filter")


def _year_column(scope: Scope, start: int, end: int, said: str, draft: Draft) -> Iterator[Step]:
    """A table without times may have the year as a number."""
    words = said.split()
    years = [column for column in scope.table.columns if column.name.casefold() == "year" and column.is_whole]
    if len(words) == 2 and words[0] == "in" and words[1].isdecimal():
        for column in years:
            yield end, draft.filtered(Condition(column, "=", (int(words[1]),))).spanned(start, end, "filter")


def _values(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    for negative, words in ((True, NOT_PLACE), (False, PLACE)):
        places = list(scope.phrase(start, words))
        for at in [*places, *([] if negative else [start])]:
            yield from _listed(scope, start, scope.article(at), draft, negative=negative)
    for at in [*scope.phrase(start, PLACE), start]:
        for named, column in scope.columns(scope.article(at)):
            for negative, words in ((True, IS_NOT), (False, IS)):
                for place in [*scope.phrase(named, words), *([] if negative else [named])]:
                    yield from _of_column(scope, start, place, draft, column, negative=negative)
    for at in scope.phrase(start, NOT_PLACE):
        for named, column in scope.columns(scope.article(at)):
            yield from _of_column(scope, start, named, draft, column, negative=True)


def _of_column(
    scope: Scope, start: int, place: int, draft: Draft, column: Column, *, negative: bool
) -> Iterator[Step]:
    if column.is_text:
        yield from _listed(scope, start, place, draft, negative=negative, column=column)
    number = scope.number(place)
    if number and column.is_number and is_identifier(column):
        condition = Condition(column, "<>" if negative else "=", (number[1],))
        yield number[0], draft.filtered(condition).spanned(start, number[0], "filter")


def _listed(
    scope: Scope, start: int, place: int, draft: Draft, *, negative: bool, column: Column | None = None
) -> Iterator[Step]:
    """One value or several of one column, and after them perhaps the column's name: "on Dream island"."""
    for end, found, same in scope.values(place, column):
        yield from _closed(scope, start, end, draft, Condition(found, "not in" if negative else "in", same), "")
        values, at = same, end
        joined = ""
        while True:
            words = next(((word, then) for word in (", and", ", or", ",", "and", "or")
                          for then in scope.phrase(at, (word,))), None)  # fmt: skip
            if words is None:
                break
            following = [step for step in scope.values(scope.article(words[1]), found) if step[1] == found]
            if not following:
                break
            at, _, more = following[0]
            joined = words[0].removeprefix(", ") if words[0] != "," else joined
            values = (*values, *more)
            condition = Condition(found, "not in" if negative else "in", values)
            yield from _closed(scope, start, at, draft, condition, "" if negative else joined)


def _closed(scope: Scope, start: int, end: int, draft: Draft, condition: Condition, joined: str) -> Iterator[Step]:
    if any(each.column == condition.column and each.operator == condition.operator for each in draft.conditions):
        return
    filtered = draft.filtered(condition)
    if joined == "and":
        filtered = replace(filtered, together=(*draft.together, condition.column))
    yield end, filtered.spanned(start, end, "filter")
    for last, column in scope.columns(end):
        if column == condition.column:
            yield last, filtered.spanned(start, last, "filter")


def _missing(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    for operator, before, after in (("missing", NO_SUCH, MISSING), ("present", SUCH, PRESENT)):
        for at in scope.phrase(start, before):
            for end, column in scope.columns(at):
                yield end, draft.filtered(Condition(column, operator)).spanned(start, end, "filter")
        for at in [*scope.phrase(start, ("where", "with", "whose", "of")), start]:
            for place, column in scope.columns(scope.article(at)):
                for end in scope.phrase(place, after):
                    yield end, draft.filtered(Condition(column, operator)).spanned(start, end, "filter")
    for at in scope.phrase(start, ("with missing", "with unknown", "with empty")):
        for end, column in scope.columns(at):
            yield end, draft.filtered(Condition(column, "missing")).spanned(start, end, "filter")


def _numbers(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """A condition on a number, its column first: "with unit price over 5", "temp_max between 10 and 20"."""
    for at in [*scope.phrase(start, ("with", "with a", "where", "whose", "having", "and with")), start]:
        for named, column in scope.columns(scope.article(at)):
            if not column.is_number:
                continue
            place = next(scope.phrase(named, ("is", "was", "are", "were", "of")), named)
            for end, condition in _comparisons(scope, place, column):
                for last in _after_unit(scope, end, column):
                    yield last, draft.filtered(condition).spanned(start, last, "filter")


def _comparisons(scope: Scope, start: int, column: Column) -> Iterator[tuple[int, Condition]]:
    for operator, words in COMPARE.items():
        for at in scope.phrase(start, words):
            number = scope.number(at)
            if number:
                yield number[0], Condition(column, operator, (number[1],))
    plain = scope.number(start)
    if plain:
        for operator, words in AFTER_NUMBER.items():
            for end in scope.phrase(plain[0], words):
                yield end, Condition(column, operator, (plain[1],))
    for at in scope.phrase(start, ("between", "from")):
        low = scope.number(at)
        for then in scope.phrase(low[0], ("and", "to")) if low else ():
            high = scope.number(then)
            if low and high and low[1] <= high[1]:
                yield high[0], Condition(column, "between", (low[1], high[1]))


def _after_unit(scope: Scope, end: int, column: Column) -> Iterator[int]:
    """The unit that the column's own name ends with may follow the number."""
    if unit(column) and scope.says(end, (unit(column),)):
        yield end + 1
    else:
        yield end


def _orders(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    if draft.order and draft.shape != "ranking":
        return
    for order, words in (("desc", HIGH_FIRST), ("asc", LOW_FIRST), ("natural", NATURAL)):
        for end in scope.phrase(start, words):
            if draft.shape != "ranking" or draft.order == order:
                yield end, replace(draft, order=order).spanned(start, end, "order")


def _limits(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "revenue by country, top 5"."""
    if draft.shape != "groups" or len(draft.groups) != 1 or draft.limit is not None:
        return
    for order, word in (("desc", "top"), ("asc", "bottom")):
        for at in scope.phrase(start, (word,)):
            number = scope.number(at)
            if number and isinstance(number[1], int) and number[1] > 0:
                ranked = replace(draft, shape="ranking", order=order, limit=number[1])
                yield number[0], ranked.spanned(start, number[0], "limit")


def _tables(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "in orders", "of the orders table"."""
    for at in scope.phrase(start, ("in", "of", "from", "in table", "of table")):
        named = scope.table_name(scope.article(at))
        if named is not None:
            end = next(scope.phrase(named, ("table", "dataset", "data")), named)
            yield end, draft.spanned(start, end, "table")
