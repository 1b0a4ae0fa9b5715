"""What a thing has: "with more than 20 orders", "bought at least one jazz track", "never sold a single track"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.conditions import conditions
from lakebook.query.parse.grammar.dates import periods
from lakebook.query.parse.grammar.figures import wants
from lakebook.query.parse.grammar.moments import event_times
from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, Step, Steps, numbers, of_kind
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import (
    Cond,
    Draft,
    HasSome,
    HavingWant,
    InTime,
    IsNamed,
    Nouns,
    Want,
)
from lakebook.query.reading import Period

MOST_INNER = 3
_TRADE = frozenset(
    {"sold", "sell", "sells", "selling", "bought", "buy", "buys", "buying", "ordered", "purchased", "purchase"}
)


def possessions(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from _some(s, start)
    yield from _none(s, start)
    yield from _only(s, start)
    yield from _times_used(s, start)
    yield from _seen_again(s, start)
    yield from _more_than_before(s, start)


def linked(s: Sentence, start: int) -> set[int]:
    """The places after a verb that links two things, or `start`."""
    found = {start}
    for at in s.phrase(start, "link", "money_verb", "although", "only_ever"):
        found.add(at)
        found.update(s.phrase(at, "link", "money_verb", "silent", "place"))
    return found


def objects(s: Sentence, start: int) -> Iterator[tuple[int, Nouns, tuple[Cond, ...], float]]:
    """A thing with conditions around it: "jazz tracks", "orders in 2011", "anything Latin"."""
    for at, before, cost in inner(s, start, ()):
        for end, nouns in s.nouns(at):
            yield end, nouns, before, cost
            for then in (end, *s.words(end, ("at all", "whatsoever"))):
                for last, after, more in inner(s, then, before):
                    if last > then:
                        yield last, nouns, after, cost + more
        if before and at > start:
            yield at, (), before, cost + LIGHT


def inner(s: Sentence, start: int, before: tuple[Cond, ...]) -> Iterator[tuple[int, tuple[Cond, ...], float]]:
    """Conditions one after the other, before a noun or after it."""
    yield start, before, FREE
    if len(before) < MOST_INNER:
        for end, found, cost in conditions(s, start):
            for last, more, price in inner(s, end, (*before, *found)):
                yield last, more, cost + price


def of_groups(cond: HavingWant, *, needs_subject: bool = False) -> Callable[[Draft], Iterable[Draft]]:
    """A condition on the groups that are asked about."""

    def apply(draft: Draft) -> Iterable[Draft]:
        if needs_subject and draft.groups and draft.figures:
            return  # "invoices per year above 10 dollars" are invoices, and no years
        if draft.subject or draft.groups or draft.pending:
            yield replace(draft, having=(*draft.having, cond))

    return apply


def has_rows(nouns: Nouns, inner: tuple[Cond, ...], **how: bool) -> Callable[[Draft], Iterable[Draft]]:
    """The thing asked about has such rows."""

    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.subject or draft.share:
            yield draft.filtered(HasSome(nouns, inner, **how))

    return apply


def trades(s: Sentence, start: int, end: int) -> bool:
    """Whether a verb among the words is one of buying and selling."""
    return any(token.fold in _TRADE for token in s.tokens[start:end])


def _some(s: Sentence, start: int) -> Steps:
    """ "bought at least one jazz track", "that placed an order in 2011", "who bought something from France"."""
    for at in s.phrase(start, "link"):
        for then in s.after(at, "anything"):
            for end, nouns, inner, cost in objects(s, then):
                kinds = of_kind(nouns, "table", "field")
                one = s.fold(then - 1) in ("one", "single") and not of_kind(nouns, "table")
                if (
                    (kinds or (not nouns and inner and (then > at or _bought(s, at))))
                    and not (kinds and numbers(kinds) == kinds)
                    and not one
                ):
                    some = has_rows(kinds, inner, trade=trades(s, start, then))
                    beside = s.fold(start) in _BESIDE and then == at
                    yield Step(end, cost + ODD, "filter", _not_of_a_rank(some, inner) if beside else some)


_BESIDE = frozenset({"from", "in", "on"})


def _not_of_a_rank(
    some: Callable[[Draft], Iterable[Draft]], inner: tuple[Cond, ...]
) -> Callable[[Draft], Iterable[Draft]]:
    """ "which artist earned the most from customers in the USA": what is earned there, not who has such customers."""

    def apply(draft: Draft) -> Iterable[Draft]:
        of_figure = draft.rank is not None and draft.rank.want is not None and draft.pending is None
        yield from (draft.filtered(*inner),) if of_figure and inner else some(draft)

    return apply


def _bought(s: Sentence, at: int) -> bool:
    """Whether the verb is one of buying, of things that other tables hold: "customers who bought in 2021"."""
    several = len({noun.table for noun in s.table_nouns()}) > 1
    return several and s.fold(at - 1) in ("bought", "ordered", "purchased", "shopped")


def _none(s: Sentence, start: int) -> Steps:
    """ "never bought anything Latin", "without a single album", "have no songs in them at all"."""
    for at in s.phrase(start, "never"):
        verbs = s.phrase(at, "link")
        for verb in {at, *verbs, *(then for each in verbs for then in s.phrase(each, "link"))}:
            yield from _never(s, start, at, verb)
    for end, nouns in event_times(s, start, or_never=True) if s.phrase(start, "never") else ():
        tables = tuple(noun for noun in s.table_nouns() if any(noun.table == each.table for each in nouns))
        yield Step(end, LIGHT, "filter", has_rows(tables, (), negated=True))
    yield from _without(s, start)
    for lead in linked(s, start) - {start}:
        for at in s.phrase(lead, "nothing"):
            for end, nouns, inner, cost in objects(s, at):
                kinds = of_kind(nouns, "table", "field")
                if nouns or inner:
                    has = has_rows(kinds, inner, negated=True, trade=trades(s, start, at))
                    yield Step(end, cost + LIGHT, "filter", has)


def _never(s: Sentence, start: int, at: int, verb: int) -> Steps:
    for then in s.after(verb, "anything"):
        for end, nouns, inner, cost in objects(s, then):
            kinds = of_kind(nouns, "table", "field")
            named = not nouns and len(inner) == 1 and isinstance(inner[0], IsNamed)
            if (verb > at and (kinds or (not nouns and inner))) or named:
                yield Step(end, cost, "filter", has_rows(kinds, inner, negated=True, trade=trades(s, start, then)))
    for then in s.phrase(verb, "anything") if verb > at and s.fold(verb) in ("anything", "any") else ():
        if s.fold(then - 1) == "anything":
            yield Step(then, ODD, "filter", has_rows((), (), negated=True, trade=trades(s, start, then)))
    if verb > at and s.fold(verb - 1) in _TRADE:
        yield Step(verb, ODD, "filter", has_rows((), (), negated=True, trade=True))


def _without(s: Sentence, start: int) -> Steps:
    """ "without a single album", "have no songs in them"."""
    for at in s.phrase(start, "lack"):
        for then in {at, *s.phrase(at, "anything")}:
            for end, nouns, inner, cost in objects(s, s.article(then)):
                kinds = of_kind(nouns, "table")
                for last in [end, *s.phrase(end, "silent", "given"), *_in_them(s, end)] if kinds else ():
                    yield Step(last, cost, "filter", has_rows(kinds, inner, negated=True))


def _in_them(s: Sentence, start: int) -> list[int]:
    pronoun = s.fold(start + 1) in ("them", "it", "him", "her", "their")
    if pronoun and s.fold(start) in ("in", "on", "to", "of", "for", "by"):
        return [start + 2, *s.phrase(start + 2, "silent", "given")]
    return []


def _only(s: Sentence, start: int) -> Steps:
    """ "never had anything but cancelled invoices", "bought only jazz tracks"."""
    for lead in {start, *s.phrase(start, "link"), *s.phrase(start, "silent")}:
        for at in s.phrase(lead, "nothing_but"):
            for verb in {at, *s.phrase(at, "link")}:
                for end, nouns, inner, cost in objects(s, verb):
                    if inner:
                        kinds = of_kind(nouns, "table", "field", "metric")
                        yield Step(end, cost, "filter", has_rows(kinds, inner, only=True, trade=trades(s, start, verb)))


def _times_used(s: Sentence, start: int) -> Steps:
    """ "used more than once"."""
    for lead in linked(s, start):
        for symbol, operator, number in (("more_than_once", ">", 1), ("only_once", "=", 1)):
            for end in s.phrase(lead, symbol):
                if lead > start:
                    yield Step(end, FREE, "having", of_groups(HavingWant(times(s, start, lead), operator, number)))


def times(s: Sentence, start: int, end: int) -> Want:
    """What "bought twice" counts: orders, where there are any; else rows."""
    orders = of_kind(s.names.at(("order",)), "metric", "field")
    orders = of_kind(orders, "metric") or orders
    bought = not {"bought", "ordered", "purchased", "shopped", "order", "buy"}.isdisjoint(
        s.fold(at) for at in range(max(start - 1, 0), end)
    )
    return Want("most", orders) if bought and orders else Want("rows")


def _seen_again(s: Sentence, start: int) -> Steps:
    """ "were never seen again after that month"."""
    for lead in {start, *s.phrase(start, "silent"), *s.phrase(start, "joint")}:
        for end in s.phrase(lead, "seen_again"):
            yield Step(end, FREE, "filter", _afterwards)


def _afterwards(draft: Draft) -> Iterable[Draft]:
    for place, cond in enumerate(draft.where):
        inner = cond.where[0] if isinstance(cond, HasSome) and cond.where else cond
        if isinstance(inner, InTime) and isinstance(inner.when, Period) and inner.when.end:
            had = cond if isinstance(cond, HasSome) else HasSome((), (inner,))
            later = HasSome((), (InTime(Period(inner.when.end, None, f"after {inner.when.text}")),), negated=True)
            yield replace(draft, where=(*draft.where[:place], had, *draft.where[place + 1 :], later))


def _more_than_before(s: Sentence, start: int) -> Steps:
    """ "earned more in 2025 than they did in 2024", "had more orders in 2011 than in 2010"."""
    for lead in s.phrase(start, "link", "money_verb"):
        money = lead in s.phrase(start, "money_verb")
        more = {"more": ">", "less": "<", "fewer": "<"}.get(s.fold(lead))
        if more is None:
            continue
        figures = [(end, want) for end, want, _ in wants(s, lead + 1) if want.kind != "bare"]
        figures += [(end, Want("most", of_kind(nouns, "table", "field"))) for end, nouns in s.nouns(lead + 1)]
        if money:
            figures.append((lead + 1, Want("money")))
        for at, want in figures:
            for middle, first in periods(s, at):
                if s.fold(middle) != "than":
                    continue
                for then in {middle + 1, *s.phrase(middle + 1, "silent"), middle + 3}:
                    for end, second in periods(s, then):
                        cond = HavingWant(
                            replace(want, where=(InTime(first),)), more, replace(want, where=(InTime(second),))
                        )
                        yield Step(end, FREE, "having", of_groups(cond))
