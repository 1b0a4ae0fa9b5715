"""What must hold between answers whatever the data are; each check says how two answers contradict each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lakebook.query.same_result import columns_left_over, plain

Row = Sequence[object]
Rows = Sequence[Row]

PARTS, FILTER, NEGATION, PARAPHRASE, ORDER, HEAD, BOUNDS = NAMES = (
    "parts sum to the whole",
    "a filter never raises a count",
    "what is and what is not are all",
    "other words, same answer",
    "order changes no row",
    "the top 5 begin the top 10",
    "the average lies between lowest and highest",
)  # fmt: skip
RELATIVE = 1e-9
Contradiction = Callable[[Sequence[Rows]], str | None]


@dataclass(frozen=True)
class Case:
    """Questions whose answers must agree, and what is wrong where they do not (None where nothing is)."""

    check: str
    questions: tuple[str, ...]
    contradiction: Contradiction


def parts_sum(answers: Sequence[Rows]) -> str | None:
    """The first answer is one number, the second its parts."""
    whole, parts = one_number(answers[0]), figures(answers[1])
    if whole is None or None in parts:
        return "an answer is no number"
    total = math.fsum(part for part in parts if part is not None)
    return None if near(whole, total) else f"the whole is {said(whole)}, its parts come to {said(total)}"


def never_more(answers: Sequence[Rows]) -> str | None:
    """Each answer is one number, none larger than the one before."""
    numbers = [one_number(answer) for answer in answers]
    for before, after in pairwise(numbers):
        if before is None or after is None:
            return "an answer is no number"
        if after > before and not near(before, after):
            return f"{said(before)} grew to {said(after)}"
    return None


def complement(answers: Sequence[Rows]) -> str | None:
    """All, those that are, those that are not, those without a value: missing ones may count as not being so."""
    numbers = [one_number(answer) for answer in answers]
    if None in numbers:
        return "an answer is no number"
    whole, is_so, is_not, missing = (number or 0.0 for number in numbers)
    if near(whole, is_so + is_not + missing) or near(whole, is_so + is_not):
        return None
    return (
        f"{said(is_so)} that are, {said(is_not)} that are not, {said(missing)} without a value; all are {said(whole)}"
    )


def same(answers: Sequence[Rows]) -> str | None:
    """Every answer has the rows of the first, in any order."""
    for answer in answers[1:]:
        if columns_left_over(answers[0], answer) is None and columns_left_over(answer, answers[0]) is None:
            return f"{len(answers[0]):,} and {len(answer):,} rows that differ"
    return None


def heads(answers: Sequence[Rows]) -> str | None:
    """The figures of the first answer are the first figures of the second; rows that tie may change places."""
    short, long = figures(answers[0]), figures(answers[1])
    if len(short) > len(long):
        return f"the shorter list has {len(short)} rows, the longer {len(long)}"
    pairs = zip(short, long, strict=False)
    differ = [n for n, (one, other) in enumerate(pairs, 1) if not _alike(one, other)]
    return f"place {differ[0]} differs" if differ else None


def between(answers: Sequence[Rows]) -> str | None:
    """Lowest, average, highest."""
    lowest, average, highest = (one_number(answer) for answer in answers)
    if lowest is None or average is None or highest is None:
        return "an answer is no number"
    inside = lowest <= average <= highest or near(lowest, average) or near(average, highest)
    return None if inside else f"{said(average)} is not between {said(lowest)} and {said(highest)}"


def one_number(rows: Rows) -> float | None:
    """The number of an answer of one row: its last number."""
    return figures(rows)[0] if len(rows) == 1 else None


def figures(rows: Rows) -> list[float | None]:
    """The last number of each row, zero where its last cell is empty: an empty part adds nothing."""
    return [_last_number([plain(value) for value in row]) for row in rows]


def _last_number(row: Sequence[object]) -> float | None:
    if row and row[-1] is None:
        return 0.0
    return next((value for value in reversed(row) if isinstance(value, float)), None)


def _alike(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and near(one, other))


def near(one: float, other: float) -> bool:
    """Whether two numbers differ by no more than reckoning may."""
    return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=RELATIVE)


def said(number: float) -> str:
    """A number for a sentence."""
    return f"{number:,.0f}" if number == round(number) else f"{number:,.6g}"
