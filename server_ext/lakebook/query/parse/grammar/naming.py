"""Nouns: what is counted or listed, or a figure by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lakebook.query.parse.grammar.figures import AGGREGATES
from lakebook.query.parse.grammar.step import FREE, LIGHT, Step, Steps, numbers, of_kind
from lakebook.query.parse.lexicon.nouns import NAME_WORDS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, Nouns, Want
from lakebook.query.parse.words import parts
from lakebook.query.tables import Table


def named_things(s: Sentence, start: int) -> Steps:
    for end, nouns in s.nouns(s.article(start)):
        yield Step(end, FREE, "subject", _names(nouns, plural=s.plural(end), singular=_singular(s, start, end)))
        if s.fold(end - 1) in ("days", "nights") and of_kind(nouns, "table"):
            yield Step(end, LIGHT, "subject", _total_days(of_kind(nouns, "table")))
    place = s.article(start)
    if s.fold(place) in NAME_WORDS:
        own = {noun.table for _, nouns in s.nouns(place) for noun in of_kind(nouns, "field")}
        of = [end for end in s.words(place + 1, ("of", "for")) if not _names_a_column(s, end, own)]
        yield from _names_and_more(s, place + 1)
        for end in [*of, *([] if s.nouns(place) else [place + 1])]:
            yield Step(end, FREE, "columns", _names_labels)
    for end in s.words(start, ("everything", "all of it", "all there is")):
        tables = tuple({noun.table: noun for noun in s.table_nouns()}.values())
        if len(tables) == 1:
            yield Step(end, LIGHT, "subject", _everything(tables))
    number = s.number(start)
    if number and isinstance(number[1], int) and 0 < number[1] < 1_000_000:
        for end, nouns in s.nouns(number[0]):
            yield Step(end, LIGHT, "limit", _some_of(nouns, number[1]))


def _names_a_column(s: Sentence, start: int, own: set[Table]) -> bool:
    """ "titles of all employees", who have a title beside their names."""
    named = {noun.table for _, nouns in s.nouns(s.article(start)) for noun in of_kind(nouns, "table")}
    titles = s.fold(start - 2) in ("title", "titles")
    return titles and any("name" in parts(column.name) for table in named & own for column in table.columns)


def _names_and_more(s: Sentence, start: int) -> Steps:
    """ "names and phone numbers of our customers"."""
    for at in s.phrase(start, "and"):
        for end, nouns in s.nouns(s.article(at)):
            for of in s.words(end, ("of", "for")) if of_kind(nouns, "field") else ():
                yield Step(of, FREE, "columns", _names_with(of_kind(nouns, "field")))


def _names_with(fields: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        for made in _names_labels(draft):
            yield replace(made, shown=(*made.shown, fields))

    return apply


def _total_days(days: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    """ "total snow days": days are counted, for they have no amount."""

    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is not None and draft.pending.kind == "sum" and not draft.figures and not draft.listed:
            yield replace(draft, ask="count", pending=None, counted=days, figures=(Want("count", days),))

    return apply


_LABEL = (Want("label"),)  # "the names of all customers"


def _everything(tables: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None or draft.pending.kind == "list":
            yield from _names(tables, plural=True, singular=False)(draft)

    return apply


def _singular(s: Sentence, start: int, end: int) -> bool:
    return not s.plural(end)


def _names_labels(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and not (draft.counted or draft.listed or draft.figures):
        yield replace(draft, ask="list", shown=(*draft.shown, Want("label")))
    elif draft.pending is not None and draft.pending.kind == "list":
        yield replace(draft, pending=None, shown=(*draft.shown, Want("label")))
    elif draft.pending is None and draft.listed and not draft.figures:
        yield replace(draft, shown=(*draft.shown, Want("label")))


def _some_of(nouns: Nouns, number: int) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.limit is None and not draft.counted and not draft.listed and not draft.figures:
            things = of_kind(nouns, "table", "field")
            if things and (draft.pending is None or draft.pending.kind == "list"):
                made = replace(draft, ask="list", pending=None, listed=(things,), limit=number)
                yield made.flagged("number")

    return apply


def _names(nouns: Nouns, *, plural: bool, singular: bool) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        for made in _named(draft, nouns):
            yield made.flagged("plural") if plural and not draft.listed and made.listed else made

    return apply


def _named(draft: Draft, nouns: Nouns) -> Iterable[Draft]:
    pending = draft.pending
    if pending is None:
        yield from _unasked(draft, nouns)
    elif pending.kind == "count":
        want = Want("count", nouns, distinct=pending.distinct)
        if draft.listed or draft.rank:
            yield replace(draft, pending=None, shown=(*draft.shown, want))
        elif not draft.counted and not draft.figures:
            yield replace(draft, pending=None, counted=nouns, figures=(want,), distinct=pending.distinct)
        else:
            yield replace(draft, pending=None, figures=(*draft.figures, want))
    elif pending.kind == "list":
        things = of_kind(nouns, "table", "field", "filter")
        if things and not draft.listed:
            yield replace(draft, pending=None, listed=(things,), distinct=pending.distinct)
    elif pending.kind == "much":
        known = (*of_kind(nouns, "metric"), *numbers(nouns))
        if known:
            yield replace(draft, pending=None, figures=(*draft.figures, Want("sum", known)))
    elif pending.kind in AGGREGATES:
        known = (*of_kind(nouns, "metric", "table"), *numbers(nouns))
        if known:
            want = replace(pending, nouns=known)
            where = "shown" if draft.listed or draft.rank else "figures"
            yield _with(replace(draft, pending=None), where, want)


def _with(draft: Draft, where: str, want: Want) -> Draft:
    if where == "shown":
        return replace(draft, shown=(*draft.shown, want))
    return replace(draft, figures=(*draft.figures, want))


def _unasked(draft: Draft, nouns: Nouns) -> Iterable[Draft]:
    """A noun by itself: the subject of a telegram ("lines without a customer number"), or a figure ("revenue")."""
    if draft.counted or draft.listed or draft.figures or draft.shown[:1] not in ((), _LABEL):
        return
    if "count_groups" in draft.flags:
        return  # "in how many months did she place an order" counts the months
    things = of_kind(nouns, "table") if draft.shown else of_kind(nouns, "table", "field")
    if things:
        yield replace(draft, ask=draft.ask or "bare", listed=(things,))
    if draft.shown:
        return
    metrics = of_kind(nouns, "metric")
    if metrics:
        yield replace(draft, ask="figure", figures=(Want("metric", metrics),))
    elif numbers(nouns):
        yield replace(draft, ask="figure", figures=(Want("bare", numbers(nouns)),))
