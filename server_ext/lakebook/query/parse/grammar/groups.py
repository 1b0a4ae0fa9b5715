"""What to break down by, how to order, and figures along time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.conditions import value_list
from lakebook.query.parse.grammar.figures import wants
from lakebook.query.parse.grammar.ordering import orders
from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, Step, Steps, numbers, of_kind
from lakebook.query.parse.lexicon.time import PARTS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, GroupWant, IsValue, Want

MOST_GROUPS = 3


def groups(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from _by(s, start)
    yield from _of_every(s, start)
    yield from _in_each_of(s, start)
    yield from _each_of_those(s, start)
    yield from _adverbs(s, start)
    yield from _asked_parts(s, start)
    yield from orders(s, start)
    yield from _along(s, start)


def dimensions(s: Sentence, start: int) -> Iterator[tuple[int, GroupWant, float]]:
    """A noun or a part of time to break down by."""
    place = next(iter(s.phrase(s.article(start), "different")), s.article(start))
    for end, nouns in s.nouns(place):
        kinds = of_kind(nouns, "table", "field")
        if kinds:
            yield end, GroupWant(kinds), FREE
            for noun_end in s.phrase(end, "by_each"):
                if s.nouns(noun_end) and s.nouns(noun_end)[0][1] == nouns:
                    yield s.nouns(noun_end)[0][0], GroupWant(kinds), FREE
    for part in PARTS:
        if s.fold(place).removesuffix("'s").removesuffix("’s") == part != s.fold(place):  # "each month's average"
            yield place + 1, GroupWant(part=part), FREE
        for end in s.phrase(place, f"part:{part}"):
            yield end, GroupWant(part=part), FREE if not s.nouns(place) else LIGHT
            for then in (end + 1,) if s.fold(end) == "of" else ():
                for last, nouns in s.nouns(s.article(then)):
                    times = tuple(noun for noun in of_kind(nouns, "field") if _is_time(noun))
                    if times:
                        yield last, GroupWant(times, part), FREE


def _is_time(noun: object) -> bool:
    column = getattr(getattr(noun, "term", None), "column", None)
    return bool(column is not None and column.is_time)


def _by(s: Sentence, start: int) -> Steps:
    for lead in {start, *s.phrase(start, "and"), *s.phrase(start, "joint")}:
        for at in s.phrase(lead, "by"):
            number = s.number(at) if s.fold(at - 1) == "the" and s.fold(lead) == "for" else None
            for end, group, cost in dimensions(s, number[0] if number else at):  # "for each of the four years"
                yield Step(end, cost, "group", _grouped(group))
                for more in s.phrase(end, "and", "by_each"):
                    again = next(iter(s.phrase(more, "by")), more)
                    for last, second, price in dimensions(s, again):
                        yield Step(last, cost + price + LIGHT / 2, "group", _grouped(group, second))
    for end, group, cost in dimensions(s, start):
        last = end + 1 + end - start
        if s.fold(end) in ("by", "after", "for") and s.said(start, end).casefold() == s.said(end + 1, last).casefold():
            yield Step(last, cost, "group", _grouped(group))


def _grouped(*wanted: GroupWant) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is not None and draft.pending.kind not in ("much",):
            return
        if all(each in draft.groups for each in wanted) and draft.along:
            yield draft
        if any(each in draft.groups for each in wanted) or len(draft.groups) + len(wanted) > MOST_GROUPS:
            return
        if draft.rank is not None:
            if not draft.each:
                yield replace(draft, each=wanted)
            return
        if draft.listed and draft.ask == "bare" and not draft.shown:
            counted = draft.listed[0]
            if isinstance(counted, tuple):
                yield replace(draft.counting(counted), groups=(*draft.groups, *wanted))
            return
        yield replace(draft, groups=(*draft.groups, *wanted))

    return apply


def _of_every(s: Sentence, start: int) -> Steps:
    """ "The coldest day of every year": of what is ranked one of each; "the title of every album" is a list."""
    for at in s.words(start, ("of every",)):
        for end, group, cost in dimensions(s, at):
            yield Step(end, cost, "group", _one_of_each(group))


def _one_of_each(group: GroupWant) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.rank is not None:
            yield from _grouped(group)(draft)

    return apply


def _in_each_of(s: Sentence, start: int) -> Steps:
    """ "in each of Germany, France and EIRE"."""
    for at in s.phrase(start, "each_of"):
        for end, hits, cost in value_list(s, s.article(at)):
            if len(hits) > 1:
                yield Step(end, cost, "group", _by_values(IsValue(hits)))
    for at in s.phrase(start, "place"):
        for end, hits, cost in value_list(s, s.article(at)):
            for last in s.phrase(end, "separately") or _each(s, end):
                if len(hits) > 1:
                    yield Step(last, cost, "group", _by_values(IsValue(hits)))


def _each(s: Sentence, start: int) -> list[int]:
    place = start + 1 if s.fold(start) == "," else start
    return [place + 1] if s.fold(place) in ("each", "separately", "respectively") else []


def _each_of_those(s: Sentence, start: int) -> Steps:
    """ "Norway, Sweden - revenue each", "for France and Spain: … in each country": the values said are the groups."""
    for end in s.phrase(start, "each_of_those"):
        yield Step(end, FREE, "group", _by_said_values)
        for last, nouns in s.nouns(end):
            if of_kind(nouns, "field"):
                yield Step(last, FREE, "group", _by_said_values)


def _by_said_values(draft: Draft) -> Iterable[Draft]:
    several = [cond for cond in draft.where if isinstance(cond, IsValue) and len(cond.hits) > 1 and not cond.negated]
    if len(several) == 1 and draft.pending is None and not draft.versus and not draft.groups and not draft.each:
        where = tuple(cond for cond in draft.where if cond != several[0])
        if draft.figures or draft.rank:
            yield replace(draft, where=where, versus=((several[0],),))


def _by_values(cond: IsValue) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and not draft.versus:
            yield replace(draft, versus=((cond,),))

    return apply


def _adverbs(s: Sentence, start: int) -> Steps:
    for symbol, ends in s.symbols(s.article(start)).items():
        if symbol.startswith("adverb:"):
            for end in ends:
                yield Step(end, FREE, "group", _each_time(symbol.removeprefix("adverb:")))


def _each_time(part: str) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        group = GroupWant(part=part)
        if any(each.part == part for each in draft.groups):
            yield draft
        elif draft.pending is None and not draft.rank and len(draft.groups) < MOST_GROUPS:
            if draft.listed and draft.ask == "bare":
                yield from _grouped(group)(draft)
            else:
                yield replace(draft, groups=(*draft.groups, group))

    return apply


def _asked_parts(s: Sentence, start: int) -> Steps:
    """ "which month", "at what hour of the day": a part of time is what is listed."""
    for place in {start, s.article(start)}:
        things = any(noun.kind == "table" for _, nouns in s.nouns(place) for noun in nouns)
        for part in PARTS:
            for end in s.phrase(place, f"part:{part}") if not (things and part == "day") else ():
                plural = s.plural(end)
                alone = plural or s.fold(end) in ("with", "that", "which", "having")
                apply = _lists_part(part, plural=plural, alone=alone)
                yield Step(end, LIGHT if s.nouns(place) else FREE, "group", apply)
    number = s.number(s.article(start))
    if number and isinstance(number[1], int):
        for part in PARTS:
            for end in s.phrase(number[0], f"part:{part}"):
                yield Step(end, FREE, "limit", _lists_part(part, plural=True, limit=number[1]))


def _lists_part(
    part: str, *, plural: bool, limit: int | None = None, alone: bool = False
) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        waits = draft.pending is not None and draft.pending.kind in ("list", "count")
        free = draft.pending is None and not (draft.listed or draft.counted or draft.figures or draft.groups)
        if (
            (waits or (free and (limit or ((plural or alone) and draft == Draft()))))
            and not draft.groups
            and not draft.listed
            and not draft.share
        ):
            counting = draft.pending is not None and draft.pending.kind == "count"
            made = replace(draft, pending=None, groups=(GroupWant(part=part),), limit=limit)
            made = made.flagged("count_groups" if counting else "lists_part")
            yield made.flagged("plural") if plural else made

    return apply


_ALONG = (("running", "running"), ("growth", "growth"), ("change", "difference"), ("grew_percent", "growth"))


def _along(s: Sentence, start: int) -> Steps:
    """ "running total of revenue", "growth of", "by how much did revenue change against the month before"."""
    for symbol, along in _ALONG:
        for at in s.phrase(start, symbol):
            if s.words(at, ("total of",)):
                continue  # a "running total of invoices" is of those, and not of a column "total"
            for part in PARTS:
                for then in s.phrase(s.article(at), f"adverb:{part}"):
                    for end, want, cost in wants(s, then):
                        yield Step(end, cost, "measure", _goes_along(along, want, part))
            for end, want, cost in wants(s, at):
                kind = replace(want, kind="sum") if want.kind == "bare" and along == "running" else want
                yield Step(end, cost, "measure", _goes_along(along, kind))
            for end, nouns in s.nouns(s.article(at)) if symbol == "running" else ():
                if not of_kind(nouns, "metric") and not numbers(nouns):
                    yield Step(end, ODD, "measure", _goes_along(along, Want("count", nouns)))
    for at in s.words(start, ("growth", "growth rate", "growth percent", "growth in percent")):
        yield Step(at, LIGHT, "measure", _grows)
    for symbol in ("changed", "before"):
        for at in s.phrase(start, symbol):
            part = next(
                (word for word in ("month", "year", "quarter", "day", "week") if word in s.said(start, at).casefold()),
                "",
            )
            part = {"mom": "month", "yoy": "year"}.get(s.fold(start), part)
            yield Step(at, FREE, "group", _against(part))


def _goes_along(along: str, want: Want, part: str = "") -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if not draft.figures and not draft.listed and draft.pending is None and draft.along in ("", "difference"):
            groups = (*draft.groups, GroupWant(part=part)) if part and not draft.groups else draft.groups
            yield replace(draft, ask="figure", along=along, figures=(want,), groups=groups)

    return apply


def _grows(draft: Draft) -> Iterable[Draft]:
    """ "Revenue growth by month"."""
    if draft.pending is None and len(draft.figures) == 1 and not (draft.along or draft.listed or draft.rank):
        yield replace(draft, ask="figure", along="growth")


def _against(part: str) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is not None:
            return
        made = draft if draft.along else replace(draft, along="difference")
        if part and not any(group.part == part for group in made.groups):
            made = replace(made, groups=(*made.groups, GroupWant(part=part)))
        if part:
            made = made.flagged("before")
        yield made

    return apply
