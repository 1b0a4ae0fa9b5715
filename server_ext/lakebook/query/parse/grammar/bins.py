"""Bins of one width: "in steps of 10"."""

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
