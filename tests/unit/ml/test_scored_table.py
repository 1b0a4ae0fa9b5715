"""A whole table predicted into another, part by part."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call, JobSeat
from lakebook.errors import BadFile, InvalidRequest, JobCancelled, NotFound
from lakebook.ml.evaluation.records import Evaluation, ResidualQuantile
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.requests import PredictTableRequest
from lakebook.ml.serving import scored_table
from lakebook.ml.serving.predictions import residual_span
from lakebook.ml.serving.predictor import Predictors
from lakebook.ml.serving.scored_table import batches, predict_table, prepare, with_answers

REQUEST = PredictTableRequest(model="boosted", dataset="passengers", to="scored")


class Lake:
    """A catalogue and a lake with one table in two files, and what was made of it."""

    def __init__(self, files: list[str]) -> None:
        self.files = files
        self.made: dict[str, pl.DataFrame] = {}
        self.told: list[tuple[float, str]] = []
        self.audited: list[tuple[Any, ...]] = []

    def row(self, reference: str) -> dict[str, Any]:
        if reference not in ("passengers", "d1"):
            raise NotFound.named("dataset", reference)
        return {"dataset_id": "d1", "name": "passengers", "version": 2, "layer": "bronze"}

    def files_of(self, row: dict[str, Any], version: int) -> tuple[str, ...]:
        assert (row["dataset_id"], version) == ("d1", 2)
        return tuple(self.files)

    def replace(self, call: Call, name: str, parquet: Path, source: str) -> Any:
        call.report(0.5, "reading and profiling")
        self.made[f"{name} of {source}"] = pl.read_parquet(parquet)
        return SimpleNamespace(dataset_id="d2")

    def tell(self, share: float, said: str, _facts: dict[str, Any]) -> None:
        self.told.append((round(share, 3), said))


@pytest.fixture
def lake(survivors: pl.DataFrame, tmp_path: Path) -> Lake:
    """The survivors, the last fifty of them in a file that lacks a column."""
    survivors.head(70).write_parquet(tmp_path / "a.parquet")
    survivors.tail(50).drop("port").write_parquet(tmp_path / "b.parquet")
    return Lake([str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet")])


@pytest.fixture
def call(lake: Lake, predictors: Predictors, boosted: ModelVersion, tmp_path: Path) -> Call:
    """A call of Ada's; the registry holds `boosted`."""
    assert boosted.name == "boosted"
    runtime: Any = SimpleNamespace(
        catalog=lake, files=lake.files_of, predictors=predictors, replace_table=lake.replace,
        settings=SimpleNamespace(folder=lambda _name: tmp_path),
        audit=SimpleNamespace(record=lambda _call, *what: lake.audited.append(what)),
    )  # fmt: skip
    return Call(runtime, Principal("ada"), report_to=lake.tell)


def test_every_row_is_predicted_beside_its_own_columns(
    call: Call, lake: Lake, survivors: pl.DataFrame, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(scored_table, "BATCH_ROWS", 32)
    before = set(tmp_path.iterdir())
    found = predict_table(call, REQUEST)
    made = lake.made["gold.scored of boosted@1"]
    assert (found.rows, found.to, found.dataset_id, found.version) == (120, "gold.scored", "d2", 1)
    assert made.columns == [*survivors.columns, "prediction", "confidence"]
    assert made["age"].to_list() == survivors["age"].to_list()
    alone = call.runtime.predictors.predict("boosted", survivors.head(70).to_arrow())
    assert made["prediction"].head(70).to_list() == [one.prediction for one in alone]
    assert made["confidence"].head(70).to_list() == pytest.approx([one.confidence for one in alone])
    assert made["port"].tail(50).null_count() == 50
    assert set(tmp_path.iterdir()) == before
    assert lake.audited[0][:2] == ("predict", f"model:{found.model_id}")


def test_progress_goes_on_from_predicting_to_keeping(call: Call, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scored_table, "BATCH_ROWS", 60)
    predict_table(call, REQUEST)
    assert [share for share, _ in lake.told] == [0.35, 0.408, 0.7, 0.85]
    assert lake.told[0][1] == "60 of 120 rows predicted"


def test_the_job_predicts_what_was_pinned(call: Call, lake: Lake, boosted: ModelVersion) -> None:
    facts = prepare(call, REQUEST)
    assert facts == {
        "title": "scored", "to": "gold.scored", "model_id": boosted.model_id, "dataset_id": "d1",
        "dataset_version": 2, "dataset_name": "passengers",
    }  # fmt: skip
    call.job = JobSeat("j1", 1, facts)
    assert predict_table(call, PredictTableRequest(model="other", dataset="none", to="silver.x")).to == "gold.scored"


@pytest.mark.parametrize(
    ("more", "kind"),
    [({"dataset": "nobody"}, NotFound), ({"model": "nobody"}, NotFound), ({"to": ""}, InvalidRequest)],
    ids=["table", "model", "name"],
)
def test_what_cannot_work_is_refused_before_the_job(call: Call, more: dict[str, str], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        prepare(call, REQUEST.model_copy(update=more))


def test_cancelled_in_the_midst_nothing_is_left(call: Call, lake: Lake, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    call.is_cancelled = lambda: len(lake.told) >= 1
    with pytest.raises(JobCancelled):
        predict_table(call, REQUEST)
    assert (lake.made, set(tmp_path.iterdir())) == ({}, before)


def test_a_table_without_rows_says_so(call: Call, lake: Lake, survivors: pl.DataFrame, tmp_path: Path) -> None:
    survivors.clear().write_parquet(tmp_path / "empty.parquet")
    lake.files = [str(tmp_path / "empty.parquet")]
    with pytest.raises(BadFile, match="no rows yet"):
        predict_table(call, REQUEST)


def test_files_of_several_shapes_become_one(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([1, 2], pa.int32())}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"b": ["x"], "a": pa.array([3], pa.int64())}), tmp_path / "2.parquet")
    found = pa.concat_tables(batches([str(tmp_path / "1.parquet"), str(tmp_path / "2.parquet")]))
    assert found.to_pydict() == {"a": [1, 2, 3], "b": [None, None, "x"]}


def test_amounts_come_with_the_span_of_nine_in_ten(boosted: ModelVersion) -> None:
    residuals = [ResidualQuantile(share=share, value=value) for share, value in ((0.05, -2.0), (0.5, 0.0), (0.95, 3.0))]
    model = boosted.model_copy(update={"problem_type": "regression", "evaluation": Evaluation(residuals=residuals)})
    assert residual_span(model) == (-2.0, 3.0)
    table = with_answers(pa.table({"prediction": ["taken"]}), model, pa.table({"predicted": [10.0]}))
    assert table.to_pylist() == [
        {"prediction": "taken", "prediction_2": 10.0, "prediction_low": 8.0, "prediction_high": 13.0}
    ]
    assert residual_span(model.model_copy(update={"evaluation": None})) is None
    assert residual_span(model.model_copy(update={"evaluation": Evaluation()})) is None


def test_classes_of_several_kinds_are_told_as_words(boosted: ModelVersion) -> None:
    model = boosted.model_copy(update={"classes": [1, "two"]})
    answers = pa.table({"predicted": [1, 0], "p0": [0.25, 1.0], "p1": [0.75, 0.0]})
    found = with_answers(pa.table({"a": [1, 2]}), model, answers)
    assert (found["prediction"].to_pylist(), found["confidence"].to_pylist()) == (["two", "1"], [0.75, 1.0])
