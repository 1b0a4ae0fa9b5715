"""Readings that nobody means: the words fit together, what they would ask for does not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from lakebook.query.parse.binding import is_additive
from lakebook.query.parse.contradiction import contradicts_itself
from lakebook.query.parse.counted import counts_something_else
from lakebook.query.parse.figures_within import inner
from lakebook.query.parse.graph import Graph
from lakebook.query.parse.measures import unit_of
from lakebook.query.parse.names import Names, Noun, is_identifier
from lakebook.query.parse.one_asked import is_keyed
from lakebook.query.parse.one_row import amounts_of_others
from lakebook.query.parse.phrases import marks
from lakebook.query.parse.ranked_wrongly import ranks_something_else
from lakebook.query.parse.words import Token, parts, stems
from lakebook.query.reading import (
    Aggregate,
    Among,
    Beside,
    Compare,
    Condition,
    Either,
    Every,
    Figure,
    Has,
    Like,
    Metric,
    Reading,
    Within,
)
from lakebook.query.terms import Computed, Field, Part, Thing

_RECKONED = frozenset({"sum", "avg", "median", "stddev", "variance"})
_EXTREMES = frozenset({"highest", "lowest", "largest", "smallest", "biggest", "greatest", "longest", "shortest"})
_OF_EACH = frozenset({("where", "all"), ("where", "every"), ("whose", "all"), ("which", "all")})
_AMOUNTS = frozenset({"more", "less", "fewer", "most", "least", "fewest", "many", "few", "any", "all", "only", "both"})
_ARE_ALL = frozenset({("are", "all"), ("were", "all")})


def is_senseless(words: tuple[Token, ...], reading: Reading, names: Names, graph: Graph) -> bool:
    """Whether the reading reckons with names, compares days with numbers, contradicts itself or misses the point."""
    folds = [token.fold for token in words]
    conditions = list(_within(reading.where))
    figures = (*reading.figures, *(order.by for order in reading.order if isinstance(order.by, Figure)))
    return (
        any(map(_compares_days_with_numbers, conditions))
        or any(map(contradicts_itself, conditions))
        or any(_reckons_with_names(each) for each in inner(figures))
        or any(_looks_for(_AMOUNTS, each) for each in conditions)
        or _asks_for_those_below(folds, reading)
        or ranks_something_else(folds, reading, conditions, names, graph)
        or _happens_otherwise(words, conditions, names)
        or (_wants_names(folds) and _shows_numbers_alone(reading))
        or any(_is_amount(each) for each in reading.each)
        or counts_something_else(folds, reading, figures, graph)
        or any(_adds_up_again(each, reading, graph) for each in figures)
        or _says_all(folds, conditions)
        or _divides_by_amounts(folds, reading, names)
        or _divides_by_things_of_several(folds, reading)
        or _shows_the_share_alone(folds, reading)
        or _gives_every_extreme(folds, reading)
        or len(set(reading.figures)) < len(reading.figures)
        or amounts_of_others(words, reading, conditions, names)
        or _may_be_beside_others(folds, conditions)
        or ("with" in folds and _OF_THEM.isdisjoint(folds) and _pairs_numbers(reading))
        or (not _NIGHTS.isdisjoint(folds) and any(map(_is_of_highs, [*_compared(conditions), *_ordered(reading)])))
        or (("and", "the") in _groups_said(folds) and bool(reading.groups) and _is_extreme(reading))
        or any(_is_any_day(each) for each in conditions)
    )


def _within(where: Condition | None) -> Iterator[Condition]:
    """A condition and those that it is made of."""
    if where is None:
        return
    yield where
    if isinstance(where, Every | Either):
        for each in where.conditions:
            yield from _within(each)
    elif isinstance(where, Has):
        yield from _within(where.where)


def _compares_days_with_numbers(condition: Condition) -> bool:
    """ "Patients older than 60": an age is not reckoned from a day of birth."""
    if not isinstance(condition, Compare) or not isinstance(condition.term, Field):
        return False
    return condition.term.column.is_time and isinstance(condition.value, int | float | Decimal)


def _looks_for(amounts: frozenset[str], condition: Condition) -> bool:
    """ "Cities with more women than men" are not those whose name has "more" in it."""
    return isinstance(condition, Like) and condition.text.casefold() in amounts


def _asks_for_those_below(folds: list[str], reading: Reading) -> bool:
    """ "Who reports to Nancy Edwards" are those below her, and not her boss."""
    below = any(pair in (("reports", "to"), ("report", "to")) for pair in pairwise(folds))
    above = [each for each in reading.columns if isinstance(each, Field) and each.role]
    return below and bool(above) and len(above) == len(reading.columns) and reading.where is not None


def _happens_otherwise(words: tuple[Token, ...], conditions: list[Condition], names: Names) -> bool:
    """ "Admitted in 2022" is no time of birth: what happens has a time of its own."""
    times = {each.term for each in conditions if isinstance(each, Within)}
    events = {symbol.removeprefix("event:") for here in marks(words) for symbol in here if symbol.startswith("event:")}
    for event in events if times else ():
        own = {noun.term for noun in names.of_event(event)}
        if own and not own & times:
            return True
    return False


def _wants_names(folds: list[str]) -> bool:
    return folds[:1] == ["who"] or not {"their", "its"}.isdisjoint(folds)


def _adds_up_again(figure: Figure, reading: Reading, graph: Graph) -> bool:
    """ "Which artist earned the most" is no sum of invoices, which hold other artists' songs too."""
    if isinstance(figure, Metric):
        table = figure.tables[0] if figure.sql.casefold().lstrip().startswith("sum") and figure.tables else None
    else:
        table = figure.table if isinstance(figure, Aggregate) and figure.kind == "sum" else None
    groups = [each.table for each in reading.groups if isinstance(each, Thing | Field)]
    return table is not None and any(each != table and not graph.leads(table, each) for each in groups)


