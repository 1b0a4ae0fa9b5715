"""What a noun counts: rows, different values, things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakebook.query.parse.binding import Binder, Unsettled, is_additive, is_key
from lakebook.query.parse.names import Noun
from lakebook.query.parse.wants import Want
from lakebook.query.tables import Table
from lakebook.query.terms import Field, Thing

_COUNTS = re.compile(r"^\s*count\s*\(\s*distinct\s+\w+\.(\w+)\s*\)\s*$", re.IGNORECASE)


def thing_of(binder: Binder, noun: Noun) -> Thing | None:
    """The things that a noun names: rows of its table, or what a key or a column of names tells apart."""
    if noun.kind == "table":
        return binder.graph.thing(noun.table)
    if noun.kind == "metric" and noun.metric is not None:
        counted = _COUNTS.match(noun.metric.sql)
        for column in noun.table.columns if counted else ():
            if counted and column.name.casefold() == counted.group(1).casefold():
                return Thing(noun.table, (Field(noun.table, column),))
    if noun.kind == "field" and isinstance(noun.term, Field):
        parent = binder.graph.parent(noun.term)
        if parent is not None and not noun.term.column.is_text:
            return binder.graph.thing(parent)
        if noun.term.column.is_number and not is_key(noun) and is_additive(noun):
            return None
        return Thing(noun.table, (noun.term,))
    return None


def counted_noun(binder: Binder, want: Want, anchors: Sequence[Table]) -> tuple[Noun, float]:
    """What is counted: the model's metric before a key, a key before the rows of a table that repeats it."""
    found = []
    for noun, cost in binder.nearest(want.nouns, anchors):
        price = cost - 0.3 if noun.kind == "metric" else cost
        found.append((price, noun))
    found.sort(key=lambda pair: pair[0])
    best = [noun for price, noun in found if price - found[0][0] < 0.05]
    if len({(noun.kind, noun.table.full_name, noun.term) for noun in best}) > 1:
        raise Unsettled
    return found[0][1], max(found[0][0], 0.0)
