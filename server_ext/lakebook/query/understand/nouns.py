"""Noun phrases: what is measured, and by what it is grouped."""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.tables import Column
from lakebook.query.understand.lexicon import (
    ADDITIVE,
    AGGREGATES,
    COUNT,
    DISTINCT,
    DOCUMENTS,
    EARLIEST,
    FEWEST,
    HIGHEST,
    LOWEST,
    MOST,
    PARTS,
    PRICE,
    QUANTITY,
    REVENUE,
    ROWS,
)
from lakebook.query.understand.names import is_identifier, last_word, thing
from lakebook.query.understand.reading import Dimension, Measure
from lakebook.query.understand.scope import Scope
from lakebook.query.understand.words import parts, stems

# A key that repeats on fewer rows than this is taken for one row a thing; the repeats are duplicates.
ONE_ROW_EACH = 0.98

ROW_COUNT = Measure("rows")


def row_nouns(scope: Scope, start: int) -> Iterator[tuple[int, Measure]]:
    """ "rows", or the table's own name; where the table holds several rows a thing, the things are a second reading."""
    for end in scope.phrase(start, ROWS):
        yield end, ROW_COUNT
    named = scope.table_name(start)
    if named is None:
        return
    keys = _keys_of_the_table(scope)
    if not keys or any(one_row_each(scope, key) for key in keys):
        yield named, ROW_COUNT
        return
    yield named, ROW_COUNT
    for key in keys:
        yield named, Measure("distinct", (key,))


def _keys_of_the_table(scope: Scope) -> list[Column]:
    """The columns that number the things after which the table is named: InvoiceNo or order_id in `orders`."""
    name = stems(parts(scope.table.name))
    if not name:
        return []
    own = [column for column in scope.table.columns if thing(column) and thing(column) in name]
    if own:
        return own
    if not DOCUMENTS & set(name):
        return []
    return [column for column in scope.table.columns if thing(column) in DOCUMENTS]


def one_row_each(scope: Scope, key: Column) -> bool:
    """Whether the column's values hardly repeat, so that each row is one of the things that it numbers."""
    return key.unique_count is not None and key.unique_count >= ONE_ROW_EACH * scope.table.row_count


def counted(scope: Scope, start: int) -> Iterator[tuple[int, Measure]]:
    """What follows "how many": rows, things by the table's name, or the different values of a column."""
    start = scope.article(start)
    yield from row_nouns(scope, start)
    distinct = next(scope.phrase(start, DISTINCT), None)
    place = start if distinct is None else distinct
    if scope.table_name(start) is None:
        for end, column in scope.columns(place):
            if distinct is not None or _is_countable(column):
                yield end, Measure("distinct", (column,))
    if distinct is None:
        yield from _units(scope, start)
    if distinct is not None:
        for end, measure in row_nouns(scope, place):
            if measure.kind == "distinct":
                yield end, measure
    yield from _days(scope, place)


def _is_countable(column: Column) -> bool:
    return column.is_text or is_identifier(column)


def _units(scope: Scope, start: int) -> Iterator[tuple[int, Measure]]:
    for end in scope.phrase(start, ("units",)):
        for _, column in scope.columns(start):
            if QUANTITY & set(stems(parts(column.name))) and column.is_number:
                yield from _sold(scope, end, Measure("sum", (column,)))


def _days(scope: Scope, start: int) -> Iterator[tuple[int, Measure]]:
    """ "days" are rows only where the table has one row a day."""
    for end in scope.phrase(start, ("days",)):
        if any(time.is_date and time.unique_count == scope.table.row_count for time in scope.times):
            yield end, ROW_COUNT


def _sold(scope: Scope, end: int, measure: Measure) -> Iterator[tuple[int, Measure]]:
    """ "units sold" are units."""
    yield end, measure
    if any(last_word(column) in QUANTITY for column in measure.operand):
        for after in scope.phrase(end, ("sold",)):
            yield after, measure


def measures(scope: Scope, start: int) -> Iterator[tuple[int, Measure]]:
    """A figure with its own words: "number of rows", "average unit price", "revenue", "total quantity"."""
    start = scope.article(start)
    for at in scope.phrase(start, COUNT):
        yield from counted(scope, at)
    yield from aggregated(scope, start)
    yield from bare(scope, start)


