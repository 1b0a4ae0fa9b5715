"""Periods in words: "in March 2011", "before 2011-05-01", "the first three months of 2011", "last month"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from lakebook.query.parse.grammar.recurring import clock_hours, recurring
from lakebook.query.parse.grammar.stretches import Stretch, When, day_number, iso_day, month_of, stretches
from lakebook.query.parse.lexicon.periods import (
    AFTER,
    BEFORE,
    BOTH_ENDS,
    LAST,
    OF_DATA,
    OR_EARLIER,
    OR_LATER,
    SINCE,
    SPANS,
    THIS,
    UNTIL,
    WITHIN,
)
from lakebook.query.parse.lexicon.time import MONTHS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Lately
from lakebook.query.reading import Period


def periods(s: Sentence, start: int) -> list[tuple[int, When]]:
    """Every stretch of time that stands at `start`, with its end."""
    return s.once("periods", start, _periods)


def _periods(s: Sentence, start: int) -> Iterator[tuple[int, When]]:
    yield from _between(s, start)
    yield from _open(s, start)
    # ", only 2013" is a condition; "bought only in 2013" may say that there is nothing besides.
    alone = start + 1 if s.fold(start) == "only" and s.fold(start - 1) == "," else start
    for at in [*s.words(alone, WITHIN), alone]:
        at = s.article(at)
        for end, (first, after) in stretches(s, at):
            for later in s.words(end, OR_LATER):
                yield later, Period(first, None, f"since {s.said(at, end)}")
            for earlier in s.words(end, OR_EARLIER):
                yield earlier, Period(None, after, f"up to {s.said(at, end)}")
            day = after - first == timedelta(days=1)
            if day and s.fold(start) == "from":  # says no end
                continue
            yield end, Period(first, after, f"{'on' if day else 'in'} {s.said(at, end)}")
        yield from recurring(s, at)
    for at in s.words(start, ("through", "all through", "right through")):
        for end, (first, after) in stretches(s, at):
            if (after - first).days > 360:  # through a year is all of it; through March may end with March
                yield end, Period(first, after, f"in {s.said(at, end)}")
    yield from _lately(s, start)
    yield from clock_hours(s, start)


def _open(s: Sentence, start: int) -> Iterator[tuple[int, When]]:
    for at in s.words(start, BEFORE):
        for end, (first, _) in stretches(s, s.article(at)):
            yield end, Period(None, first, f"before {s.said(at, end)}")
    for at in s.words(start, UNTIL):
        for end, (_, after) in stretches(s, s.article(at)):
            yield end, Period(None, after, f"up to {s.said(at, end)}")
    for at in s.words(start, AFTER):
        for end, (_, after) in stretches(s, s.article(at)):
            yield end, Period(after, None, f"after {s.said(at, end)}")
    for at in s.words(start, SINCE):
        for end, (first, _) in stretches(s, s.article(at)):
            onward = s.words(end, ("on", "onwards", "onward"))
            if s.fold(start) != "from":
                yield (onward[0] if onward else end), Period(first, None, f"since {s.said(at, end)}")
            elif onward:
                yield onward[0], Period(first, None, f"since {s.said(at, end)}")


def _between(s: Sentence, start: int) -> Iterator[tuple[int, When]]:
    for opening, closing in BOTH_ENDS:
        places = [start] if "" in opening else []
        for at in [*s.words(start, opening), *places]:
            for middle, first in open_stretches(s, s.article(at)):
                for then in s.words(middle, closing):
                    for end, second in stretches(s, s.article(then)):
                        begun = begun_before(first, second)
                        if begun and begun[0] < second[1]:
                            yield end, Period(begun[0], second[1], s.said(start, end))
    lead = next(iter(s.words(start, ("in", "for", "during"))), start)
    for middle, first in open_stretches(s, lead):
        yield from _one_after_another(s, lead, middle, first)


def _one_after_another(s: Sentence, lead: int, place: int, first: Stretch | Opening) -> Iterator[tuple[int, When]]:
    """ "2021 and 2022", "2021, 2022 and 2023"."""
    for then in s.words(place, ("and", "or", "&", ",", ", and", ", or")):
        for end, second in stretches(s, then):
            begun = begun_before(first, second)
            if begun and begun[1] == second[0]:
                if s.fold(then - 1) == ",":
                    yield from _one_after_another(s, lead, end, (begun[0], second[1]))
                else:
                    yield end, Period(begun[0], second[1], f"in {s.said(lead, end)}")


@dataclass(frozen=True)
class Opening:
    """The first end of a period that leaves to the other end its year, or its month too: "10 and 15 January 2011"."""

    month: int | None
    day: int | None

    def before(self, end: Stretch) -> Stretch | None:
        """The stretch that begins the period; None where there is no such day."""
        if self.day is None:
            return month_of(end[0].year, self.month or end[0].month)
        is_day = end[1] - end[0] == timedelta(days=1)
        found = iso_day(f"{end[0].year:04d}-{self.month or end[0].month:02d}-{self.day:02d}") if is_day else None
        return (found, found + timedelta(days=1)) if found else None


def begun_before(first: Stretch | Opening, second: Stretch) -> Stretch | None:
    """The first of two stretches, with what it leaves to the second."""
    return first.before(second) if isinstance(first, Opening) else first


def open_stretches(s: Sentence, start: int) -> Iterator[tuple[int, Stretch | Opening]]:
    """A stretch, or a month, a day of a month or a day alone, of which the other end of the period says the rest."""
    yield from stretches(s, start)
    month, day = MONTHS.get(s.fold(start)), day_number(s, start)
    if month is not None:
        yield start + 1, Opening(month, None)
        if (after := day_number(s, start + 1)) is not None:
            yield start + 2, Opening(month, after)
    elif day is not None:
        yield start + 1, Opening(None, day)
        then = start + 2 if s.fold(start + 1) == "of" else start + 1
        if s.fold(then) in MONTHS:
            yield then + 1, Opening(MONTHS[s.fold(then)], day)


def _lately(s: Sentence, start: int) -> Iterator[tuple[int, When]]:
    for options, current in ((LAST, False), (THIS, True)):
        for at in s.words(start, options):
            number = s.number(at)
            place, count = (number[0], number[1]) if number else (at, 1)
            unit = SPANS.get(s.fold(place))
            if unit and isinstance(count, int) and 0 < count < 1000:
                ends = s.words(place + 1, OF_DATA)
                said = s.said(start, at).casefold()
                newest = bool(ends) or "recent" in said or "latest" in said
                yield (ends[0] if ends else place + 1), Lately(unit, count, current or newest)