def _is_amount(term: object) -> bool:
    """ "The 20 dearest lines by line value" are not 20 for each value."""
    if isinstance(term, Computed):
        return term.is_number
    measured = isinstance(term, Field) and term.column.is_number and unit_of(term.column.name) is not None
    return isinstance(term, Field) and (measured or is_additive(Noun("field", term.table, term)))


def _shows_numbers_alone(reading: Reading) -> bool:
    """ "Who had the most expensive visit" is a person, not a number of a visit."""
    shown = [each for each in reading.columns if isinstance(each, Field)]
    return bool(shown) and all(is_identifier(each.column) for each in shown) and not reading.groups


def _reckons_with_names(figure: Figure) -> bool:
    """ "Average number of products per order" is no average of names or of numbers that are names."""
    if not isinstance(figure, Aggregate) or figure.kind not in _RECKONED or not isinstance(figure.of, Field):
        return False
    return figure.of.column.is_text or is_identifier(figure.of.column)


def _says_all(folds: list[str], conditions: list[Condition]) -> bool:
    """ "Wards where all visits were for asthma" are not those with one such visit."""
    said = _OF_EACH | _ARE_ALL if "whose" in folds else _OF_EACH
    all_of_them = any(pair in said for pair in pairwise(folds))
    return all_of_them and bool(conditions) and not any(isinstance(each, Has) for each in conditions)


def _divides_by_amounts(folds: list[str], reading: Reading, names: Names) -> bool:
    """ "Cost per bed" is a cost divided, not one for each number of beds that some ward has."""
    amounts = [
        each for each in reading.groups if isinstance(each, Field) and is_additive(Noun("field", each.table, each))
    ]
    divisors = [stems((word,)) for before, word in pairwise(folds) if before == "per"]
    named = {stem for each in amounts for stem in stems(parts(each.column.name))}
    beside = len(reading.groups) > 1 and bool(amounts)  # "lines per month, and the units" are two figures
    return beside or any(
        divisor[0] in named or any(noun.term in amounts for noun in names.at(divisor)) for divisor in divisors
    )


def _divides_by_things_of_several(folds: list[str], reading: Reading) -> bool:
    """ "Revenue per customer for Germany and France" may be one figure for each of the two."""
    keyed = any(map(is_keyed, reading.groups))
    own = {label for each in reading.groups if isinstance(each, Thing) for label in each.labels}
    several = any(
        isinstance(each, Among) and len(each.values) > 1 and not each.negated and each.term not in own
        for each in _within(reading.where)
    )  # fmt: skip
    return "per" in folds and keyed and several and not reading.order


def _shows_the_share_alone(folds: list[str], reading: Reading) -> bool:
    """ "Revenue by country and its share" is two figures."""
    both = any(pair in (("its", "share"), ("their", "share")) for pair in pairwise(folds))
    return both and len(reading.figures) == 1


def _gives_every_extreme(folds: list[str], reading: Reading) -> bool:
    """ "The product with the highest price" is one, not the highest price of each product."""
    places = [at for at, each in enumerate(folds) if each in _EXTREMES and folds[max(0, at - 1) : at] == ["the"]]
    asks_one = any(folds[max(0, at - 2)] in ("with", "has", "had", "have") for at in places)
    return asks_one and bool(reading.groups) and not reading.order and not reading.having


_OF_THEM = frozenset({"their", "its", "number", "numbers", "id", "ids", "code", "codes", "no"})


def _pairs_numbers(reading: Reading) -> bool:
    """ "Customers with orders in 2022" have some; the orders' numbers are not asked for."""
    numbers = [each for each in reading.columns if isinstance(each, Field) and is_identifier(each.column)]
    return len(numbers) > 1 and len(numbers) == len(reading.columns)


_WHOLE = frozenset({"overall", "all", "whole", "general", "total", "entire", "everything"})
_NIGHTS = frozenset({"night", "nights"})


def _may_be_beside_others(folds: list[str], conditions: list[Condition]) -> bool:
    """ "Above average in 2008": the average of 2008, or of all years."""
    beside = [each for each in conditions if isinstance(each, Beside)]
    within = [each for each in conditions if isinstance(each, Within | Compare | Among)]
    plain = any(isinstance(each.figure, Aggregate) and each.figure.where is None for each in beside)
    return plain and bool(within) and _WHOLE.isdisjoint(folds)


def _compared(conditions: list[Condition]) -> list[object]:
    return [each.term for each in conditions if isinstance(each, Compare | Beside)]


def _ordered(reading: Reading) -> list[object]:
    return [order.by for order in reading.order]


def _is_of_highs(term: object) -> bool:
    """ "The warmest night" goes by the night's temperature, and not by the day's."""
    return isinstance(term, Field) and parts(term.column.name)[-1] == "max"


def _groups_said(folds: list[str]) -> set[tuple[str, str]]:
    """Pairs of words after "per" or "by"."""
    at = next((place for place, fold in enumerate(folds) if fold in ("per", "by", "each")), len(folds))
    return set(pairwise(folds[at:]))


def _is_extreme(reading: Reading) -> bool:
    """ "The smallest flipper per species and the island" of that one."""
    return bool(reading.order) or any(getattr(each, "kind", "") in ("min", "max") for each in reading.figures)


def _is_any_day(condition: Condition) -> bool:
    """ "Weekends vs weekdays" are two groups of days, and not seven."""
    return (
        isinstance(condition, Among)
        and isinstance(condition.term, Part)
        and condition.term.part == "weekday"
        and len(set(condition.values)) == len("mtwtfss")
    )
