"""Conditions on times: "in 2011", "hired in 2003 or later"."""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.parse.grammar.dates import periods
from lakebook.query.parse.grammar.gaps import Found
from lakebook.query.parse.grammar.step import FREE, of_kind
from lakebook.query.parse.names import Noun
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import InTime, Nouns


def moment_conditions(s: Sentence, start: int) -> Iterator[Found]:
    """ "in 2011", "on Sundays", "hired in 2003 or later", "whose order date is before 2011"."""
    for end, when in periods(s, start):
        yield end, (InTime(when),), FREE
    for at in s.phrase(start, "not_place"):
        for end, when in periods(s, at):
            yield end, (InTime(when, negated=True),), FREE
    for end, nouns in event_times(s, start):
        for last, when in periods(s, end):
            yield last, (InTime(when, nouns),), FREE
    for lead in {start, *s.phrase(start, "whose")}:
        for then, nouns in s.nouns(s.article(lead)):
            fields = tuple(noun for noun in of_kind(nouns, "field") if _is_time(noun))
            for place in s.after(then, "copula") if fields else ():
                for end, when in periods(s, place):
                    yield end, (InTime(when, fields),), FREE


def _is_time(noun: Noun) -> bool:
    column = getattr(noun.term, "column", None)
    return bool(column is not None and column.is_time)


def event_times(s: Sentence, start: int, *, or_never: bool = False) -> Iterator[tuple[int, Nouns]]:
    """A verb of an event at `start` and the times at which it happens: "hired" is the hire date."""
    leads = {start, *s.phrase(start, "silent")} | (set(s.phrase(start, "never")) if or_never else set())
    leads |= {at + 1 for at in leads if s.fold(at) in ("been", "ever")}
    for lead in leads:
        for symbol, ends in s.symbols(lead).items():
            if symbol.startswith("event:"):
                nouns = s.names.of_event(symbol.removeprefix("event:"))
                if nouns:
                    yield from ((end, nouns) for end in ends)
