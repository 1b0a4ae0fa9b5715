"""Amounts in the unit of the column that is meant."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lakebook.query.parse.binding import Unsettled, column_of
from lakebook.query.parse.lexicon.units import UNITS
from lakebook.query.parse.measures import unit_of
from lakebook.query.parse.wants import (
    Nouns,
    Number,
    Unit,
)
from lakebook.query.terms import Term


def fitting(nouns: Nouns, unit: Unit | None) -> Nouns:
    """The nouns whose values can be in the unit."""
    if unit is None:
        return nouns
    known = []
    for noun in nouns:
        column = column_of(noun.term)
        held = unit_of(column.name) if column is not None else None
        if held is None or held[0] == unit[0] or unit[0] == "temperature":
            known.append(noun if held is not None else replace(noun, cost=noun.cost + 0.1))
    if not known:
        raise Unsettled
    return tuple(known)


def in_unit(term: Term, value: Number, unit: Unit | None) -> Number:
    """A value in the unit of the term's column."""
    column = column_of(term)
    exact = Decimal(str(value))
    if unit is not None and column is not None:
        held = unit_of(column.name)
        if held is not None and held[0] == unit[0]:
            exact = exact * Decimal(str(UNITS[unit[0]][unit[1]][0])) / Decimal(str(UNITS[held[0]][held[1]][0]))
        elif unit[0] == "money":
            exact = exact * Decimal(str(UNITS[unit[0]][unit[1]][0]))
    if exact == int(exact):
        return int(exact)
    return exact.normalize() if column is not None and column.base_type in ("DECIMAL", "NUMERIC") else float(exact)
