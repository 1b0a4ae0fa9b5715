"""Several readings of one question whose answers are the same: nobody needs to choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook.errors import NotConnected, RefusedStatement, SeveralWays
from lakebook.query.read import Way, answered
from lakebook.query.same_result import columns_left_over
from lakebook.query.wording import wording

if TYPE_CHECKING:
    from lakebook.query.answer import Answer
    from lakebook.query.domain import Domain
    from lakebook.query.reading import Reading

MOST_READINGS = 4
SAME = "It can also be meant as: {}. The answer is the same."


def agreed(readings: Sequence[Reading], domain: Domain, way: Way) -> Answer | None:
    """The answer of the first reading, where every other one has the same rows; None where they differ.

    Rows that hold nothing tell nothing; a reading that cannot be asked leaves the choice to the person.
    """
    if not 1 < len(readings) <= MOST_READINGS:
        return None
    try:
        return _agreed(readings, domain, way)
    except (NotConnected, RefusedStatement, SeveralWays):
        return None


def _agreed(readings: Sequence[Reading], domain: Domain, way: Way) -> Answer | None:
    first = answered(readings[0], domain, way)
    rows = _rows(first)
    if first.truncated or all(value is None for row in rows for value in row):
        return None
    for reading in readings[1:]:
        other = answered(reading, domain, way)
        if other.truncated or columns_left_over(rows, _rows(other), ordered=bool(readings[0].order)) != 0:
            return None
    others = dict.fromkeys(wording(reading) for reading in readings[1:])
    return replace(first, notes=(*first.notes, SAME.format("; ".join(others))))


def _rows(answer: Answer) -> list[tuple[object, ...]]:
    return list(zip(*(column.to_pylist() for column in answer.arrow().columns), strict=True))
