"""The clauses around the core: groups, filters, periods, order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.tables import Column
from lakebook.query.understand.compare import compared
from lakebook.query.understand.core import Step, filler
from lakebook.query.understand.dates import periods
from lakebook.query.understand.draft import Draft
from lakebook.query.understand.lexicon import (
    ADVERBS,
    BY,
    GIVEN,
    GROUP_FILLERS,
    HIGH_FIRST,
    IS,
    IS_NOT,
    LOW_FIRST,
    MISSING,
    NATURAL,
    NO_SUCH,
    NOT_KNOWN,
    NOT_PLACE,
    PLACE,
    PRESENT,
    SUCH,
    WEEKDAYS,
)
from lakebook.query.understand.names import is_identifier, unit
from lakebook.query.understand.nouns import ROW_COUNT, dimensions
from lakebook.query.understand.reading import Condition, Dimension
from lakebook.query.understand.scope import Scope

MOST_GROUPS = 2


def clauses(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """Every clause that stands at `start`."""
    yield from _groups(scope, start, draft)
    yield from _periods(scope, start, draft)
    yield from _values(scope, start, draft)
    yield from _left_out(scope, start, draft)
    yield from _missing(scope, start, draft)
    yield from _numbers(scope, start, draft)
    yield from _orders(scope, start, draft)
    yield from _limits(scope, start, draft)
    yield from _tables(scope, start, draft)
    yield from _weekdays(scope, start, draft)
    yield from _how_many(scope, start, draft)
    for end in filler(scope, start):
        yield end, draft.spanned(start, end, "nothing")
    if draft.groups:
        for end in scope.phrase(start, GROUP_FILLERS):
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
                        both = _grouped(grouped, second, end, last)
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
    for at in scope.phrase(start, NOT_PLACE):
        yield from _listed(scope, start, scope.article(at), draft, operator="not in")
    for at in scope.phrase(start, NOT_KNOWN):
        yield from _listed(scope, start, scope.article(at), draft, operator="other")
    for at in [*scope.phrase(start, PLACE), start]:
        yield from _listed(scope, start, scope.article(at), draft, operator="in")
        for named, column in scope.columns(scope.article(at)):
            for place in scope.phrase(named, IS_NOT):
                yield from _of_column(scope, start, place, draft, column, operator="other")
            for place in [*scope.phrase(named, IS), named]:
                yield from _of_column(scope, start, place, draft, column, operator="in")
    for at in scope.phrase(start, NOT_PLACE):
        for named, column in scope.columns(scope.article(at)):
            yield from _of_column(scope, start, named, draft, column, operator="not in")


def _of_column(scope: Scope, start: int, place: int, draft: Draft, column: Column, *, operator: str) -> Iterator[Step]:
    if column.is_text:
        yield from _listed(scope, start, place, draft, operator=operator, column=column)
    number = scope.number(place)
    if number and column.is_number and is_identifier(column):
        condition = Condition(column, "=" if operator == "in" else "<>", (number[1],))
        yield number[0], draft.filtered(condition).spanned(start, number[0], "filter")


def _listed(
    scope: Scope, start: int, place: int, draft: Draft, *, operator: str, column: Column | None = None
) -> Iterator[Step]:
    """One value or several of one column, and after them perhaps the column's name: "on Dream island"."""
    for end, found, same in scope.values(place, column):
        yield from _closed(scope, start, end, draft, Condition(found, operator, same), "")
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
            condition = Condition(found, operator, values)
            yield from _closed(scope, start, at, draft, condition, joined if operator == "in" else "")


def _left_out(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "leaving the United Kingdom out"."""
    for at in scope.phrase(start, ("leaving",)):
        for end, excluded in _listed(scope, start, scope.article(at), draft, operator="not in"):
            for last in scope.phrase(end, ("out", "aside")):
                yield last, excluded.spanned(start, last, "filter")


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
                for last in [*scope.phrase(end, GIVEN), end]:
                    yield last, draft.filtered(Condition(column, operator)).spanned(start, last, "filter")
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
    for end, operator, value in compared(scope, start):
        yield end, Condition(column, operator, (value,))
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


def _weekdays(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "on a Sunday", "on Mondays"."""
    for at in scope.phrase(start, ("on", "on a")):
        if at < scope.end and (day := WEEKDAYS.get(scope.tokens[at].fold.removesuffix("s"))):
            for time in scope.times:
                yield at + 1, draft.filtered(Condition(time, "weekday", (day,))).spanned(start, at + 1, "filter")


def _how_many(scope: Scope, start: int, draft: Draft) -> Iterator[Step]:
    """ "lines without a customer number - how many?" """
    if draft.shape == "rows" and not draft.columns and draft.limit is None:
        for end in scope.phrase(start, ("how many", "how many are there")):
            yield end, replace(draft, shape="", measures=(ROW_COUNT,)).spanned(start, end, "measure")


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
