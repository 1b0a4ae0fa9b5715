"""Words that were taken for less than they say: "how many of them have a customer" counts no customers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, takewhile

from lakebook.query.parse.figures_within import is_count
from lakebook.query.parse.lexicon.adjectives import MEASURES
from lakebook.query.parse.passed_over import IDLE, OWN, places
from lakebook.query.parse.wants import Draft
from lakebook.query.parse.words import Token, parts, stems
from lakebook.query.reading import Among, Compare, Reading, Within, each_of
from lakebook.query.terms import Field

_HAVE = frozenset({"have", "has", "had"})
_OF_THEM = ("of", "them")
_IN_CAPITALS = frozenset({"IT", "US"})  # a department and a country, no pronouns
_PLAIN = frozenset({"more", "less", "fewer", "greater", "higher", "lower", "larger", "smaller", "later", "earlier"})
_SUPERLATIVES = frozenset(
    {word for measure in MEASURES for words in (measure.highest, measure.lowest) for word in words}
)
_GOES_ON = frozenset({"with", "that", "which", "whose", "where", "having", "who", "above", "over", "under", "below"})
_ANY_FIGURE = frozenset({
    ",", "the", "and", "highest", "biggest", "largest", "greatest", "most", "best", "top", "lowest", "smallest",
    "least", "fewest", "worst", "number", "figure", "value", "one", "amount", ";", "-", "(", ".", "sorted", "with",
})  # fmt: skip
_EXTREMES = frozenset({
    "highest", "lowest", "largest", "biggest", "smallest", "greatest", "longest", "shortest", "earliest", "latest",
    "heaviest", "lightest", "maximum", "minimum", "most", "least", "fewest", "oldest", "newest",
})  # fmt: skip
_CONTAIN = frozenset({"contain", "contains", "containing", "contained"})
_NAMING = frozenset({"the", "a", "word", "words", "name", "title", "text", "term"})
_TEXTS = frozenset(
    {"live", "lives", "living", "home", "made", "taken", "still", "here", "got", "find", "found", "like"}
)
_DIFFERENT = frozenset({"different", "distinct", "unique", "separate"})
_SOLD = frozenset({"sell", "sold", "sells", "selling", "returned", "return", "ship", "shipped", "bought", "ordered"})
_YEARS = range(1900, 2100)


def half_said(words: tuple[Token, ...], draft: Draft, reading: Reading) -> Iterator[str]:
    """The words that ask for more than the reading does."""
    folds = [token.fold for token in words]
    yield from _of_them(folds, draft)
    idle = set(places(draft, IDLE))
    yield from (words[at].fold for at in idle if words[at].text in _IN_CAPITALS and not _shouts(words))
    yield from _than_years(folds, reading)
    yield from _amounts(folds, reading)
    yield from _other_first(folds, draft, reading)
    yield from _have_the_most(folds, reading)
    yield from _contained(folds, idle, reading)
    yield from _pieces(folds, reading)


def _of_them(folds: list[str], draft: Draft) -> Iterator[str]:
    """ "And how many of them are in sales", "how many of them have a customer"."""
    for before, span in pairwise(draft.spans):
        said, then = folds[before.start : before.end], folds[span.start : span.end]
        if before.part == "columns" and tuple(said[-2:]) == _OF_THEM:
            yield "them"
        if span.part in ("table", "filter") and before.part == "nothing" and said[-1] in OWN:
            yield said[-1]
        if span.part == "subject" and then[:1] in (["a"], ["an"]) and said[-1:] and said[-1] in _HAVE:
            yield said[-1]


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
        if compared and fold in _SUPERLATIVES and head[:1] and head[0] in stems(tuple(named)):
            yield fold


def _other_first(folds: list[str], draft: Draft, reading: Reading) -> Iterator[str]:
    """ "Invoices and revenue by country, biggest revenue first" does not go by the invoices."""
    if len(reading.figures) < 2 or not reading.order or reading.order[0].by != reading.figures[0]:
        return
    for span in draft.spans:
        said = folds[span.start : span.end]
        if span.part == "order" and said[-1:] == ["first"] and draft.order is not None and draft.order[1] is None:
            yield from (fold for fold in said[:-1] if fold not in _ANY_FIGURE)


def _have_the_most(folds: list[str], reading: Reading) -> Iterator[str]:
    """ "How many birds have the lowest mass" counts those that have it, and does not tell it beside all birds."""
    kinds = [getattr(figure, "kind", "") for figure in reading.figures]
    if len(kinds) > 1 and not {"min", "max"}.isdisjoint(kinds) and not {"rows", "distinct"}.isdisjoint(kinds):
        yield from (three[2] for three in zip(folds, folds[1:], folds[2:], strict=False) if _has_the(three))


def _has_the(three: tuple[str, str, str]) -> bool:
    return three[0] in _HAVE and three[1] == "the" and three[2] in _EXTREMES


def _contained(folds: list[str], idle: set[int], reading: Reading) -> Iterator[str]:
    """ "Titles that contain live": the word is looked for, and does not say where people live; no part is the whole."""
    labels = reading.subject.labels if reading.subject else ()
    whole = any(isinstance(each, Among | Compare) and each.term in labels for each in each_of(reading.where))
    for at, fold in enumerate(folds):
        if fold in _CONTAIN:
            then = at + 1
            while folds[then : then + 1] and folds[then] in _NAMING:
                then += 1
            if whole or (then in idle and folds[then] in _TEXTS):
                yield folds[min(then, len(folds) - 1)]


def _pieces(folds: list[str], reading: Reading) -> Iterator[str]:
    """ "How many items did we sell" are pieces, and no kinds of them."""
    if _DIFFERENT.isdisjoint(folds) and not _SOLD.isdisjoint(folds) and any(map(is_count, reading.figures)):
        yield from (pair[1] for pair in pairwise(folds) if pair == ("many", "items"))
