"""Periods in words: "in March 2011", "before 2011-05-01", "between 1 March and 5 April 2011"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from lakebook.query.understand.lexicon import MONTHS, QUARTERS
from lakebook.query.understand.reading import Period
from lakebook.query.understand.scope import Scope

Stretch = tuple[date, date]  # the first day, and the day after the last

_IN = ("in", "for", "during", "of", "on", "within", "dated", "in the year", "for the year", "in all of")
_BEFORE = ("before", "earlier than", "prior to")
_AFTER = ("after", "later than")
_SINCE = ("since", "starting from")
_ORDINAL = ("st", "nd", "rd", "th")


def periods(scope: Scope, start: int) -> Iterator[tuple[int, Period]]:
    """Every period that stands at `start`, with its end."""
    yield from _between(scope, start)
    for at in scope.phrase(start, _BEFORE):
        for end, (first, _) in stretches(scope, at):
            yield end, Period(None, first, f"before {_said(scope, at, end)}")
    for at in scope.phrase(start, _AFTER):
        for end, (_, after) in stretches(scope, at):
            yield end, Period(after, None, f"after {_said(scope, at, end)}")
    for at in scope.phrase(start, _SINCE):
        for end, (first, _) in stretches(scope, at):
            yield end, Period(first, None, f"since {_said(scope, at, end)}")
    for at in scope.phrase(start, ("from",)):
        for end, (first, after) in stretches(scope, at):
            if after - first > timedelta(days=1):  # "from 5 March" says no end
                yield end, Period(first, after, f"in {_said(scope, at, end)}")
    for at in [*scope.phrase(start, _IN), start]:
        for end, (first, after) in stretches(scope, at):
            for later in scope.phrase(end, ("or later", "or after", "and later", "onwards")):
                yield later, Period(first, None, f"since {_said(scope, at, end)}")
            for earlier in scope.phrase(end, ("or earlier", "or before", "and earlier")):
                yield earlier, Period(None, after, f"up to {_said(scope, at, end)}")
            day = after - first == timedelta(days=1)
            yield end, Period(first, after, f"{'on' if day else 'in'} {_said(scope, at, end)}")


def _between(scope: Scope, start: int) -> Iterator[tuple[int, Period]]:
    pairs = ((("between",), ("and",)), (("from",), ("to", "until", "till", "through", "up to")))
    for opening, closing in pairs:
        for at in scope.phrase(start, opening):
            for middle, first in _open_stretches(scope, at):
                for then in scope.phrase(middle, closing):
                    for end, second in stretches(scope, then):
                        begun = first if isinstance(first, tuple) else month_of(second[0].year, first)
                        if begun and begun[0] < second[1]:
                            yield end, Period(begun[0], second[1], f"{_said(scope, start, end)}")


def _open_stretches(scope: Scope, start: int) -> Iterator[tuple[int, Stretch | int]]:
    """A stretch, or a month alone whose year the other end of the period says."""
    yield from stretches(scope, start)
    if start < scope.end and scope.tokens[start].fold in MONTHS:
        yield start + 1, MONTHS[scope.tokens[start].fold]


def stretches(scope: Scope, start: int) -> Iterator[tuple[int, Stretch]]:
    """A year, quarter, month or day at `start`."""
    if start >= scope.end:
        return
    token = scope.tokens[start]
    if token.kind == "day" and (day := _iso(token.text)):
        yield _reached(scope, start + 1), (day, day + timedelta(days=1))
    elif token.kind == "month" and (first := _iso(f"{token.text}-01")):
        yield _reached(scope, start + 1), month_of(first.year, first.month)
    elif (year := _year(scope, start)) is not None:
        yield _reached(scope, start + 1), (date(year, 1, 1), date(year + 1, 1, 1))
    yield from _quarter(scope, start)
    yield from _month(scope, start)
    yield from _day_first(scope, start)
    yield from _month_first(scope, start)


def _quarter(scope: Scope, start: int) -> Iterator[tuple[int, Stretch]]:
    for name, quarter in QUARTERS.items():
        for at in scope.phrase(start, (name, f"the {name}")):
            place = next(scope.phrase(at, ("of",)), at)
            year = _year(scope, place)
            if year is not None:
                after = date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)
                yield _reached(scope, place + 1), (date(year, 3 * quarter - 2, 1), after)


def _month(scope: Scope, start: int) -> Iterator[tuple[int, Stretch]]:
    month = MONTHS.get(scope.tokens[start].fold)
    if month is None:
        return
    place = next(scope.phrase(start + 1, ("of", ",")), start + 1)
    year = _year(scope, place)
    if year is not None:
        yield _reached(scope, place + 1), month_of(year, month)


def _day_first(scope: Scope, start: int) -> Iterator[tuple[int, Stretch]]:
    start = next(scope.phrase(start, ("the",)), start)
    day = _day_number(scope, start)
    if day is None:
        return
    place = next(scope.phrase(start + 1, ("of",)), start + 1)
    if place < scope.end and scope.tokens[place].fold in MONTHS:
        yield from _dated(scope, place + 1, MONTHS[scope.tokens[place].fold], day)


def _month_first(scope: Scope, start: int) -> Iterator[tuple[int, Stretch]]:
    month = MONTHS.get(scope.tokens[start].fold)
    day = _day_number(scope, start + 1)
    if month is not None and day is not None:
        yield from _dated(scope, start + 2, month, day)


def _dated(scope: Scope, start: int, month: int, day: int) -> Iterator[tuple[int, Stretch]]:
    place = next(scope.phrase(start, (",",)), start)
    year = _year(scope, place)
    found = _iso(f"{year:04d}-{month:02d}-{day:02d}") if year is not None else None
    if found:
        yield _reached(scope, place + 1), (found, found + timedelta(days=1))


def _day_number(scope: Scope, place: int) -> int | None:
    if place >= scope.end:
        return None
    text = scope.tokens[place].fold
    if text.endswith(_ORDINAL):
        text = text[:-2]
    return int(text) if text.isdecimal() and 1 <= int(text) <= 31 else None


def _year(scope: Scope, place: int) -> int | None:
    if place >= scope.end or scope.tokens[place].kind != "number":
        return None
    text = scope.tokens[place].text
    return int(text) if len(text) == 4 and text.isdecimal() and 1900 <= int(text) <= 2100 else None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def month_of(year: int, month: int) -> Stretch:
    """The month as its first day and the day after its last."""
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _reached(scope: Scope, end: int) -> int:
    scope.reach = max(scope.reach, end)
    return end


def _said(scope: Scope, start: int, end: int) -> str:
    return " ".join(token.text for token in scope.tokens[start:end]).replace(" ,", ",")
