"""Rankings that nobody asked for: of what is counted by itself, over all where one of each is meant, upside down."""

from __future__ import annotations

from itertools import pairwise

from lakebook.query.parse.figures_within import counted_column, inner
from lakebook.query.parse.graph import Graph
from lakebook.query.parse.lexicon.nouns import PIECES
from lakebook.query.parse.names import Names
from lakebook.query.parse.one_asked import is_keyed
from lakebook.query.parse.settle.figure_parts import tables_of
from lakebook.query.parse.words import parts, stems
from lakebook.query.reading import Aggregate, Among, Condition, Figure, Has, Metric, Named, Reading, Within, each_of
from lakebook.query.terms import Field, Part, Thing

_BACK = frozenset({"cancelled", "canceled", "returned", "refunded", "cancellation", "return", "refund"})
_OF_ANY = frozenset({"each", "every", "per", "all", "any"})
_SHORT = 5


def ranks_something_else(
    folds: list[str], reading: Reading, conditions: list[Condition], names: Names, graph: Graph
) -> bool:
    """Whether the reading ranks other things, or by other figures, than the words ask for."""
    return (
        _ranks_by_itself(reading)
        or _ranks_another_thing(folds, reading, names)
        or _ranks_within_things(folds, reading)
        or _ranks_all_of_them(folds, reading)
        or _finds_none_elsewhere(reading)
        or _leaves_out_rows_alone(folds, reading, conditions)
        or _sums_what_is_taken_back(reading, conditions)
        or _leaves_out_those_without(reading, graph)
    )


def _ranks_by_itself(reading: Reading) -> bool:
    """ "Our biggest customer" is not the one of whom there are most."""
    own = [each for group in reading.groups for each in (group.key if isinstance(group, Thing) else (group,))]
    by = [order.by for order in reading.order]
    return any(
        (isinstance(each, Aggregate) and each.kind == "distinct" and each.of in own)
        or (
            isinstance(each, Metric)
            and counted_column(each.sql) in {field.column.name.casefold() for field in own if isinstance(field, Field)}
        )
        for each in by
    )


def _ranks_another_thing(folds: list[str], reading: Reading, names: Names) -> bool:
    """ "The most expensive ward" is a ward: where visits alone have a cost, it is none of them."""
    last = [noun.table for noun in names.at(stems(tuple(folds[-1:]))) if noun.kind == "table"]
    shown = {each.table for each in reading.columns if isinstance(each, Field)}
    return len(folds) < _SHORT and bool(last and reading.order and shown) and shown.isdisjoint(last)


def _ranks_within_things(folds: list[str], reading: Reading) -> bool:
    """ "Which channel has the highest revenue per order" ranks channels, and not those of each order."""
    asks_one = (folds[:1] in (["which"], ["what"]) and "per" in folds) or _OF_ANY.isdisjoint(folds)
    return asks_one and any(map(is_keyed, reading.each))


def _ranks_all_of_them(folds: list[str], reading: Reading) -> bool:
    """ "For each year the hottest day" are as many as there are years, not the hottest of the years."""
    begins = folds[0] in ("per", "every", "each") or tuple(folds[:2]) in (("for", "each"), ("for", "every"))
    return begins and reading.limit is not None and not reading.each


_HAS_NONE = frozenset({("but", "no"), ("with", "no"), ("has", "no"), ("have", "no"), ("had", "no"), ("having", "no")})


def _leaves_out_rows_alone(folds: list[str], reading: Reading, conditions: list[Condition]) -> bool:
    """ "The highest revenue but no returns" is a product without any, and not its other rows."""
    said = not _HAS_NONE.isdisjoint(pairwise(folds))
    left = any(isinstance(each, Named | Among) and each.negated for each in conditions)
    return said and left and bool(reading.order) and not any(isinstance(each, Has) for each in conditions)


def _finds_none_elsewhere(reading: Reading) -> bool:
    """ "Which month had the fewest orders in 2011" is a month of 2011, and no other that has none then."""
    times = {each.term for each in reading.groups if isinstance(each, Part)}
    lowest = [each.by for each in reading.order if not each.descending]
    wheres = [each.where for each in lowest if isinstance(each, Aggregate | Metric)]
    return any(isinstance(each, Within) and each.term in times for each in wheres)


def _leaves_out_those_without(reading: Reading, graph: Graph) -> bool:
    """ "The artist with the fewest albums" is one without any, where there are such."""
    lowest: list[object] = [each.figure for each in reading.having if each.operator in ("<", "<=")]
    lowest += [each.by for each in reading.order[:1] if not each.descending and reading.limit is not None]
    figures = [one for each in lowest if isinstance(each, Figure) for one in inner((each,))]
    counted = [table for each in figures if _adds_up(each) for table in tables_of(each)]
    things = [each.table for each in reading.groups if isinstance(each, Thing | Field)]
    return any(graph.leads(many, one) and not graph.covers(many, one) for one in things for many in counted)


def _adds_up(figure: Figure) -> bool:
    """Whether a figure is nothing where there are no rows: a count or a sum."""
    return isinstance(figure, Metric) or getattr(figure, "kind", "") in ("rows", "distinct", "sum")


def _sums_what_is_taken_back(reading: Reading, conditions: list[Condition]) -> bool:
    """ "The highest value of returns": sums below zero, whose highest is the smallest return."""
    wheres = [getattr(each.by, "where", None) for each in reading.order]
    inner = [one for each in wheres for one in each_of(each)]
    named = [each for each in (*conditions, *inner) if isinstance(each, Named)]
    back = [each.term.name for each in named if not each.negated]
    taken = any(not _BACK.isdisjoint(parts(name)) for name in back)
    extreme = any(isinstance(each, Aggregate) and _is_extreme_piece(each) for each in reading.figures)
    return taken and (
        extreme
        or any(
            (isinstance(each.by, Metric) and each.by.is_additive)
            or getattr(each.by, "kind", "") in ("sum", "max", "min")
            for each in reading.order
        )
    )


def _is_extreme_piece(figure: Aggregate) -> bool:
    """ "The largest quantity returned" is the lowest of numbers below zero."""
    of = figure.of
    pieces = isinstance(of, Field) and not PIECES.isdisjoint(parts(of.column.name))
    return figure.kind in ("min", "max") and pieces
