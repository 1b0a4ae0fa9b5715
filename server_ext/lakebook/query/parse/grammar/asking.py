"""What is asked: how many, which, show me; and the nouns that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lakebook.query.parse.grammar.events import (
    TRADE,
    first_and_last,
    happenings,
    money_verbs,
    traded,
    was_sold,
    who_buys,
)
from lakebook.query.parse.grammar.figures import AGGREGATES
from lakebook.query.parse.grammar.naming import named_things
from lakebook.query.parse.grammar.showing import (
    MARKS,
    closes,
    columns_shown,
    endings,
    events_shown,
    heads_shown,
    worth_shown,
)
from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, Step, Steps, is_key_number, of_kind
from lakebook.query.parse.grammar.units_asked import units_asked
from lakebook.query.parse.grammar.whole import rows_named, whole_figures
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, Nouns, Want

COUNT, LIST, MUCH = Want("count"), Want("list"), Want("much")


_HAVE = frozenset({"have", "has", "had", "having", "own", "owns", "got"})  # who has an order is not everyone
# "Give the invoice number" asks for it.
_NO_CONTEXT = _HAVE | frozenset({"give", "show", "list", "tell", "name", "print", "add", "include", "including", "say"})
_QUESTION_WORDS = frozenset({"who", "which", "what", "when", "that", "whose", "how"})
_COPULAS = frozenset({"is", "are", "was", "were", "do", "does", "did", "have", "has", "had", "that", "which", "who"})
# "What share of all rainy days falls in winter": of the rainy ones, and not of those in winter.
_FALLS = frozenset({"fall", "falls", "fell", "come in", "comes in", "came in", "fall in", "falls in", "fell in"})


def asking(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    for end in s.phrase(start, "opener"):
        yield Step(end, FREE, "nothing", _opens)
    written = s.tokens[start].text
    for end in s.phrase(start, "silent") if not (len(written) == 2 and written.isupper()) else ():
        yield Step(end, LIGHT * (end - start) / 2, "nothing", _says_nothing(s.said(start, end).casefold()))
    if s.fold(start) in MARKS:
        yield Step(start + 1, FREE, "nothing", _pause)
    for end in s.phrase(start, "and"):
        yield Step(end, FREE, "nothing", _pause)
    for end in s.phrase(start, "article"):
        yield Step(end, FREE, "nothing", _article)
    yield from endings(s, start)
    for end in s.phrase(start, "concession", "pearson"):
        yield Step(end, FREE, "nothing", _pause)
    for end in s.phrase(start, "whole_weeks"):
        yield Step(end, FREE, "nothing", _pause)
    for at in s.phrase(start, "over_all"):
        number = s.number(at)
        for end in s.words(number[0] if number else at, ("years", "seasons", "years together", "years of data")):
            yield Step(end, FREE, "nothing", _pause)
    yield from _asked(s, start)
    yield from _afterwards(s, start)
    yield from named_things(s, start)
    yield from whole_figures(s, start)
    yield from rows_named(s, start)
    yield from columns_shown(s, start)
    yield from heads_shown(s, start)
    yield from worth_shown(s, start)
    yield from events_shown(s, start)
    yield from units_asked(s, start)
    yield from _context(s, start)
    yield from first_and_last(s, start)
    yield from money_verbs(s, start)
    yield from happenings(s, start)
    yield from traded(s, start)
    yield from who_buys(s, start)
    if s.fold(start) in TRADE:
        yield Step(start + 1, FREE, "nothing", was_sold)


def _opens(draft: Draft) -> Iterable[Draft]:
    if draft == Draft():
        yield draft


def _pause(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None or draft.pending.kind in ("list", "unit"):
        yield draft


def _article(draft: Draft) -> Iterable[Draft]:
    yield draft


def _says_nothing(said: str) -> Callable[[Draft], Iterable[Draft]]:
    first = said.split(" ", 1)[0]

    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is not None and draft.pending.kind not in ("list", "unit", "much", "count"):
            return
        if draft == Draft() and first in _QUESTION_WORDS:
            return
        yield copulated(draft, "is" if said in _FALLS and draft.where else first)

    return apply


def copulated(draft: Draft, first: str) -> Draft:
    """The draft after a verb: what is said of a share's whole before the verb is not part of the share."""
    if draft.share and draft.base is None and first in _COPULAS and draft.pending is None:
        return replace(draft, base=len(draft.where))
    return draft


def _asked(s: Sentence, start: int) -> Steps:
    for end in s.phrase(start, "count"):
        then = next(iter(s.phrase(s.article(end), "different")), end)
        yield Step(then, FREE, "measure", _asks("count", replace(COUNT, distinct=then > end)))
        if _goes_on_about_rows(s, end):
            yield Step(end, LIGHT, "measure", _counts_rows)
    for end in s.phrase(start, "much"):
        yield Step(end, FREE, "measure", _asks("much", MUCH))
    for end in s.phrase(start, "list"):
        if s.fold(start) == "name" and s.phrase(end, "and"):
            continue  # "name and city" are two columns
        then = next(iter(s.phrase(s.article(end), "different")), end)
        number = s.number(s.article(end)) if s.fold(end - 1) == "of" and s.article(end) > end else None
        then = number[0] if number else then  # "which of the three islands"
        who = s.said(start, end).casefold().startswith("who") and not s.said(start, end).casefold().startswith("whose")
        yield Step(then, FREE, "columns", _asks("list", replace(LIST, distinct=then > end), who=who))
    for end in s.phrase(s.article(start), "different"):
        yield Step(end, FREE, "columns", _asks("list", replace(LIST, distinct=True)))
    for kind in AGGREGATES:
        for end in s.phrase(s.article(start), kind):
            then = end + 1 if s.fold(end) in ("of", "for") else end
            yield Step(s.article(then), LIGHT, "measure", _asks("figure", Want(kind)))


