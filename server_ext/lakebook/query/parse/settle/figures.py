"""Figures asked for as figures of a reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lakebook.query.parse.binding import STEP, Binder, Unsettled, column_of, is_additive, is_key
from lakebook.query.parse.lexicon.nouns import TAKINGS
from lakebook.query.parse.measures import unit_of
from lakebook.query.parse.names import Noun
from lakebook.query.parse.settle.counting import counted_noun, thing_of
from lakebook.query.parse.settle.figure_parts import limited, money_term, scaled
from lakebook.query.parse.wants import Nouns, Unit, Want
from lakebook.query.parse.words import parts, singular, stems
from lakebook.query.reading import Aggregate, Condition, Difference, Figure, OverGroups
from lakebook.query.tables import Table
from lakebook.query.terms import Combined, Field, Part, Term

Settled = tuple[Figure, float]


class Figures:
    """Settles figures near the tables that a question is about."""

    def __init__(self, binder: Binder, unit: Unit | None) -> None:
        self._binder = binder
        self._unit = unit

    def of(self, want: Want, anchors: Sequence[Table], where: Condition | None = None) -> Settled:
        """The figure meant and what it costs; raises Unsettled."""
        figure, cost = self._of(want, anchors)
        return (limited(figure, where) if where is not None else figure), cost

    def _of(self, want: Want, anchors: Sequence[Table]) -> Settled:
        match want.kind:
            case "rows":
                return self._rows(want, anchors)
            case "count" | "whole":
                return self._count(want, anchors)
            case "most":
                return self._most(want, anchors)
            case "metric":
                noun, cost = self._binder.one(want.nouns, anchors)
                return self._metric(noun), cost
            case "money":
                return self._money_of_lines() if want.part == "line" else self._money(anchors)
            case "bare":
                noun, cost = self._binder.one(want.nouns, anchors)
                if not is_additive(noun):
                    raise Unsettled
                return self._aggregate("sum", noun), cost
            case "units":
                return self._units(want, anchors)
            case "ratio":
                return self._ratio(want, anchors)
            case "range":
                noun, cost = self._binder.one(want.nouns, anchors)
                return Difference(self._aggregate("max", noun), self._aggregate("min", noun)), cost
            case "corr":
                return self._corr(want, anchors)
            case "per":
                return self._per(want, anchors)
            case _:
                return self._aggregated(want, anchors)

    def _rows(self, want: Want, anchors: Sequence[Table]) -> Settled:
        tables = list(anchors[:1]) or list(self._binder.graph.tables)
        if len(tables) != 1:
            raise Unsettled
        return Aggregate("rows", tables[0]), 0.0

    def _count(self, want: Want, anchors: Sequence[Table]) -> Settled:
        noun, cost = counted_noun(self._binder, want, anchors)
        return self.count_of(noun, distinct=want.distinct), cost

    def count_of(self, noun: Noun, *, distinct: bool = False) -> Figure:
        """How many there are of what a noun names; the sum of a number that adds up."""
        if noun.kind == "metric":
            return self._metric(noun)
        if noun.kind == "table":
            return Aggregate("rows", noun.table)
        if noun.kind != "field" or noun.term is None:
            raise Unsettled
        if is_additive(noun) and not distinct:
            if isinstance(noun.term, Field) and unit_of(noun.term.column.name) is not None:
                raise Unsettled
            return self._aggregate("sum", noun)
        column = column_of(noun.term)
        if column is not None and column.is_whole and not is_key(noun) and not distinct and _is_plural(column.name):
            return self._aggregate("sum", noun)
        if is_key(noun) or distinct or (column is not None and (column.is_time or column.is_whole)):
            return Aggregate("distinct", noun.table, in_days(noun.term))
        raise Unsettled

    def _most(self, want: Want, anchors: Sequence[Table]) -> Settled:
        noun, cost = counted_noun(self._binder, want, anchors)
        if (is_additive(noun) or _is_amount(noun)) and not want.distinct:
            return self._aggregate("sum", noun), cost
        return self.count_of(noun, distinct=want.distinct), cost

    def _metric(self, noun: Noun) -> Figure:
        if noun.metric is None:
            raise Unsettled
        return noun.metric

    def _money(self, anchors: Sequence[Table]) -> Settled:
        words = {stems(parts(each)) for each in TAKINGS}
        found: dict[Noun, None] = {}
        for run in words:
            for noun in self._binder.names.at(run):
                if noun.kind == "metric" and noun.metric is not None and noun.metric.is_additive:
                    found[noun] = None
        if found:
            noun, cost = self._binder.one(tuple(found), anchors)
            return self._metric(noun), cost
        tables = sorted(self._binder.graph.tables, key=lambda each: self._binder.far(each, anchors))
        for table in tables:
            term = money_term(table)
            if term is not None:
                return Aggregate("sum", table, term), STEP * self._binder.far(table, anchors)
        raise Unsettled

    def _money_of_lines(self) -> Settled:
        """What the pieces sold came to, each by itself."""
        for table in self._binder.graph.tables:
            worth = money_term(table)
            if isinstance(worth, Combined):
                return Aggregate("sum", table, worth), STEP
        raise Unsettled

    def _units(self, want: Want, anchors: Sequence[Table]) -> Settled:
        """How many pieces were sold of what stands on the lines: of tracks, but not of the albums that they are on."""
        fact = self._binder.sales(anchors[0]) if anchors else None
        sold = {link.one for link in self._binder.graph.links if link.many == fact}
        if want.nouns and sold.isdisjoint(noun.table for noun in want.nouns):
            raise Unsettled
        for column in fact.columns if fact is not None else ():
            if fact is not None and stems(parts(column.name))[-1] in ("quantity", "qty"):
                return Aggregate("sum", fact, Field(fact, column)), 0.0
        raise Unsettled

    def _ratio(self, want: Want, anchors: Sequence[Table]) -> Settled:
        top, cost = self._binder.one(want.nouns, anchors)
        bottom, more = self._binder.one(want.other, [top.table])
        if top.table != bottom.table or top.term is None or bottom.term is None:
            raise Unsettled
        term = Combined("-" if want.part == "-" else "/", top.term, bottom.term)
        kind = want.inner if want.inner in ("median", "max", "min", "stddev") else "avg"
        return Aggregate(kind, top.table, term), cost + more

    def _corr(self, want: Want, anchors: Sequence[Table]) -> Settled:
        first, cost = self._binder.one(want.nouns, anchors)
        second, more = self._binder.one(want.other, [first.table])
        if first.table != second.table or isinstance(first.term, type(None)) or first.term == second.term:
            raise Unsettled
        return Aggregate("corr", first.table, first.term, other=second.term), cost + more

    def _per(self, want: Want, anchors: Sequence[Table]) -> Settled:
        """ "average revenue per order": what the figure is for each, averaged."""
        if want.inner not in ("avg", "median", "max", "min", "stddev"):
            raise Unsettled
        if not want.nouns:
            inner, cost = self._money(anchors)
        elif want.nouns[0].kind == "metric":
            inner, cost = self._of(replace(want, kind="metric"), anchors)
        elif want.inner == "avg" and want.other and want.distinct and not all(map(is_additive, want.nouns)):
            inner, cost = self._of(replace(want, kind="count"), anchors)
        else:
            inner, cost = self._of(replace(want, kind="most", inner="", distinct=False), anchors)
        base = [inner.table] if isinstance(inner, Aggregate) else list(getattr(inner, "tables", ()))
        noun, more = self._binder.one(of_several_rows(want.other), base or anchors)
        if noun.kind == "table" and isinstance(inner, Aggregate) and inner.kind == "sum" and inner.table == noun.table:
            return replace(inner, kind=want.inner), cost + more
        if _is_time(noun) and noun.term is not None:
            return OverGroups(want.inner, inner, (in_days(noun.term),)), cost + more
        thing = thing_of(self._binder, noun)
        if thing is None or not thing.key:
            raise Unsettled
        return OverGroups(want.inner, inner, (thing,)), cost + more

    def _aggregated(self, want: Want, anchors: Sequence[Table]) -> Settled:
        nouns = extreme(want.nouns, want.kind)
        if want.kind != "sum" and not want.part:
            nouns = tuple(noun for noun in nouns if noun.kind != "metric") or nouns
        if want.inner == "time" and len({each.table for each in nouns}) == 1:
            nouns = tuple(each for each in nouns if _is_time(each)) or nouns[:1]
        noun, cost = self._binder.one(nouns, anchors) if nouns else (None, 0.0)
        if noun is None:
            if want.inner == "time":
                field, cost = self._binder.times((), anchors)
                return Aggregate(want.kind, field.table, field), cost
            raise Unsettled
        if want.inner == "time" and not _is_time(noun):
            field, more = self._binder.times((), [noun.table])
            return Aggregate(want.kind, field.table, field), cost + more
        if want.part:
            return self._spread(want, noun, cost)
        if noun.kind == "metric":
            if want.kind == "sum":
                return self._metric(noun), cost
            raise Unsettled
        if noun.kind == "table":
            return self._average_of_rows(want, noun, cost)
        if want.kind == "sum" and column_of(noun.term) is not None and not is_summable(noun):
            raise Unsettled
        return self._aggregate(want.kind, noun, want.fraction), cost

    def _average_of_rows(self, want: Want, noun: Noun, cost: float) -> Settled:
        """ "the average invoice": what it comes to."""
        columns = [column for column in noun.table.columns if stems(parts(column.name))[-1:] and column.is_number]
        money = [column for column in columns if stems(parts(column.name))[-1] in ("total", "amount")]
        if want.kind not in ("avg", "median") or len(money) != 1:
            raise Unsettled
        return Aggregate(want.kind, noun.table, Field(noun.table, money[0])), cost

    def _spread(self, want: Want, noun: Noun, cost: float) -> Settled:
        """ "average daily high": of each row where a row is a day, else of each day's figure."""
        time, more = self._binder.times((), [noun.table])
        column = time.column
        days = want.part == "day" and column.is_date and column.unique_count == time.table.row_count
        if noun.kind == "field" and days and time.table == noun.table and not want.inner:
            return self._aggregate(want.kind, noun, want.fraction), cost + more
        if want.kind == "quantile":
            raise Unsettled
        if noun.kind == "metric":
            inner: Figure = self._metric(noun)
        elif want.inner == "count" or noun.kind == "table":
            inner = self.count_of(noun)
        elif is_additive(noun):
            inner = self._aggregate("sum", noun)
        else:
            raise Unsettled
        return OverGroups(want.kind, inner, (Part(time, want.part),)), cost + more

    def _aggregate(self, kind: str, noun: Noun, fraction: float = 0.5) -> Figure:
        if noun.term is None:
            raise Unsettled
        term: Term = scaled(noun.term, self._unit) if self._unit else noun.term
        return Aggregate(kind, noun.table, term, fraction=fraction)


