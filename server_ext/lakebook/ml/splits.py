"""Which rows a training may see and which it is scored on: at random, by time or by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.errors import BadTarget, InvalidRequest
from lakebook.ml.model_version import SplitFacts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import polars as pl

HELD_OUT_SHARE = 0.2
# The rows that a training was not shown, in its model's folder.
HELD_OUT = "held_out.parquet"
# A share further off than this, as few rows may have by chance, is set right.
LEAST_SHARE, MOST_SHARE = 0.1, 0.3
# Spreads the seed over all bits of a hash (the constant of Knuth's multiplicative hashing).
SPREAD = 0x9E3779B97F4A7C15


@dataclass(frozen=True)
class SplitWish:
    """What was asked for: rows of the last times, or whole groups, are kept from the training; else rows at random."""

    time_column: str | None = None
    group_column: str | None = None

    def __post_init__(self) -> None:
        if self.time_column is not None and self.group_column is not None:
            raise InvalidRequest(
                "Rows are kept from the training either by time or by group.",
                hint="Give `time_column` or `group_column`, and not both.",
            )


AT_RANDOM = SplitWish()


@dataclass(frozen=True)
class Split:
    """Row numbers seen and unseen, in ascending order, and what is said of them."""

    seen: np.ndarray
    unseen: np.ndarray
    facts: SplitFacts


def row_hashes(frame: pd.DataFrame, seed: int) -> np.ndarray:
    """A 64-bit number for each row, out of its values alone: equal rows have equal ones wherever they stand."""
    import numpy as np
    import pandas as pd

    plain = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    mixed = (plain ^ np.uint64((seed * SPREAD) % 2**64)) * np.uint64(SPREAD)
    mixed ^= mixed >> np.uint64(32)
    spread: np.ndarray = mixed * np.uint64(SPREAD)
    return spread


def at_random(hashes: np.ndarray, classes: np.ndarray | None = None) -> Split:
    """A fifth of the rows by their hashes, of each class alike; rows that are equal stay together.

    A row's side depends on its hash alone wherever the shares come out right by themselves, so that it stays on its
    side when the table grows. Raises BadTarget where all rows of each class are the same.
    """
    import numpy as np

    codes = np.zeros(len(hashes), dtype=np.int64) if classes is None else classes
    units = [_Units(np.flatnonzero(codes == code), hashes) for code in np.unique(codes)]
    counts = [unit.natural() for unit in units]
    wanted = max(2, round(len(hashes) * LEAST_SHARE))
    while sum(unit.rows_of(count) for unit, count in zip(units, counts, strict=True)) < wanted:
        spare = [unit.spare(count) for unit, count in zip(units, counts, strict=True)]
        if max(spare) < 1:
            break
        counts[int(np.argmax(spare))] += 1
    unseen = np.sort(np.concatenate([unit.first(count) for unit, count in zip(units, counts, strict=True)]))
    if not len(unseen):
        raise BadTarget(
            "All rows of each class are the same: none can be kept to score a model on.",
            hint="Add rows, or columns that tell them apart.",
        )
    duplicates = len(hashes) - len(np.unique(hashes))
    return _split(len(hashes), unseen, SplitFacts(kind="random", rows=len(unseen), duplicates=duplicates))


def by_time(times: pl.Series, hashes: np.ndarray) -> Split:
    """The last fifth of the rows by time; rows of one time stay together, rows without one are seen."""
    import numpy as np

    if not (times.dtype.is_temporal() or times.dtype.is_numeric()):
        raise InvalidRequest(
            f"The column {times.name!r} holds no times: its values have no order in time.",
            hint="Name a column of dates, timestamps or numbers with `--time-column`.",
        )
    counts = times.drop_nulls().value_counts().sort(times.name)
    if counts.height < 2:
        raise InvalidRequest(
            f"The column {times.name!r} has fewer than two times: no later rows can be kept.",
            hint="Name another column with `--time-column`, or leave it out.",
        )
    later = counts["count"].reverse().cum_sum().reverse().to_numpy()[1:]
    first = int(np.argmin(np.abs(later - HELD_OUT_SHARE * times.len()))) + 1
    since = counts[times.name][first]
    unseen = np.flatnonzero((times >= since).fill_null(value=False).to_numpy())
    facts = SplitFacts(
        kind="time", column=times.name, rows=len(unseen), since=str(since),
        duplicates=len(hashes) - len(np.unique(hashes)),
    )  # fmt: skip
    return _split(len(hashes), unseen, facts)


def by_group(groups: pd.Series[str], hashes: np.ndarray, seed: int) -> Split:
    """About a fifth of the rows in whole groups, chosen by the hash of the group's name."""
    import numpy as np

    unit = _Units(np.arange(len(groups)), row_hashes(groups.to_frame(), seed))
    if len(unit.sizes) < 2:
        raise InvalidRequest(
            f"The column {groups.name!r} has one group only: none can be kept from the training.",
            hint="Name another column with `--group-column`, or leave it out.",
        )
    count = unit.natural()
    unseen = np.sort(unit.first(count) if count else unit.nearest())
    duplicates = len(hashes) - len(np.unique(hashes))
    facts = SplitFacts(kind="group", column=str(groups.name), rows=len(unseen), duplicates=duplicates)
    return _split(len(groups), unseen, facts)


class _Units:
    """Rows that belong together by their hash, in the order of the hashes."""

    def __init__(self, rows: np.ndarray, hashes: np.ndarray) -> None:
        import numpy as np

        self._hashes, inverse, self.sizes = np.unique(hashes[rows], return_inverse=True, return_counts=True)
        self._rows, self._unit = rows, inverse
        self._through = np.concatenate([[0], np.cumsum(self.sizes)])

    def natural(self) -> int:
        """How many units go unseen: those with a hash below the share, unless that is far off for so few."""
        import numpy as np

        total = int(self._through[-1])
        below = int(np.searchsorted(self._hashes, np.uint64(int(HELD_OUT_SHARE * 2**64))))
        if below < len(self.sizes) and LEAST_SHARE * total <= self._through[below] <= MOST_SHARE * total:
            return below
        return int(np.argmin(np.abs(self._through[:-1] - HELD_OUT_SHARE * total)))

    def spare(self, count: int) -> int:
        """How many more units could go unseen with one still seen."""
        return len(self.sizes) - 1 - count

    def rows_of(self, count: int) -> int:
        """How many rows the first units have."""
        return int(self._through[count])

    def first(self, count: int) -> np.ndarray:
        """The row numbers of the first units."""
        chosen: np.ndarray = self._rows[self._unit < count]
        return chosen

    def nearest(self) -> np.ndarray:
        """The row numbers of the one unit that is nearest to the share."""
        import numpy as np

        one = int(np.argmin(np.abs(self.sizes - HELD_OUT_SHARE * self._through[-1])))
        chosen: np.ndarray = self._rows[self._unit == one]
        return chosen


def _split(rows: int, unseen: np.ndarray, facts: SplitFacts) -> Split:
    import numpy as np

    return Split(np.setdiff1d(np.arange(rows), unseen), unseen, facts)
