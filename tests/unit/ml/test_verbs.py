"""The verbs over models, with a catalogue of one table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call, JobSeat
from lakebook.errors import BadTarget, InvalidRequest, JobCancelled, NotFound
from lakebook.ids import new_id
from lakebook.ml import verbs
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.requests import ModelRequest, ModelsRequest, PredictRequest, TrainRequest
from lakebook.ml.serving.predictor import Predictors

ToParquet = Callable[[pl.DataFrame], list[str]]


class OneTable:
    """A catalogue and a lake that hold the survivors as `passengers`, version 4."""

    def __init__(self, file: str, columns: list[str]) -> None:
        self.file, self.columns = file, columns

    def row(self, reference: str) -> dict[str, Any]:
        if reference not in ("passengers", "0190-dataset"):
            raise NotFound.named("dataset", reference, ["passengers"])
        return {"dataset_id": "0190-dataset", "name": "passengers", "version": 4, "layer": "bronze"}

    def profile(self, dataset_id: str, version: int) -> Any:
        columns = [SimpleNamespace(name=name, date_gaps=None, unique_count=1) for name in self.columns]
        return SimpleNamespace(columns=columns, row_count=120)

    def files(self, row: dict[str, Any], version: int | None = None) -> tuple[str, ...]:
        assert (row["dataset_id"], version or row["version"]) == ("0190-dataset", 4)
        return (self.file,)


class NoJobs:
    """A queue that holds one job, when it was given one."""

    held: dict[str, Any] | None = None

    def row(self, job_id: str) -> dict[str, Any]:
        if self.held is None:
            raise NotFound.named("job", job_id, [])
        return self.held


@pytest.fixture
def audited() -> list[tuple[str, str, dict[str, Any]]]:
    """What was audited."""
    return []


@pytest.fixture(autouse=True)
def no_lineage(monkeypatch: pytest.MonkeyPatch) -> None:
    """This runtime has no database to keep a model's lineage in."""
    monkeypatch.setattr("lakebook.ml.lifecycle.lineage.made", lambda *_given: None)


@pytest.fixture
def call(
    store: ModelStore, predictors: Predictors, survivors: pl.DataFrame, to_parquet: ToParquet, tmp_path: Path,
    audited: list[Any],
) -> Call:  # fmt: skip
    """A call of Ada's."""
    table = OneTable(to_parquet(survivors)[0], survivors.columns)
    runtime: Any = SimpleNamespace(
        catalog=table,
        files=table.files,
        models=store,
        predictors=predictors,
        settings=SimpleNamespace(folder=lambda name: tmp_path / name, engine="", train_seconds=1800.0),
        jobs=NoJobs(),
        audit=SimpleNamespace(record=lambda _call, *what: audited.append(what)),
    )
    return Call(runtime, Principal("ada"))


def test_a_request_is_checked_and_its_table_pinned_before_the_job(call: Call) -> None:
    request = TrainRequest(dataset="passengers", target="SURVIVED")
    assert verbs.prepare(call, request) == {
        "title": "passengers_survived", "dataset_id": "0190-dataset", "dataset_version": 4,
        "dataset_name": "passengers",
    }  # fmt: skip
    assert (request.target, request.name) == ("survived", "passengers_survived")


def test_what_cannot_be_trained_is_refused_before_the_job(call: Call) -> None:
    with pytest.raises(BadTarget, match="no column 'survive'"):
        verbs.prepare(call, TrainRequest(dataset="passengers", target="survive"))
    with pytest.raises(NotFound):
        verbs.prepare(call, TrainRequest(dataset="passenger", target="survived"))
    with pytest.raises(InvalidRequest):
        verbs.prepare(call, TrainRequest(dataset="passengers", target="survived", name="a@b"))


def test_train_registers_once_however_often_its_job_is_run(
    call: Call, monkeypatch: pytest.MonkeyPatch, audited: list[Any], tmp_path: Path
) -> None:
    monkeypatch.setattr("lakebook.ml.autogluon_engine.is_installed", lambda: False)
    told: list[str] = []
    call.report_to = lambda _fraction, message, _facts: told.append(message)
    request = TrainRequest(dataset="passengers", target="survived", name="by verb", time=5)
    call.job = JobSeat(new_id(), 1, verbs.prepare(call, request))
    (tmp_path / "tmp").mkdir()
    model = verbs.train(call, request)
    assert (model.name, model.version, model.user_id, model.time_limit) == ("by verb", 1, "ada", 5)
    assert (model.dataset_id, model.dataset_name, model.dataset_version) == ("0190-dataset", "passengers", 4)
    assert told[-1] == model.verdict
    assert audited == [("train", f"model:{model.model_id}", {"name": "by verb", "version": 1})]
    assert verbs.train(call, request) == model
    assert len(call.runtime.models.show("by verb")) == 1


