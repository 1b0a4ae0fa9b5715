"""To how many decimals: "rounded to one decimal", "to the nearest whole number", "with two decimal places"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lakebook.query.parse.grammar.step import FREE, Step, Steps
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft

_ROUNDED = ("rounded to", "rounded off to", "round to", "rounded at", "round it to", "round them to", "to", "with")
_DECIMALS = (
    "decimals", "decimal", "decimal places", "decimal place", "digits after the point", "digits after the comma",
    "places after the point", "decimal digits", "decimal digit",
)  # fmt: skip
_WHOLE = (
    "the nearest whole number", "the nearest integer", "whole numbers", "a whole number", "the nearest whole",
    "integers", "an integer", "full numbers", "the whole number", "the next whole number", "no decimals",
)  # fmt: skip
MOST_DIGITS = 12


def roundings(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    for lead in {start, *s.phrase(start, "joint")}:
        for at in s.words(lead, _ROUNDED):
            for end in s.words(at, _WHOLE):
                yield Step(end, FREE, "figure", _rounded(0))
            number = s.number(at)
            for end in s.words(number[0], _DECIMALS) if number else ():
                if number and isinstance(number[1], int) and 0 <= number[1] <= MOST_DIGITS:
                    yield Step(end, FREE, "figure", _rounded(number[1]))


def _rounded(digits: int) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.digits is None and draft.pending is None and (draft.figures or draft.rank):
            yield replace(draft, digits=digits)

    return apply
