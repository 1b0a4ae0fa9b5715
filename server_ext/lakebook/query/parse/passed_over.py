"""Words that became no part of the query although they ask for something."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lakebook.query.parse.wants import Draft
from lakebook.query.parse.words import Token
from lakebook.query.reading import Reading

IDLE = frozenset({"nothing"})
_STARTING = ("starting", "beginning")  # "at multiples of 500" was held beside the width of the bins
_NOT = frozenset({"not", "never", "without", "nobody", "none", "except", "isn't", "didn't", "don't", "doesn't"})
_REASONS = frozenset({"because", "since", "as", "if"})
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
    if draft.order is not None and not (reading.order or reading.along or reading.count_groups):
        yield "order"
    yield from _remarks(words, draft)


def places(draft: Draft, parts: frozenset[str]) -> Iterator[int]:
    for span in draft.spans:
        if span.part in parts:
            yield from range(span.start, span.end)


def _remarks(words: tuple[Token, ...], draft: Draft) -> Iterator[str]:
    """ "Country and the customer number": the last of a list of columns is one of them."""
    folds, part, before = [token.fold for token in words], "", list[str]()
    for span in draft.spans:
        after = span.start > 0 and words[span.start - 1].fold in ("and", ",", "&", "plus", "+")
        asks = folds[span.start] in ("which", "what", "who")
        if span.part == "table" and after and (asks or (span.end == len(words) and draft.shown)):
            yield words[span.start].fold
        if before[:1] == ["with"] and len(before) == 2 and words[span.start].fold == "and" and span.part == "columns":
            yield before[1]  # "with date and total" asks for both
        if span.part == "table" and _says_more(folds[span.start : span.end], part):
            yield folds[span.start]
        part, before = span.part, folds[span.start : span.end] if span.part == "filter" else []


def _negations(folds: list[str]) -> list[str]:
    """What is not so, said where it would change nothing; a reason may say it, and "not even once" says no more."""
    if not _REASONS.isdisjoint(folds):
        return []
    return [fold for fold, then in pairwise([*folds, ""]) if fold in _NOT and then not in ("even", "once", "a")]


def _says_more(folds: list[str], before: str) -> bool:
    """ "Whose album …", "sold by media type", "the name of their support rep", "all day" are no remarks."""
    of_another = before == "columns" and folds[0] == "of"
    by = any(then == "by" and fold not in _DONE for fold, then in pairwise(["", *folds]))
    return folds[0] == "whose" or by or of_another or ("all", "day") in pairwise(folds)


def _asks_which(folds: list[str], at: int) -> bool:
    """ "How many …, and who are they" asks for names."""
    return folds[at] in ("which", "who") and at > 0 and (folds[at - 1] in ("and", "?", ".", ",", ":", "-"))
