"""Stretches of the calendar: a year, a half, a quarter, a month, a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from lakebook.query.parse.lexicon.time import HALVES, MONTHS, QUARTERS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Lately, Recurs
from lakebook.query.reading import Period

When = Period | Recurs | Lately
Stretch = tuple[date, date]  # the first day, and the day after the last


_ORDINAL = ("st", "nd", "rd", "th")
_COUNTS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
}
_DAYS_IN_WORDS = {
    word: day for day, word in enumerate(("first", "second", "third", "fourth", "fifth", "sixth", "seventh"), 1)
}  # fmt: skip
_SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}


def stretches(s: Sentence, start: int) -> Iterator[tuple[int, Stretch]]:
    """A year, half, quarter, month or day at `start`."""
    if start >= s.end:
        return
    token = s.tokens[start]
    if token.kind == "day" and (day := iso_day(token.text)):
        yield start + 1, (day, day + timedelta(days=1))
    elif token.kind == "month" and (first := iso_day(f"{token.text}-01")):
        yield start + 1, month_of(first.year, first.month)
    elif (year := year_at(s, start)) is not None:
        yield start + 1, (date(year, 1, 1), date(year + 1, 1, 1))
    yield from _parts_of_year(s, start)
    yield from _month(s, start)
    yield from _days(s, start)


def _parts_of_year(s: Sentence, start: int) -> Iterator[tuple[int, Stretch]]:
    """ "the first quarter of 2011", "the second half of 2011", "the first three months of 2011", "winter 2012"."""
    named: list[tuple[int, int, int]] = []
    for length in (3, 2, 1):
        said = " ".join(token.fold for token in s.tokens[start : start + length])
        if said in _SEASON_STARTS:
            named.append((start + length, _SEASON_STARTS[said], 3))
        if said in QUARTERS:
            named.append((start + length, 3 * (QUARTERS[said] - 1) + 1, 3))
        if said in HALVES:
            named.append((start + length, 6 * (HALVES[said] - 1) + 1, 6))
    for at in s.words(start, ("first", "last")):
        number = _COUNTS.get(s.fold(at)) or (int(s.fold(at)) if s.fold(at).isdecimal() else None)
        if number and number <= 12 and s.fold(at + 1) == "months":
            named.append((at + 2, 1 if s.fold(start) == "first" else 13 - number, number))
    for end, month, length in named:
        place = next(iter(s.words(end, ("of the year", "of", "in"))), end)
        year = year_at(s, place)
        last = place + 1
        if year is None and length in (3, 6) and s.fold(start) not in _SEASON_STARTS:
            year, last = _only_year(s), end
        if year is not None:
            end_month = month_of(year, month + length - 1)
            yield _past_months(s, last), (date(year, month, 1), end_month[1])


def _only_year(s: Sentence) -> int | None:
    """The one year that the question names: "the first half of 2011 against the second half"."""
    years = {year for place in range(s.end) if (year := year_at(s, place)) is not None}
    return years.pop() if len(years) == 1 else None


def _past_months(s: Sentence, start: int) -> int:
    """The place after months in brackets, which say again what a season is: "summer 2015 (June to August)"."""
    if s.fold(start) not in ("(", ","):
        return start
    end = start + 1
    while s.fold(end) in MONTHS or s.fold(end) in ("to", "-", "–", "and", "until", "through"):
        end += 1
    bracketed = s.fold(start) == "("
    closed = s.fold(end) == ")" if bracketed else s.fold(end - 1) in MONTHS and s.fold(end - 2) not in MONTHS
    return end + bracketed if end > start + 1 and closed else start


def _month(s: Sentence, start: int) -> Iterator[tuple[int, Stretch]]:
    month = MONTHS.get(s.fold(start))
    if month is None:
        return
    place = next(iter(s.words(start + 1, ("of", ","))), start + 1)
    year = year_at(s, place)
    if year is not None:
        yield place + 1, month_of(year, month)


def _days(s: Sentence, start: int) -> Iterator[tuple[int, Stretch]]:
    place = start + 1 if s.fold(start) in ("the", "new") else start
    day = day_number(s, place)
    if day is not None:
        then = next(iter(s.words(place + 1, ("of",))), place + 1)
        if s.fold(then) in MONTHS:
            yield from _dated(s, then + 1, MONTHS[s.fold(then)], day)
    month = MONTHS.get(s.fold(start))
    at = start + 2 if s.fold(start + 1) == "the" else start + 1
    day = day_number(s, at)
    if month is not None and day is not None:
        yield from _dated(s, at + 1, month, day)
    if s.fold(start) == "christmas" and s.fold(start + 1) in ("eve", "day"):
        yield from _dated(s, start + 2, 12, 24 if s.fold(start + 1) == "eve" else 25)

    if s.fold(start) == "new" and s.fold(start + 1) in ("year's", "years") and s.fold(start + 2) in ("eve", "day"):
        yield from _dated(s, start + 3, *((12, 31) if s.fold(start + 2) == "eve" else (1, 1)))


def _dated(s: Sentence, start: int, month: int, day: int) -> Iterator[tuple[int, Stretch]]:
    place = next(iter(s.words(start, (",",))), start)
    year = year_at(s, place)
    found = iso_day(f"{year:04d}-{month:02d}-{day:02d}") if year is not None else None
    if found:
        yield place + 1, (found, found + timedelta(days=1))


def day_number(s: Sentence, place: int) -> int | None:
    text = s.fold(place)
    if text in _DAYS_IN_WORDS and s.fold(place + 1) == "of" and s.fold(place + 2) in MONTHS:
        return _DAYS_IN_WORDS[text]
    if text.endswith(_ORDINAL):
        text = text[:-2]
    return int(text) if text.isdecimal() and 1 <= int(text) <= 31 else None


def year_at(s: Sentence, place: int) -> int | None:
    if place >= s.end or s.tokens[place].kind != "number":
        return None
    text = s.tokens[place].text
    return int(text) if len(text) == 4 and text.isdecimal() and 1900 <= int(text) <= 2100 else None


def iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def month_of(year: int, month: int) -> Stretch:
    """The month as its first day and the day after its last."""
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
