"""A training ends registered with its figures, which everybody is told, or with the reason why not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from lakebook.call import JobSeat
from lakebook.errors import BadTarget, DiskFull, LakebookError, NotFound, Unavailable
from lakebook.ids import new_id
from lakebook.ml import simple_models, training
from lakebook.ml.mlflow_run import quiet_client
from lakebook.ml.model_version import DatasetRef, ModelVersion, TrainedModel
from lakebook.ml.requests import ModelRequest, TrainRequest
from lakebook.ml.verbs import prepare, show_model, train
from lakebook.runtime import Runtime
from lakebook.verb import wire
from tests.properties.in_process import call_of, fresh, ingested, nothing_waits, queue, work

NEEDED = {"binary": {"accuracy", "precision", "recall"}, "multiclass": {"accuracy", "precision", "recall"},
          "regression": {"rmse"}}  # fmt: skip
DATASET = DatasetRef(dataset_id="0190-dataset", name="table", version=3)
CLASSES = {"binary": ["no", "yes"], "multiclass": ["low", "mid", "high"]}

_ids: set[str] = set()


@pytest.fixture(scope="module", autouse=True)
def quick_engine() -> Iterator[None]:
    """Every engine learns a constant, no pictures are drawn, and MLflow's file need not survive a power cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook.ml.autogluon_engine.is_installed", lambda: False)
        for engine in ("boosted_model", "linear_model", "lightgbm_model"):
            patch.setattr(
                f"lakebook.ml.simple_models.{engine}",
                lambda _frame, problem, seed: simple_models.constant_model(problem, seed),
            )
        patch.setattr("lakebook.ml.registry.log_pictures", lambda _client, _model: None)
        event.listen(Engine, "connect", _no_sync)
        yield
        event.remove(Engine, "connect", _no_sync)


