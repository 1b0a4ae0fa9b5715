"""Conditions asked for as conditions of a reading."""

from __future__ import annotations

from collections.abc import Sequence

from lakebook.query.parse.binding import STEP, Binder, Unsettled, column_of, is_additive
from lakebook.query.parse.names import is_no_code, is_word
from lakebook.query.parse.settle.amounts import fitting, in_unit
from lakebook.query.parse.settle.counting import thing_of
from lakebook.query.parse.settle.lately import counted_back, day_of
from lakebook.query.parse.values import Hit
from lakebook.query.parse.wants import (
    BesideMean,
    Cond,
    HasSome,
    HasText,
    InTime,
    IsMissing,
    IsNamed,
    IsNumber,
    IsValue,
    Lately,
    Recurs,
)
from lakebook.query.reading import (
    Aggregate,
    Among,
    Beside,
    Compare,
    Condition,
    Either,
    Every,
    Has,
    Like,
    Missing,
    Named,
    Period,
    Within,
)
from lakebook.query.tables import Table
from lakebook.query.terms import Computed, Field, Part, Scaled, Term, Thing

Settled = tuple[Condition, float]


class Conditions:
    """Settles conditions near the tables that a question is about; `notes` says what was assumed."""

    def __init__(self, binder: Binder) -> None:
        self._binder = binder
        self.notes: list[str] = []

    def all(
        self, conds: Sequence[Cond], anchors: Sequence[Table], subject: Thing | None
    ) -> tuple[Condition | None, float]:
        """The conditions joined by "and"; None where there are none."""
        found: list[Condition] = []
        cost = 0.0
        for cond in conds:
            made, price = self.one(cond, anchors, subject)
            cost += price
            if made is not None and made not in found:
                found.append(made)
        _check(found)
        if not found:
            return None, cost
        return (found[0] if len(found) == 1 else Every(tuple(found))), cost

    def one(self, cond: Cond, anchors: Sequence[Table], subject: Thing | None) -> tuple[Condition | None, float]:
        """A condition; None where it says nothing of rows that are there anyway."""
        made, cost = self._one(cond, anchors, subject)
        table = table_of(made)
        if table is not None and not self._binder.belongs(table, anchors):
            raise Unsettled
        return made, cost

    def _one(self, cond: Cond, anchors: Sequence[Table], subject: Thing | None) -> tuple[Condition | None, float]:
        match cond:
            case IsValue():
                return self._value(cond, anchors)
            case IsNumber():
                return self._number(cond, anchors)
            case InTime():
                return self._time(cond, anchors)
            case IsMissing():
                noun, cost = self._binder.one(cond.nouns, anchors)
                if noun.term is None:
                    raise Unsettled
                doubt = 0.5 if is_additive(noun) else 0.0
                return Missing(noun.term, cond.negated), cost + doubt
            case HasText():
                return self._text(cond, anchors, subject)
            case IsNamed():
                noun, cost = self._binder.one(cond.nouns, anchors)
                if not isinstance(noun.term, Computed):
                    raise Unsettled
                return Named(noun.term, cond.negated), cost
            case BesideMean():
                noun, cost = self._binder.one(cond.nouns, anchors)
                if noun.term is None:
                    raise Unsettled
                kinds = [self.one(each, [noun.table], None)[0] for each in cond.where]
                known = tuple(each for each in kinds if each is not None)
                where = Every(known) if len(known) > 1 else known[0] if known else None
                return Beside(noun.term, cond.operator, Aggregate(cond.kind, noun.table, noun.term, where=where)), cost
            case HasSome():
                return self._has(cond, anchors, subject)

    def _value(self, cond: IsValue, anchors: Sequence[Table]) -> Settled:
        first, cost = self._binder.hits(cond.hits[0], anchors) if len(cond.hits) == 1 else self._shared(cond, anchors)
        values = list(first.values)
        for hits in cond.hits[1:]:
            same = [hit for hit in hits if hit.table == first.table and hit.column == first.column]
            if not same:
                raise Unsettled
            values.extend(same[0].values)
        field = Field(first.table, first.column, role=cond.role)
        return Among(field, tuple(dict.fromkeys(values)), cond.negated), cost

    def _shared(self, cond: IsValue, anchors: Sequence[Table]) -> tuple[Hit, float]:
        places = [{(hit.table.full_name, hit.column) for hit in hits} for hits in cond.hits]
        common = set.intersection(*places)
        kept = [hit for hit in cond.hits[0] if (hit.table.full_name, hit.column) in common]
        return self._binder.hits(kept, anchors)

    def _number(self, cond: IsNumber, anchors: Sequence[Table]) -> Settled:
        nouns = fitting(cond.nouns, cond.unit)
        noun, cost = self._binder.one(nouns, anchors)
        if noun.term is None:
            raise Unsettled
        value = in_unit(noun.term, cond.value, cond.unit)
        if cond.to is not None:
            high = in_unit(noun.term, cond.to, cond.unit)
            return Every((Compare(noun.term, ">=", value), Compare(noun.term, "<=", high))), cost
        return Compare(noun.term, cond.operator, value), cost

    def _text(self, cond: HasText, anchors: Sequence[Table], subject: Thing | None) -> Settled:
        if cond.nouns:
            noun, cost = self._binder.one(cond.nouns, anchors)
            column = column_of(noun.term)
            if noun.term is None or column is None or not column.is_text:
                raise Unsettled
            if isinstance(noun.term, Field) and is_no_code(cond.text, noun.term.column):
                raise Unsettled
            return Like(noun.term, cond.kind, cond.text, cond.negated), cost
        key = subject.key[0] if subject is not None and len(subject.key) == 1 else None
        if cond.own:
            if not isinstance(key, Field) or not key.column.is_text or is_no_code(cond.text, key.column):
                raise Unsettled
            return Like(key, cond.kind, cond.text, cond.negated), 0.0
        if cond.kind != "contains" and (subject is None or not subject.labels):
            if not isinstance(key, Field) or not key.column.is_text:
                raise Unsettled
            if not (is_no_code(cond.text, key.column) or is_word(cond.text, key.column)):
                return Like(key, cond.kind, cond.text, cond.negated), 0.0
        labels = self._binder.graph.labels(anchors[0]) if anchors else ()
        if len(labels) != 1:
            raise Unsettled
        return Like(Field(anchors[0], labels[0]), cond.kind, cond.text, cond.negated), 0.0

    def _time(self, cond: InTime, anchors: Sequence[Table]) -> Settled:
        try:
            field, cost = self._binder.times(cond.nouns, anchors)
        except Unsettled:
            return self._year(cond, anchors)
        when = cond.when
        if isinstance(when, Lately):
            when = self._lately(when, field)
        if isinstance(when, Recurs):
            return self._recurs(when, field, negated=cond.negated), cost
        if when.start and when.end and not field.column.is_date and when.start == when.end:
            raise Unsettled
        return Within(field, when, cond.negated), cost

    def _recurs(self, when: Recurs, field: Field, *, negated: bool) -> Condition:
        if when.part == "hour" and field.column.is_date:
            raise Unsettled
        return Among(Part(field, when.part), when.values, negated)

    def _year(self, cond: InTime, anchors: Sequence[Table]) -> Settled:
        field = self._binder.year_column(anchors)
        when = cond.when
        if field is None or not isinstance(when, Period) or cond.nouns:
            raise Unsettled
        cost = STEP * self._binder.far(field.table, anchors)
        if any(edge and (edge.month, edge.day) != (1, 1) for edge in (when.start, when.end)):
            raise Unsettled
        if when.start and when.end and when.end.year - when.start.year == 1:
            return Compare(field, "<>" if cond.negated else "=", when.start.year), cost
        edges = [Compare(field, ">=", when.start.year)] if when.start else []
        edges += [Compare(field, "<", when.end.year)] if when.end else []
        if cond.negated or not edges:
            raise Unsettled
        return (edges[0] if len(edges) == 1 else Every(tuple(edges))), cost

    def _lately(self, when: Lately, field: Field) -> Period:
        """The stretch counted back from the newest day of the data."""
        newest = day_of(field.column.max)
        if newest is None:
            raise Unsettled
        text = f"the last {when.number} {when.unit}s" if when.number > 1 else f"the last {when.unit}"
        start, end = counted_back(newest, when)
        self.notes.append(f"{text} counted from the newest day of the data, {newest.isoformat()}")
        return Period(start, end, f"in {text}")

    def _has(self, cond: HasSome, anchors: Sequence[Table], subject: Thing | None) -> tuple[Condition | None, float]:
        if subject is None or not subject.key:
            raise Unsettled
        fact = self._binder.sales(subject.table) if cond.trade else None
        noun = cond.nouns[0] if cond.nouns else None
        if fact is not None:
            of, cost = Thing(fact, ()), 0.0
        elif cond.nouns:
            noun, cost = self._binder.one(cond.nouns, [subject.table])
            if noun.kind == "field" and noun.table != subject.table:
                cost += 0.3
            named = thing_of(self._binder, noun)
            of = named if named is not None and named.table != subject.table else Thing(noun.table, ())
        else:
            of, cost = self._rows_of(cond, subject)
        where, more = self.all(cond.where, [of.table], None)
        same = of.table == subject.table
        if same and where is None:
            if cond.negated:
                raise Unsettled
            given = noun.term if noun is not None and noun.kind == "field" else None
            return (Missing(given, negated=True) if given is not None else None), cost
        if same and _is_row(subject, self._binder):
            raise Unsettled
        if same and not (cond.negated or cond.only or cond.apart):
            return where, cost + more
        return Has(of, where, cond.negated, cond.only), cost + more

    def _rows_of(self, cond: HasSome, subject: Thing) -> tuple[Thing, float]:
        """The rows that a thing has where only conditions say which: of its own table, or of where the values are."""
        if not cond.where:
            linked = [
                table
                for table in self._binder.graph.tables
                if table != subject.table and self._binder.far(table, [subject.table]) < FARTHEST_ROWS
            ]
            many = [link.many for link in self._binder.graph.links if link.one == subject.table]
            if len(many) != 1 and len(linked) != 1:
                raise Unsettled
            return Thing((many or linked)[0], ()), 0.0
        if not _is_row(subject, self._binder):
            return Thing(subject.table, ()), 0.0
        first = cond.where[0]
        if isinstance(first, IsValue):
            hit, cost = self._binder.hits(first.hits[0], [subject.table])
            if hit.table == subject.table:
                raise Unsettled
            return self._binder.graph.thing(hit.table), cost
        if isinstance(first, InTime):
            others = [table for table in self._binder.graph.tables if table != subject.table]
            field, cost = self._binder.times((), others) if len(others) == 1 else (None, 0.0)
            if field is not None:
                return Thing(field.table, ()), cost
        raise Unsettled


