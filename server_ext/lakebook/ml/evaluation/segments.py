"""For whom a model fails: the values and spans of a column on whose rows it scores worst."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from lakebook.ml.evaluation.records import Segment
from lakebook.ml.problem import Problem
from lakebook.ml.record import Interval
from lakebook.ml.scoring import Answers, losses

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

WORST, FEWEST_ROWS, LEAST_SHARE = 5, 20, 0.02
SPANS, VALUES = 4, 20
# Two-sided 95 % of the normal distribution.
Z = 1.96


def worst_segments(frame: pd.DataFrame, truth: np.ndarray, answers: Answers, problem: Problem) -> list[Segment]:
    """Up to five segments that score worse than all rows together, the surest first."""
    found = losses(problem, truth, answers)
    overall = _score(float(found.mean()), problem)
    sign = 1.0 if problem.kind == "regression" else -1.0
    ranked = []
    for name in frame.columns:
        for value, inside in _spans(frame[name]):
            rows = int(inside.sum())
            if rows < max(FEWEST_ROWS, LEAST_SHARE * len(frame)) or rows == len(frame):
                continue
            one = _segment(str(name), value, found[inside], problem)
            # By its better end, so that few rows with bad luck do not come first.
            nearer = one.interval[0] if sign > 0 else one.interval[1]
            if sign * (one.score - overall) > 0:
                ranked.append((sign * (nearer - overall), one))
    ranked.sort(key=lambda pair: (-pair[0], pair[1].column, pair[1].value))
    return [one for _, one in ranked[:WORST]]


def _segment(column: str, value: str, found: np.ndarray, problem: Problem) -> Segment:
    score, rows = _score(float(found.mean()), problem), len(found)
    bounds = _squares(found) if problem.kind == "regression" else _wilson(1.0 - float(found.mean()), rows)
    return Segment(column=column, value=value, rows=rows, score=score, interval=bounds)


def _score(mean: float, problem: Problem) -> float:
    return mean**0.5 if problem.kind == "regression" else 1.0 - mean


def _wilson(share: float, rows: int) -> Interval:
    """Wilson's interval of a share."""
    middle, base = share + Z**2 / (2 * rows), 1 + Z**2 / rows
    reach = Z * (share * (1 - share) / rows + Z**2 / (4 * rows**2)) ** 0.5
    return max(0.0, (middle - reach) / base), min(1.0, (middle + reach) / base)


def _squares(found: np.ndarray) -> Interval:
    """The interval of a root mean square, by the spread of the squares."""
    mean, reach = float(found.mean()), Z * float(found.std()) / len(found) ** 0.5
    return max(0.0, mean - reach) ** 0.5, (mean + reach) ** 0.5


def _spans(column: pd.Series) -> Iterator[tuple[str, np.ndarray]]:
    """The column's commonest words, or quarters of its numbers and times, and its gaps: rows that are inside."""
    import numpy as np

    gaps = column.isna().to_numpy()
    if gaps.any():
        yield "missing", gaps
    if column.dtype == object:
        for word in column.value_counts().index[:VALUES]:
            yield str(word), (column == word).to_numpy()
        return
    known = column[~gaps]
    if known.empty:
        return
    if known.nunique() <= SPANS:
        for value in sorted(known.unique()):
            yield _said(value), (column == value).to_numpy()
        return
    edges = np.unique(known.quantile(np.linspace(0, 1, SPANS + 1), interpolation="lower").to_numpy())
    for place, (low, high) in enumerate(pairwise(edges)):
        above = column >= low if place == 0 else column > low
        yield f"{_said(low)} to {_said(high)}", (above & (column <= high)).to_numpy()


def _said(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)[:19].removesuffix("T00:00:00")
