"""What to break down by, as terms and things."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lakebook.query.parse.binding import Binder, Unsettled, column_of, is_key
from lakebook.query.parse.names import Noun
from lakebook.query.parse.settle.amounts import in_unit
from lakebook.query.parse.settle.counting import thing_of
from lakebook.query.parse.wants import GroupWant
from lakebook.query.tables import Table
from lakebook.query.terms import Bands, Bin, Field, Part, Term, Thing

FEW = 60  # different amounts that are worth a group each


class Dimensions:
    """Settles groups near the tables that a question is about."""

    def __init__(self, binder: Binder) -> None:
        self._binder = binder

    def of(self, want: GroupWant, anchors: Sequence[Table]) -> tuple[Term | Thing, float]:
        """The term or thing meant and what it costs; raises Unsettled."""
        if want.part:
            return self._part(want, anchors)
        noun, cost = self._noun(want, anchors)
        if want.width is not None or want.edges:
            return self._cut(want, noun), cost
        if noun.kind == "table":
            thing = self._binder.graph.thing(noun.table)
            if not thing.key:
                raise Unsettled
            return thing, cost
        return self.term(noun), cost

    def _part(self, want: GroupWant, anchors: Sequence[Table]) -> tuple[Term | Thing, float]:
        try:
            field, cost = self._binder.times(want.nouns, anchors)
        except Unsettled:
            year = self._binder.year_column(anchors)
            if want.part != "year" or year is None:
                raise
            return year, 0.0
        if not want.nouns and not self._binder.belongs(field.table, anchors):
            raise Unsettled
        if want.part == "hour" and field.column.is_date:
            raise Unsettled
        if want.part == "day" and field.column.is_date:
            return field, cost
        return Part(field, want.part), cost

    def _noun(self, want: GroupWant, anchors: Sequence[Table]) -> tuple[Noun, float]:
        """The noun meant; a table's things rather than the keys that other tables hold of them."""
        found = self._binder.nearest(want.nouns, anchors)
        kinds = {(noun.kind, noun.table.full_name, noun.term) for noun, _ in found}
        if len(kinds) > 1:
            keys = [pair for pair in found if pair[0].kind == "field" and is_key(pair[0])]
            tables = [pair for pair in found if pair[0].kind == "table"]
            if len(keys) == 1 and len(tables) == 1 and keys[0][0].table == tables[0][0].table:
                return keys[0]
            parents = [self._binder.graph.parent(noun.term) for noun, _ in keys if isinstance(noun.term, Field)]
            if len(tables) == 1 and len(keys) + 1 == len(found) and all(each == tables[0][0].table for each in parents):
                return tables[0]
            raise Unsettled
        return found[0]

    def term(self, noun: Noun) -> Term | Thing:
        """A field to break down by; the key of another table stands for the things of that table."""
        if noun.term is None:
            raise Unsettled
        column = column_of(noun.term)
        if column is not None and column.is_time and isinstance(noun.term, Field):
            return noun.term if column.is_date else Part(noun.term, "day")
        if column is not None and is_key(noun) and not column.is_text:
            thing = thing_of(self._binder, noun)
            return thing if thing is not None else noun.term
        if column is not None and (column.is_inexact or column.is_nested):
            raise Unsettled
        if column is not None and column.base_type in ("DECIMAL", "NUMERIC") and (column.unique_count or 999) > FEW:
            raise Unsettled
        return noun.term

    def _cut(self, want: GroupWant, noun: Noun) -> Term:
        if noun.term is None:
            raise Unsettled
        column = column_of(noun.term)
        if want.whole and (column is None or not column.is_whole):
            raise Unsettled
        if want.edges:
            edges = tuple(Decimal(str(in_unit(noun.term, edge, want.unit))) for edge in want.edges)
            return Bands(noun.term, edges, want.names)
        return Bin(noun.term, Decimal(str(want.width)))
