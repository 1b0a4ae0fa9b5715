"""How far a column's distribution moved, by the population stability index over two histograms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

Bins = Sequence[Sequence[float]]

FEWEST_VALUES = 100
EMPTY_SHARE = 1e-4


def stability_index(before: Bins, after: Bins) -> float | None:
    """0 for equal distributions, above 0.25 for moved ones; None where there are too few values to say.

    Bins are lower bound, upper bound, count. The finer histogram is poured into the coarser one's bins, with what
    lies outside of them in two bins of its own: the other way a range grown by one far value would look like a move.
    """
    if min(_total(before), _total(after)) < FEWEST_VALUES:
        return None
    coarse = max((before, after), key=lambda bins: bins[0][1] - bins[0][0])
    edges = [-math.inf, *(bin_[0] for bin_ in coarse), coarse[-1][1], math.inf]
    index = 0.0
    for was, became in zip(_shares(before, edges), _shares(after, edges), strict=True):
        index += (became - was) * math.log(became / was)
    return index


def _total(bins: Bins) -> float:
    return sum(count for _, _, count in bins)


def _shares(bins: Bins, edges: Sequence[float]) -> list[float]:
    counts = [sum(_within(bin_, low, high) for bin_ in bins) for low, high in pairwise(edges)]
    total = sum(counts)
    return [max(count / total, EMPTY_SHARE) for count in counts]


def _within(bin_: Sequence[float], low: float, high: float) -> float:
    """How many of a bin's values lie from `low` to `high`, taken as evenly spread; a bin of one value lies whole."""
    begin, end, count = bin_
    if begin == end:
        return count if low <= begin < high else 0.0
    return count * max(0.0, min(end, high) - max(begin, low)) / (end - begin)
