"""The prepared path: a model's answers without its engine are its engine's, or they are not used."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor

from lakebook.ml import autogluon_engine
from lakebook.ml.fitted import FittedModel
from lakebook.ml.scoring import Answers
from lakebook.ml.serving import prepare as preparing
from lakebook.ml.serving import prepared
from lakebook.ml.serving.forest import as_booster
from lakebook.ml.serving.parts import Booster
from lakebook.ml.serving.prepare import distance, prepare, spoilt, table_of

QUICK: dict[str, Any] = {
    "GBM": {"num_boost_round": 8},
    "CAT": {"iterations": 8},
    "XGB": {"n_estimators": 8},
    "RF": {"n_estimators": 4},
    "XT": {"n_estimators": 4},
    "LR": {},
}
MODELS = ["LightGBM", "CatBoost", "XGBoost", "RandomForest", "ExtraTrees", "LinearModel", "WeightedEnsemble_L2"]


def guests(rows: int) -> pd.DataFrame:
    """Rows with a number, whole numbers, a flag, words of few and of two kinds, a date, and gaps."""
    chance = random.Random(3)
    made = [
        {
            "age": None if chance.random() < 0.1 else chance.uniform(18, 80),
            "nights": float(chance.randrange(1, 9)),
            "paid": float(chance.random() < 0.5),
            "port, of call": chance.choice(["Cork", "Oslo", "Porto", None, "Riga"]),
            "sex": chance.choice(["male", "female"]),
            "booked": datetime(2025, 1, 1) + timedelta(hours=chance.randrange(9000)),
        }
        for _ in range(rows)
    ]
    frame = pd.DataFrame(made)
    frame["booked"] = frame["booked"].astype("datetime64[ns]")
    return frame.astype({"port, of call": object, "sex": object})


@pytest.fixture(scope="module")
def blend(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """AutoGluon's predictor of three classes with one quick model of every family, blended."""
    from autogluon.tabular import TabularPredictor

    frame = guests(160)
    score = frame["nights"] + frame["age"].fillna(40) / 10 + (frame["sex"] == "male") * 2
    target = pd.qcut(score, 3, labels=False)
    with autogluon_engine.quiet():
        predictor = TabularPredictor(
            label=autogluon_engine.TARGET, path=str(tmp_path_factory.mktemp("blend") / "model"), verbosity=0,
            problem_type="multiclass", learner_kwargs={"label_count_threshold": 1},
        )  # fmt: skip
        predictor.fit(frame.assign(**{autogluon_engine.TARGET: target}), hyperparameters=QUICK, num_cpus=1, num_gpus=0)
    return predictor


@pytest.mark.parametrize("name", MODELS)
def test_each_kind_of_model_answers_as_it_does_through_its_engine(blend: Any, name: str, tmp_path: Path) -> None:
    blend.set_model_best(name)
    fitted, rows = FittedModel("autogluon", blend, "multiclass", 3), guests(40)
    assert prepare(fitted, tmp_path, rows) is None
    model = prepared.load(tmp_path / "prepared")
    assert model is not None
    for frame in (rows, spoilt(rows), rows.head(1)):
        wanted, got = fitted.answers(frame.copy()), model.answers(table_of(frame))
        assert distance(wanted, got) <= 1e-6
        assert wanted.predicted.tolist() == got.predicted.tolist()


