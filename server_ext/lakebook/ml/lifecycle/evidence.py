"""How sure a difference is, however often it is looked at: intervals that hold at every moment of a running test.

An ordinary 95 % interval holds once; whoever looks every day and stops at the first that excludes nothing is wrong far
more often. These are the asymptotic confidence sequences of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas
(2024, "Time-uniform central limit theory and asymptotic confidence sequences").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lakebook.ml.record import Interval

DOUBT = 0.05
# The sequence is narrowest around so many rows.
TUNED_FOR = 500
# Below so many outcomes of a version, nothing is said of it.
FEWEST = 30


@dataclass(frozen=True)
class Losses:
    """How wrong answers were: their number, the mean loss, and its variance from row to row."""

    rows: int
    mean: float
    variance: float


def losses_of(values: Sequence[float], *, is_share: bool) -> Losses:
    """The losses of some rows; `is_share` where each is 0 or 1, whose variance is then never taken as 0."""
    rows = len(values)
    mean = math.fsum(values) / rows if rows else 0.0
    if is_share:
        share = (math.fsum(values) + 1) / (rows + 2)
        return Losses(rows, mean, share * (1 - share))
    return Losses(rows, mean, math.fsum((value - mean) ** 2 for value in values) / max(1, rows - 1))


def half_width(variance: float, rows: int, doubt: float = DOUBT) -> float:
    """Half the width of the sequence at so many rows, for a mean of values of this variance."""
    if rows == 0:
        return math.inf
    wanted = -2 * math.log(doubt)
    spread = (wanted + math.log(wanted) + 1) / TUNED_FOR
    grown = rows * spread + 1
    return math.sqrt(variance) * math.sqrt(2 * grown / (rows**2 * spread) * math.log(math.sqrt(grown) / doubt))


def difference(control: Losses, other: Losses, doubt: float = DOUBT) -> Interval:
    """What the other version's mean loss is below the control's, of different rows: positive when it is better."""
    if not control.rows or not other.rows:
        return -math.inf, math.inf
    rows = control.rows + other.rows
    variance = rows * (control.variance / control.rows + other.variance / other.rows)
    half, lead = half_width(variance, rows, doubt), control.mean - other.mean
    return lead - half, lead + half


def paired_difference(leads: Sequence[float], doubt: float = DOUBT) -> Interval:
    """The same of two versions that answered the same rows, from each row's difference of losses."""
    if not leads:
        return -math.inf, math.inf
    # In shares of the largest, or the squares of tiny leads would be nought.
    largest = max(map(abs, leads), default=0.0)
    found = losses_of([lead / (largest or 1.0) for lead in leads], is_share=False)
    # Rows on which both always agree know no doubt: one disagreement more each way is thought to them.
    variance = (found.variance * max(1, found.rows - 1) + 2.0 * bool(largest)) / max(1, found.rows)
    half = half_width(variance, found.rows, doubt)
    return (found.mean - half) * largest, (found.mean + half) * largest


def rows_needed(lead: float, interval: Interval, rows: int) -> int | None:
    """About how many rows would tell a difference of this size from none; None for no difference."""
    half = (interval[1] - interval[0]) / 2
    if not lead or not math.isfinite(half) or not rows:
        return None
    return math.ceil(rows * (half / abs(lead)) ** 2)
