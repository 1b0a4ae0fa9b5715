"""Conditions on numbers: "unit price over 5", "longer than 5 minutes", "weigh more than 4 kg", "less than 10 mm"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, numbers, of_kind
from lakebook.query.parse.lexicon.adjectives import MEASURING
from lakebook.query.parse.measures import unit_of
from lakebook.query.parse.names import Noun
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import BesideMean, Cond, IsNumber, IsValue, Nouns, Number, Unit
from lakebook.query.parse.words import parts, stems

Found = tuple[int, tuple[Cond, ...], float]
Compared = tuple[int, str, Number, Unit | None, Number | None]
OPERATORS = {"gt": ">", "lt": "<", "ge": ">=", "le": "<=", "eq": "=", "ne": "<>"}
_MEASURING = {tuple(word.split()): columns for words, columns in MEASURING.items() for word in words}


def compared(s: Sentence, start: int, *, bare: bool = False) -> Iterator[Compared]:
    """ "more than 5 pounds", "5 or more", "between 2 and 10 mm"; with `bare` a number alone is what it equals."""
    for symbol in ("gt", "lt", "ge", "le", "ne"):
        for at in s.phrase(start, symbol):
            for end, value, unit in s.amount(at):
                yield end, OPERATORS[symbol], value, unit, None
    for end, value, unit in s.amount(start):
        for last in s.phrase(end, "or_more"):
            yield last, ">=", value, unit, None
        for last in s.phrase(end, "or_less"):
            yield last, "<=", value, unit, None
        if bare:
            yield end, "=", value, unit, None
    for at in s.phrase(start, "eq"):
        for end, value, unit in s.amount(at):
            more = dict.fromkeys(s.phrase(end, "or_more"), ">=") | dict.fromkeys(s.phrase(end, "or_less"), "<=")
            yield from ((last, operator, value, unit, None) for last, operator in more.items())
            yield end, "=", value, unit, None
    yield from _ranges(s, start)


def _ranges(s: Sentence, start: int) -> Iterator[Compared]:
    """ "between 2 and 10 mm"."""
    for at in s.phrase(start, "between"):
        for middle, low, first in s.amount(at):
            for end, high, second in s.amount(middle + 1) if s.fold(middle) in ("and", "to", "-", "–") else ():
                if low < high:
                    yield end, "between", low, second or first, high


def amounts(s: Sentence, start: int) -> Iterator[Found]:
    """Every condition on a number at `start`."""
    yield from _of_noun(s, start)
    yield from _by_adjective(s, start)
    yield from _by_verb(s, start)
    yield from _by_unit(s, start)
    yield from _zero(s, start)
    yield from _signed(s, start)


def _of_noun(s: Sentence, start: int) -> Iterator[Found]:
    """ "with a unit price over 5", "a quantity of zero or less", "body mass above the overall mean"."""
    for lead in {start, *s.phrase(start, "whose"), *s.phrase(start, "place")}:
        place = s.article(lead)
        for then, nouns in s.nouns(place):
            fields = numbers(nouns)
            for at in s.after(then, "copula") if fields else ():
                exact = at > then or s.fold(lead - 1) in ("with", "having")  # "lines with price 0"
                for end, cond in [*_beside_number(s, at, fields, bare=exact), *_beside_mean(s, at, fields)]:
                    yield end, (cond,), FREE if lead > start else LIGHT
        for symbol, operator in _AVERAGES:
            for at in s.phrase(place, symbol):
                for end, nouns in s.nouns(at):
                    if numbers(nouns):
                        yield end, (BesideMean(numbers(nouns), operator),), FREE
        if lead > start:
            yield from _number_of(s, lead)


_AVERAGES = (("above_average", ">"), ("below_average", "<"))
_SIDES = (("gt", ">"), ("lt", "<"))


def _beside_number(s: Sentence, start: int, fields: Nouns, *, bare: bool) -> Iterator[tuple[int, Cond]]:
    for end, operator, value, unit, to in compared(s, start, bare=bare):
        yield end, IsNumber(fields, operator, value, unit, to)
    for after, adjective in s.adjectives(start):
        if adjective.degree == "er":
            fit = _also(fields, s.measured(adjective))
            for end, operator, value, unit in _than(s, after, high=adjective.high):
                yield end, IsNumber(fit, operator, value, unit)


def _beside_mean(s: Sentence, start: int, fields: Nouns) -> Iterator[tuple[int, Cond]]:
    for symbol, operator in _SIDES:
        for mean in s.phrase(start, symbol):
            for end in s.phrase(s.article(mean), "mean_all") or s.phrase(mean, "mean_all"):
                yield end, BesideMean(fields, operator, mean_kind(s, mean, end))
    for symbol, operator in _AVERAGES:
        for end in s.phrase(start, symbol):
            yield end, BesideMean(fields, operator)


def _number_of(s: Sentence, start: int) -> Iterator[Found]:
    """ "more than 10 mm of rain"."""
    for end, operator, value, unit, to in compared(s, start):
        place = s.article(end + 1) if s.fold(end) == "of" else end
        for last, nouns in s.nouns(place) if unit else ():
            if numbers(nouns):
                yield last, (IsNumber(numbers(nouns), operator, value, unit, to),), FREE


def _also(fields: Nouns, measured: Nouns) -> Nouns:
    """Those of the fields that an adjective speaks of; all of them where it speaks of none."""
    known = {noun.term for noun in measured}
    return tuple(noun for noun in fields if noun.term in known) or fields


def _signed(s: Sentence, start: int) -> Iterator[Found]:
    """ "a negative price", "whose quantity is negative"."""
    for symbol, operator in (("negative", "<"), ("positive", ">")):
        for lead in {start, *s.phrase(start, "whose"), *s.phrase(start, "place"), *s.phrase(start, "link")}:
            for at in s.phrase(lead, symbol):
                for end, nouns in s.nouns(at):
                    if numbers(nouns):
                        yield end, (IsNumber(numbers(nouns), operator, 0),), FREE
            for then, nouns in s.nouns(s.article(lead)):
                for at in s.phrase(then, "copula"):
                    for end in s.phrase(at, symbol) if numbers(nouns) else ():
                        yield end, (IsNumber(numbers(nouns), operator, 0),), FREE


def _is_of_a_kind(s: Sentence, end: int) -> bool:
    """ "than the mean Gentoo": the mean of a kind, and not of all."""
    return any(min(hit.cost for hit in hits) < ODD for _, hits in s.bare_hits(end))


def mean_kind(s: Sentence, start: int, end: int) -> str:
    """The aggregate that the words say: the median, or else the mean."""
    return "median" if "median" in s.said(start, end).casefold() else "avg"


def _than(s: Sentence, start: int, *, high: bool) -> Iterator[tuple[int, str, Number, Unit | None]]:
    if s.fold(start) == "than":
        for end, value, unit in s.amount(start + 1):
            yield end, ">" if high else "<", value, unit


def _by_adjective(s: Sentence, start: int) -> Iterator[Found]:
    """ "hotter than 30 degrees", "longer than 5 minutes", "at least 5 minutes long", "heavier than average"."""
    for lead in {start, *s.phrase(start, "silent"), *s.phrase(start, "place"), *s.phrase(start, "whose")}:
        for then, adjective in s.adjectives(lead):
            nouns = s.measured(adjective)
            if adjective.degree != "er" or not nouns:
                continue
            for end, operator, value, unit in _than(s, then, high=adjective.high):
                yield end, (IsNumber(_of_unit(nouns, unit), operator, value, unit),), FREE
            if s.fold(then) == "than":
                for end in s.phrase(then + 1, "mean_all"):
                    if _is_of_a_kind(s, end):
                        continue
                    beside = BesideMean(nouns, ">" if adjective.high else "<", mean_kind(s, then, end))
                    yield end, (beside,), FREE
                    for last, named in s.nouns(end):
                        fit = tuple(noun for noun in numbers(named) if any(noun.term == each.term for each in nouns))
                        if fit:
                            yield last, (replace(beside, nouns=fit),), FREE
        for then, operator, value, unit, to in compared(s, lead, bare=True):
            for end, adjective in s.adjectives(then):
                if adjective.degree == "" and adjective.high and unit and s.measured(adjective):
                    nouns = _of_unit(s.measured(adjective), unit)
                    yield end, (IsNumber(nouns, operator, value, unit, to),), FREE


def _of_unit(nouns: Nouns, unit: Unit | None) -> Nouns:
    """Those of the nouns whose values can be in the unit."""
    fit = tuple(noun for noun in nouns if unit and _dimension(noun) == unit[0])
    return fit or nouns


def _dimension(noun: Noun) -> str:
    column = getattr(noun.term, "column", None)
    held = unit_of(column.name) if column is not None else None
    return held[0] if held else ""


def _by_verb(s: Sentence, start: int) -> Iterator[Found]:
    """ "cost more than 99 cents", "weigh more than the overall mean"."""
    for lead in {start, *s.phrase(start, "silent"), *s.phrase(start, "place")}:
        for then, nouns in measuring(s, lead):
            for end, operator, value, unit, to in compared(s, then, bare=True):
                yield end, (IsNumber(_of_unit(nouns, unit), operator, value, unit, to),), FREE
            for symbol, operator in (("gt", ">"), ("lt", "<")):
                for at in s.phrase(then, symbol):
                    for end in s.phrase(at, "mean_all"):
                        if not _is_of_a_kind(s, end):
                            yield end, (BesideMean(nouns, operator, mean_kind(s, at, end)),), FREE
            for symbol, operator in (("above_average", ">"), ("below_average", "<")):
                for end in s.phrase(then, symbol):
                    yield end, (BesideMean(nouns, operator),), FREE
            for end, adjective in s.adjectives(then):
                if adjective.degree == "er":
                    for last, operator, value, unit in _than(s, end, high=adjective.high):
                        yield last, (IsNumber(_of_unit(nouns, unit), operator, value, unit),), FREE


def measuring(s: Sentence, start: int) -> Iterator[tuple[int, Nouns]]:
    """A verb that says a measure, and the columns that hold it: "weigh" is the mass."""
    for length in (2, 1):
        words = _MEASURING.get(tuple(token.fold for token in s.tokens[start : start + length]))
        nouns = _columns_with(s, words) if words else ()
        if nouns:
            yield start + length, nouns


def _columns_with(s: Sentence, words: tuple[str, ...]) -> Nouns:
    """The number columns in whose names one of the words is, the first word's first."""
    found: dict[Noun, None] = {}
    for nouns in s.names.found.values():
        for noun in nouns:
            column = getattr(noun.term, "column", None)
            if noun.kind != "field" or noun.cost > 0.0 or column is None or not column.is_number:
                continue
            if set(stems(tuple(words))) & set(stems(parts(column.name))):
                found[noun] = None
    return tuple(found)