FARTHEST_ROWS = 9.0


def _is_row(thing: Thing, binder: Binder) -> bool:
    """Whether a row of the thing's table is one of the things."""
    key = tuple(column_of(term) for term in thing.key)
    return bool(key) and key == binder.graph.key(thing.table)


def table_of(condition: Condition | None) -> Table | None:
    """The table that a condition on rows is about; None where it is about several or about what a thing has."""
    if condition is None or isinstance(condition, Every | Either | Has):
        return None
    term = condition.term
    while isinstance(term, Part | Scaled):
        term = term.term
    return term.table if isinstance(term, Field | Computed) else None


def _check(found: list[Condition]) -> None:
    """Conditions that contradict each other show that the words were cut in the wrong place."""
    wanted: dict[Term, set[bool]] = {}
    periods: dict[Term, list[Period]] = {}
    for each in found:
        if isinstance(each, Among) and not isinstance(each.term, Part):
            if False in wanted.get(each.term, set()) and not each.negated:
                raise Unsettled
            wanted.setdefault(each.term, set()).add(each.negated)
        if isinstance(each, Within) and not each.negated:
            periods.setdefault(each.term, []).append(each.period)
    for stretches in periods.values():
        if len(stretches) > 1:
            starts = [each.start for each in stretches if each.start]
            ends = [each.end for each in stretches if each.end]
            if len(stretches) > 2 or len(starts) != 1 or len(ends) != 1:
                raise Unsettled