_ROWS_DO = frozenset({
    "have", "had", "are", "were", "weigh", "weighed", "live", "lived", "come", "cost", "last", "measure",
})  # fmt: skip


def _goes_on_about_rows(s: Sentence, end: int) -> bool:
    """ "how many have flippers of at least 220 mm": of one table it is its rows."""
    one = len({noun.table for noun in s.table_nouns()}) == 1
    return one and s.fold(end) in _ROWS_DO and not closes(s, end) and s.fold(end + 1) not in ("there", "they")


def _counts_rows(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and not (draft.figures or draft.listed or draft.counted or draft.rank):
        yield replace(draft, ask="count", figures=(Want("rows"),))


def _afterwards(s: Sentence, start: int) -> Steps:
    """ "lines without a customer number - how many?"."""
    for lead in {start, *s.phrase(start, "joint")}:
        if s.fold(lead) in ("number", "count", "total") and lead + 1 == s.end:
            yield Step(s.end, FREE, "measure", _counts_listed)
        for end in (*s.phrase(lead, "count"), *s.phrase(lead, "count_them")):
            if closes(s, end) or s.phrase(end, "by") or s.phrase(end, "and"):
                yield Step(end, FREE, "measure", _counts_listed)
        for end in s.phrase(lead, "count_them") if lead > start and s.fold(lead - 1) != "and" else ():
            if closes(s, end):
                yield Step(end, FREE, "measure", _counts_those)


def _counts_those(draft: Draft) -> Iterable[Draft]:
    """ "Which products have never been returned? Just the number"."""
    if draft.ask == "list" and len(draft.listed) == 1 and not (draft.rank or draft.shown or draft.pending):
        yield draft.counting(draft.subject)


def _counts_listed(draft: Draft) -> Iterable[Draft]:
    first = draft.listed[0] if len(draft.listed) == 1 else None
    if (
        isinstance(first, tuple)
        and draft.pending is None
        and draft.ask == "bare"
        and not draft.rank
        and not draft.shown
    ):
        yield draft.counting(first)
    elif draft.figures == (Want("rows"),) and draft.ask == "bare":
        yield replace(draft, ask="count")
    elif len(draft.figures) == 1 and draft.figures[0].kind == "metric" and draft.ask == "figure" and not draft.groups:
        yield draft
    elif draft.ask == "count" and draft.figures and draft.pending is None and not draft.groups:
        yield draft  # "how many lines cost nothing? How many are there?"


def _asks(ask: str, pending: Want, *, who: bool = False) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        waiting = draft.pending
        if waiting is not None:
            refined = pending.kind in (*AGGREGATES, "count") or (pending.kind == "list" and pending.distinct)
            if waiting.kind != "list" or not refined:
                return
        if pending.kind == "list" and (draft.listed or draft.counted or draft.figures) and not pending.distinct:
            return
        made = replace(draft, ask=draft.ask or ask, pending=pending)
        yield made.flagged("who") if who else made

    return apply


def _context(s: Sentence, start: int) -> Steps:
    """Nouns that only repeat what the figure is about: "of our customers", "on the lines", "the tracks"."""
    leads = {
        at: LIGHT
        for at in s.phrase(start, "place", "link", "silent")
        if s.fold(start) not in ("with", "by", "per") and _NO_CONTEXT.isdisjoint(t.fold for t in s.tokens[start:at])
    }
    leads |= dict.fromkeys(s.phrase(start, "over"), LIGHT)
    of_each = s.words(start, ("of every", "of each", "for every", "of any"))
    leads |= dict.fromkeys(of_each, LIGHT)
    for at in list(leads):
        then = (each for each in s.phrase(at, "place", "link") if _HAVE.isdisjoint(t.fold for t in s.tokens[at:each]))
        leads.update(dict.fromkeys(then, LIGHT))
    leads.setdefault(start, ODD)
    for at, cost in leads.items():
        for end, nouns in s.nouns(s.article(at)):
            said = at > start or s.article(at) > at  # a key by itself is a column to show
            tables = tuple(
                noun
                for noun in of_kind(nouns, "table", "field")
                if noun.kind == "table" or (said and is_key_number(noun))
            )
            if tables:
                yield Step(end, cost, "table", _about(tables, each=at in of_each))
        for end in s.phrase(s.article(at), "rows"):
            yield Step(end, cost, "table", _about((), each=at in of_each))


def _about(nouns: Nouns, *, each: bool = False) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        waits = draft.pending is not None and draft.pending.kind != "much"
        if not waits and (draft.figures or draft.listed or draft.counted or draft.rank or draft.pending):
            made = draft.flagged("of_each" if each else "context")
            yield replace(made, context=(*draft.context, nouns)) if nouns else made

    return apply
