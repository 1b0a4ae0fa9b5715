"""What a test of versions says: their scores, the leads with intervals that hold whenever one looks, and a winner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lakebook.ml.labels import compared
from lakebook.ml.lifecycle.answers import Answered
from lakebook.ml.lifecycle.evidence import (
    DOUBT,
    FEWEST,
    Losses,
    difference,
    half_width,
    losses_of,
    paired_difference,
    rows_needed,
)  # fmt: skip
from lakebook.ml.lifecycle.records import ArmResult, RouteResult
from lakebook.ml.lifecycle.routing import Arm, Route
from lakebook.ml.model_version import ProblemType
from lakebook.ml.record import Interval


def result_of(route: Route, problem: ProblemType, answers: Sequence[Answered], unknown_keys: int = 0) -> RouteResult:
    """The test's result so far; the first version is the one that the others are held against."""
    metric = "rmse" if problem == "regression" else "accuracy"
    losses = {arm.model_id: _losses(problem, answers, arm.model_id) for arm in (*route.arms, *route.shadows)}
    counts = {model_id: sum(one.model_id == model_id for one in answers) for model_id in losses}
    control = route.arms[0]
    rivals = len(route.arms) + len(route.shadows) - 1
    arms = [
        _arm(problem, arm, share, losses, counts[arm.model_id], control, max(1, rivals))
        for arm, share in [*((arm, arm.weight) for arm in route.arms), *((arm, None) for arm in route.shadows)]
    ]
    winner = _winner(arms)
    return RouteResult(
        name=route.name, state="ended" if route.ended_at else "running", since=route.created_at, metric=metric,
        arms=arms, winner=winner, unknown_keys=unknown_keys, words=_words(metric, arms, winner, unknown_keys),
    )  # fmt: skip


def loss(problem: ProblemType, prediction: Any, truth: Any) -> float | None:
    """How wrong an answer was: 0 or 1 for a class, the squared error for an amount; None where no number is told."""
    if problem == "regression":
        try:
            return (float(truth) - float(prediction)) ** 2
        except (TypeError, ValueError):
            return None
    return float(compared(prediction) != compared(truth))


def _losses(problem: ProblemType, answers: Sequence[Answered], model_id: str) -> dict[str, float]:
    found = {
        one.key: loss(problem, one.prediction, one.truth)
        for one in answers
        if one.model_id == model_id and one.truth is not None
    }
    return {key: value for key, value in found.items() if value is not None}


def _arm(
    problem: ProblemType, arm: Arm, share: float | None, losses: dict[str, dict[str, float]], answered: int,
    control: Arm, rivals: int,
) -> ArmResult:  # fmt: skip
    own, base, is_share = losses[arm.model_id], losses[control.model_id], problem == "classification"
    found = losses_of(list(own.values()), is_share=is_share)
    plain = ArmResult(
        reference=arm.reference, model_id=arm.model_id, share=share, answers=answered, outcomes=found.rows
    )
    if not found.rows:
        return plain
    update: dict[str, Any] = {"score": _score(problem, found.mean), "score_interval": _score_interval(problem, found)}
    if arm.model_id != control.model_id and base:
        lead = _lead(problem, share is None, own, base, DOUBT / rivals)
        if lead is not None:
            update |= {"lead": lead[0], "lead_interval": lead[1]}
    return plain.model_copy(update=update)


def _lead(
    problem: ProblemType, is_shadow: bool, own: dict[str, float], base: dict[str, float], doubt: float
) -> tuple[float, Interval] | None:
    """The lead over the control in the metric's unit, with its interval: paired where both answered the same keys."""
    is_share = problem == "classification"
    shared = sorted(own.keys() & base.keys())
    if is_shadow:
        if not shared:
            return None
        first, second = ([side[key] for key in shared] for side in (base, own))
        interval = paired_difference([one - other for one, other in zip(first, second, strict=True)], doubt)
    else:
        first, second = list(base.values()), list(own.values())
        interval = difference(losses_of(first, is_share=is_share), losses_of(second, is_share=is_share), doubt)
    means = [math.fsum(side) / len(side) for side in (first, second)]
    # A difference of root means is that of the means by the sum of the roots: the sign stays.
    unit = 1.0 if is_share else max(math.sqrt(means[0]) + math.sqrt(means[1]), 1e-300)
    return (means[0] - means[1]) / unit, (interval[0] / unit, interval[1] / unit)


def _score(problem: ProblemType, mean: float) -> float:
    return math.sqrt(mean) if problem == "regression" else 1.0 - mean


def _score_interval(problem: ProblemType, found: Losses) -> Interval:
    half = half_width(found.variance, found.rows)
    low, high = max(0.0, found.mean - half), found.mean + half
    return (math.sqrt(low), math.sqrt(high)) if problem == "regression" else (1.0 - min(1.0, high), 1.0 - low)


def _winner(arms: Sequence[ArmResult]) -> str | None:
    """The version that is better than the first beyond doubt, or the first where all others are worse beyond doubt."""
    control, *others = arms
    enough = [arm for arm in others if arm.lead_interval and min(arm.outcomes, control.outcomes) >= FEWEST]
    ahead = [arm for arm in enough if arm.lead_interval and arm.lead_interval[0] > 0]
    if ahead:
        return max(ahead, key=lambda arm: arm.lead or 0.0).reference
    behind = [arm for arm in enough if arm.lead_interval and arm.lead_interval[1] < 0]
    return control.reference if others and len(behind) == len(others) else None


def _words(metric: str, arms: Sequence[ArmResult], winner: str | None, unknown_keys: int) -> str:
    control, *others = arms
    asked = f" {unknown_keys:,} keys were never asked in this test." if unknown_keys else ""
    if not others:
        return f"{control.reference} answers alone.{asked}"
    if not any(arm.outcomes for arm in arms):
        return (
            f"No outcomes yet: {sum(arm.answers for arm in arms):,} answers wait for what comes true "
            f"(`models outcomes`).{asked}"
        )
    said = " ".join(_against(metric, control, arm) for arm in others)
    ending = f"The better one is {winner}." if winner else "No winner yet."
    return f"{ending} {said}{asked}"


def _against(metric: str, control: ArmResult, arm: ArmResult) -> str:
    if arm.lead is None or arm.lead_interval is None or arm.score is None or control.score is None:
        return f"{arm.reference} has no outcomes to compare."
    fewest = min(arm.outcomes, control.outcomes)
    figures = (
        f"{arm.reference}: {metric} {arm.score:.4g} on {arm.outcomes:,} outcomes, {control.reference}: "
        f"{control.score:.4g} on {control.outcomes:,}; lead {arm.lead:+.3g} "
        f"({arm.lead_interval[0]:+.3g} to {arm.lead_interval[1]:+.3g})."
    )
    if fewest < FEWEST:
        return f"{figures} At least {FEWEST} outcomes of each are needed."
    if arm.lead_interval[0] <= 0 <= arm.lead_interval[1]:
        needed = rows_needed(arm.lead, arm.lead_interval, arm.outcomes + control.outcomes)
        more = f" A difference of this size would take about {needed:,} outcomes to tell." if needed else ""
        return f"{figures} That may be chance.{more}"
    return figures
