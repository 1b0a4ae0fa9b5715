"""Train: from Parquet files and a target column to a registered model with an honest score."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lakebook.errors import InvalidRequest, JobCancelled, LeaseLost, MissingExtra
from lakebook.ids import new_id
from lakebook.ml import assess, autogluon_engine, simple_models
from lakebook.ml.fitted import FittedModel
from lakebook.ml.model_version import Candidate, CurvePoint, DatasetRef, ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.serving.prepare import prepare as prepare_serving
from lakebook.ml.splits import HELD_OUT
from lakebook.ml.training_profile import FILE as PROFILE
from lakebook.ml.training_profile import profile_of
from lakebook.ml.training_table import PLAIN, TrainingTable, Wish, prepare

Report = Callable[[float, str, dict[str, Any]], None]
LONGEST = 1800


class Curve:
    """Passes progress on, the baseline's score with it, and keeps the models' scores with their seconds."""

    def __init__(self, report: Report) -> None:
        self.points: list[CurvePoint] = []
        self.baseline: float | None = None
        self._report, self._began = report, time.monotonic()

    def __call__(self, fraction: float, message: str, facts: dict[str, Any]) -> None:
        """Say how far the training is."""
        if "best" in facts and "score" in facts:
            seconds = round(time.monotonic() - self._began, 3)
            self.points.append(CurvePoint(seconds=seconds, **{key: facts[key] for key in ("model", "score", "best")}))
        self._report(fraction, message, facts if self.baseline is None else {**facts, "baseline": self.baseline})


def train(
    files: Sequence[str],
    *,
    target: str,
    name: str,
    models: ModelStore,
    dataset: DatasetRef,
    workdir: Path,
    time_limit: float = 300.0,
    wish: Wish = PLAIN,
    gpus: int = 0,
    report: Report = lambda _fraction, _message, _facts: None,
    cancelled: Callable[[], bool] = lambda: False,
    lost: Callable[[], bool] = lambda: False,
    user_id: str = "local",
    training_id: str | None = None,
) -> ModelVersion:
    """Train within about `time_limit` seconds and register the winner as the newest version of `name`.

    Once `cancelled`, the best model so far is registered, marked `stopped_early`; where there is none yet, or where
    the job was `lost` to another, nothing is. Runs inside a job's process group, which holds the hard limits;
    `training_id` lets `ModelStore.trained_by` find what a job has already registered. Raises BadTarget,
    InvalidRequest, JobCancelled, LeaseLost.
    """
    started = time.monotonic()
    _check(time_limit)
    # Read when the first of these libraries is loaded: idle threads sleep, instead of taking the cores they wait for.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    name, curve = models.clean_name(name), Curve(report)
    curve(0.02, "reading the table", {})
    table = prepare(files, target, wish)
    folder = workdir / f"{training_id or 'training'}-{new_id()}.training"
    try:
        curve.baseline = assess.constant_score(table, wish.seed)
        curve(0.05, _said(table), {"rows": len(table.seen), "problem_type": table.problem.kind})
        fitted, tried, notes = _fit(table, folder / "model", time_limit, gpus, curve, cancelled, wish.seed)
        stopped = cancelled()
        if stopped:
            notes.append("The training was cancelled; this is the best model it had by then.")
        curve(0.85, "scoring on rows never seen", {})
        notes += _keep_beside(folder / "beside", table, fitted)
        trained = assess.trained(
            table, fitted, tried, notes, dataset=dataset, curve=curve.points, time_limit=time_limit, seed=wish.seed,
            started=started, stopped=stopped,
        )  # fmt: skip
        if lost():
            raise LeaseLost("Another worker has taken this training over.")
        curve(0.95, "registering the model", {"score": trained.score})
        registered = models.register(
            trained, folder / "model", name=name, user_id=user_id, training_id=training_id, beside=folder / "beside"
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    curve(1.0, registered.verdict, {"model_id": registered.model_id, "score": registered.score})
    return registered


def _check(time_limit: float) -> None:
    if not 1 <= time_limit <= LONGEST:
        raise InvalidRequest(
            f"A training cannot take {time_limit:g} seconds.", hint=f"Choose from 1 to {LONGEST} seconds."
        )
    if find_spec("sklearn") is None or find_spec("mlflow") is None:
        raise MissingExtra.named("The part that trains models", "ml")


def _said(table: TrainingTable) -> str:
    kinds = {"binary": "two classes", "multiclass": f"{len(table.problem.classes)} classes", "regression": "an amount"}
    return f"{table.target} is {kinds[table.problem.kind]}; learning from {len(table.seen):,} rows"


def _fit(
    table: TrainingTable, folder: Path, time_limit: float, gpus: int, report: Report,
    cancelled: Callable[[], bool], seed: int,
) -> tuple[FittedModel, list[Candidate], list[str]]:  # fmt: skip
    """The winner saved in `folder`, what was tried, and what there is to say about it."""
    problem = table.problem
    notes: list[str] = []
    folder.parent.mkdir(mode=0o700)
    if autogluon_engine.is_installed():
        found = autogluon_engine.fit(
            table.seen, problem, folder, validation=table.validation, time_limit=time_limit, gpus=gpus, report=report,
            cancelled=cancelled,
        )  # fmt: skip
        if found is not None:
            return FittedModel("autogluon", found[0], problem.kind, len(problem.classes)), found[1], notes
        notes.append("AutoGluon finished no model in the time given; scikit-learn's boosting serves instead.")
        shutil.rmtree(folder, ignore_errors=True)
    else:
        notes.append("AutoGluon is not installed; scikit-learn's boosting serves instead.")
    if cancelled():
        raise JobCancelled("The training was cancelled before it had a model.")
    began = time.monotonic()
    boosting = simple_models.boosted_model(table.seen.features, problem, seed)
    model = simple_models.fit(boosting, table.seen.features, table.seen.target)
    tried = Candidate(model="HistGradientBoosting", score=None, fit_seconds=time.monotonic() - began)
    report(0.8, "HistGradientBoosting is fitted", {"model": tried.model})
    fitted = FittedModel("scikit-learn", model, problem.kind, len(problem.classes))
    fitted.save(folder)
    return fitted, [tried], notes


def _keep_beside(folder: Path, table: TrainingTable, fitted: FittedModel) -> list[str]:
    """Keep what is sealed with the model: rows never seen, the profile of those seen, what serving prepares.

    Returns what is to be said of it: why AutoGluon's model could not be prepared.
    """
    import pyarrow.parquet as pq

    folder.mkdir(parents=True)
    pq.write_table(table.held_out, folder / HELD_OUT, compression="zstd")
    profile = profile_of(table.seen.features, table.features, fitted.answers(table.unseen.features))
    (folder / PROFILE).write_text(profile.model_dump_json())
    why_not = prepare_serving(fitted, folder, table.unseen.features)
    return [why_not] if why_not is not None and fitted.engine == "autogluon" else []
