"""Training, from Parquet to a registered model with an honest score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from lakebook.errors import BadTarget, InvalidRequest, JobCancelled, LeaseLost, MissingExtra
from lakebook.ml import autogluon_engine
from lakebook.ml.model_version import DatasetRef, ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.serving.predictor import Predictors
from lakebook.ml.splits import HELD_OUT
from lakebook.ml.training import train
from lakebook.ml.training_table import Wish

ToParquet = Callable[[pl.DataFrame], list[str]]
DATASET = DatasetRef(dataset_id="0190-dataset", name="table", version=3)
Told = list[tuple[float, str, dict[str, Any]]]


@pytest.fixture(scope="module")
def told() -> Told:
    """What the titanic training reported."""
    return []


@pytest.fixture(scope="module")
def titanic_model(
    store: ModelStore, titanic: pl.DataFrame, to_parquet: ToParquet, told: Told,
    tmp_path_factory: pytest.TempPathFactory,
) -> ModelVersion:  # fmt: skip
    """AutoGluon on the titanic, with the leak that the well-known table has."""
    leaking = titanic.with_columns(alive=pl.when(pl.col("survived") == 1).then(pl.lit("yes")).otherwise(pl.lit("no")))
    return train(
        to_parquet(leaking), target="Survived", name="titanic", models=store, dataset=DATASET, time_limit=8.0,
        workdir=tmp_path_factory.mktemp("work"), report=lambda *said: told.append(said),
    )  # fmt: skip


def test_titanic_beats_the_constant_and_says_so(titanic_model: ModelVersion) -> None:
    constant, linear, lightgbm = titanic_model.baselines
    assert (constant.name, linear.name, lightgbm.name) == ("constant", "linear", "lightgbm")
    assert constant.beaten
    assert constant.difference_interval[0] > 0
    assert titanic_model.score > 0.75
    assert titanic_model.score < 1.0
    assert titanic_model.score_interval[0] < titanic_model.score < titanic_model.score_interval[1]
    assert titanic_model.verdict.startswith("Better than")
    both = linear.beaten and lightgbm.beaten
    assert both == ("no better than the baseline" not in titanic_model.verdict)


def test_the_leak_is_left_out_and_said(titanic_model: ModelVersion) -> None:
    assert [(leak.column, leak.reason) for leak in titanic_model.excluded] == [("alive", "is a copy of 'survived'")]
    assert "alive" not in {feature.name for feature in titanic_model.features}


def test_titanic_is_a_binary_problem_of_autogluon(titanic_model: ModelVersion) -> None:
    assert (titanic_model.problem_type, titanic_model.problem_kind) == ("classification", "binary")
    assert titanic_model.classes == [0, 1]
    assert titanic_model.positive_class == 1
    assert titanic_model.engine == "autogluon"
    assert set(titanic_model.metrics) == {
        "accuracy", "balanced_accuracy", "precision", "recall", "f1", "roc_auc", "log_loss", "calibration_error"
    }  # fmt: skip
    assert titanic_model.rows_trained + titanic_model.rows_held_out == 891
    assert 0.15 < titanic_model.rows_held_out / 891 < 0.25
    assert titanic_model.rows_dropped == 0
    assert titanic_model.winner == titanic_model.leaderboard[0].model
    assert len(titanic_model.leaderboard) >= 2


def test_progress_tells_each_model_with_score_and_best(titanic_model: ModelVersion, told: Told) -> None:
    fractions = [fraction for fraction, _, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    models = [facts for _, _, facts in told if "model" in facts]
    assert {facts["model"] for facts in models} == {tried.model for tried in titanic_model.leaderboard}
    best = [facts["best"] for facts in models]
    assert best == sorted(best)
    assert best[-1] == max(facts["score"] for facts in models)
    assert told[-1][1] == titanic_model.verdict
    constant = titanic_model.baselines[0].score
    assert {facts.get("baseline") for fraction, _, facts in told if fraction > 0.04} == {constant}


def test_the_registered_model_is_pruned(titanic_model: ModelVersion, store: ModelStore) -> None:
    files = [path for path in (store.artifacts / titanic_model.model_id).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 30_000_000


def test_the_serving_process_repeats_the_trainings_score(
    titanic_model: ModelVersion, predictors: Predictors, store: ModelStore
) -> None:
    kept = pq.read_table(store.artifacts / titanic_model.model_id / HELD_OUT)
    assert kept.column_names == [*(feature.name for feature in titanic_model.features), "survived"]
    assert kept.num_rows == titanic_model.rows_held_out == titanic_model.split.rows
    truth = kept.column("survived").to_pylist()
    answers = predictors.predict("titanic", kept.drop_columns(["survived"]))
    right = [answer.prediction == true for answer, true in zip(answers, truth, strict=True)]
    assert sum(right) / len(right) == pytest.approx(titanic_model.score)


def test_the_model_is_looked_at_from_every_side(titanic_model: ModelVersion) -> None:
    found = titanic_model.evaluation
    assert found is not None
    assert found.confusion is not None
    assert found.confusion.labels == ["0", "1"]
    right = found.confusion.counts[0][0] + found.confusion.counts[1][1]
    assert right / titanic_model.rows_held_out == pytest.approx(titanic_model.score)
    assert sum(one.rows for one in found.calibration) == titanic_model.rows_held_out
    assert {one.column for one in found.importance} == {feature.name for feature in titanic_model.features}
    losses = {one.column: one.loss for one in found.importance}
    assert list(losses.values()) == sorted(losses.values(), reverse=True)
    # Which models there were time for decides whether `sex` or `pclass` comes first; neither is ever without effect.
    assert losses["sex"] > 0
    assert "sex" in list(losses)[:3]
    assert 1 <= len(found.segments) <= 5
    assert all(one.score < titanic_model.score for one in found.segments)
    assert [point.model for point in titanic_model.curve] == [
        point.model for point in sorted(titanic_model.curve, key=lambda point: point.seconds)
    ]
    assert titanic_model.curve[-1].best == max(point.score for point in titanic_model.curve)
    assert not titanic_model.stopped_early


def test_one_row_is_answered_as_in_the_table(
    titanic_model: ModelVersion, predictors: Predictors, titanic: pl.DataFrame
) -> None:
    together = predictors.predict(titanic_model.model_id, titanic.head(25).to_arrow())
    for row, expected in zip(titanic.head(25).to_dicts(), together, strict=True):
        assert predictors.predict("titanic@1", [row])[0] == expected


def test_three_classes(store: ModelStore, shared: Path, to_parquet: ToParquet, tmp_path: Path) -> None:
    penguins = pl.read_csv(shared / "data/penguins/penguins.csv", null_values="NA", infer_schema_length=None)
    model = train(
        to_parquet(penguins), target="species", name="penguins", models=store, dataset=DATASET, workdir=tmp_path,
        time_limit=20.0,
    )  # fmt: skip
    assert model.problem_kind == "multiclass"
    assert model.classes == ["Adelie", "Chinstrap", "Gentoo"]
    assert model.score > 0.9
    assert model.baselines[0].beaten
    assert "roc_auc" not in model.metrics
    assert list(tmp_path.iterdir()) == []


def test_an_amount(
    store: ModelStore, shared: Path, to_parquet: ToParquet, tmp_path: Path, predictors: Predictors
) -> None:
    abalone = pl.read_csv(shared / "data/tabular/abalone.csv").head(1200)
    model = train(
        to_parquet(abalone), target="rings", name="abalone", models=store, dataset=DATASET, workdir=tmp_path,
        time_limit=12.0,
    )  # fmt: skip
    assert (model.problem_type, model.score_metric) == ("regression", "rmse")
    assert model.metrics["rmse"] == model.score < model.baselines[0].score
    assert model.baselines[0].beaten
    assert {"rmse", "mae", "r2"} == set(model.metrics)
    assert all(tried.score is not None and tried.score > 0 for tried in model.leaderboard)
    answer = predictors.predict("abalone", [abalone.drop("rings").row(0, named=True)])[0]
    assert 3 < answer.prediction < 25
    assert (answer.confidence, answer.probabilities) == (None, None)


def test_without_autogluon_scikit_learn_serves_and_says_so(boosted: ModelVersion) -> None:
    assert boosted.engine == "scikit-learn"
    assert boosted.winner == "HistGradientBoosting"
    assert boosted.notes == ["AutoGluon is not installed; scikit-learn's boosting serves instead."]
    assert boosted.baselines[0].beaten


def test_where_autogluon_ends_with_no_model_scikit_learn_serves(
    store: ModelStore, survivors: pl.DataFrame, to_parquet: ToParquet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autogluon_engine, "fit", lambda *_rows, **_named: None)
    model = train(
        to_parquet(survivors), target="survived", name="hasty", models=store, dataset=DATASET, workdir=tmp_path
    )
    assert model.engine == "scikit-learn"
    assert model.notes[0].startswith("AutoGluon finished no model in the time given")


def test_the_fallback_learns_amounts_and_the_same_seed_learns_the_same(
    store: ModelStore, survivors: pl.DataFrame, to_parquet: ToParquet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autogluon_engine, "is_installed", lambda: False)
    first, second, other = (
        train(to_parquet(survivors), target="fare", name="fares", models=store, dataset=DATASET, workdir=tmp_path,
              wish=Wish(seed=seed))
        for seed in (1, 1, 2)
    )  # fmt: skip
    assert first.problem_type == "regression"
    assert (first.metrics, first.baselines) == (second.metrics, second.baselines)
    assert first.metrics != other.metrics
    assert [first.version, second.version, other.version] == [1, 2, 3]


def test_a_cancelled_training_keeps_its_best_so_far_and_says_so(
    store: ModelStore, survivors: pl.DataFrame, to_parquet: ToParquet, tmp_path: Path
) -> None:
    seen: list[str] = []
    model = train(
        to_parquet(survivors), target="survived", name="stopped", models=store, dataset=DATASET, workdir=tmp_path,
        time_limit=25.0, report=lambda _fraction, message, _facts: seen.append(message),
        cancelled=lambda: any(message.startswith("LightGBM") for message in seen),
    )  # fmt: skip
    assert len(model.curve) == 1
    assert model.winner.startswith("LightGBM")
    assert model.stopped_early
    assert "was cancelled" in model.notes[-1]
    assert list(tmp_path.iterdir()) == []
    assert store.get("stopped") == model


def test_a_training_cancelled_before_it_has_a_model_registers_nothing(
    store: ModelStore, survivors: pl.DataFrame, to_parquet: ToParquet, tmp_path: Path
) -> None:
    with pytest.raises(JobCancelled, match="before it had a model"):
        train(to_parquet(survivors), target="survived", name="at once", models=store, dataset=DATASET,
              workdir=tmp_path, time_limit=25.0, cancelled=lambda: True)  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert "at once" not in {version.name for version in store.list()}


def test_a_training_that_another_took_over_registers_nothing(
    store: ModelStore, survivors: pl.DataFrame, to_parquet: ToParquet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autogluon_engine, "is_installed", lambda: False)
    with pytest.raises(LeaseLost):
        train(to_parquet(survivors), target="survived", name="lost", models=store, dataset=DATASET, workdir=tmp_path,
              lost=lambda: True)  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert "lost" not in {version.name for version in store.list()}


def test_ten_rows_are_enough_to_begin_with(
    store: ModelStore, to_parquet: ToParquet, tmp_path: Path, predictors: Predictors
) -> None:
    table = pl.DataFrame({"x": range(10), "y": ["a", "b"] * 5})
    model = train(
        to_parquet(table), target="y", name="ten", models=store, dataset=DATASET, workdir=tmp_path, time_limit=5.0
    )
    assert model.rows_trained + model.rows_held_out == 10
    assert 2 <= model.rows_held_out <= 4
    assert "few_rows" in {finding.code for finding in model.findings}
    assert "no better than the baseline" in model.verdict.casefold()
    assert predictors.predict("ten", [{"x": 3}])[0].prediction in ("a", "b")


def test_rare_classes_are_learned_too(
    store: ModelStore, to_parquet: ToParquet, tmp_path: Path, predictors: Predictors
) -> None:
    table = pl.DataFrame(
        {"x": [float(n) for n in range(80)], "y": ["low"] * 40 + ["high"] * 37 + ["top"] * 2 + ["peak"]}
    )
    model = train(
        to_parquet(table), target="y", name="rare", models=store, dataset=DATASET, workdir=tmp_path, time_limit=5.0
    )
    assert model.classes == ["high", "low", "peak", "top"]
    answer = predictors.predict("rare", [{"x": 5.0}])[0]
    assert answer.prediction == "low"
    assert answer.probabilities is not None
    assert sum(answer.probabilities.values()) == pytest.approx(1.0)
    assert set(answer.probabilities) == {"high", "low", "peak", "top"}


def test_wrong_use_is_refused_before_anything_is_read(store: ModelStore, tmp_path: Path) -> None:
    wrong: list[dict[str, Any]] = [{"time_limit": 0.0}, {"time_limit": 4000.0}, {"name": "a@b"}]
    for part in wrong:
        given: dict[str, Any] = {"name": "m", **part}
        with pytest.raises(InvalidRequest):
            train([], target="y", models=store, dataset=DATASET, workdir=tmp_path, **given)


def test_a_bad_target_is_refused_before_the_training(
    store: ModelStore, survivors: pl.DataFrame, to_parquet: ToParquet, tmp_path: Path
) -> None:
    with pytest.raises(BadTarget) as refused:
        train(to_parquet(survivors), target="survive", name="m", models=store, dataset=DATASET, workdir=tmp_path)
    assert refused.value.hint == "Did you mean 'survived'?"


def test_without_the_extra_its_name_is_said(store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakebook.ml.training.find_spec", lambda name: None)
    with pytest.raises(MissingExtra) as missing:
        train([], target="y", name="m", models=store, dataset=DATASET, workdir=tmp_path)
    assert "lakebook[ml]" in missing.value.hint
