"""Constructions of their own: averages per thing, who reports to whom, bands announced, where a series starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import cast

from lakebook.query.parse.grammar.possession import inner
from lakebook.query.parse.grammar.step import FREE, LIGHT, Step, Steps, of_kind
from lakebook.query.parse.grammar.stretches import stretches
from lakebook.query.parse.grammar.superlatives import kinds_named
from lakebook.query.parse.lexicon.adjectives import MEASURING
from lakebook.query.parse.lexicon.bins import BANDS, SORTING
from lakebook.query.parse.names import Noun
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, InTime, IsValue, Nouns, Want
from lakebook.query.reading import Period
from lakebook.query.tables import Table

_REPORTS = (
    "who reports to whom", "who works for whom", "who is whose boss", "who is managed by whom", "who manages whom",
)  # fmt: skip
_STARTING = (
    "start with", "starting with", "begin with", "beginning with", "starting in", "start in", "begin in", "start from",
    "beginning in",
)  # fmt: skip


def special(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from _reports(s, start)
    yield from _bands_announced(s, start)
    yield from _starts(s, start)
    yield from _kinds_counted(s, start)
    yield from _headcount(s, start)


def _reports(s: Sentence, start: int) -> Steps:
    """ "who reports to whom": each beside the one that its row points to."""
    for end in s.words(start, _REPORTS):
        found = of_kind(s.names.at(("boss",)), "field")
        tables = tuple(
            noun
            for nouns in s.names.found.values()
            for noun in nouns
            if noun.kind == "table" and noun.table in {each.table for each in found} and noun.cost == 0
        )
        if found and tables:
            yield Step(end, FREE, "subject", _beside(tables[:1], found))
    yield from _below_somebody(s, start)
    for at in s.words(start, ("next to", "beside", "alongside", "together with", "with", "and")):
        for end, nouns in s.nouns(s.article(at)):
            fields = tuple(noun for noun in of_kind(nouns, "field") if noun.term is not None)
            if fields and at > start:
                yield Step(end, LIGHT, "columns", _again)
    for end, nouns in s.nouns(s.article(start)):
        if of_kind(nouns, "table"):
            yield Step(end, LIGHT, "subject", _again)
    for at in s.phrase(start, "list"):
        for end, nouns in s.nouns(at):
            if of_kind(nouns, "table"):
                yield Step(end, LIGHT, "subject", _again)


def _below_somebody(s: Sentence, start: int) -> Steps:
    """ "reports to Nancy Edwards"."""
    for at in s.phrase(start, "works_under"):
        tables = {noun.table for noun in of_kind(s.names.at(("boss",)), "field")}
        named = [
            (end, cost, cast(tuple[IsValue, ...], conds))
            for end, conds, cost in inner(s, at, ())
            if conds and all(isinstance(each, IsValue) and _is_among(each, tables) for each in conds)
        ]
        for end, cost, values in named:
            if end == max(last for last, _, _ in named):
                yield Step(end, cost, "filter", _under(values, _people(s, tables)))


def _is_among(cond: IsValue, tables: set[Table]) -> bool:
    return all(any(hit.table in tables for hit in hits) for hits in cond.hits) and not cond.negated


def _people(s: Sentence, tables: set[Table]) -> Nouns:
    return tuple(noun for noun in s.table_nouns() if noun.table in tables)[:1]


def _under(conds: tuple[IsValue, ...], people: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    """ "who reports to Nancy Edwards": those whose boss has the name."""
    tables = {noun.table for noun in people}
    own = tuple(
        replace(each, role="boss", hits=tuple(tuple(hit for hit in hits if hit.table in tables) for hits in each.hits))
        for each in conds
    )

    def apply(draft: Draft) -> Iterable[Draft]:
        pending = draft.pending is not None and draft.pending.kind == "list"
        if draft.listed or draft.counted or draft.figures:
            yield draft.filtered(*own)
        elif pending:
            yield replace(draft, pending=None, listed=(people,)).filtered(*own)

    return apply


def _beside(tables: Nouns, found: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if not (draft.figures or draft.listed or draft.counted):
            yield replace(draft, ask="list", pending=None, listed=(tables,), shown=(Want("label"), found)).flagged(
                "beside"
            )

    return apply


def _again(draft: Draft) -> Iterable[Draft]:
    if "beside" in draft.flags:
        yield draft


def _bands_announced(s: Sentence, start: int) -> Steps:
    """ "sort the lines into three price bands"."""
    for at in s.words(start, SORTING):
        for then, nouns in s.nouns(s.article(at)):
            if s.fold(then) != "into":
                continue
            number = s.number(then + 1)
            place = number[0] if number else then + 1
            for last in range(place, min(place + 3, s.end)):
                if s.fold(last) in BANDS:
                    yield Step(last + 1, FREE, "group", _announces(of_kind(nouns, "table", "field")))
                    break


def _announces(nouns: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft == Draft():
            yield draft.flagged("banded")

    return apply


def _headcount(s: Sentence, start: int) -> Steps:
    """ "headcount by job title": the people who work here."""
    for end in s.words(s.article(start), ("headcount", "head count", "head counts", "headcounts")):
        staff = of_kind(s.names.at(("employee",)), "table") or of_kind(s.names.at(("staff",)), "table")
        if staff:
            yield Step(end, LIGHT, "subject", _counts_staff(staff))


def _counts_staff(staff: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and not (draft.counted or draft.listed or draft.figures or draft.rank):
            yield draft.counting(staff)

    return apply


def _kinds_counted(s: Sentence, start: int) -> Steps:
    """ "number of females on Biscoe": the rows that have a value."""
    for end, table, cond in kinds_named(s, s.article(start)):
        if not s.nouns(end):
            whole = s.fold(end) in _DO or any(s.fold(end) in verbs for verbs in MEASURING)
            yield Step(end, LIGHT, "subject", _counts_kind(table, cond, whole=whole))


_DO = frozenset({"have", "had", "are", "were", "live", "lived", "come", "measure"})


def _counts_kind(table: Noun, cond: IsValue, *, whole: bool) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is not None and draft.pending.kind == "count" and not draft.counted and not draft.listed:
            want = Want("count", (table,))
            made = replace(draft, pending=None, counted=(table,), figures=(want,)).filtered(cond)
            # "What fraction of Gentoos weigh over 5 kg" is one of the Gentoos.
            yield replace(made, base=len(made.where)) if whole and draft.share and draft.base is None else made
        elif draft.pending is None and not (
            draft.counted or draft.listed or draft.figures or draft.groups or draft.rank
        ):
            yield replace(draft, ask="bare", listed=((table,),)).filtered(cond).flagged("plural")

    return apply


def _starts(s: Sentence, start: int) -> Steps:
    """ "start with 2013 against 2012": where a series of changes begins."""
    for at in s.words(start, _STARTING):
        for middle, first in stretches(s, at):
            for then in s.words(middle, ("against", "versus", "vs", "compared with", "compared to", "over")):
                for end, before in stretches(s, then):
                    if before[1] == first[0]:
                        yield Step(end, FREE, "filter", _since(first[0], s.said(at, middle)))
            yield Step(middle, FREE, "filter", _since(first[0], s.said(at, middle)))


def _since(first: date, said: str) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.along:
            yield draft.filtered(InTime(Period(first, None, f"since {said}")))

    return apply
