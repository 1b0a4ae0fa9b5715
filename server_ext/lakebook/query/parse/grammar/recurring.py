"""Parts of time that come again: Sundays, winters, hours of the day."""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.parse.grammar.stretches import When, year_at
from lakebook.query.parse.lexicon.time import MONTHS, SEASONS, WEEKDAYS, WEEKEND, WORKDAYS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Recurs


def recurring(s: Sentence, start: int) -> Iterator[tuple[int, When]]:
    yield from _weekdays(s, start)
    for length in (3, 2, 1):
        months = SEASONS.get(" ".join(token.fold for token in s.tokens[start : start + length]))
        if months is not None and start + length <= s.end:
            end = start + length
            if s.fold(end) == "(":
                end = next((place + 1 for place in range(end, s.end) if s.fold(place) == ")"), end)
            yield end, Recurs("month_of_year", months)
    months_said: list[int | str] = []
    place = start
    while s.fold(place) in MONTHS:
        months_said.append(MONTHS[s.fold(place)])
        if year_at(s, place + 1) is None and year_at(s, place + 2) is None:
            yield place + 1, Recurs("month_of_year", tuple(months_said))
        place = next(iter(s.words(place + 1, (", and", "and", ",", "or", ", or"))), place + 1)


def _weekdays(s: Sentence, start: int) -> Iterator[tuple[int, When]]:
    days: list[int | str] = []
    place = start
    while True:
        place = place + 1 if s.fold(place) in ("a", "on") else place
        day = WEEKDAYS.get(s.fold(place)) or WEEKDAYS.get(s.fold(place).removesuffix("s"))
        if day is None:
            break
        days.append(day)
        yield place + 1, Recurs("weekday", tuple(days))
        place = next(iter(s.words(place + 1, (", and", "and", ",", "or", ", or"))), place + 1)
    for end in s.words(start, WEEKEND):
        yield end, Recurs("weekday", ("Saturday", "Sunday"))
    for end in s.words(start, WORKDAYS):
        yield end, Recurs("weekday", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"))


def clock_hours(s: Sentence, start: int) -> Iterator[tuple[int, When]]:
    """ "after 6 pm", "before 9 o'clock", "between 9 and 12 o'clock"."""
    for at in s.words(start, ("after", "from", "since")):
        for end, hour in _hour(s, at):
            yield end, Recurs("hour", tuple(range(hour, 24)))
    for at in s.words(start, ("at",)):
        for end, hour in _hour(s, at):
            for last in s.words(end, ("or later", "or after", "and later", "onwards", "or any later")):
                yield last, Recurs("hour", tuple(range(hour, 24)))
    for at in s.words(start, ("before", "until")):
        for end, hour in _hour(s, at):
            yield end, Recurs("hour", tuple(range(hour)))
    for at in s.words(start, ("between", "from")):
        number = s.number(at)
        first = [(number[0], number[1])] if number and isinstance(number[1], int) else []
        for middle, begin in [*_hour(s, at), *first]:
            for end, last in _hour(s, middle + 1) if s.fold(middle) in ("and", "to") else ():
                if begin + 12 < last and number and middle == number[0]:
                    begin += 12  # "between 5 and 7 pm"
                if 0 <= begin < last:
                    yield end, Recurs("hour", tuple(range(begin, last)))


def _hour(s: Sentence, start: int) -> Iterator[tuple[int, int]]:
    number = s.number(start)
    if s.fold(start + 1) == ":" and number and isinstance(number[1], int) and number[1] <= 24:
        # The last minute of an hour closes it: from 12:00 to 12:59 is the hour after twelve.
        shift = {"00": 0, "59": 1}.get(s.fold(start + 2))
        if shift is not None:
            yield start + 3, number[1] + shift
    elif s.fold(start) in ("noon", "midday"):
        yield start + 1, 12
    elif number and isinstance(number[1], int) and 0 <= number[1] <= 24:
        for words, shift in (
            (("pm", "p m", "p . m .", "in the afternoon", "in the evening"), 12),
            (("am", "a m", "o'clock", "o’clock", "h", "hours", "in the morning"), 0),
        ):
            for end in s.words(number[0], words):
                yield end, number[1] % 12 + shift if shift else number[1]