def _by_unit(s: Sentence, start: int) -> Iterator[Found]:
    """ "over 5 minutes", "of less than 10 mm", "2 pounds or more"; which column is meant the unit says."""
    moved = s.phrase(start, "moves")
    for lead in {start, *moved, *s.phrase(start, "whose"), *s.phrase(start, "place"), *s.phrase(start, "link")}:
        for end, operator, value, unit, to in compared(s, lead):
            stays = s.fold(lead - 1) in ("stay", "stayed", "remained", "kept")
            nouns = _at_end(s.of_unit(unit), operator, stays=stays) if unit else ()
            if nouns:
                yield end, (IsNumber(nouns, operator, value, unit, to),), ODD


def _at_end(nouns: Nouns, operator: str, *, stays: bool) -> Nouns:
    """The end of a day that is meant: below zero is the lowest, of what stayed below the highest."""
    lower = {"<": True, "<=": True, ">": False, ">=": False}.get(operator)
    word = "" if lower is None else "min" if lower != stays else "max"
    fit = tuple(noun for noun in nouns if word in parts(getattr(getattr(noun.term, "column", None), "name", "")))
    return fit or nouns


def _zero(s: Sentence, start: int) -> Iterator[Found]:
    """ "any precipitation", "no rain": more than zero, or zero, of what is measured."""
    for lead in {start, *s.phrase(start, "although"), *s.phrase(start, "silent")}:
        for symbol, operator in (("any_of", ">"), ("lack", "="), ("saw", ">")):
            for at in s.phrase(lead, symbol):
                for end, nouns in s.nouns(s.article(at)):
                    fields = tuple(noun for noun in numbers(nouns) if _adds_up(noun))
                    if symbol == "lack" and s.fold(end) in (",", "or") and s.bare_hits(end + 1):
                        continue  # "did not have rain, drizzle or snow": kinds of days, and no amounts
                    if symbol == "saw":
                        fields = tuple(noun for noun in fields if _dimension(noun) == "length")
                    if fields and not of_kind(nouns, "table"):
                        yield end, (IsNumber(fields, operator, 0),), FREE
                        if symbol == "saw":  # a day that had rain may also be one that is called "rain"
                            yield from ((last, (IsValue((hits,)),), LIGHT) for last, hits in s.bare_hits(s.article(at)))
        for end in s.phrase(lead, "no_rain"):
            fields = _columns_with(s, ("precipitation", "rain", "rainfall"))
            if fields:
                yield end, (IsNumber(fields, "=", 0),), FREE
        for end, adjective in s.adjectives(lead):
            fields = s.measured(adjective) if s.fold(end - 1) in _NONE_OF_IT else ()
            if fields and all(map(_adds_up, fields)):
                yield end, (IsNumber(fields, "=", 0),), FREE


_NONE_OF_IT = ("dry", "rainless")


def _adds_up(noun: Noun) -> bool:
    from lakebook.query.parse.binding import is_additive

    return is_additive(noun)
