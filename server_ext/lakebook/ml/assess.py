"""What a fitted model is worth: its scores beside the baselines', on the rows kept from all of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib.metadata import version as installed_version
from typing import Any

from lakebook.ml import simple_models
from lakebook.ml.evaluation.evaluate import evaluate
from lakebook.ml.fitted import FittedModel
from lakebook.ml.model_version import BaselineName, Candidate, CurvePoint, DatasetRef, EngineKey, TrainedModel
from lakebook.ml.scoring import Answers, compare, metric_name, metrics, verdict
from lakebook.ml.training_table import TrainingTable

PACKAGES: dict[EngineKey, str] = {"autogluon": "autogluon.tabular", "scikit-learn": "scikit-learn"}
# Shuffling columns may take so much of the time asked for, within these seconds.
SHARE, LEAST_SECONDS, MOST_SECONDS = 0.1, 3.0, 20.0


def trained(
    table: TrainingTable, fitted: FittedModel, tried: list[Candidate], notes: list[str], *, dataset: DatasetRef,
    curve: Sequence[CurvePoint], time_limit: float, seed: int, started: float, stopped: bool,
) -> TrainedModel:  # fmt: skip
    """Everything a training found, `started` seconds of the monotonic clock ago."""
    problem, unseen = table.problem, table.unseen
    answers = fitted.answers(unseen.features)
    interval, baselines = compare(problem, unseen.target, answers, _baselines(table, seed), seed)
    found = metrics(problem, unseen.target, answers)
    score = found[metric_name(problem)]
    seconds = 0.0 if stopped else min(MOST_SECONDS, max(LEAST_SECONDS, SHARE * time_limit))
    return TrainedModel(
        target_column=table.target, problem_type=problem.problem_type, problem_kind=problem.kind,
        classes=list(problem.classes), positive_class=problem.positive_class,
        engine=fitted.engine, engine_version=installed_version(PACKAGES[fitted.engine]),
        winner=tried[0].model, leaderboard=tried,
        dataset_id=dataset.dataset_id, dataset_name=dataset.name, dataset_version=dataset.version,
        features=table.features, excluded=table.excluded, input_example=table.example,
        metrics=found, score_metric=metric_name(problem), score=score, score_interval=interval,
        baselines=baselines, verdict=verdict(problem, score, interval, baselines, len(unseen)),
        rows_trained=len(table.seen), rows_held_out=len(unseen), rows_dropped=table.rows_dropped,
        notes=notes, findings=table.findings, split=table.split.facts, dataset_hash=table.dataset_hash,
        evaluation=evaluate(fitted, unseen, answers, problem, seconds=seconds, seed=seed),
        curve=list(curve), stopped_early=stopped,
        time_limit=time_limit, seed=seed, training_time_seconds=round(time.monotonic() - started, 3),
    )  # fmt: skip


def constant_score(table: TrainingTable, seed: int) -> float:
    """What always the same answer is worth on the rows never seen, which is known before anything is tried."""
    problem = table.problem
    model = simple_models.fit(simple_models.constant_model(problem, seed), table.seen.features, table.seen.target)
    answers = FittedModel("scikit-learn", model, problem.kind, len(problem.classes)).answers(table.unseen.features)
    return metrics(problem, table.unseen.target, answers)[metric_name(problem)]


def _baselines(table: TrainingTable, seed: int) -> dict[BaselineName, Answers]:
    """The answers of a constant, a linear model and a default LightGBM to the unseen rows, fitted on the rows seen."""
    rivals: dict[BaselineName, Any] = {
        "constant": simple_models.constant_model(table.problem, seed),
        "linear": simple_models.linear_model(table.seen.features, table.problem, seed),
        "lightgbm": simple_models.lightgbm_model(table.seen.features, table.problem, seed),
    }
    found: dict[BaselineName, Answers] = {}
    for name, rival in rivals.items():
        if rival is None:
            continue
        model = simple_models.fit(rival, table.seen.features, table.seen.target)
        fitted = FittedModel("scikit-learn", model, table.problem.kind, len(table.problem.classes))
        found[name] = fitted.answers(table.unseen.features)
    return found
