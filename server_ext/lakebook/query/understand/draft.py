"""A reading in the making: what the words up to a place have said so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lakebook.query.tables import Column
from lakebook.query.understand.reading import Condition, Dimension, Having, Measure


@dataclass(frozen=True)
class Span:
    """Tokens `start` to `end` became this part of the query."""

    start: int
    end: int
    part: str


@dataclass(frozen=True)
class Draft:
    """Parts found so far; the grammar only adds to it."""

    shape: str = ""
    measures: tuple[Measure, ...] = ()
    groups: tuple[Dimension, ...] = ()
    columns: tuple[Column, ...] = ()
    conditions: tuple[Condition, ...] = ()
    together: tuple[Column, ...] = ()  # columns filtered by "A and B": both in one figure, or one figure each?
    having: tuple[Having, ...] = ()
    order: str = ""
    limit: int | None = None
    per_row: bool = False  # the subject is the rows themselves, so that conditions on numbers are about rows
    spans: tuple[Span, ...] = ()

    def spanned(self, start: int, end: int, part: str) -> Draft:
        """The draft with these tokens accounted for."""
        if end <= start:
            return self
        return replace(self, spans=(*self.spans, Span(start, end, part)))

    def filtered(self, condition: Condition) -> Draft:
        """The draft with one more condition."""
        return replace(self, conditions=(*self.conditions, condition))
