"""A key always meets the same version, shares come out as they were set, and evidence is symmetric."""

from __future__ import annotations

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from lakebook.ml.lifecycle.drift import chance_bound, stability_index
from lakebook.ml.lifecycle.evidence import difference, losses_of, paired_difference
from lakebook.ml.lifecycle.routing import Arm, arm_for, point_of

KEYS = 2_000
WEIGHTS = st.lists(st.integers(1, 100), min_size=2, max_size=5).map(lambda parts: [part / sum(parts) for part in parts])
LOSSES = st.lists(st.floats(0, 1e6), min_size=1, max_size=50)
COUNTS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=2, max_size=12)


def arms_of(weights: list[float]) -> list[Arm]:
    return [Arm(f"id{place}", f"m@{place}", weight) for place, weight in enumerate(weights)]


@given(weights=WEIGHTS, test_id=st.uuids().map(str), key=st.text(max_size=30))
def test_a_key_always_meets_the_same_version(weights: list[float], test_id: str, key: str) -> None:
    arms = arms_of(weights)
    assert {arm_for(arms, test_id, key).model_id for _ in range(3)} == {arm_for(arms, test_id, key).model_id}
    assert 0 <= point_of(test_id, key) < 1


@given(weights=WEIGHTS, test_id=st.uuids().map(str))
def test_shares_lie_within_binomial_bounds(weights: list[float], test_id: str) -> None:
    """Five standard deviations: one example in a million would fall outside."""
    arms = arms_of(weights)
    chosen = [arm_for(arms, test_id, f"key {number}").model_id for number in range(KEYS)]
    for arm in arms:
        spread = math.sqrt(KEYS * arm.weight * (1 - arm.weight))
        assert abs(chosen.count(arm.model_id) - KEYS * arm.weight) <= 5 * spread + 1


@given(first=st.floats(0.05, 0.95), second=st.floats(0.05, 0.95), test_id=st.uuids().map(str))
def test_a_changed_share_moves_keys_one_way_only(first: float, second: float, test_id: str) -> None:
    before, after = (arms_of([share, 1 - share]) for share in (first, second))
    moved = {
        (old, new)
        for number in range(300)
        if (old := arm_for(before, test_id, str(number)).model_id)
        != (new := arm_for(after, test_id, str(number)).model_id)
    }
    assert len(moved) <= 1


@given(control=LOSSES, other=LOSSES, doubt=st.floats(0.001, 0.05))
def test_a_lead_lies_in_its_interval_and_changes_its_sign_with_the_sides(
    control: list[float], other: list[float], doubt: float
) -> None:
    sides = [losses_of(values, is_share=False) for values in (control, other)]
    low, high = difference(sides[0], sides[1], doubt)
    lead = sides[0].mean - sides[1].mean
    assert low <= lead <= high
    swapped = difference(sides[1], sides[0], doubt)
    assert math.isclose(swapped[0], -high, abs_tol=1e-6)
    assert math.isclose(swapped[1], -low, abs_tol=1e-6)
    wider = difference(sides[0], sides[1], doubt / 2)
    assert wider[0] <= low
    assert high <= wider[1]


@given(leads=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60))
def test_few_pairs_never_decide_by_one_row(leads: list[float]) -> None:
    low, high = paired_difference(leads)
    assert low <= math.fsum(leads) / len(leads) <= high
    if len(leads) < 3 and any(leads):
        assert low < 0 < high


@given(counts=COUNTS, factor=st.integers(1, 20))
def test_the_stability_index_is_symmetric_and_nought_only_for_equal_shares(
    counts: list[tuple[int, int]], factor: int
) -> None:
    before, after = [one for one, _ in counts], [other for _, other in counts]
    assume(sum(before) and sum(after))
    index = stability_index(before, after)
    assert index >= -1e-12
    assert math.isclose(index, stability_index(after, before), abs_tol=1e-9)
    assert stability_index(before, before) == 0
    assert chance_bound(before, after, 1) >= 0
    assert chance_bound(before, after, 10) >= chance_bound(before, after, 1)
    many = [one * factor for one in before]
    assert chance_bound(many, after, 1) <= chance_bound(before, after, 1)