def in_days(term: Term) -> Term:
    """The days of times: 23,260 moments of 305 days are no days."""
    return Part(term, "day") if isinstance(term, Field) and term.column.is_time and not term.column.is_date else term


def of_several_rows(nouns: Nouns) -> Nouns:
    """Orders rather than the lines of a table of orders, where the same word names both."""
    keys = [noun for noun in nouns if noun.kind == "field" and is_key(noun) and isinstance(noun.term, Field)]
    several = {
        noun.table for noun in keys
        if isinstance(noun.term, Field) and noun.term.repeats
    }  # fmt: skip
    return tuple(noun for noun in nouns if noun.kind != "table" or noun.table not in several)


def extreme(nouns: Nouns, kind: str) -> Nouns:
    """The nouns whose columns hold the greatest, or the least, where that is asked for and some do."""
    end = {"max": "max", "min": "min"}.get(kind)
    fit = tuple(noun for noun in nouns if end and end in stems(parts(getattr(column_of(noun.term), "name", ""))))
    return fit or nouns


def _is_amount(noun: Noun) -> bool:
    """Whether a column holds stretches of time, money or bytes, which "most" adds up; other measures have no most."""
    column = column_of(noun.term)
    held = unit_of(column.name) if column is not None and column.is_number and not is_key(noun) else None
    if held is not None and held[0] not in ("time", "money", "size"):
        raise Unsettled
    return held is not None


def _is_plural(name: str) -> bool:
    """Whether a column's name says that it holds how many there are: beds, passengers."""
    word = parts(name)[-1]
    return singular(word) != word and unit_of(name) is None


def is_summable(noun: Noun) -> bool:
    """Whether a sum was asked of values that can be summed: no keys, no temperatures."""
    column = column_of(noun.term)
    if column is None:
        return True
    held = unit_of(column.name)
    return column.is_number and not is_key(noun) and (held is None or held[0] not in ("temperature", "percent"))


def _is_time(noun: Noun) -> bool:
    column = column_of(noun.term)
    return column is not None and column.is_time
