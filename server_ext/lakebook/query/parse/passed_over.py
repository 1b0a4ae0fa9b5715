"""Words that became no part of the query although they ask for something."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lakebook.query.parse.grammar.step import of_kind
from lakebook.query.parse.wants import Draft, HasSome, HasText, IsMissing, IsNumber, Span
from lakebook.query.parse.words import Token
from lakebook.query.reading import Reading

IDLE = frozenset({"nothing"})
_STARTING = ("starting", "beginning")  # "at multiples of 500" was held beside the width of the bins
_NOT = frozenset({"not", "never", "without", "nobody", "none", "except", "isn't", "didn't", "don't", "doesn't"})
_REASONS = frozenset({"because", "since", "as", "if"})
_OWN = frozenset({"its", "their", "his", "her"})
_NAMED = frozenset({"total", "amount", "number", "count", "value", "sum", "name", "date"})
_MOST = frozenset({"most", "least", "fewest"})
_AND = frozenset({"and", ",", "&", "plus", "+"})
_BESIDES = frozenset({"including", "together", "along", "plus"})
_ASKS = frozenset({"which", "what", "who"})
_RELATIVE = frozenset({"that", "which"})
_NAMING = frozenset({"subject", "limit", "order"})
_DONE = frozenset({"bought", "placed", "ordered", "purchased", "made", "written", "composed", "performed", "paid"})


def passed_over(words: tuple[Token, ...], draft: Draft, reading: Reading) -> Iterator[str]:
    """Numbers, negations, orders, names and columns that were said and do nothing in the reading."""
    folds = [token.fold for token in words]
    idle = [span for span in draft.spans if span.part == "nothing" and folds[span.start] not in _STARTING]
    for span in idle:
        yield from (each.fold for each in words[span.start : span.end] if each.kind == "number")
        yield from _negations(folds[span.start : span.end])
    if not (reading.groups or reading.columns):
        yield from (folds[at] for at in places(draft, IDLE) if _asks_which(folds, at))
    if len(reading.figures) > 1 and not (reading.groups or reading.columns):
        yield from (folds[span.start] for span in draft.spans if span.part == "measure" and folds[span.start] == "its")
    if draft.order is not None and not (reading.order or reading.along or reading.count_groups):
        yield "order"
    yield from _remarks(folds, draft)


def places(draft: Draft, parts: frozenset[str]) -> Iterator[int]:
    for span in draft.spans:
        if span.part in parts:
            yield from range(span.start, span.end)


def _remarks(folds: list[str], draft: Draft) -> Iterator[str]:
    """Words that name a table, or that stand after columns or an order, and ask for more than they do."""
    subject = {noun.table for noun in draft.subject}
    elsewhere = any(noun.table not in subject for nouns in draft.context for noun in of_kind(nouns, "table"))
    start = Span(0, 0, "")
    for at, (before, span) in enumerate(pairwise((start, *draft.spans))):
        said, last = folds[span.start : span.end], folds[before.start : before.end]
        if span.part == "table":
            one_more = said[0] in _ASKS | _OWN or (span.end == len(folds) and bool(draft.shown))
            beside = (one_more and not _AND.isdisjoint(last[-1:])) or not _BESIDES.isdisjoint([said[0], *last])
            if beside or _says_more(said, before.part if elsewhere else ""):
                yield said[0]
            if last == ["and"] and at > 1 and draft.spans[at - 2].part == "group":
                yield said[0]  # "per year and genre"
            if not _MOST.isdisjoint(last[-1:]) or (last == ["total"] and len(said) == 1):
                yield last[-1]  # "total invoices" may be their sum and may be their number
        elif said[0] == "and" and _belongs_before(said, span.part, before.part, sorts=draft.rank is None):
            yield said[0]
        elif (
            span.part == "filter"
            and said[0] == "with"
            and before.part not in _NAMING
            and _is_only_there(draft, folds[span.end :])
        ):
            yield said[0]  # after a ranking the column is to be seen
        elif span.part == "filter" and _of_another(said, last, draft, at):
            yield said[0]
        elif (span.part == "columns" and "some" in said) or (
            span.part == "filter" and draft.rank and "who" in (said[0], *last)
        ):
            yield said[0]  # "and some rain" is a condition, "and who was the customer" a question
        elif span.part == "filter" and before.part == "nothing" and _reaches_back(said, last, draft, at):
            yield last[-1]
        elif before.part == "filter" and last[:1] == ["with"] and said[0] == "and" and span.part == "columns":
            yield from last[1:2] if len(last) == 2 else []  # "with date and total" asks for both


def _reaches_back(said: list[str], last: list[str], draft: Draft, at: int) -> bool:
    """Whether a condition belongs to what was said before it, with something idle between.

    "Only species above 4 kg" are species, and not birds; "not rain, drizzle or snow" is none of the three.
    """
    prior = draft.spans[at - 2] if at > 1 else Span(0, 0, "")
    negated = any(isinstance(each, IsNumber | IsMissing) for each in draft.where) and last == [","] and "or" in said
    return ("only" in last and len(last) > 1 and bool(draft.groups)) or (negated and prior.part == "filter")


def _of_another(said: list[str], last: list[str], draft: Draft, at: int) -> bool:
    """ "An album that starts with The": the album does, and not whose it is."""
    relative = said[0] in _RELATIVE or last[-1:] in (["that"], ["which"])
    prior = draft.spans[at - (1 if said[0] in _RELATIVE else 2)] if at > 1 else None
    text = any(isinstance(each, HasText) for each in draft.where)
    return relative and text and prior is not None and prior.part in ("filter", "table")


def _is_only_there(draft: Draft, rest: list[str]) -> bool:
    """Whether a ranking ends with a condition that something is there, no matter what."""
    there = (
        isinstance(each, IsMissing | HasSome) and each.negated == isinstance(each, IsMissing) for each in draft.where
    )
    return draft.rank is not None and (not rest or rest[0] in _AND) and any(there)


def _belongs_before(said: list[str], part: str, before: str, *, sorts: bool) -> bool:
    """ "Sorted by city and name", "with their date and total": one more of those before it."""
    is_named = part == "nothing" and not _NAMED.isdisjoint(said[1:])
    return (sorts and before == "order") or (is_named and before == "columns")


def _negations(folds: list[str]) -> list[str]:
    """What is not so, said where it would change nothing; a reason may say it, and "not even once" says no more."""
    if not _REASONS.isdisjoint(folds):
        return []
    return [fold for fold, then in pairwise([*folds, ""]) if fold in _NOT and then not in ("even", "once", "a")]


def _says_more(folds: list[str], before: str) -> bool:
    """ "Whose album …", "sold by media type", "the name of their support rep", "all day" are no remarks."""
    of_another = before in ("columns", "filter") and folds[0] == "of"
    by = any(then == "by" and fold not in _DONE for fold, then in pairwise(["", *folds]))
    return folds[0] == "whose" or by or of_another or ("all", "day") in pairwise(folds)


def _asks_which(folds: list[str], at: int) -> bool:
    """ "How many …, and who are they" asks for names."""
    return folds[at] in ("which", "who") and at > 0 and (folds[at - 1] in ("and", "?", ".", ",", ":", "-"))
