"""Shares of a whole, comparisons of groups, differences, bins and bands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.banding import bandings
from lakebook.query.parse.grammar.bins import bin_steps
from lakebook.query.parse.grammar.conditions import conditions, value_list
from lakebook.query.parse.grammar.dates import Opening, begun_before, open_stretches
from lakebook.query.parse.grammar.differing import (
    above_steps,
    change_steps,
    difference_steps,
    heavier_steps,
    period_steps,
)
from lakebook.query.parse.grammar.gaps import Found
from lakebook.query.parse.grammar.recurring import recurring
from lakebook.query.parse.grammar.sharing import highest_share_steps, of_those_steps, share_steps
from lakebook.query.parse.grammar.step import FREE, LIGHT, STRANGE, Step, Steps, of_kind
from lakebook.query.parse.grammar.stretches import Stretch, stretches
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Cond, Draft, InTime, IsValue, Recurs, Want
from lakebook.query.reading import Period

_BIGGER = ("bigger", "higher", "larger", "greater", "more", "lower", "smaller", "better", "longer", "heavier", "less")
_VERSUS = (
    "vs", "versus", "vs .", "compared with", "compared to", "against", "as against", "and in", ", compared with",
    "next to",
)  # fmt: skip
_COMPARED_WITH = (*_VERSUS, "with", "to", "and")


def comparisons(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from share_steps(s, start)
    yield from of_those_steps(s, start)
    yield from highest_share_steps(s, start)
    yield from _versus(s, start)
    yield from _more_of(s, start)
    yield from heavier_steps(s, start)
    yield from difference_steps(s, start)
    yield from bin_steps(s, start)
    yield from period_steps(s, start)
    yield from change_steps(s, start)
    yield from above_steps(s, start)
    yield from bandings(s, start)


def _versus(s: Sentence, start: int) -> Steps:
    """ "is X bigger in Germany or in France", "compare X in Canada with the one in Brazil", "X of males vs females"."""
    for at in s.phrase(start, "compare"):
        yield Step(s.article(at), FREE, "nothing", _compares)
    bigger = [start + 1] if s.fold(start) in _BIGGER else []
    for at in [*bigger, start]:
        for lead in {at, *s.phrase(at, "place")}:
            for end, hits, cost in value_list(s, s.article(lead)):
                if len(hits) > 1:
                    yield Step(end, cost, "group", _compared(IsValue(hits), always=at > start or _against(s, at, end)))
    for end, group in _either(s, start + 1 if bigger else start, all_words=bool(bigger)):
        yield Step(end, FREE, "group", _compared_groups(group))


def _more_of(s: Sentence, start: int) -> Steps:
    """ "Did we sell more units in Spain or in Portugal", "were there more sunny days in 2013 or in 2014"."""
    if s.fold(start) not in ("more", "fewer") or s.fold(start + 1) in ("than", "often"):
        return
    kinds = [(end, conds) for end, conds, cost in conditions(s, start + 1) if cost < STRANGE]
    for at, before in [(start + 1, ()), *kinds]:
        for middle, nouns in s.nouns(at):
            things = of_kind(nouns, "table", "field", "metric")
            for end, pair in _sides(s, middle) if things else ():
                yield Step(end, LIGHT, "group", _set_against(Want("count", things), before, pair))


def _sides(s: Sentence, start: int) -> Iterator[tuple[int, tuple[tuple[Cond, ...], ...]]]:
    """Two or more groups with "or" between them."""
    for lead in {start, *s.phrase(start, "place")}:
        for end, hits, _ in value_list(s, s.article(lead)):
            if len(hits) > 1 and "or" in s.said(lead, end).casefold().split():
                yield end, ((IsValue(hits),),)
        for middle, first in open_stretches(s, lead):
            for at in s.words(middle, ("or in", "or", "or on")):
                for end, second in stretches(s, at):
                    if isinstance(first, Opening) and (begun := begun_before(first, second)):
                        yield end, (_within(s, begun, second, lead, middle), _within(s, second, second, at, end))
    yield from _either(s, start, all_words=True)


def _within(s: Sentence, own: Stretch, second: Stretch, start: int, end: int) -> tuple[Cond, ...]:
    """That it was in a stretch, which is called by its words and the year that is said last."""
    said = s.said(start, end)
    year = str(second[0].year)
    return (InTime(Period(own[0], own[1], f"in {said if year in said else f'{said} {year}'}")),)


def _set_against(
    want: Want, before: tuple[Cond, ...], pair: tuple[tuple[Cond, ...], ...]
) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and not (draft.figures or draft.listed or draft.counted or draft.versus or draft.rank):
            yield replace(draft, ask="figure", figures=(want,), versus=pair).filtered(*before)

    return apply


def _against(s: Sentence, start: int, end: int) -> bool:
    """Whether the words set values against each other."""
    return any(token.fold in ("vs", "versus", "than", "against", "compared") for token in s.tokens[start:end])


def _either(s: Sentence, start: int, *, all_words: bool) -> Iterator[tuple[int, tuple[tuple[Cond, ...], ...]]]:
    if any(end == start for end, _ in recurring(s, start - 1)):
        return  # the year after "winter" is that of the winter
    compares = any(token.fold.startswith("compar") for token in s.tokens[:start])
    for middle, first, _ in _of_things(s, start):
        links = s.words(middle, _COMPARED_WITH if compares else _VERSUS)
        for at in [*links, *(s.phrase(middle, "or", "than") if all_words else ())]:
            if s.fold(middle) == "and" and not (all_words or compares):
                continue
            for end, second, _ in _of_things(s, at):
                if first != second and not (_recurs(second) and _periods_at(s, end)):
                    yield end, (first, second)


def _of_things(s: Sentence, start: int) -> Iterator[Found]:
    """Conditions with the things that they are of: "rainy days vs sunny days"."""
    for end, conds, cost in conditions(s, start):
        yield end, conds, cost
        known = {last for last, _ in stretches(s, s.article(start))}
        if _recurs(conds):
            yield from ((last, (*conds, *more), cost) for last, more in _periods_at(s, end) if last not in known)
        yield from ((last, conds, cost) for last, nouns in s.nouns(end) if of_kind(nouns, "table"))


def _recurs(conds: tuple[Cond, ...]) -> bool:
    return any(isinstance(each, InTime) and isinstance(each.when, Recurs) for each in conds)


def _periods_at(s: Sentence, start: int) -> list[tuple[int, tuple[Cond, ...]]]:
    """The stretches of time that stand right after a part of time: the year of a winter."""
    found = ((end, conds) for end, conds, _ in conditions(s, start))
    return [
        (end, conds) for end, conds in found
        if all(isinstance(each, InTime) and isinstance(each.when, Period) for each in conds)
    ]  # fmt: skip


def _compares(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and not draft.figures and not draft.listed:
        yield draft.flagged("versus")


def _compared(cond: IsValue, *, always: bool) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if not draft.versus and draft.figures and draft.pending is None and (always or "versus" in draft.flags):
            yield replace(draft, versus=((cond,),))

    return apply


def _compared_groups(pair: tuple[tuple[Cond, ...], ...]) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.versus or draft.pending is not None:
            return
        things = draft.listed[0] if len(draft.listed) == 1 else None
        if draft.figures or draft == Draft():
            yield replace(draft, versus=pair)
        elif draft.ask == "bare" and isinstance(things, tuple) and not (draft.rank or draft.shown):
            yield replace(draft.counting(things), versus=pair)

    return apply
