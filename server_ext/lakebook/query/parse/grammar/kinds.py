"""Things beside those of a kind, and things that were sold: "heavier than the mean Gentoo female", "ever sold"."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lakebook.query.parse.grammar.amounts import mean_kind, measuring
from lakebook.query.parse.grammar.possession import has_rows, inner
from lakebook.query.parse.grammar.showing import closes
from lakebook.query.parse.grammar.step import FREE, Step, Steps, of_kind
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import BesideMean, Draft, IsValue, Nouns


def kinds(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from _than_mean_of_kind(s, start)
    yield from _ever_sold(s, start)


def _ever_sold(s: Sentence, start: int) -> Steps:
    """ "has been sold at least once", "has nobody ever bought": of things whose sales are in another table."""
    if len({noun.table for noun in s.table_nouns()}) > 1:
        for symbol, negated in (("ever_sold", False), ("nobody_bought", True)):
            for end in s.phrase(start, symbol):
                if not closes(s, end):
                    continue  # "nobody ever bought a Blues track" is of a kind
                yield Step(end, FREE, "filter", has_rows((), (), negated=negated, trade=True))


def _than_mean_of_kind(s: Sentence, start: int) -> Steps:
    """ "heavier than the mean Gentoo female", "weigh more than the average Chinstrap": beside those alone."""
    for lead in {start, *s.phrase(start, "silent"), *s.phrase(start, "place")}:
        for at, adjective in s.adjectives(lead):
            if adjective.degree == "er" and s.fold(at) == "than":
                yield from _means(s, at + 1, s.measured(adjective), ">" if adjective.high else "<")
        for at, nouns in measuring(s, lead):
            for symbol, operator in (("gt", ">"), ("lt", "<")):
                for place in s.phrase(at, symbol):
                    yield from _means(s, place, nouns, operator)


def _means(s: Sentence, start: int, nouns: Nouns, operator: str) -> Steps:
    for mean in s.phrase(start, "mean_all") if nouns else ():
        for end, conds, cost in inner(s, mean, ()):
            if conds and all(isinstance(each, IsValue) for each in conds):
                beside = BesideMean(nouns, operator, mean_kind(s, start, mean), conds)
                for last in {end, *(then for then, named in s.nouns(end) if of_kind(named, "table"))}:
                    yield Step(last, cost, "filter", _beside_kind(beside))


def _beside_kind(cond: BesideMean) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None:
            yield draft.filtered(cond)

    return apply
