"""Whether a distribution moved, seen from two histograms whose bins differ."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from lakebook.profile.compare import compare
from lakebook.profile.shift import stability_index


def histogram(values: Sequence[float], bins: int = 20) -> list[tuple[float, float, int]]:
    """Bins of equal width, as the native pass makes them."""
    low, high = min(values), max(values)
    width = (high - low) / bins
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int((value - low) / width)) if width else 0] += 1
    return [(low + width * at, low + width * (at + 1), count) for at, count in enumerate(counts)]


def normal(mean: float, spread: float, seed: int, count: int = 5_000) -> list[float]:
    """Values around a mean, the same for the same seed."""
    drawn = random.Random(seed)  # Not for secrets.
    return [drawn.gauss(mean, spread) for _ in range(count)]


def test_equal_distributions_have_not_moved() -> None:
    same = histogram(normal(0, 1, 1))
    assert stability_index(same, same) == 0.0
    again = stability_index(same, histogram(normal(0, 1, 2)))
    assert again is not None
    assert again < 0.1


@pytest.mark.parametrize(("mean", "spread"), [(1, 1), (0, 3), (100, 1)], ids=["shifted", "wider", "elsewhere"])
def test_other_distributions_have(mean: float, spread: float) -> None:
    before, after = histogram(normal(0, 1, 1)), histogram(normal(mean, spread, 2))
    for pair in ((before, after), (after, before)):
        index = stability_index(*pair)
        assert index is not None
        assert index > 0.25


def test_one_far_value_is_no_move() -> None:
    values = normal(0, 1, 1)
    index = stability_index(histogram(values), histogram([*values, 1_000.0]))
    assert index is not None
    assert index < 0.1


@pytest.mark.parametrize("few", [[], [(0.0, 1.0, 99)]])
def test_too_few_values_say_nothing(few: list[tuple[float, float, int]]) -> None:
    assert stability_index(few, histogram(normal(0, 1, 1))) is None
    assert stability_index(histogram(normal(0, 1, 1)), few) is None


def test_a_single_value_is_a_distribution_too() -> None:
    assert stability_index([(5.0, 5.0, 200)], [(5.0, 5.0, 300)]) == 0.0


def test_a_moved_distribution_and_more_distinct_values_are_changes() -> None:
    column = {"name": "a", "data_type": "DOUBLE", "null_percentage": 0.0, "mean": 0.0, "std_dev": 1.0,
              "top_values": []}  # fmt: skip
    old = {**column, "unique_count": 10, "histogram": histogram(normal(0, 1, 1))}
    new = {**column, "unique_count": 20, "histogram": histogram(normal(0, 3, 2))}
    found = compare({"row_count": 1, "columns": [old]}, {"row_count": 1, "columns": [new]})
    assert [change["kind"] for change in found] == ["distribution_shift", "distinct_changed"]
    assert found[1]["description"] == "10 distinct values became 20."
