"""The quality score: 1 less its parts, which sum to exactly what is missing of 1.

With n rows, d of them repeats of an earlier row, c columns, r rejected rows and N = n - d, the parts are, in this
order and each at most what the ones before it left:

- missing values: 0.5 times the mean over the columns of min(1, missing / N)
- columns mostly empty: 0.2 times the share of the columns with more than N / 2 missing values
- duplicate rows: 0.3 times d / n
- rejected rows: r / (N + r)
- text with outer blanks: 0.1 times the mean over the columns of min(1, padded / N)

A repeated row adds to n and to d and leaves N as it was, so it thins out nothing: no part falls. A value lost adds to
one column's missing and to nothing else. So neither ever raises the score. (A value lost from a repeated row makes
that row unlike the others: it is then no repeat, and is judged as the row that it has become.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PLACES = 4


@dataclass(frozen=True)
class Counts:
    """What the score is made of; one number of missing and of padded values for each column."""

    rows: int
    duplicates: int
    rejected: int
    missing: Sequence[int]
    padded: Sequence[int]


def score_of(counts: Counts) -> tuple[float, list[tuple[str, float]]]:
    """The score (0 to 1, 4 places) and the parts that were taken off it, without those of 0.0000."""
    left, parts = 1.0, []
    exact = 0.0
    for what, taken in _parts(counts):
        exact += taken
        # Rounding what is left, not the part, lets the parts sum to what was taken.
        rest = round(max(0.0, 1.0 - exact), PLACES)
        if rest < left:
            parts.append((what, round(left - rest, PLACES)))
        left = rest
    return left, parts


def _parts(counts: Counts) -> list[tuple[str, float]]:
    if not counts.rows or not counts.missing:
        return [("no rows", 1.0)]
    distinct = max(1, counts.rows - counts.duplicates)
    columns = len(counts.missing)
    return [
        ("missing values", 0.5 * _mean_share(counts.missing, distinct)),
        ("columns mostly empty", 0.2 * sum(2 * missing > distinct for missing in counts.missing) / columns),
        ("duplicate rows", 0.3 * counts.duplicates / counts.rows),
        ("rejected rows", counts.rejected / (distinct + counts.rejected)),
        ("text with outer blanks", 0.1 * _mean_share(counts.padded, distinct)),
    ]


def _mean_share(counted: Sequence[int], rows: int) -> float:
    """From whole numbers, so that a greater count never gives a smaller share."""
    return sum(min(count, rows) for count in counted) / (rows * len(counted))
