"""Bins and bands of a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.step import FREE, Step, Steps, numbers
from lakebook.query.parse.lexicon.bins import EDGES_SHOWN, INTO_BINS, WIDE
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, GroupWant, Nouns, Number, Want


def bin_steps(s: Sentence, start: int) -> Steps:
    """ "histogram of body mass with 500 g wide bins", "by unit price in steps of 10"."""
    for lead in {start, *s.phrase(start, "by")}:
        for at in (
            (lead + 2,) if s.fold(lead) in ("histogram", "distribution") and s.fold(lead + 1) == "of" else (lead,)
        ):
            for end, nouns in s.nouns(s.article(at)):
                for last, width in _widths(s, end) if numbers(nouns) else ():
                    yield Step(last, FREE, "group", _binned(numbers(nouns), width, counts=at == lead + 2))
    if s.fold(start) in ("starting", "beginning") and s.fold(start + 1) == "at" and s.fold(start + 2) == "multiples":
        number = s.number(start + 4)
        if number:
            yield Step(number[0], FREE, "nothing", _multiples(number[1]))
    for end in s.words(start, EDGES_SHOWN):
        yield Step(end, FREE, "columns", _edges)


def _widths(s: Sentence, start: int) -> Iterator[tuple[int, Number]]:
    place = start + 1 if s.fold(start) in (",", "(") else start
    for at in (place + 1, place + 2, place + 3):
        said = s.said(place, at).casefold()
        if said not in INTO_BINS:
            continue
        for end, value, _ in s.amount(at):
            if value <= 0:
                continue
            for last in s.words(end, WIDE):
                yield last, value
            if said.endswith("of"):
                yield end, value


def _binned(nouns: Nouns, width: Number, *, counts: bool) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and not draft.groups and (counts or draft.figures):
            figures = draft.figures or (Want("rows"),)
            yield replace(draft, ask="figure", figures=figures, groups=(GroupWant(nouns, width=width),))

    return apply


def _multiples(width: Number) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if any(group.width == width for group in draft.groups):
            yield draft

    return apply


def _edges(draft: Draft) -> Iterable[Draft]:
    if any(group.width for group in draft.groups):
        yield draft


def band_steps(s: Sentence, start: int) -> Steps:
    """ "'cheap' under 2, 'middle' from 2 to under 10, 'dear' from 10 up"."""
    names: list[str] = []
    edges: list[Number] = []
    at = start
    while at < s.end and s.tokens[at].kind in ("text", "word"):
        end, low, high = _band(s, at + 1)
        if end <= at or (edges and low != edges[-1]) or (not edges and low is not None):
            return
        names.append(s.tokens[at].text)
        at = end
        if high is None:
            if len(names) > 1:
                yield Step(at, FREE, "group", _in_bands(tuple(edges), tuple(names)))
            return
        edges.append(high)
        at = next(iter(s.phrase(at, "joint")), at)


def _band(s: Sentence, start: int) -> tuple[int, Number | None, Number | None]:
    """The end of a band's words with its lower and upper edge; an end of 0 where there is none."""
    for at in (*s.phrase(start, "lt"),):
        for end, value, _ in s.amount(at):
            return end, None, value
    place = start + 1 if s.fold(start) in ("from", "between") else start
    for end, low, _ in s.amount(place):
        for at in (end + 1,) if s.fold(end) in ("to", "and", "-", "up") else ():
            then = next(iter(s.phrase(at, "lt")), at)
            for last, high, _ in s.amount(then):
                return (last, low, high) if then > at else (0, None, None)
        for last in (*s.phrase(end, "or_more"),):
            return last, low, None
    return 0, None, None


def _in_bands(edges: tuple[Number, ...], names: tuple[str, ...]) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        for place, group in enumerate(draft.groups):
            if numbers(group.nouns) and not group.edges:
                banded = replace(group, nouns=numbers(group.nouns), edges=edges, names=names)
                yield replace(draft, groups=(*draft.groups[:place], banded, *draft.groups[place + 1 :]))

    return apply
