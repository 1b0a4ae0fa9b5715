"""Things beside those of a kind, and things that were sold: "heavier than the mean Gentoo female", "ever sold"."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lakebook.query.parse.grammar.amounts import measuring
from lakebook.query.parse.grammar.possession import has_rows, inner
from lakebook.query.parse.grammar.showing import closes
from lakebook.query.parse.grammar.step import FREE, Step, Steps, of_kind
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import BesideMean, Draft, IsValue


def kinds(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from _than_mean_of_kind(s, start)
    yield from _by_verb(s, start)
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
    """ "heavier than the mean Gentoo female": beside the mean of those alone."""
    for lead in {start, *s.phrase(start, "silent"), *s.phrase(start, "place")}:
        for at, adjective in s.adjectives(lead) if _is_er(s, lead) else ():
            for mean in s.phrase(at + 1, "mean_all"):
                for end, conds, cost in inner(s, mean, ()):
                    if conds and all(isinstance(each, IsValue) for each in conds):
                        kind = "median" if "median" in s.said(at, mean).casefold() else "avg"
                        operator = ">" if adjective.high else "<"
                        beside = BesideMean(s.measured(adjective), operator, kind, conds)
                        for last in {end, *(then for then, nouns in s.nouns(end) if of_kind(nouns, "table"))}:
                            yield Step(last, cost, "filter", _beside_kind(beside))


def _by_verb(s: Sentence, start: int) -> Steps:
    """ "weigh more than the average Chinstrap"."""
    for lead in {start, *s.phrase(start, "silent"), *s.phrase(start, "place")}:
        for at, nouns in measuring(s, lead):
            for symbol, operator in (("gt", ">"), ("lt", "<")):
                for place in s.phrase(at, symbol):
                    for mean in s.phrase(place, "mean_all"):
                        for end, conds, cost in inner(s, mean, ()):
                            if conds and all(isinstance(each, IsValue) for each in conds):
                                kind = "median" if "median" in s.said(place, mean).casefold() else "avg"
                                yield Step(end, cost, "filter", _beside_kind(BesideMean(nouns, operator, kind, conds)))


def _is_er(s: Sentence, start: int) -> bool:
    """Whether "heavier than" stands here, of a column that is there."""
    return any(each.degree == "er" and s.fold(at) == "than" and s.measured(each) for at, each in s.adjectives(start))


def _beside_kind(cond: BesideMean) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None:
            yield draft.filtered(cond)

    return apply
