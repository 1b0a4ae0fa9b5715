"""Figures: "average unit price", "number of different customers", "revenue per order", "ratio of A to B"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, numbers, of_kind
from lakebook.query.parse.lexicon.units import NUMBER_WORDS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Nouns, Want
from lakebook.query.parse.words import parts

AGGREGATES = ("sum", "avg", "median", "min", "max", "stddev", "variance")
_SPREADS = ("day", "week", "month", "year", "quarter")
Found = tuple[int, Want, float]


def wants(s: Sentence, start: int) -> list[Found]:
    """Every figure that stands at `start`: its end, the figure, what it costs to read it so."""
    return s.once("wants", start, _wants)


def _wants(s: Sentence, start: int) -> Iterator[Found]:
    for end, want, cost in _plain(s, start):
        yield end, want, cost
        for at in s.phrase(end, "by_per") or _per(s, end):
            for last, nouns in s.nouns(s.article(at)):
                things = of_kind(nouns, "table", "field")
                if things and not s.plural(last):
                    yield last, replace(want, inner=want.kind, kind="per", other=things), cost + ODD


def _per(s: Sentence, start: int) -> list[int]:
    return [start + 1] if s.fold(start) == "per" else []


def _plain(s: Sentence, start: int) -> Iterator[Found]:
    place = s.article(start)
    yield from _named(s, place)
    yield from _aggregated(s, place)
    yield from _counted(s, place)
    yield from _extreme(s, place)
    yield from _percentiles(s, place)
    yield from _correlations(s, place)
    yield from _worth_of_one(s, place)
    for at in s.phrase(place, "range"):
        for end, nouns in s.nouns(s.article(at)):
            if numbers(nouns):
                yield end, Want("range", numbers(nouns)), FREE
    for at in s.phrase(place, "sum"):
        for end in s.phrase(at, "money_verb"):
            yield end, Want("money"), FREE
    for at in s.phrase(place, "money_word"):
        if not any(of_kind(nouns, "metric", "field") for _, nouns in s.nouns(place)):
            yield at, Want("money"), LIGHT


_WORTH = ("value", "values", "total", "totals", "amount", "amounts")


def _worth_of_one(s: Sentence, start: int) -> Iterator[Found]:
    """ "Median order value", "average value of an order": what an order comes to, and the median of that."""
    for kind in ("avg", "median", "stddev"):
        for at in s.phrase(start, kind):
            for middle, nouns in s.nouns(s.article(at)):
                things = of_kind(nouns, "table", "field")
                for end in s.words(middle, _WORTH) if things and not numbers(things) else ():
                    yield end, Want("per", (), other=things, inner=kind), LIGHT
            for middle in s.words(s.article(at), _WORTH):
                for end, things in _of_one(s, middle):
                    yield end, Want("per", (), other=things, inner=kind), LIGHT


def _of_one(s: Sentence, start: int) -> Iterator[tuple[int, Nouns]]:
    """ "of an invoice", "on an album": each of such things."""
    for at in s.words(start, ("of an", "of a", "of one", "on an", "on a", "on one", "in an", "in a", "in one")):
        for end, nouns in s.nouns(at):
            things = of_kind(nouns, "table", "field")
            if things and not numbers(things) and not s.plural(end):
                yield end, things


def _named(s: Sentence, start: int) -> Iterator[Found]:
    for end, nouns in s.nouns(start):
        metrics, fields = of_kind(nouns, "metric"), numbers(nouns)
        if metrics:
            yield end, Want("metric", metrics), FREE
        elif fields:
            yield end, Want("bare", fields), LIGHT
            if s.fold(end) in ("totals", "sums"):
                yield end + 1, Want("sum", fields), FREE
    yield from _ratios(s, start, "bare")


def _aggregated(s: Sentence, start: int) -> Iterator[Found]:
    for kind in AGGREGATES:
        for at in s.phrase(start, kind):
            place = s.article(next(iter(_of(s, at)), at))
            yield from _spread(s, place, kind)
            yield from _ratios(s, place, kind)
            for end, nouns in s.nouns(place):
                known = (*numbers(nouns), *of_kind(nouns, "metric"))
                times = tuple(noun for noun in of_kind(nouns, "field") if _is_time(noun))
                if known:
                    yield end, Want(kind, known), FREE
                elif times and kind in ("min", "max"):
                    yield end, Want(kind, times), FREE
                elif kind == "avg" and of_kind(nouns, "table"):
                    yield end, Want("avg", of_kind(nouns, "table")), ODD
            for end in s.phrase(place, "money_word"):
                if not s.nouns(place):
                    yield end, Want("money" if kind == "sum" else kind), LIGHT
            if kind == "avg":
                for then in s.phrase(place, "count"):
                    for end, nouns in s.nouns(s.article(then)):
                        yield end, Want("avg", nouns, inner="count"), FREE
                        for last, things in _of_one(s, end):
                            yield last, Want("per", nouns, other=things, inner="avg", distinct=True), FREE


def _of(s: Sentence, start: int) -> list[int]:
    return [start + 1] if s.fold(start) in ("of", "in", "for") else []


def _is_time(noun: object) -> bool:
    column = getattr(getattr(noun, "term", None), "column", None)
    return bool(column is not None and column.is_time)


def _spread(s: Sentence, start: int, kind: str) -> Iterator[Found]:
    """ "average daily high", "mean monthly revenue": the average over days, over months."""
    for part in _SPREADS:
        for at in s.phrase(start, f"adverb:{part}"):
            for end, nouns in s.nouns(at):
                known = (*numbers(nouns), *of_kind(nouns, "metric"))
                if known:
                    yield end, Want(kind, known, part=part), LIGHT
            for then in s.phrase(at, "count"):
                for end, nouns in s.nouns(s.article(then)):
                    yield end, Want(kind, nouns, part=part, inner="count"), LIGHT


def _ratios(s: Sentence, start: int, kind: str) -> Iterator[Found]:
    for at in s.phrase(start, "minus"):
        for middle, top in s.nouns(s.article(at)):
            for end, bottom in s.nouns(s.article(middle + 1)) if s.fold(middle) == "and" else ():
                if numbers(top) and numbers(bottom):
                    high, low = (bottom, top) if _is_low(top) and not _is_low(bottom) else (top, bottom)
                    yield end, Want("ratio", numbers(high), numbers(low), inner=kind, part="-"), FREE
    for at in s.phrase(start, "ratio"):
        for middle, top in s.nouns(s.article(at)):
            for then in s.phrase(middle, "to"):
                for end, bottom in s.nouns(s.article(then)):
                    if numbers(top) and numbers(bottom):
                        yield end, Want("ratio", numbers(top), numbers(bottom), inner=kind), FREE


def _is_low(nouns: Nouns) -> bool:
    """Whether it is the low end of something: of a gap between the low and the high the high stands first."""
    columns = [getattr(noun.term, "column", None) for noun in numbers(nouns)]
    return any(column is not None and not _LOW.isdisjoint(parts(column.name)) for column in columns)


_LOW = frozenset({"min", "minimum", "low", "lowest"})


def _extreme(s: Sentence, start: int) -> Iterator[Found]:
    """ "cheapest price", "longest flipper": the least or greatest of what the adjective speaks of."""
    for at, adjective in s.adjectives(start):
        if adjective.degree == "est":
            known = {noun.term for noun in s.measured(adjective)}
            for end, nouns in s.nouns(at):
                fit = tuple(noun for noun in numbers(nouns) if noun.term in known)
                if fit and not of_kind(nouns, "table"):
                    yield end, Want("max" if adjective.high else "min", fit), LIGHT


def _counted(s: Sentence, start: int) -> Iterator[Found]:
    for at in s.phrase(start, "count"):
        place = s.article(at)
        then = next(iter(s.phrase(place, "different")), place)
        for end, nouns in s.nouns(then):
            yield end, Want("count", nouns, distinct=then > place), FREE
        for end in s.phrase(then, "rows"):
            if not s.nouns(then):
                yield end, Want("rows"), FREE


def _percentiles(s: Sentence, start: int) -> Iterator[Found]:
    fold, place = s.fold(start), start + 1
    digits = fold[:-2] if fold[-2:] in ("th", "st", "nd", "rd") else fold
    number = int(digits) if digits.isdecimal() else NUMBER_WORDS.get(fold.removesuffix("th"))
    fraction = {"first": 0.25, "lower": 0.25, "upper": 0.75, "third": 0.75}.get(fold)
    share = number / 100 if number is not None and 0 < number < 100 else None
    for symbol, part in (("percentile", share), ("quartile", fraction)):
        for at in s.phrase(place, symbol) if part else ():
            of = s.article(next(iter(_of(s, at)), at))
            yield from _quantiles(s, of, part or 0.5)


def _quantiles(s: Sentence, start: int, fraction: float) -> Iterator[Found]:
    """The number after "95th percentile of", with or without "daily"."""
    for at, day in [(start, ""), *((at, "day") for at in s.phrase(start, "adverb:day"))]:
        for end, nouns in s.nouns(at):
            if numbers(nouns):
                yield end, Want("quantile", numbers(nouns), fraction=fraction, part=day), FREE


def _correlations(s: Sentence, start: int) -> Iterator[Found]:
    linked: tuple[str, ...] = ("and", "with", "to", ",")
    yield from _related(s, start)
    asked = [(at, linked) for at in s.phrase(start, "corr")]
    asked += [(at, linked[:0]) for at in s.phrase(start, "how_correlate")]
    for at, links in asked:
        for middle, first in s.nouns(s.article(at)):
            then: tuple[int, ...] = s.phrase(middle, "correlates") if not links else ()
            if links and s.fold(middle) in links:
                then = (middle + 1,)
            for place in then:
                for end, second in s.nouns(s.article(place)):
                    if numbers(first) and numbers(second):
                        yield end, Want("corr", numbers(first), numbers(second)), FREE


_RELATED_TO = ("related to", "correlated with", "correlated to", "linked to", "linked with", "connected with")


def _related(s: Sentence, start: int) -> Iterator[Found]:
    """ "are quantity and price correlated", "is bill length related to bill depth"."""
    for at in s.words(start, ("are", "is")):
        for middle, first in s.nouns(s.article(at)):
            asked = [(then, False) for then in s.words(middle, _RELATED_TO)]
            asked += [(then, True) for then in s.words(middle, ("and",))]
            for then, said_after in asked if numbers(first) else ():
                for end, second in s.nouns(s.article(then)):
                    for last in s.phrase(end, "correlated") if said_after else (end,):
                        if numbers(second):
                            yield last, Want("corr", numbers(first), numbers(second)), FREE
