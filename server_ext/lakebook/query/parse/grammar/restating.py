"""Words that say again what is asked, or narrow it: "name and dollars", "each band once", "only countries with"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lakebook.query.parse.grammar.amounts import compared
from lakebook.query.parse.grammar.showing import MARKS, closes
from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, Step, Steps, numbers, of_kind
from lakebook.query.parse.lexicon.nouns import NAME_WORDS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, HasSome, HavingWant, IsNumber, Nouns, Number, Unit, Want

_FIGURES = (
    "dollars", "pounds", "euros", "amount", "amounts", "figure", "figures", "number", "count", "counts", "total",
    "totals",
    "value", "values", "sum", "sums", "money", "revenue", "share", "percentage", "percent", "average", "averages",
)  # fmt: skip


def restatings(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from _columns_again(s, start)
    yield from _worth_too(s, start)
    yield from _added_up(s, start)
    yield from _averaged(s, start)
    yield from _each_once(s, start)
    yield from _only_groups(s, start)
    yield from _figure_that_is(s, start)
    yield from _empty(s, start)


def _columns_again(s: Sentence, start: int) -> Steps:
    """After a breakdown: "name and dollars", "country and amount": its columns are there anyway."""
    if s.fold(start - 1) not in MARKS:
        return
    at, said = start, False
    groups: list[Nouns] = []
    while at < s.end:
        place = s.article(at)
        named = [place + 1] if s.fold(place) in (*NAME_WORDS, *_FIGURES) else []
        nouns = s.nouns(place)
        if not named and nouns and of_kind(nouns[0][1], "field", "table"):
            named, groups = [nouns[0][0]], [*groups, nouns[0][1]]
        if not named:
            return
        said, at = True, named[0]
        if closes(s, at):
            break
        joined = s.phrase(at, "and")
        if not joined:
            return
        at = joined[0]
    if said:
        yield Step(at, LIGHT, "nothing", _shows_again(tuple(groups)))


def _shows_again(groups: tuple[Nouns, ...]) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        known = {noun for group in draft.groups for noun in group.nouns}
        told = draft.pending is None and draft.figures and draft.groups and not draft.listed
        if told and all(not known.isdisjoint(nouns) for nouns in groups):
            yield draft

    return apply


def _worth_too(s: Sentence, start: int) -> Steps:
    """ "number of invoices in 2023 and what they add up to"."""
    for end in s.phrase(start, "their_worth"):
        yield Step(end, LIGHT, "measure", _adds_worth)


def _adds_worth(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and draft.figures and not (draft.rank or draft.share or draft.along):
        yield replace(draft, figures=(*draft.figures, Want("money")))


def _added_up(s: Sentence, start: int) -> Steps:
    """ "all tracks added up": a sum is of all of them anyway."""
    for at in s.words(start, ("all", "all the", "all of the", "all its", "all their")):
        for end, _ in s.nouns(at):
            for last in s.phrase(end, "added_up"):
                yield Step(last, LIGHT, "nothing", _is_sum)


def _averaged(s: Sentence, start: int) -> Steps:
    """ "ratio of bill length to bill depth, averaged by species": it is averaged anyway."""
    for end in s.words(start, ("averaged", "on average", "as an average", "as the average")):
        yield Step(end, LIGHT, "nothing", _is_ratio)


def _is_ratio(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and len(draft.figures) == 1 and draft.figures[0].kind == "ratio":
        yield draft


def _is_sum(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and (draft.figures or draft.rank):
        yield draft


def _each_once(s: Sentence, start: int) -> Steps:
    """ "each band once": what is listed is listed once anyway."""
    for at in s.words(start, ("each", "every", "each of them", "every one")):
        for end, _ in [*s.nouns(at), (at, ())]:
            for last in s.phrase(end, "listed_once"):
                yield Step(last, FREE, "nothing", _listed_once)


def _listed_once(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and draft.listed and not draft.figures:
        yield draft


def _only_groups(s: Sentence, start: int) -> Steps:
    """ "by country, but only countries with more than 20 of them"."""
    for lead in {start, *s.phrase(start, "joint")}:
        for at in s.phrase(lead, "keep_only"):
            for those in s.words(at, ("those", "ones", "the ones", "the groups", "these")):
                for have in s.phrase(those, "that_have"):
                    for then, operator, value, unit, to in compared(s, have):
                        if to is None and closes(s, then):
                            yield Step(then, LIGHT, "having", _keeps_any(operator, value, unit))
            for end, nouns in s.nouns(s.article(at)):
                yield Step(end, FREE, "nothing", _of_groups(nouns))
                for have in s.phrase(end, "that_have"):
                    for then, operator, value, unit, to in compared(s, have):
                        for last in [*s.words(then, ("of them", "of those", "of these", "such")), then]:
                            if to is None and closes(s, last):
                                yield Step(last, LIGHT, "having", _keeps(nouns, operator, value, unit))


def _of_groups(nouns: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if _is_group(draft, nouns):
            yield draft

    return apply


def _is_group(draft: Draft, nouns: Nouns) -> bool:
    known = {(noun.kind, noun.term or noun.table) for group in draft.groups for noun in group.nouns}
    named = {(noun.kind, noun.term or noun.table) for noun in nouns}
    return draft.pending is None and not draft.having and bool(draft.figures) and not known.isdisjoint(named)


def _keeps(nouns: Nouns, operator: str, value: Number, unit: Unit | None) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if _is_group(draft, nouns) and len(draft.figures) == 1:
            yield replace(draft, having=(HavingWant(draft.figures[0], operator, value, unit),))

    return apply


def _keeps_any(operator: str, value: Number, unit: Unit | None) -> Callable[[Draft], Iterable[Draft]]:
    """ "but only those with more than 20"."""

    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and draft.groups and not draft.having and len(draft.figures) == 1:
            yield replace(draft, having=(HavingWant(draft.figures[0], operator, value, unit),))

    return apply


def _figure_that_is(s: Sentence, start: int) -> Steps:
    """ "the lowest unit price that is still above zero": a condition on what the figure is of."""
    for lead in s.words(start, ("that is", "which is", "that are", "that was", "that's", "which are")):
        for at in s.after(lead, "silent"):
            for end, operator, value, unit, to in compared(s, at):
                if unit is None or to is None:
                    yield Step(end, FREE, "filter", _of_figure(operator, value))


def _of_figure(operator: str, value: Number) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        want = draft.figures[-1] if len(draft.figures) == 1 else Want("")
        if draft.pending is None and want.kind in ("min", "max", "avg", "median") and numbers(want.nouns):
            yield draft.filtered(IsNumber(numbers(want.nouns), operator, value))

    return apply


def _empty(s: Sentence, start: int) -> Steps:
    """ "which playlists are empty": things that have nothing in them."""
    for lead in s.words(start, ("are", "is", "were", "that are", "which are")):
        for at in s.after(lead, "silent"):
            if s.fold(at) == "empty":
                yield Step(at + 1, ODD, "filter", _has_nothing(tuple(s.table_nouns())))


def _has_nothing(tables: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        own = {noun.table for noun in of_kind(draft.subject, "table")}
        others = tuple(noun for noun in tables if noun.table not in own)
        if own and others and draft.pending is None:
            yield draft.filtered(HasSome(others, (), negated=True))

    return apply
