"""Superlatives: "the longest track", "our biggest customers", "the most common species"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lakebook.query.parse.grammar.moments import event_times
from lakebook.query.parse.grammar.ranked import counts, on_average, ranking_of
from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, Step, Steps, numbers, of_kind
from lakebook.query.parse.lexicon.adjectives import WORTH_LEAST, WORTH_MOST
from lakebook.query.parse.measures import Adjective
from lakebook.query.parse.names import Noun
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, IsValue, Number, Rank, Want

_OF_ALL = ("of the", "of our", "of all the", "of all our", "of all", "among the", "among our")


def longest_steps(s: Sentence, start: int) -> Steps:
    """ "longest track", "the five heaviest birds", "the shortest average stay"."""
    for place, limit in _tops(s, start):
        for at, adjective in s.adjectives(place):
            if adjective.degree != "est":
                continue
            for then in s.words(at, _OF_ALL):
                for end, nouns in s.nouns(then):
                    things, by = of_kind(nouns, "table"), s.measured(adjective)
                    if things and by:
                        rank = Rank(adjective.high, by=by)
                        yield Step(end, FREE, "order", ranking_of(rank, listed=things, limit=limit))
            for then, more in [*counts(s, at)]:
                yield from _longest_of_kind(s, then, adjective, limit or more)
                yield from _longest_parts(s, then, adjective, limit or more)
                for end, nouns in s.nouns(then):
                    things = of_kind(nouns, "table") or of_kind(nouns, "field")
                    by = s.measured(adjective)
                    if not things or not by:
                        continue
                    average = on_average(s, end)
                    rank = Rank(adjective.high, by=by)
                    if average:
                        rank = Rank(adjective.high, Want("avg", by))
                    for last in average or [end]:
                        apply = ranking_of(rank, listed=things, limit=limit or more, plural=s.plural(end))
                        yield Step(last, FREE, "order", apply)


def _tops(s: Sentence, start: int) -> list[tuple[int, Number | None]]:
    """How many are asked for, and where the rest begins: "five", "the top 5"."""
    article = s.article(start)
    tops = [(then, limit) for at in s.phrase(article, "top") for then, limit in counts(s, at) if limit is not None]
    return [*counts(s, article), *tops]


def _longest_of_kind(s: Sentence, start: int, adjective: Adjective, limit: Number | None) -> Steps:
    """ "the three heaviest Chinstraps": a value stands for the rows that have it."""
    for end, table, cond in kinds_named(s, start, plural=False):
        by = tuple(noun for noun in s.measured(adjective) if noun.table == table.table)
        if by and not any(nouns for _, nouns in s.nouns(end)):
            rank = ranking_of(Rank(adjective.high, by=by), listed=(table,), limit=limit, plural=s.plural(end))
            yield Step(end, LIGHT, "order", _filtered_too(rank, cond))


def _longest_parts(s: Sentence, start: int, adjective: Adjective, limit: Number | None) -> Steps:
    """ "the five longest beaks": the rows whose beaks are the longest, with their lengths."""
    terms = {noun.term for noun in s.measured(adjective)}
    for end, nouns in s.nouns(start) if limit is not None else ():
        by = tuple(noun for noun in numbers(nouns) if noun.term in terms)
        tables = tuple(noun for noun in s.table_nouns() if any(noun.table == each.table for each in by))
        if by and tables and s.plural(end):
            rank = ranking_of(Rank(adjective.high, by=by), listed=tables[:1], limit=limit, plural=True)
            yield Step(end, LIGHT, "order", _shown_too(rank))


def _shown_too(apply: Callable[[Draft], Iterable[Draft]]) -> Callable[[Draft], Iterable[Draft]]:
    def shown(draft: Draft) -> Iterable[Draft]:
        for made in apply(draft):
            yield made.flagged("show")

    return shown


def _filtered_too(apply: Callable[[Draft], Iterable[Draft]], cond: IsValue) -> Callable[[Draft], Iterable[Draft]]:
    def both(draft: Draft) -> Iterable[Draft]:
        for made in apply(draft):
            yield made.filtered(cond)

    return both


def kinds_named(s: Sentence, start: int, *, plural: bool = True) -> Iterator[tuple[int, Noun, IsValue]]:
    """A value of a column of few values that stands for its rows: "Chinstraps", "females"."""
    for end, hits in s.bare_hits(start):
        few = tuple(hit for hit in hits if hit.cost < 0.3)
        tables = {hit.table.full_name for hit in few}
        if len(few) == 1 and len(tables) == 1 and (s.plural(end) or not plural):
            for noun in s.table_nouns():
                if noun.table == few[0].table:
                    yield end, noun, IsValue((few,))
                    break


def worth_steps(s: Sentence, start: int) -> Steps:
    """ "the most valuable invoice", "our five biggest customers": by what they bring in."""
    for place, limit in counts(s, s.article(start)):
        for words, high in ((WORTH_MOST, True), (WORTH_LEAST, False)):
            for word in words:
                run = word.split()
                if [token.fold for token in s.tokens[place : place + len(run)]] != run:
                    continue
                for then, more in counts(s, place + len(run)):
                    for end, nouns in s.nouns(then):
                        things = of_kind(nouns, "table", "field")
                        if things and not numbers(nouns):
                            rank = Rank(high, Want("money"))
                            apply = ranking_of(rank, listed=things, limit=limit or more, plural=s.plural(end))
                            yield Step(end, ODD, "order", apply)


def common_steps(s: Sentence, start: int) -> Steps:
    """ "the most common species", "is the most popular", "the best-selling album"."""
    for place, limit in _tops(s, start):
        for at in s.phrase(place, "best_selling"):
            for then, more in counts(s, at):
                for end, nouns in s.nouns(then):
                    if things := of_kind(nouns, "field", "table"):
                        rank = Rank(True, Want("units"))
                        apply = ranking_of(rank, listed=things, limit=limit or more, plural=s.plural(end))
                        yield Step(end, FREE, "order", apply)
    for place, limit in counts(s, s.article(start)):
        for symbol, high in (("common", True), ("rare", False)):
            for at in s.phrase(place, symbol):
                for then, more in counts(s, at):
                    for end, nouns in s.nouns(then):
                        things = of_kind(nouns, "field", "table")
                        if things:
                            rank = Rank(high, Want("rows"), often=True)
                            apply = ranking_of(rank, listed=things, limit=limit or more, plural=s.plural(end))
                            yield Step(end, FREE, "order", apply)
                rank = Rank(high, Want("rows"), often=True)
                yield Step(at, ODD, "order", ranking_of(rank))


def often_steps(s: Sentence, start: int) -> Steps:
    """ "turns up most often", "is seen most frequently"."""
    for lead in {*s.phrase(start, "silent"), *s.phrase(start, "link")}:
        if s.fold(lead - 1) in ("sold", "bought", "ordered", "purchased"):
            continue  # the pieces sold are meant
        for at in s.words(lead, ("most often", "most frequently", "the most often", "most of all")):
            yield Step(at, LIGHT, "order", ranking_of(Rank(True, Want("rows"), often=True)))


def afterwards_steps(s: Sentence, start: int) -> Steps:
    """After what is listed: "who has been with the company the longest", "was hired first"."""
    leads = {start, *s.phrase(start, "silent"), *s.phrase(start, "link")}
    for lead in leads:
        for at, adjective in s.adjectives(s.article(lead)):
            by = s.measured(adjective)
            if adjective.degree == "est" and by:
                for end in on_average(s, at):
                    yield Step(end, LIGHT, "order", ranking_of(Rank(adjective.high, Want("avg", by))))
                yield Step(at, ODD, "order", ranking_of(Rank(adjective.high, by=by)))
    for end, nouns in event_times(s, start):
        for words, high in (
            (("the longest", "longest", "first", "earliest", "the earliest"), False),
            (("the shortest", "last", "most recently", "latest", "the latest", "shortest"), True),
        ):
            for word in words:
                run = word.split()
                if [token.fold for token in s.tokens[end : end + len(run)]] == run:
                    yield Step(end + len(run), FREE, "order", ranking_of(Rank(high, by=nouns)))
