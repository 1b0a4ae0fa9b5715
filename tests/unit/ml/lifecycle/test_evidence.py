"""Evidence: intervals that hold however often one looks, and what they say of rows that are still too few."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lakebook.ml.lifecycle.evidence import (
    DOUBT,
    Losses,
    difference,
    half_width,
    losses_of,
    paired_difference,
    rows_needed,
)  # fmt: skip


def test_losses_of_nothing_are_nothing() -> None:
    assert losses_of([], is_share=False) == Losses(0, 0.0, 0.0)
    assert half_width(1.0, 0) == math.inf
    assert difference(losses_of([], is_share=True), losses_of([1.0], is_share=True)) == (-math.inf, math.inf)


def test_a_share_that_was_never_wrong_is_not_beyond_doubt() -> None:
    found = losses_of([0.0] * 40, is_share=True)
    assert found.mean == 0.0
    assert found.variance > 0
    assert half_width(found.variance, 40) > 0.05


def test_the_interval_narrows_with_rows_and_is_wider_than_one_look_allows() -> None:
    widths = [half_width(0.25, rows) for rows in (50, 500, 5_000, 50_000)]
    assert widths == sorted(widths, reverse=True)
    for rows, width in zip((50, 500, 5_000, 50_000), widths, strict=True):
        once = 1.96 * math.sqrt(0.25 / rows)
        assert 1.2 * once < width < 3 * once


def test_a_clear_difference_is_seen_and_its_sign_is_the_others_lead() -> None:
    bad, good = losses_of([1.0, 0.0] * 200, is_share=True), losses_of(([1.0] + [0.0] * 9) * 40, is_share=True)
    low, high = difference(bad, good)
    assert 0 < low < 0.4 < high
    assert difference(good, bad) == pytest.approx((-high, -low))


def test_pairs_see_what_strangers_do_not() -> None:
    random = np.random.default_rng(3)
    base = random.normal(100.0, 30.0, 400)
    better = base - 2.0 + random.normal(0.0, 1.0, 400)
    apart = difference(losses_of(list(base), is_share=False), losses_of(list(better), is_share=False))
    assert apart[0] < 0 < apart[1]
    assert paired_difference(list(base - better))[0] > 0


def test_pairs_that_always_agree_are_not_beyond_doubt() -> None:
    assert paired_difference([0.0] * 50) == (0.0, 0.0)
    low, high = paired_difference([1.0] + [0.0] * 60)
    assert low < 0 < high


def test_looking_every_day_finds_no_winner_where_there_is_none() -> None:
    """Ordinary intervals would name a false winner in far more of these tests than one in twenty."""
    random = np.random.default_rng(11)
    runs, rows = 400, 2_000
    looks = np.arange(60, rows + 1, 20)
    sums = np.cumsum(random.random((2, runs, rows)) < 0.3, axis=2)[:, :, looks - 1]
    means = sums / looks
    shares = (sums + 1) / (looks + 2)
    spread = (shares * (1 - shares)).sum(axis=0)
    halves = np.array([half_width(1.0, 2 * int(look)) for look in looks]) * np.sqrt(2 * spread)
    lead = np.abs(means[0] - means[1])
    false_winners = (lead > halves).any(axis=1).mean()
    naive = (lead > 1.96 * np.sqrt(spread / looks)).any(axis=1).mean()
    assert false_winners <= DOUBT
    assert naive > 4 * DOUBT


def test_how_many_rows_would_tell() -> None:
    assert rows_needed(0.1, (-0.1, 0.3), 100) == 400
    assert rows_needed(0.0, (-0.1, 0.1), 100) is None
    assert rows_needed(0.1, (-math.inf, math.inf), 100) is None


def test_tiny_leads_are_as_doubtful_as_large_ones() -> None:
    large, tiny = paired_difference([1.0, 2.0, -1.0]), paired_difference([1e-200, 2e-200, -1e-200])
    assert [bound * 1e-200 for bound in large] == pytest.approx(list(tiny), rel=1e-9)
    assert paired_difference([5e-193])[0] < 0
    assert paired_difference([]) == (-math.inf, math.inf)
    assert paired_difference([0.0, 0.0]) == (0.0, 0.0)