def test_a_cancelled_training_ends_as_cancelled_and_names_its_model(
    call: Call, monkeypatch: pytest.MonkeyPatch, boosted: ModelVersion, audited: list[Any]
) -> None:
    early = boosted.model_copy(update={"stopped_early": True, "name": "half", "version": 3})
    asked: list[dict[str, Any]] = []

    def train(_files: Any, **given: Any) -> ModelVersion:
        asked.append(given)
        return early

    monkeypatch.setattr("lakebook.ml.training.train", train)
    request = TrainRequest(dataset="passengers", target="survived", name="half", time=1800, keep=["AGE"], gpus=1)
    call.job = JobSeat(new_id(), 2, verbs.prepare(call, request))
    with pytest.raises(JobCancelled, match="registered as half@3") as ended:
        verbs.train(call, request)
    assert ended.value.details["model_id"] == early.model_id
    assert audited[-1] == ("train", f"model:{early.model_id}", {"name": "half", "version": 3})
    given = asked[0]
    assert (given["time_limit"], given["gpus"], given["wish"].keep) == (0.8 * 1800, 1, ("age",))
    assert given["lost"]() is False
    for held, lost in (
        ({"lease_epoch": 2, "status": "processing"}, False),
        ({"lease_epoch": 3, "status": "processing"}, True),
        ({"lease_epoch": 2, "status": "cancelled"}, True),
    ):
        monkeypatch.setattr(NoJobs, "held", held)
        assert given["lost"]() is lost


@pytest.mark.parametrize(
    ("asked", "column"),
    [
        ({}, "day"),
        ({"random_split": True}, None),
        ({"group_column": "PORT"}, None),
        ({"time_column": "AGE"}, "age"),
        ({"drop": "day"}, None),
    ],
    ids=["by itself", "at random", "by group", "by another", "dropped"],
)
def test_a_series_is_split_by_its_time(
    call: Call, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], column: str | None
) -> None:
    columns = [SimpleNamespace(name=name, date_gaps=None, unique_count=120) for name in ("age", "port", "survived")]
    columns.append(SimpleNamespace(name="day", date_gaps="daily", unique_count=120))
    profile = SimpleNamespace(columns=columns, row_count=120)
    monkeypatch.setattr(call.runtime.catalog, "profile", lambda *_which: profile)
    request = TrainRequest(dataset="passengers", target="survived", **asked)
    verbs.prepare(call, request)
    assert request.time_column == column
    assert request.group_column == ("port" if "group_column" in asked else None)
    profile.row_count = 121
    again = TrainRequest(dataset="passengers", target="survived")
    verbs.prepare(call, again)
    assert again.time_column is None


def test_rows_are_kept_in_one_way_only() -> None:
    with pytest.raises(ValueError, match="choose one"):
        TrainRequest(dataset="a", target="b", time_column="c", random_split=True)


def test_train_without_a_job_is_refused(call: Call) -> None:
    with pytest.raises(InvalidRequest, match="runs as a job"):
        verbs.train(call, TrainRequest(dataset="passengers", target="survived"))


def test_models_are_listed_and_shown(call: Call, boosted: ModelVersion) -> None:
    listed = verbs.list_models(call, ModelsRequest())
    assert boosted.model_id in {model.model_id for model in listed.items}
    assert verbs.show_model(call, ModelRequest(model="boosted@1")) == boosted


def test_one_row_stands_at_the_top_of_its_answer(call: Call, boosted: ModelVersion) -> None:
    row = {"age": 20, "fare": 80, "siblings": 1, "paid": True, "port": "Cherbourg"}
    one = verbs.predict(call, PredictRequest(model="boosted", features=row))
    assert (one.model_id, one.name, one.version) == (boosted.model_id, "boosted", 1)
    assert (one.prediction, one.confidence) == (one.predictions[0].prediction, one.predictions[0].confidence)
    two = verbs.predict(call, PredictRequest(model="boosted", features=[row, row]))
    assert two.prediction is None
    assert two.predictions == [one.predictions[0]] * 2


def test_a_tables_rows_are_predicted_up_to_the_limit(
    call: Call, boosted: ModelVersion, survivors: pl.DataFrame
) -> None:
    found = verbs.predict(call, PredictRequest(model="boosted", dataset="passengers", limit=7))
    assert len(found.predictions) == 7
    assert found.warnings == []
    rows = survivors.drop("survived").head(7).to_dicts()
    assert verbs.predict(call, PredictRequest(model="boosted", features=rows)).predictions == found.predictions


@pytest.mark.parametrize("given", [{}, {"features": {"age": 1}, "dataset": "passengers"}])
def test_predict_takes_either_rows_or_a_table(call: Call, boosted: ModelVersion, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match="rows or a table"):
        verbs.predict(call, PredictRequest(model="boosted", **given))