def test_more_threads_give_the_same_figures(blend: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blend.set_model_best("WeightedEnsemble_L2")
    assert prepare(FittedModel("autogluon", blend, "multiclass", 3), tmp_path, guests(20)) is None
    model, table = prepared.load(tmp_path / "prepared"), table_of(guests(300))
    assert model is not None
    alone: Any = model.answers(table).probabilities
    monkeypatch.setattr("lakebook.ml.serving.parts.FEW_ROWS", 1)
    together: Any = model.answers(table).probabilities
    assert np.array_equal(alone, together)


def test_answers_that_differ_are_not_used(blend: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blend.set_model_best("LightGBM")
    true = Booster.scores
    monkeypatch.setattr(Booster, "scores", lambda self, rows: true(self, rows)[:, ::-1])
    said = prepare(FittedModel("autogluon", blend, "multiclass", 3), tmp_path, guests(40))
    assert said is not None
    assert said.startswith("Answers come through autogluon, which is slower: its quick answers differ by 0.")
    assert not (tmp_path / "prepared").exists()
    assert prepared.load(tmp_path / "prepared") is None


def test_a_model_of_another_kind_answers_through_its_engine(
    blend: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blend.set_model_best("LightGBM")
    monkeypatch.setattr("lakebook.ml.serving.autogluon_parts._MAKERS", {})
    said = prepare(FittedModel("autogluon", blend, "multiclass", 3), tmp_path, guests(10))
    assert said is not None
    assert "LightGBM is of a kind that has no quick form" in said


@pytest.mark.parametrize(
    ("engine", "rows", "why"),
    [("scikit-learn", 5, "its steps have no quick form"), ("autogluon", 0, "there are no rows to check it with")],
    ids=["another-engine", "no-rows"],
)
def test_what_cannot_be_prepared_says_why(engine: Any, rows: int, why: str, tmp_path: Path) -> None:
    said = prepare(FittedModel(engine, None, "binary", 2), tmp_path, guests(5).head(rows))
    assert said == f"Answers come through {engine}, which is slower: {why}."


def test_parts_that_cannot_be_read_leave_the_model_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    said = prepare(FittedModel("autogluon", object(), "binary", 2), tmp_path, guests(3))
    assert said == "Answers come through autogluon, which is slower: its parts could not be read."
    assert "AttributeError" in caplog.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "classes"),
    [(RandomForestClassifier, 2), (ExtraTreesClassifier, 3), (RandomForestRegressor, 0)],
    ids=["two-classes", "three-classes", "amounts"],
)
def test_a_forest_is_the_same_as_trees_of_lightgbm(kind: Any, classes: int) -> None:
    chance = np.random.default_rng(5)
    rows = chance.normal(size=(300, 4)).astype(np.float32)
    target = (rows[:, 0] * 2 + rows[:, 1]).round(1) if not classes else chance.integers(0, classes, 300)
    forest = kind(n_estimators=7, random_state=1).fit(rows, target)
    found = np.asarray(as_booster(forest.estimators_, 4, classes).predict(rows))
    wanted = forest.predict(rows) if not classes else forest.predict_proba(rows)
    wanted = wanted[:, 1] if classes == 2 else wanted
    assert np.abs(found - wanted).max() < 1e-12


def test_a_tree_that_never_splits_gives_its_one_value() -> None:
    rows = np.zeros((20, 2), dtype=np.float32)
    forest = RandomForestRegressor(n_estimators=2, random_state=0).fit(rows, np.full(20, 3.5))
    assert as_booster(forest.estimators_, 2, 0).predict(rows).tolist() == [3.5] * 20


def test_spoilt_rows_miss_a_value_each_or_hold_an_unknown_word() -> None:
    clean = guests(24)
    made = spoilt(clean)
    assert made.shape == clean.shape
    missing = made.isna() & clean.notna()
    unknown = made == "\x00spoilt\x00"
    assert ((missing | unknown).sum(axis=1) <= 1).all()
    assert unknown["sex"].sum() == 2
    assert missing["booked"].sum() == 4
    assert clean.equals(guests(24))


def test_amounts_are_compared_in_shares_of_the_largest() -> None:
    wanted, got = Answers(np.array([1000.0, 2.0])), Answers(np.array([1000.001, 2.0]))
    assert distance(wanted, got) == pytest.approx(1e-6, rel=1e-3)
    assert distance(Answers(np.array([0.1])), Answers(np.array([0.2]))) == pytest.approx(0.1)
    assert preparing.TOLERANCE == 1e-6


def test_words_that_were_not_learned_are_found(blend: Any, tmp_path: Path) -> None:
    blend.set_model_best("LightGBM")
    assert prepare(FittedModel("autogluon", blend, "multiclass", 3), tmp_path, guests(20)) is None
    model, rows = prepared.load(tmp_path / "prepared"), guests(4)
    assert model is not None
    rows["port, of call"] = ["Cork", "Rome", None, "Rome"]
    rows["sex"] = ["other", "male", "female", None]
    assert model.encoder.strange(table_of(rows)) == {"port, of call": [1, 3]}
