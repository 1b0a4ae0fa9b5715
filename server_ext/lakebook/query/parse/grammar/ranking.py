"""Rankings: "top 5 countries by revenue", "the longest track", "which composer is credited on most tracks"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.binding import is_additive
from lakebook.query.parse.grammar.figures import wants
from lakebook.query.parse.grammar.possession import objects, trades
from lakebook.query.parse.grammar.ranked import counts, on_average, ranking_of
from lakebook.query.parse.grammar.showing import closes
from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, Step, Steps, is_key_number, numbers, of_kind
from lakebook.query.parse.grammar.superlatives import (
    afterwards_steps,
    common_steps,
    longest_steps,
    often_steps,
    worth_steps,
)
from lakebook.query.parse.lexicon.nouns import OF_ONE_ROW
from lakebook.query.parse.lexicon.time import PARTS
from lakebook.query.parse.measures import Adjective
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, GroupWant, Number, Rank, Want


def rankings(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from _top(s, start)
    yield from _with_most(s, start)
    yield from longest_steps(s, start)
    yield from worth_steps(s, start)
    yield from common_steps(s, start)
    yield from often_steps(s, start)
    yield from afterwards_steps(s, start)
    yield from _by(s, start)
    yield from _figure_is_highest(s, start)
    yield from _only_top(s, start)


_BY_WORTH = frozenset({"top", "bottom", "biggest"})  # of sales, where nothing else is said
_BY_ITSELF = ("top", "bottom", "best", "our", "worst", "busiest", "quietest", "strongest", "weakest", "slowest")


def _top(s: Sentence, start: int) -> Steps:
    """ "top 5 countries", "the ten best customers" with or without "by revenue"."""
    for place, before in counts(s, s.article(start)):
        yield from _top_of(s, place, before)


def _top_of(s: Sentence, place: int, before: Number | None) -> Steps:
    for symbol, high in (("top", True), ("bottom", False)):
        for at in s.phrase(place, symbol):
            for then, limit in counts(s, at) if before is None else [(at, before)]:
                for part in PARTS if limit is not None or s.fold(place) in _BY_ITSELF else ():
                    for end in s.phrase(then, f"part:{part}"):
                        yield Step(end, LIGHT, "limit", _ranked_part(Rank(high), part, limit, s.plural(end)))
                        if s.fold(at - 1) in _BY_WORTH:
                            implied = Rank(high, Want("money", part="implied"))
                            yield Step(end, ODD, "limit", _ranked_part(implied, part, limit, s.plural(end)))
                for end, nouns in s.nouns(s.article(then)):
                    things = of_kind(nouns, "table", "field")
                    if not things or (limit is None and s.fold(place) not in (*_BY_ITSELF, "leading")):
                        continue
                    rank = Rank(high)
                    plural = s.plural(end)
                    yield Step(end, LIGHT, "limit", ranking_of(rank, listed=things, limit=limit, plural=plural))
                    if s.fold(at - 1) in _BY_WORTH:
                        worth = ranking_of(
                            Rank(high, Want("money", part="implied")), listed=things, limit=limit, plural=plural
                        )
                        yield Step(end, ODD, "limit", worth)


def _ranked_part(rank: Rank, part: str, limit: Number | None, plural: bool) -> Callable[[Draft], Iterable[Draft]]:
    """ "our best month": a part of time is what is ranked."""

    def apply(draft: Draft) -> Iterable[Draft]:
        for made in ranking_of(rank, limit=limit, plural=plural)(draft):
            if not made.listed and not made.groups:
                yield replace(made, groups=(GroupWant(part=part),))

    return apply


def _by(s: Sentence, start: int) -> Steps:
    """What a ranking goes by: "by revenue", "in terms of orders"."""
    for at in s.phrase(start, "ranked_by"):
        for end, want, cost in figures(s, at):
            yield Step(end, cost, "measure", _ranks_by(want))


def _ranks_by(want: Want) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        rank = draft.rank
        measured = {noun.term for noun in rank.by} if rank is not None else set()
        if rank is not None and any(noun.term in measured for noun in want.nouns):
            yield replace(draft, rank=replace(rank, want=want, by=()), flags=draft.flags | {"by"})
        elif draft.rank is not None and draft.rank.want in (None, Want("units")) and not draft.rank.by:
            yield replace(draft, rank=replace(draft.rank, want=want), flags=draft.flags | {"by"})

    return apply


def figures(s: Sentence, start: int) -> Iterator[tuple[int, Want, float]]:
    """A figure, or things to count: "revenue", "number of rows", "orders"."""
    for end, want, cost in wants(s, start):
        yield end, replace(want, kind="most") if want.kind == "bare" else want, cost
    for end, nouns in s.nouns(s.article(start)):
        if of_kind(nouns, "table") and not of_kind(nouns, "metric"):
            yield end, Want("most", nouns), LIGHT
    for end in s.phrase(s.article(start), "rows"):
        yield end, Want("rows"), LIGHT


def _with_most(s: Sentence, start: int) -> Steps:
    """ "has the most orders", "with the highest average price", "brings in the most money", "spent the most"."""
    leads = {start: LIGHT}
    for at in s.phrase(start, "link", "silent", "place", "money_verb"):
        leads[at] = FREE
        for then in s.phrase(at, "link", "place", "money_verb"):
            leads[then] = FREE
    for lead, cost in leads.items():
        for symbol, high in (("most", True), ("fewest", False)):
            for at in s.phrase(s.article(lead), symbol):
                yield from _most_of(s, start, lead, at, high=high, cost=cost)
        for symbol, high in (("highest", True), ("lowest", False)):
            for at in s.phrase(s.article(lead), symbol):
                of = next(iter(s.words(at, ("for", "in", "by", "in terms of"))), at) if lead > start else at
                for end, want, price in wants(s, of):
                    apply = (
                        ranking_of(Rank(high, want)) if want.kind != "bare" else _by_extreme(s, want, end, high=high)
                    )
                    yield Step(end, cost + price, "measure", apply)
        for at, adjective in s.adjectives(s.article(lead)):
            if adjective.degree == "est":
                yield from _with_longest(s, at, adjective, cost)
    for symbol, high in (("sells_best", True), ("sells_worst", False)):
        for at in s.phrase(start, symbol):
            yield Step(at, LIGHT, "measure", ranking_of(Rank(high, Want("units"))))


def _figure_is_highest(s: Sentence, start: int) -> Steps:
    """ "in which month was revenue the highest": what is ranked by stands before."""
    for lead in s.phrase(start, "silent"):
        for middle, want, cost in wants(s, lead) if s.fold(lead - 1) in ("was", "is", "were", "are") else ():
            place = s.article(middle)
            ends = [(end, True) for end in s.phrase(place, "highest")]
            ends += [(end, False) for end in s.phrase(place, "lowest")]
            ends += [(end, each.high) for end, each in s.adjectives(place) if each.degree == "est"]
            for end, high in ends if want.kind != "bare" else ():
                if closes(s, end):
                    yield Step(end, cost, "measure", ranking_of(Rank(high, want)))


def _by_extreme(s: Sentence, want: Want, end: int, *, high: bool) -> Callable[[Draft], Iterable[Draft]]:
    """The highest cost is that of one row, or the highest sum of a kind; of months and totals it is the sum."""
    of_rows = "max" if high else "min"
    of_one = not OF_ONE_ROW.isdisjoint(token.fold for token in s.tokens)
    adds_up = bool(want.nouns) and all(map(is_additive, want.nouns)) and not of_one

    def apply(draft: Draft) -> Iterable[Draft]:
        summed = s.fold(end - 1) in ("total", "totals") or any(group.part for group in draft.groups)
        kinds = [of_rows] if not adds_up else ["sum"] if summed else [of_rows, "sum"]
        for kind in kinds:
            yield from ranking_of(Rank(high, replace(want, kind=kind)))(draft)

    return apply


def _most_of(s: Sentence, start: int, lead: int, at: int, *, high: bool, cost: float) -> Steps:
    then = next(iter(s.phrase(at, "different")), at)
    for end, nouns, inner, price in objects(s, then):
        kinds = of_kind(nouns, "table", "field", "metric")
        if kinds:
            want = Want("most", kinds, where=inner, distinct=then > at)
            if trades(s, start, lead) and all(map(is_key_number, of_kind(nouns, "metric", "field"))):
                want = Want("units", of_kind(nouns, "table"), where=inner)
            yield Step(end, cost + price, "measure", ranking_of(Rank(high, want)))
    for end in s.phrase(at, "rows"):
        yield Step(end, cost, "measure", ranking_of(Rank(high, Want("rows"))))
    for end in s.phrase(at, "money_word"):
        yield Step(end, cost, "measure", ranking_of(Rank(high, Want("money"))))
    if any(lead in s.phrase(place, "money_verb") for place in range(start, lead)) and not s.nouns(at):
        yield Step(at, cost + LIGHT, "measure", ranking_of(Rank(high, Want("money"))))


def _with_longest(s: Sentence, at: int, adjective: Adjective, cost: float) -> Steps:
    """ "with the longest songs on average", "has the longest total playing time", "the heaviest penguins"."""
    fields = s.measured(adjective)
    for end, want, price in wants(s, at):
        if want.kind != "bare" and fields and not adjective_word(want):
            yield Step(end, cost + price + LIGHT, "measure", ranking_of(Rank(adjective.high, want)))
    for end, nouns in s.nouns(at):
        tables = {noun.table.full_name for noun in of_kind(nouns, "table")}
        own = numbers(tuple(field for field in fields if field.table.full_name in tables))  # no day is high or low
        if not own:
            known = {each.term for each in fields}
            own = tuple(noun for noun in numbers(nouns) if noun.term in known)
            own = own or tuple(noun for noun in numbers(nouns) if noun.cost > 0)
        if own:
            high = adjective.high
            for last in on_average(s, end):
                rank = Rank(high, Want("avg", own))
                yield Step(last, cost, "measure", ranking_of(rank))
            rank = Rank(high, Want("max" if high else "min", own))
            yield Step(end, cost + LIGHT, "measure", ranking_of(rank))


def adjective_word(want: Want) -> bool:
    """Whether the figure counts, so that no adjective of measure fits it."""
    return want.kind in ("count", "rows")


def _only_top(s: Sentence, start: int) -> Steps:
    """After a breakdown: ", top 5", "only the three highest"."""
    for lead in {start, *s.phrase(start, "place"), *s.phrase(start, "with_show")}:
        for symbol, high in (("top", True), ("bottom", False)):
            for at in s.phrase(s.article(lead), symbol):
                number = s.number(at)
                if number and isinstance(number[1], int) and 0 < number[1] < 1_000_000:
                    yield Step(number[0], LIGHT, "limit", _cut(high, number[1]))
            before = s.number(s.article(lead))
            firsts = s.phrase(before[0], "high_first" if high else "low_first") if before else ()
            for at in firsts:  # "five most expensive first"
                if before and isinstance(before[1], int) and 0 < before[1] < 1_000_000:
                    yield Step(at, LIGHT, "limit", _cut(high, before[1]))
            for at in s.phrase(before[0], symbol) if before else ():
                if before and isinstance(before[1], int) and 0 < before[1] < 1_000_000:
                    ends = s.words(at, ("ones", "only", "of them")) or [at]
                    yield Step(ends[0], LIGHT, "limit", _cut(high, before[1]))


def _cut(high: bool, limit: int) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        rank = draft.rank
        alone = not (draft.each or draft.groups)
        if rank is not None and draft.limit is None and rank.descending == high and draft.listed and alone:
            yield replace(draft, limit=limit)  # "artists with the most tracks, top 10"
        if draft.share and draft.groups and rank is None and draft.limit is None and draft.order is None:
            yield replace(draft, limit=limit, order=("high_first" if high else "low_first", None))
        elif rank is None and draft.groups and draft.figures and draft.limit is None:
            yield replace(draft, limit=limit, rank=Rank(high), flags=draft.flags | {"by"})

    return apply