def _no_sync(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def table(runtime: Runtime, folder: Path, frame: pl.DataFrame) -> str:
    """The frame as a table; its name."""
    frame.write_parquet(folder / "learn.parquet")
    return str((ingested(runtime, folder / "learn.parquet").result or {})["name"])


def learnable(kind: str, rows: int, seed: int) -> pl.DataFrame:
    """Rows whose target `y` is of this kind, nulls among the features."""
    chance = random.Random(seed)
    amounts = [chance.uniform(-9, 9) for _ in range(rows)]
    words = CLASSES.get(kind, [])
    targets = [words[number % len(words)] for number in range(rows)] if words else [a / 3 + 0.5 for a in amounts]
    return pl.DataFrame(
        {
            "a": [None if chance.random() < 0.1 else amount + chance.gauss(0, 3) for amount in amounts],
            "b": [chance.choice(["é", "", None, "x"]) for _ in range(rows)],
            "y": targets,
        }
    )


def trained(runtime: Runtime, dataset: str, name: str) -> ModelVersion:
    """What the verb gives for a training, in a job's seat."""
    call, request = call_of(runtime), TrainRequest(dataset=dataset, target="y", name=name)
    call.job = JobSeat(new_id(), 1, prepare(call, request))
    return train(call, request)


# Feature: ai-analytics-platform, Property 19: Model registration. For any successfully completed AutoML run, the Platform should register the best model in MLflow with performance metrics (accuracy, precision, recall, or RMSE depending on problem type).
@given(kind=st.sampled_from(sorted(NEEDED)), rows=st.integers(24, 40), seed=st.integers(0, 2**32))
def test_a_completed_training_is_in_mlflow_with_its_metrics(
    runtime: Runtime, folder: Path, kind: str, rows: int, seed: int
) -> None:
    name = fresh("model")
    path = folder / "learn.parquet"
    learnable(kind, rows, seed).write_parquet(path)
    result = training.train(
        [str(path)], target="y", name=name, models=runtime.models, dataset=DATASET, workdir=folder, user_id="ada"
    )
    assert result.problem_kind == kind
    client = quiet_client(runtime.settings.models_address, runtime.settings.folder("models"))
    version = client.get_model_version(name, str(result.version))
    run = client.get_run(version.run_id)
    assert (run.info.run_id, run.info.status) == (result.mlflow_run_id, "FINISHED")
    assert run.data.metrics.keys() >= NEEDED[kind]
    for metric, value in result.metrics.items():
        assert run.data.metrics[metric] == value
    assert run.data.params["winner"] == result.winner == result.leaderboard[0].model


@pytest.fixture(scope="module")
def template(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> ModelVersion:
    """A registered model from which others are made."""
    nothing_waits(runtime)
    folder = tmp_path_factory.mktemp("template")
    return trained(runtime, table(runtime, folder, learnable("binary", 30, 0)), fresh("model"))


figures = st.dictionaries(
    st.sampled_from(("precision", "recall", "f1", "roc_auc", "log_loss")), st.floats(0, 1), min_size=1
)


# Feature: ai-analytics-platform, Property 20: Model response completeness. For any registered model, the Platform should return both the model identifier and accuracy metrics to the user.
@given(accuracy=st.floats(0, 1), more=figures)
def test_a_registered_model_is_told_with_id_and_metrics(
    runtime: Runtime, folder: Path, template: ModelVersion, accuracy: float, more: dict[str, float]
) -> None:
    metrics, name = {**more, "accuracy": accuracy}, fresh("model")
    plain = template.model_dump(include=set(TrainedModel.model_fields))
    found = TrainedModel.model_validate({**plain, "metrics": metrics, "score": accuracy})

    def register(_files: Any, *, models: Any, name: str, user_id: str, training_id: str, **_more: Any) -> ModelVersion:
        fitted = folder / fresh("fitted")
        fitted.mkdir()
        (fitted / "model.pkl").write_bytes(b"never loaded here")
        version: ModelVersion = models.register(found, fitted, name=name, user_id=user_id, training_id=training_id)
        return version

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook.ml.training.train", register)
        result = trained(runtime, template.dataset_name, name)
    assert result.model_id not in _ids
    _ids.add(result.model_id)
    told = wire(result).model_dump(mode="json")
    assert (told["model_id"], told["metrics"], told["score"]) == (result.model_id, metrics, accuracy)
    for reference in (name, f"{name}@{result.version}", result.model_id):
        shown = show_model(call_of(runtime), ModelRequest(model=reference))
        assert (shown.model_id, shown.metrics, shown.score) == (result.model_id, metrics, accuracy)


def unlearnable(reason: str, rows: int) -> pl.DataFrame:
    """A table from which its column `y` cannot be learned, for this reason."""
    count = 9 if reason == "at least 10 are needed" else rows
    targets = {
        "one value only": [1] * count,
        "is empty": [None] * count,
        "at least 10 are needed": [number % 2 for number in range(count)],
        "too many to tell apart": [f"é{number}" for number in range(count)],
        "cannot be predicted": [[number] for number in range(count)],
        "no column but": [number % 2 for number in range(count)],
    }[reason]
    features = {} if reason == "no column but" else {"a": list(range(count))}
    return pl.DataFrame({**features, "y": targets})


REASONS = ("one value only", "is empty", "at least 10 are needed", "too many to tell apart", "cannot be predicted",
           "no column but")  # fmt: skip
broken = st.builds(
    lambda kind, text: kind(f"because of {text}.", hint="Do this."),
    st.sampled_from((BadTarget, DiskFull, Unavailable)),
    st.text(st.characters(codec="utf-8"), max_size=20),
)
Faults = st.SearchStrategy[tuple[str, LakebookError | None]]
faults: Faults = st.one_of(
    st.sampled_from(REASONS).map(lambda reason: (reason, None)),
    broken.map(lambda error: (error.message, error)),
)  # fmt: skip


def failing(error: LakebookError | None) -> Callable[..., Any]:
    """An engine that raises this."""

    def fit(*_given: Any, **_named: Any) -> None:
        assert error is not None
        raise error

    return fit


# Feature: ai-analytics-platform, Property 21: AutoML failure handling. For any AutoML failure, the Platform should return an error response containing the failure reason.
@given(fault=faults, rows=st.integers(12, 40))
def test_a_failed_training_says_why(
    runtime: Runtime, folder: Path, template: ModelVersion, fault: tuple[str, LakebookError | None], rows: int
) -> None:
    reason, error = fault
    dataset = template.dataset_name if error else table(runtime, folder, unlearnable(reason, rows))
    name = fresh("model")
    job = queue(runtime, "train", TrainRequest(dataset=dataset, target="y", name=name))
    with pytest.MonkeyPatch.context() as patch:
        if error:
            patch.setattr("lakebook.ml.training._fit", failing(error))
        ended = work(runtime, job)
    assert ended.status == "failed"
    assert ended.failure is not None
    assert reason in str(ended.error_message)
    assert ended.failure["message"] == ended.error_message
    assert ended.failure["code"] == (error.code if error else "bad_target")
    assert ended.failure["hint"]
    with pytest.raises(NotFound):
        runtime.models.get(name)
