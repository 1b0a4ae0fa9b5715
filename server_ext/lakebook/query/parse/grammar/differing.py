"""Differences: one group less another, one period less another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.conditions import conditions, value_list
from lakebook.query.parse.grammar.dates import begun_before, open_stretches, periods
from lakebook.query.parse.grammar.figures import wants
from lakebook.query.parse.grammar.step import FREE, Step, Steps, of_kind
from lakebook.query.parse.grammar.stretches import When, stretches
from lakebook.query.parse.measures import Adjective
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Cond, Draft, InTime, IsValue, Want
from lakebook.query.reading import Period

MOST_CONDITIONS = 4


def _kinds(s: Sentence, start: int, deep: int = 0) -> Iterator[tuple[int, tuple[Cond, ...]]]:
    """ "the average male Chinstrap": conditions with the words around them that say nothing more."""
    yield start, ()
    if deep >= MOST_CONDITIONS:
        return
    for end, found, _ in conditions(s, start):
        for last, more in _kinds(s, end, deep + 1):
            yield last, (*found, *more)
    for at in {*s.phrase(start, "avg"), *s.phrase(start, "article"), *s.phrase(start, "one")}:
        yield from _kinds(s, at, deep + 1)
    for end, nouns in s.nouns(start):
        if of_kind(nouns, "table"):
            yield from _kinds(s, end, deep + 1)


def heavier_steps(s: Sentence, start: int) -> Steps:
    """ "how many grams heavier is the average male Chinstrap than the average female one"."""
    for at in {*s.phrase(start, "count"), *s.phrase(start, "much")}:
        unit = s.unit(at)
        for place in {at, unit[0] if unit else at}:
            for then, adjective in s.adjectives(place):
                if adjective.degree == "er" and s.fold(then) in ("is", "are", "was", "were"):
                    yield from _pairs(s, then + 1, adjective)


def _pairs(s: Sentence, start: int, adjective: Adjective) -> Steps:
    by = s.measured(adjective)
    for middle, first in _kinds(s, start):
        averages = "average" in s.said(start, middle).casefold() or "mean" in s.said(start, middle).casefold()
        averages = averages or s.fold(middle) == "on"
        place = middle + 2 if s.fold(middle) == "on" and s.fold(middle + 1) == "average" else middle
        if s.fold(place) == "than" and first and by:
            for end, second in _kinds(s, place + 1):
                last = end + 2 if s.fold(end) == "on" and s.fold(end + 1) == "average" else end
                if second and (averages or last > end):
                    yield Step(last, FREE, "measure", _less(Want("avg", by), first, second, swap=not adjective.high))


def _less(
    want: Want, first: tuple[Cond, ...], second: tuple[Cond, ...], *, swap: bool = False
) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if not draft.figures and not draft.listed and draft.pending is None:
            pair = (second, first) if swap else (first, second)
            yield replace(draft, ask="figure", figures=(want,), versus=pair).flagged("difference")

    return apply


def difference_steps(s: Sentence, start: int) -> Steps:
    """ "difference in mean body mass between males and females"."""
    place = s.article(start)
    for at in (place + 2,) if s.fold(place) == "difference" and s.fold(place + 1) in ("in", "of") else ():
        for end, want, cost in wants(s, at):
            if s.fold(end) != "between":
                continue
            for middle, first in _kinds(s, end + 1):
                if s.fold(middle) == "and" and first:
                    for last, second in _kinds(s, middle + 1):
                        if second:
                            yield Step(last, cost, "measure", _less(want, first, second))
            for last, hits, price in value_list(s, s.article(end + 1)):
                if len(hits) == 2:
                    first, second = ((IsValue((each,)),) for each in hits)
                    yield Step(last, cost + price, "measure", _less(want, first, second))


_CHANGES = ("change", "increase", "decrease", "rise", "drop", "absolute change")
_CHANGES_IN_PERCENT = (
    "percentage change", "percent change", "percentage growth", "percent growth", "growth in percent", "growth rate",
    "percentage increase", "percentage decrease", "relative change",
)  # fmt: skip


def change_steps(s: Sentence, start: int) -> Steps:
    """ "change in average body mass from 2007 to 2009", "percentage growth of revenue between May and June 2011"."""
    place = s.article(start)
    for options, percent in ((_CHANGES, False), (_CHANGES_IN_PERCENT, True)):
        for at in [then for end in s.words(place, options) for then in s.words(end, ("in", "of", "in the", "of the"))]:
            for then, want, cost in wants(s, at):
                for middle, among in _kinds(s, then):
                    for end, first, second in _two_periods(s, middle):
                        yield Step(end, cost, "measure", _among(among, _change(want, first, second, percent=percent)))


def period_steps(s: Sentence, start: int) -> Steps:
    """ "by what percentage did revenue grow from May to June 2011", "how much more was billed in 2022 than in 2021"."""
    for at in s.phrase(start, "grew_percent", "grew"):
        percent = at in s.phrase(start, "grew_percent")
        for then, want, cost in wants(s, at):
            for middle, among in _kinds(s, then):
                for place in s.phrase(middle, "changed"):
                    for end, first, second in _two_periods(s, place):
                        change = _change(want, first, second, percent=percent)
                        yield Step(end, cost, "measure", _among(among, change))
    for at in s.phrase(start, "how_much_more"):
        figures = [(end, want) for end, want, _ in wants(s, at)] + [
            (end, Want("money")) for end in s.phrase(at, "money_verb")
        ]
        figures += [(end, Want("money")) for skip in s.phrase(at, "silent") for end in s.phrase(skip, "money_verb")]
        more = s.fold(at - 1) == "more"
        for then, want in figures:
            for last in {then, *s.phrase(then, "silent")}:
                for middle, first in periods(s, last):
                    for end, second in periods(s, middle + 1) if s.fold(middle) == "than" else ():
                        pair = (second, first) if more else (first, second)
                        yield Step(end, FREE, "measure", _change(want, *pair, percent=False))


def _among(conds: tuple[Cond, ...], apply: Callable[[Draft], Iterable[Draft]]) -> Callable[[Draft], Iterable[Draft]]:
    """The step for the rows under conditions: "of Adelies"."""

    def among(draft: Draft) -> Iterable[Draft]:
        for made in apply(draft):
            yield made.filtered(*conds)

    return among


_ABOVE = {
    "above": 1, "over": 1, "higher than": 1, "greater than": 1, "more than": 1, "larger than": 1, "bigger than": 1,
    "below": -1, "under": -1, "lower than": -1, "less than": -1, "smaller than": -1, "ahead of": 1, "behind": -1,
    "exceed": 1, "exceeded": 1, "higher": 1, "lower": -1, "better than": 1, "worse than": -1,
}  # fmt: skip
_ABOVE_WORDS = tuple(_ABOVE)


def above_steps(s: Sentence, start: int) -> Steps:
    """ "by how many pounds was revenue in the second quarter above that of the first"."""
    for at in s.phrase(start, "by_how_much"):
        unit = s.unit(at)
        for lead in {at, unit[0] if unit else at}:
            for then in s.words(lead, ("was", "is", "were", "are", "did", "has")):
                yield from _above(s, then)


def _above(s: Sentence, start: int) -> Steps:
    for then, want, cost in wants(s, start):
        for middle, first in _kinds(s, then):
            for place in s.words(middle, _ABOVE_WORDS) if first else ():
                sign = _ABOVE[" ".join(token.fold for token in s.tokens[middle:place])]
                for side in [*s.phrase(place, "that_of"), place]:
                    for end, second in _kinds(s, side):
                        if second and first != second:
                            yield Step(end, cost, "measure", _less(want, first, second, swap=sign < 0))


def _two_periods(s: Sentence, start: int) -> Iterator[tuple[int, When, When]]:
    """ "from 2010 to 2011", "between October and November 2011"."""
    if s.fold(start) not in ("from", "between"):
        return
    for middle, first in open_stretches(s, start + 1):
        if s.fold(middle) in ("to", "and"):
            for end, second in stretches(s, middle + 1):
                begun = begun_before(first, second)
                if begun and begun[0] < second[0]:
                    said = (s.said(start + 1, middle), s.said(middle + 1, end))
                    yield end, Period(*begun, f"in {said[0]}"), Period(*second, f"in {said[1]}")


def _change(want: Want, first: When, second: When, *, percent: bool) -> Callable[[Draft], Iterable[Draft]]:
    apply = _less(want, (InTime(second),), (InTime(first),))
    if not percent:
        return apply

    def in_percent(draft: Draft) -> Iterable[Draft]:
        for made in apply(draft):
            yield made.flagged("percent")

    return in_percent