def aggregated(scope: Scope, start: int) -> Iterator[tuple[int, Measure]]:
    """ "total", "average", "median", "lowest", "highest", "standard deviation" of a number or a time."""
    start = scope.article(start)
    for kind, words in AGGREGATES.items():
        for at in scope.phrase(start, words):
            place = scope.article(at)
            for end, column in scope.columns(place):
                if (column.is_number and not is_identifier(column)) or (column.is_time and kind in ("min", "max")):
                    yield end, Measure(kind, (column,))
            if kind == "sum":
                yield from revenue(scope, place)
    for kind, earliest in EARLIEST.items():
        for at in scope.phrase(start, earliest):
            for end, column in scope.columns(scope.article(at)):
                if column.is_time:
                    yield end, Measure(kind, (column,))


def bare(scope: Scope, start: int) -> Iterator[tuple[int, Measure]]:
    """A column whose values make sense summed up, or revenue, named without "total"."""
    for end, column in scope.columns(start):
        if is_additive(column):
            yield from _sold(scope, end, Measure("sum", (column,)))
    yield from revenue(scope, start)


def is_additive(column: Column) -> bool:
    """Whether the sum of the column's values means something by itself."""
    return column.is_number and last_word(column) in ADDITIVE


def revenue(scope: Scope, start: int) -> Iterator[tuple[int, Measure]]:
    """Quantity times price, where the table has one of each and no column called revenue."""
    for end in scope.phrase(start, REVENUE):
        if not scope.columns(start):
            for measure in revenue_measures(scope):
                yield end, measure


def revenue_measures(scope: Scope) -> Iterator[Measure]:
    """The revenue of the table, where it can be told."""
    numbers = [column for column in scope.table.columns if column.is_number]
    quantities = [column for column in numbers if last_word(column) in QUANTITY]
    prices = [column for column in numbers if last_word(column) in PRICE]
    if len(quantities) == 1 and len(prices) == 1:
        yield Measure("sum", (quantities[0], prices[0]))


def superlatives(scope: Scope, start: int) -> Iterator[tuple[int, Measure, str]]:
    """ "most rows", "fewest different customers", "highest average price", "lowest temperature", with the order."""
    for words, order in ((MOST, "desc"), (FEWEST, "asc")):
        for at in scope.phrase(start, words):
            for end, measure in [*counted(scope, at), *bare(scope, at)]:
                yield end, measure, order
    for extremes, order in ((HIGHEST, "desc"), (LOWEST, "asc")):
        for at in scope.phrase(start, extremes):
            for end, measure in measures(scope, at):
                yield end, measure, order
            for end, column in scope.columns(at):
                if column.is_number and not is_additive(column) and not is_identifier(column):
                    yield end, Measure("max" if order == "desc" else "min", (column,)), order


def _groups(column: Column) -> bool:
    """Amounts are measured, not grouped by; times are grouped by their parts."""
    if column.is_nested or column.is_inexact or column.is_time or is_additive(column):
        return False
    return column.base_type not in ("DECIMAL", "NUMERIC")


def dimensions(scope: Scope, start: int) -> Iterator[tuple[int, Dimension]]:
    """A column to group by, or a part of the table's only time column."""
    start = scope.article(start)
    start = next(scope.phrase(start, ("type of", "types of", "kind of", "kinds of")), start)
    named = [(end, column) for end, column in scope.columns(start) if not scope.means_another_table(start, end, column)]
    for end, column in named:
        if _groups(column):
            yield end, Dimension(column)
        elif column.is_date:
            yield end, Dimension(column, "day")
    exact = any(not column.is_time for _, column in named)
    for part, words in PARTS.items():
        for end in scope.phrase(start, words):
            for time in scope.times if not exact else ():
                yield end, Dimension(time, part)
            for then in scope.phrase(end, ("of", "of the")):
                for last, column in scope.columns(then):
                    if column.is_time:
                        yield last, Dimension(column, part)
