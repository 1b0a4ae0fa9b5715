"""Words that were taken for less than they say: "how many of them have a customer" counts no customers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, takewhile

from lakebook.query.parse.lexicon.adjectives import MEASURES
from lakebook.query.parse.wants import Draft
from lakebook.query.parse.words import Token, parts, stems
from lakebook.query.reading import Compare, Reading, Within, each_of
from lakebook.query.terms import Field

_HAVE = frozenset({"have", "has", "had"})
_OF_THEM = ("of", "them")
_IN_CAPITALS = frozenset({"IT", "US"})  # a department and a country, no pronouns
_PLAIN = frozenset({"more", "less", "fewer", "greater", "higher", "lower", "larger", "smaller", "later", "earlier"})
_LOWEST = frozenset({word for measure in MEASURES for words in (measure.highest, measure.lowest) for word in words})
_GOES_ON = frozenset({"with", "that", "which", "whose", "where", "having", "who", "above", "over", "under", "below"})
_YEARS = range(1900, 2100)


def half_said(words: tuple[Token, ...], draft: Draft, reading: Reading) -> Iterator[str]:
    """The words that ask for more than the reading does."""
    folds = [token.fold for token in words]
    yield from _of_them(folds, draft)
    yield from (token.fold for token in _idle(words, draft) if token.text in _IN_CAPITALS and not _shouts(words))
    yield from _than_years(folds, reading)
    yield from _amounts(folds, reading)


def _of_them(folds: list[str], draft: Draft) -> Iterator[str]:
    """ "And how many of them are in sales", "how many of them have a customer"."""
    for before, span in pairwise(draft.spans):
        said, then = folds[before.start : before.end], folds[span.start : span.end]
        if before.part == "columns" and tuple(said[-2:]) == _OF_THEM:
            yield "them"
        if span.part == "subject" and then[:1] in (["a"], ["an"]) and said[-1:] and said[-1] in _HAVE:
            yield said[-1]


def _idle(words: tuple[Token, ...], draft: Draft) -> Iterator[Token]:
    for span in draft.spans:
        if span.part == "nothing":
            yield from words[span.start : span.end]


def _shouts(words: tuple[Token, ...]) -> bool:
    return not any(token.text.islower() for token in words)


def _than_years(folds: list[str], reading: Reading) -> Iterator[str]:
    """ "Was 2013 drier than 2014" is beside that year, and beside no number."""
    held = {each.value for each in each_of(reading.where) if isinstance(each, Compare)}
    if not any(isinstance(each, Within) for each in each_of(reading.where)):
        return
    for at, pair in enumerate(pairwise(folds)):
        year = int(pair[1]) if pair[0] == "than" and pair[1].isdecimal() else 0
        if year in _YEARS and year in held and folds[at - 1] not in _PLAIN:
            yield pair[1]


def _amounts(folds: list[str], reading: Reading) -> Iterator[str]:
    """ "The cheapest unit price above zero" is a price, and not the thing that has it."""
    first = reading.order[0].by if reading.order else None
    if not isinstance(first, Field) or first in reading.columns:
        return
    compared = any(isinstance(each, Compare) and each.term == first for each in each_of(reading.where))
    head = stems(parts(first.column.name))[-1:]
    for at, fold in enumerate(folds):
        named = takewhile(lambda each: each not in _GOES_ON, folds[at + 1 : at + 4])
        if compared and fold in _LOWEST and head[:1] and head[0] in stems(tuple(named)):
            yield fold
