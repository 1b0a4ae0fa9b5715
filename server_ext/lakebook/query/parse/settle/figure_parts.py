"""Figures taken apart and put together: money, units, conditions of their own, tables."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lakebook.query.parse.binding import column_of
from lakebook.query.parse.lexicon.nouns import MONEY
from lakebook.query.parse.lexicon.units import UNITS
from lakebook.query.parse.measures import unit_of
from lakebook.query.parse.wants import Unit
from lakebook.query.parse.words import parts, singular, stems
from lakebook.query.reading import Aggregate, Condition, Difference, Every, Figure, Metric, OfTotal, OverGroups, Ratio
from lakebook.query.tables import Table
from lakebook.query.terms import Combined, Field, Scaled, Term


def money_term(table: Table) -> Term | None:
    """What a row of a table comes to: its only amount, or its quantity times its price."""
    ends: dict[str, list[Field]] = {}
    for column in table.columns:
        words = stems(parts(column.name))
        if column.is_number and words:
            ends.setdefault(words[-1], []).append(Field(table, column))
    price, quantity = ends.get("price", []), [*ends.get("quantity", []), *ends.get("qty", [])]
    if len(price) == 1 and len(quantity) == 1:
        return Combined("*", quantity[0], price[0], "revenue")
    for word in MONEY[:-1]:
        if len(ends.get(word, [])) == 1:
            return ends[word][0]
    return None


def scaled(term: Term, unit: Unit) -> Term:
    """The term in another unit of its dimension; the term itself where it is in that unit or in none."""
    column = column_of(term)
    held = unit_of(column.name) if column is not None else None
    if held is None or held[0] != unit[0]:
        return term
    ratio = Decimal(str(UNITS[unit[0]][unit[1]][0])) / Decimal(str(UNITS[held[0]][held[1]][0]))
    if ratio == 1 or ratio != int(ratio):
        return term
    words = UNITS[unit[0]][unit[1]][1]
    return Scaled(term, int(ratio), next((word for word in words if singular(word) != word), words[0]))


def limited(figure: Figure, where: Condition) -> Figure:
    """The figure over those rows alone for which the condition holds."""
    match figure:
        case Aggregate() | Metric():
            both = where if figure.where is None else Every((figure.where, where))
            return replace(figure, where=both)
        case Ratio():
            return replace(figure, top=limited(figure.top, where), bottom=limited(figure.bottom, where))
        case Difference():
            return replace(figure, left=limited(figure.left, where), right=limited(figure.right, where))
        case OfTotal() | OverGroups():
            return replace(figure, figure=limited(figure.figure, where))


def tables_of(figure: Figure) -> list[Table]:
    """The tables over which a figure is."""
    match figure:
        case Aggregate():
            return [figure.table]
        case Metric():
            return list(figure.tables)
        case Ratio():
            return [*tables_of(figure.top), *tables_of(figure.bottom)]
        case Difference():
            return tables_of(figure.left)
        case OfTotal() | OverGroups():
            return tables_of(figure.figure)
