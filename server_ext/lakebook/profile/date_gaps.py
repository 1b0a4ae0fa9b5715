"""Days that are missing from a series of dates, where there is a beat that they are missing from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

FEWEST_DAYS = 14
# A series lacks some of its days; where more of them are missing than that, it never was one.
LEAST_PRESENT = 0.8
SHOWN = 5
WEEK = 7


def date_gaps(days: Sequence[date]) -> dict[str, Any] | None:
    """The beat (`daily`, `working days` or `weekly`), how many of its days are missing, and the longest gaps.

    `days` are distinct. None where they have no beat; `missing` is 0 where none is lacking.
    """
    known = sorted(days)
    if len(known) < FEWEST_DAYS:
        return None
    beat, expected = _beat(known)
    missing = sorted(set(expected) - set(known))
    if len(known) < LEAST_PRESENT * (len(known) + len(missing)):
        return None
    gaps = sorted(_runs(missing, expected), key=lambda gap: (-gap[2], gap[0]))
    return {"beat": beat, "missing": len(missing),
            "gaps": [[first.isoformat(), last.isoformat(), count] for first, last, count in gaps[:SHOWN]]}  # fmt: skip


def _beat(known: list[date]) -> tuple[str, list[date]]:
    first, last = known[0], known[-1]
    weekdays = Counter(day.weekday() for day in known)
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if len(weekdays) == 1:
        return "weekly", every[::WEEK]
    # A weekday that (almost) never occurs is a day of rest, and no gap.
    usual = {weekday for weekday, count in weekdays.items() if count * 5 >= max(weekdays.values())}
    return ("daily" if len(usual) == WEEK else "working days"), [day for day in every if day.weekday() in usual]


def _runs(missing: list[date], expected: list[date]) -> list[tuple[date, date, int]]:
    place = {day: number for number, day in enumerate(expected)}
    runs: list[list[date]] = []
    for day in missing:
        if runs and place[day] == place[runs[-1][-1]] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [(run[0], run[-1], len(run)) for run in runs]
