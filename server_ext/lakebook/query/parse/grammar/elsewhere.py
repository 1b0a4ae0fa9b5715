"""In one place and never in another: "ordered in Germany but never in France", "in 2010 and not in 2011"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast

from lakebook.query.parse.grammar.conditions import conditions
from lakebook.query.parse.grammar.dates import Opening, begun_before, open_stretches
from lakebook.query.parse.grammar.possession import has_rows
from lakebook.query.parse.grammar.step import FREE, Step, Steps
from lakebook.query.parse.grammar.stretches import stretches
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Cond, Draft, HasSome, InTime, IsValue
from lakebook.query.reading import Period


def elsewhere(s: Sentence, start: int) -> Steps:
    """Rows of one kind and none of another, or some of both, of the thing that is asked about."""
    yield from _back_again(s, start)
    yield from _both(s, start)
    yield from _each_counted(s, start)
    yield from _nothing_was(s, start)
    yield from _nowhere_else(s, start)
    for at in s.phrase(start, "but_never"):
        for verb in {at, *s.phrase(at, "link")}:
            for end, conds, cost in conditions(s, verb):
                if _is_one(conds):
                    yield Step(end, cost + FREE, "filter", _then(cast(IsValue | InTime, conds[0]), negated=True))


def _back_again(s: Sentence, start: int) -> Steps:
    """ "that bought in 2010 and were back in 2011"."""
    for at in s.phrase(start, "back_again"):
        for end, conds, cost in conditions(s, at - 1):
            if _is_one(conds):
                yield Step(end, cost, "filter", _then(cast(IsValue | InTime, conds[0]), negated=False))


def _both(s: Sentence, start: int) -> Steps:
    """ "both in December 2010 and in December 2011"."""
    for at in {
        end
        for lead in {start, *s.phrase(start, "link")}
        for end in s.words(lead, ("both", "both of", "in both", "both in", "on both", "to both"))
    }:
        yield from _both_months(s, at)
        for middle, first, _ in conditions(s, at):
            for then in s.words(middle, ("and", "and also", "and again", "as well as")) if _is_one(first) else ():
                for end, second, cost in conditions(s, then):
                    if _is_one(second) and _are_alike(first[0], cast(IsValue | InTime, second[0])):
                        yield Step(end, cost, "filter", _both_of(first[0], second[0]))


def _both_months(s: Sentence, start: int) -> Steps:
    """ "in both January and February 2011": the second says the year of the first."""
    for at in {start, *s.words(start, ("in",))}:
        for middle, first in open_stretches(s, at):
            for then in s.words(middle, ("and",)) if isinstance(first, Opening) else ():
                for end, second in stretches(s, then):
                    begun = begun_before(first, second)
                    if begun is not None:
                        pair = [
                            InTime(Period(*each, f"in {said}"))
                            for each, said in ((begun, s.said(at, middle)), (second, s.said(then, end)))
                        ]
                        yield Step(end, FREE, "filter", _both_of(pair[0], pair[1]))


def _each_counted(s: Sentence, start: int) -> Steps:
    """ "how many clients are there in Germany and how many in Belgium"."""
    for at in s.words(start, ("and how many", ", how many", "and how much")):
        for end, conds, cost in conditions(s, at):
            if _is_one(conds):
                yield Step(end, cost, "group", _against_before(cast(IsValue | InTime, conds[0])))


def _nothing_was(s: Sentence, start: int) -> Steps:
    """ "countries where nothing was ever cancelled": those without such a row."""
    for at in s.phrase(start, "nothing_was"):
        for end, conds, cost in conditions(s, at):
            if len(conds) == 1:
                yield Step(end, cost, "filter", has_rows((), conds, negated=True))


def _nowhere_else(s: Sentence, start: int) -> Steps:
    """ "went to Germany and to no other country": to nothing else."""
    for at in s.phrase(start, "no_other"):
        for end in (at, *(last for last, _ in s.nouns(at))):
            yield Step(end, FREE, "filter", _only_that)


def _only_that(draft: Draft) -> Iterable[Draft]:
    last = draft.where[-1] if draft.where else None
    if isinstance(last, IsValue | InTime) and not last.negated and draft.subject and draft.pending is None:
        yield replace(draft, where=(*draft.where[:-1], HasSome((), (last,), only=True)))


def _is_one(conds: tuple[Cond, ...]) -> bool:
    return len(conds) == 1 and isinstance(conds[0], IsValue | InTime) and not conds[0].negated


def _both_of(first: Cond, second: Cond) -> Callable[[Draft], Iterable[Draft]]:
    """Rows of each of two kinds: "appear both in December 2010 and in December 2011"."""

    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.subject and draft.pending is None:
            yield draft.filtered(HasSome((), (first,)), HasSome((), (second,), apart=True))

    return apply


def _against_before(cond: IsValue | InTime) -> Callable[[Draft], Iterable[Draft]]:
    """ "how many clients are there in Germany and how many in Belgium": the count of each."""

    def apply(draft: Draft) -> Iterable[Draft]:
        before = draft.where[-1] if draft.where else None
        alone = len(draft.figures) == 1 and not (draft.versus or draft.groups or draft.rank or draft.pending)
        if before is not None and alone and _are_alike(before, cond):
            yield replace(draft, where=draft.where[:-1], versus=((before,), (cond,)))

    return apply


def _then(cond: IsValue | InTime, *, negated: bool) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        before = draft.where[-1] if draft.where else None
        if not draft.subject or before is None:
            return
        had = before if isinstance(before, HasSome) else HasSome((), (before,))
        if not had.negated and len(had.where) == 1 and _are_alike(had.where[0], cond):
            none = replace(had, where=(cond,), negated=negated, apart=not negated)
            yield replace(draft, where=(*draft.where[:-1], had, none))

    return apply


def _are_alike(before: Cond, cond: IsValue | InTime) -> bool:
    """Whether both speak of the same column."""
    if isinstance(before, IsValue) and isinstance(cond, IsValue):
        places = [{(hit.table.full_name, hit.column) for hits in each.hits for hit in hits} for each in (before, cond)]
        return not before.negated and bool(places[0] & places[1])
    return isinstance(before, InTime) and isinstance(cond, InTime) and not before.negated
