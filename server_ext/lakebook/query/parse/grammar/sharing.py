"""Shares of a whole: "what percentage of invoices are cancelled"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.step import FREE, LIGHT, Step, Steps, of_kind
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Cond, Draft, GroupWant, IsValue, Nouns, Want


def share_steps(s: Sentence, start: int) -> Steps:
    """ "what percentage of invoices are cancelled", "what share of revenue does Rock bring in"."""
    for symbol, kind in (("share", "percent"), ("share_of", "percent"), ("fraction", "fraction")):
        for at in s.phrase(start, symbol):
            yield Step(at, FREE, "measure", _shared(kind, ()))
            place = at + 1 if s.fold(at) == "of" else at
            for then in s.after(s.article(place), "sum"):
                for end, nouns in s.nouns(then):
                    if then == s.article(place) or of_kind(nouns, "metric"):
                        yield Step(end, FREE, "measure", _shared(kind, nouns))
            for end in s.phrase(s.article(place), "money_word", "rows"):
                want = Want("rows") if end in s.phrase(s.article(place), "rows") else Want("money")
                yield Step(end, LIGHT, "measure", _shared(kind, (), want))
            yield Step(s.article(place), LIGHT, "measure", _shared(kind, (), pending=True))
            if s.fold(place) in ("each", "every") or s.fold(at) == "by":
                yield Step(at, LIGHT, "measure", _shared(kind, (), Want("rows")))


def highest_share_steps(s: Sentence, start: int) -> Steps:
    """ "Which country has the highest share of cancelled invoices"."""
    for lead in s.phrase(start, "link", "silent"):
        for symbol, high in (("highest", True), ("lowest", False)):
            for at in s.phrase(s.article(lead), symbol):
                for end in s.phrase(at, "share_of", "share", "fraction"):
                    yield Step(s.article(end), LIGHT, "measure", _ranks_shares(high))


def _ranks_shares(high: bool) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        things = draft.listed[0] if len(draft.listed) == 1 else None
        more = draft.pending or draft.figures or draft.rank or draft.groups or draft.shown or draft.where
        limit = draft.limit or (None if "plural" in draft.flags else 1)
        if isinstance(things, tuple) and limit is not None and not more:
            made = replace(draft, ask="share", share="percent", listed=(), groups=(GroupWant(things),), limit=limit)
            yield replace(made, order=("high_first" if high else "low_first", None), pending=Want("count"))

    return apply


def _shared(
    kind: str, nouns: Nouns, want: Want | None = None, *, pending: bool = False
) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.share or (draft.pending is not None and draft.pending.kind != "list"):
            return
        if want is not None or nouns:
            whole = want or Want("whole", nouns)
            if not draft.listed and not draft.figures and not draft.counted:
                yield replace(draft, ask="share", share=kind, figures=(whole,), pending=None, base=None)
        elif pending:
            if not draft.listed and not draft.figures:
                yield replace(draft, ask="share", share=kind, pending=Want("count"))
        elif draft.listed and "whole" in draft.flags:
            first = draft.listed[0]
            if isinstance(first, tuple):
                whole = Want("whole", first)
                yield replace(
                    draft, ask="share", share=kind, figures=(whole,), listed=(), pending=None, base=len(draft.where)
                )
        elif draft.figures and draft.groups and not draft.along:
            yield replace(draft, share=kind)

    return apply


def of_those_steps(s: Sentence, start: int) -> Steps:
    """ "of the birds whose sex is known, what percentage …"."""
    for at in s.phrase(start, "known_base") if start == 0 else ():
        for middle, conds in [(s.article(at), ()), *_kinds(s, s.article(at))]:
            for end, nouns in s.nouns(middle):
                if of_kind(nouns, "table", "field"):
                    yield Step(end, FREE, "subject", _whole(nouns, conds))
    for at in s.phrase(start, "count"):
        yield Step(at, FREE, "measure", _counts_of_whole)


def _kinds(s: Sentence, start: int) -> Iterator[tuple[int, tuple[Cond, ...]]]:
    """ "the female", "the Gentoo": a value before the things."""
    for end, hits in s.bare_hits(start):
        yield end, (IsValue((hits,)),)


def _counts_of_whole(draft: Draft) -> Iterable[Draft]:
    """ "of all the female penguins, how many are Gentoo"."""
    first = draft.listed[0] if len(draft.listed) == 1 else None
    if "whole" in draft.flags and isinstance(first, tuple) and draft.pending is None and not draft.shown:
        yield replace(draft.counting(first), flags=draft.flags - {"whole"})


def _whole(nouns: Nouns, conds: tuple[Cond, ...]) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft == Draft():
            yield replace(draft, ask="list", listed=(nouns,)).flagged("whole").filtered(*conds)

    return apply
