"""Scores on rows never seen: metrics, 95 % bootstrap intervals, and the verdict in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.ml.evaluation.calibration import calibration, calibration_error
from lakebook.ml.model_version import Baseline, BaselineName, Interval
from lakebook.ml.problem import Problem

if TYPE_CHECKING:
    import numpy as np

REPLICATES = 1000
# Large tables need fewer replicates for the same steadiness and would take minutes with all.
DRAWS = 20_000_000


@dataclass(frozen=True)
class Answers:
    """A model's answers: amounts, or class codes with probabilities (rows x classes)."""

    predicted: np.ndarray
    probabilities: np.ndarray | None = None


def metric_name(problem: Problem) -> str:
    """The metric a model is judged by: accuracy (higher is better) or rmse (lower is better)."""
    return "rmse" if problem.kind == "regression" else "accuracy"


def metrics(problem: Problem, truth: np.ndarray, answers: Answers) -> dict[str, float]:
    """Every metric of the problem by name; those that these rows leave undefined are left out."""
    found = _amount_metrics(truth, answers) if problem.kind == "regression" else _class_metrics(problem, truth, answers)
    return {name: float(value) for name, value in found.items() if value == value}


def _amount_metrics(truth: np.ndarray, answers: Answers) -> dict[str, float]:
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    return {
        "rmse": root_mean_squared_error(truth, answers.predicted),
        "mae": mean_absolute_error(truth, answers.predicted),
        "r2": r2_score(truth, answers.predicted) if len(truth) > 1 else float("nan"),
    }


def _class_metrics(problem: Problem, truth: np.ndarray, answers: Answers) -> dict[str, float]:
    import numpy as np
    from sklearn import metrics as score

    codes = list(range(len(problem.classes)))
    binary = problem.kind == "binary"
    precision, recall, f1, _ = score.precision_recall_fscore_support(
        truth, answers.predicted, labels=[1] if binary else codes, average="macro", zero_division=0.0
    )
    recalls = [float((answers.predicted[truth == code] == code).mean()) for code in np.unique(truth)]
    found = {
        "accuracy": float((truth == answers.predicted).mean()),
        "balanced_accuracy": float(np.mean(recalls)),
        "precision": precision,
        "recall": recall,
        "f1": f1,
    }
    if answers.probabilities is not None:
        found["calibration_error"] = calibration_error(calibration(truth, answers.probabilities))
        found["log_loss"] = score.log_loss(truth, answers.probabilities, labels=codes)
        if binary and len(np.unique(truth)) == 2:
            found["roc_auc"] = score.roc_auc_score(truth, answers.probabilities[:, 1])
    return found


def replicate_scores(problem: Problem, truth: np.ndarray, rivals: Sequence[Answers], seed: int) -> np.ndarray:
    """The metric on resampled rows, rivals x replicates; every rival meets the same rows."""
    import numpy as np

    random = np.random.default_rng(seed)
    each = np.stack([losses(problem, truth, rival) for rival in rivals])
    replicates = int(np.clip(DRAWS // len(truth), 200, REPLICATES))
    means = np.empty((len(rivals), replicates))
    for i in range(replicates):
        means[:, i] = each[:, random.integers(len(truth), size=len(truth))].mean(axis=1)
    return np.sqrt(means) if problem.kind == "regression" else 1.0 - means


def losses(problem: Problem, truth: np.ndarray, answers: Answers) -> np.ndarray:
    """What each row adds to the score: its squared error, or 1 where the class is wrong."""
    import numpy as np

    if problem.kind == "regression":
        return np.asarray(np.square(truth - answers.predicted), dtype=np.float64)
    return np.asarray(truth != answers.predicted, dtype=np.float64)


def interval(values: np.ndarray) -> Interval:
    """The middle 95 % of the values."""
    import numpy as np

    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def compare(
    problem: Problem, truth: np.ndarray, winner: Answers, baselines: dict[BaselineName, Answers], seed: int
) -> tuple[Interval, list[Baseline]]:
    """The winner's score interval and each baseline beside it; beaten when the lead's whole interval is above 0."""
    scores = replicate_scores(problem, truth, [winner, *baselines.values()], seed)
    name, sign = metric_name(problem), -1.0 if problem.kind == "regression" else 1.0
    own = metrics(problem, truth, winner)[name]
    compared = []
    for (baseline, answers), replicated in zip(baselines.items(), scores[1:], strict=True):
        found = metrics(problem, truth, answers)
        lead = interval(sign * (scores[0] - replicated))
        compared.append(
            Baseline(
                name=baseline, metrics=found, score=found[name],
                score_interval=own_interval(problem, found[name], len(truth), replicated),
                difference=sign * (own - found[name]), difference_interval=lead, beaten=lead[0] > 0,
            )
        )  # fmt: skip
    return own_interval(problem, own, len(truth), scores[0]), compared


def own_interval(problem: Problem, score: float, rows: int, replicated: np.ndarray) -> Interval:
    """The score's interval; where no row or every row was wrong, resampling knows no doubt and the exact bound does."""
    if problem.kind != "regression" and score in (0.0, 1.0):
        bound = 0.025 ** (1.0 / rows)
        return (bound, 1.0) if score == 1.0 else (0.0, 1.0 - bound)
    return interval(replicated)


def verdict(problem: Problem, score: float, score_interval: Interval, baselines: Sequence[Baseline], rows: int) -> str:
    """One sentence on whether the winner is worth having."""
    low, high = score_interval
    name = metric_name(problem)
    figures = f"{name} {score:.4g} ({low:.4g} to {high:.4g}) on {rows:,} rows never seen"
    words = {"constant": "always the same answer", "linear": "a linear model", "lightgbm": "LightGBM as it comes"}
    beaten = [f"{words[b.name]} ({b.score:.4g})" for b in baselines if b.beaten]
    others = [f"{words[b.name]} ({b.score:.4g})" for b in baselines if not b.beaten]
    if not others:
        return f"Better than the baseline: {figures}, against {' and '.join(beaten)}."
    if not beaten:
        return f"No better than the baseline: {figures}, against {' and '.join(others)}."
    return f"Better than {' and '.join(beaten)}, but no better than the baseline of {' and '.join(others)}: {figures}."
