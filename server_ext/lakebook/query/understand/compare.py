"""Comparisons with a number: "over 5", "at least ten", "four or more"."""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.understand.lexicon import AFTER_NUMBER, COMPARE
from lakebook.query.understand.scope import Scope


def compared(scope: Scope, start: int) -> Iterator[tuple[int, str, int | float]]:
    """Every comparison at `start`: its end, its operator, its number."""
    for operator, words in COMPARE.items():
        for at in scope.phrase(start, words):
            number = scope.number(at)
            if number:
                yield number[0], operator, number[1]
    plain = scope.number(start)
    if plain:
        for operator, words in AFTER_NUMBER.items():
            for end in scope.phrase(plain[0], words):
                yield end, operator, plain[1]
