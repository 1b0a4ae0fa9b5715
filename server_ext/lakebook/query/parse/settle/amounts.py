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
from lakebook.query.reading import Aggregate, Figure
from lakebook.query.terms import Scaled, Term, Thing


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


def of_figure(figure: Figure, value: Number, unit: Unit | None) -> Number:
    """A value beside a figure, in the unit that the figure is in: an average above 4 kg is one above 4,000 grams."""
    of = figure.of if isinstance(figure, Aggregate) and figure.kind not in ("rows", "distinct") else None
    if unit is None:
        return value
    column = column_of(of) if of is not None and not isinstance(of, Thing) else None
    held = unit_of(column.name) if column is not None else None
    if unit[0] == "money" and held is None:
        exact = Decimal(str(value)) * Decimal(str(UNITS[unit[0]][unit[1]][0]))
        return int(exact) if exact == int(exact) else float(exact)
    if of is None or isinstance(of, Thing | Scaled) or held is None or held[0] != unit[0]:
        raise Unsettled
    return in_unit(of, value, unit)


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
