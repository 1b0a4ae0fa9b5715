"""Train: from Parquet files and a target column to a registered model with an honest score."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version as installed_version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lakebook.errors import InvalidRequest, JobCancelled, MissingExtra
from lakebook.ids import new_id
from lakebook.ml import autogluon_engine, simple_models
from lakebook.ml.fitted import FittedModel
from lakebook.ml.model_version import BaselineName, Candidate, DatasetRef, EngineKey, ModelVersion, TrainedModel
from lakebook.ml.registry import ModelStore
from lakebook.ml.scoring import Answers, compare, metric_name, metrics, verdict
from lakebook.ml.training_table import TrainingTable, prepare

Report = Callable[[float, str, dict[str, Any]], None]
PACKAGES: dict[EngineKey, str] = {"autogluon": "autogluon.tabular", "scikit-learn": "scikit-learn"}


def train(
    files: Sequence[str],
    *,
    target: str,
    name: str,
    models: ModelStore,
    dataset: DatasetRef,
    workdir: Path,
    time_limit: float = 60.0,
    problem_type: str | None = None,
    report: Report = lambda _fraction, _message, _facts: None,
    cancelled: Callable[[], bool] = lambda: False,
    seed: int = 0,
    user_id: str = "local",
    training_id: str | None = None,
) -> ModelVersion:
    """Train within about `time_limit` seconds and register the winner as the newest version of `name`.

    Runs inside a job's process group, which holds the hard limits; `training_id` lets `ModelStore.trained_by` find
    what a job has already registered. Raises BadTarget, InvalidRequest, JobCancelled.
    """
    started = time.monotonic()
    _check(time_limit)
    # Read when the first of these libraries is loaded: idle threads sleep, instead of taking the cores they wait for.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    name = models.clean_name(name)
    report(0.02, "reading the table", {})
    table = prepare(files, target, problem_type=problem_type, seed=seed)
    folder = workdir / f"training-{new_id()}"
    try:
        report(0.05, _said(table), {"rows": len(table.seen), "problem_type": table.problem.kind})
        fitted, tried, notes = _fit(table, folder, time_limit, report, cancelled, seed)
        if cancelled():
            raise JobCancelled("The training was cancelled.")
        report(0.88, "scoring on rows never seen", {})
        trained = _score(table, fitted, tried, notes, dataset, time_limit, seed, started)
        report(0.95, "registering the model", {"score": trained.score})
        registered = models.register(trained, folder, name=name, user_id=user_id, training_id=training_id)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report(1.0, registered.verdict, {"model_id": registered.model_id, "score": registered.score})
    return registered


def _check(time_limit: float) -> None:
    if not 1 <= time_limit <= 1800:
        raise InvalidRequest(f"A training cannot take {time_limit:g} seconds.", hint="Choose from 1 to 1800 seconds.")
    if find_spec("sklearn") is None or find_spec("mlflow") is None:
        raise MissingExtra.named("The part that trains models", "ml")


def _said(table: TrainingTable) -> str:
    kinds = {"binary": "two classes", "multiclass": f"{len(table.problem.classes)} classes", "regression": "an amount"}
    return f"{table.target} is {kinds[table.problem.kind]}; learning from {len(table.seen):,} rows"


def _fit(
    table: TrainingTable, folder: Path, time_limit: float, report: Report, cancelled: Callable[[], bool], seed: int
) -> tuple[FittedModel, list[Candidate], list[str]]:
    """The winner saved in `folder`, what was tried, and what there is to say about it."""
    problem = table.problem
    notes: list[str] = []
    if autogluon_engine.is_installed():
        found = autogluon_engine.fit(
            table.seen, problem, folder, time_limit=time_limit, report=report, cancelled=cancelled
        )
        if found is not None:
            return FittedModel("autogluon", found[0], problem.kind, len(problem.classes)), found[1], notes
        notes.append("AutoGluon finished no model in the time given; scikit-learn's boosting serves instead.")
        shutil.rmtree(folder, ignore_errors=True)
    else:
        notes.append("AutoGluon is not installed; scikit-learn's boosting serves instead.")
    began = time.monotonic()
    boosting = simple_models.boosted_model(table.seen.features, problem, seed)
    model = simple_models.fit(boosting, table.seen.features, table.seen.target)
    tried = Candidate(model="HistGradientBoosting", score=None, fit_seconds=time.monotonic() - began)
    report(0.8, "HistGradientBoosting is fitted", {"model": tried.model})
    fitted = FittedModel("scikit-learn", model, problem.kind, len(problem.classes))
    fitted.save(folder)
    return fitted, [tried], notes


def _score(
    table: TrainingTable, fitted: FittedModel, tried: list[Candidate], notes: list[str],
    dataset: DatasetRef, time_limit: float, seed: int, started: float,
) -> TrainedModel:  # fmt: skip
    """What the winner is worth beside the baselines, on the rows kept from all of them."""
    problem, unseen = table.problem, table.unseen
    answers = fitted.answers(unseen.features)
    interval, baselines = compare(problem, unseen.target, answers, _baselines(table, seed), seed)
    found = metrics(problem, unseen.target, answers)
    score = found[metric_name(problem)]
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
        notes=notes,
        time_limit=time_limit, seed=seed, training_time_seconds=round(time.monotonic() - started, 3),
    )  # fmt: skip


def _baselines(table: TrainingTable, seed: int) -> dict[BaselineName, Answers]:
    """The constant's and the linear model's answers to the unseen rows, fitted on the rows seen."""
    rivals: dict[BaselineName, Any] = {
        "constant": simple_models.constant_model(table.problem, seed),
        "linear": simple_models.linear_model(table.seen.features, table.problem, seed),
    }
    found: dict[BaselineName, Answers] = {}
    for name, rival in rivals.items():
        model = simple_models.fit(rival, table.seen.features, table.seen.target)
        fitted = FittedModel("scikit-learn", model, table.problem.kind, len(table.problem.classes))
        found[name] = fitted.answers(table.unseen.features)
    return found
