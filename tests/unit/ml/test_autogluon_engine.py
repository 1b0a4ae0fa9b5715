"""What is asked of AutoGluon, held against a stand-in; the real one is met in test_training."""

from __future__ import annotations

import logging
import pickle
import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lakebook.ml import autogluon_engine
from lakebook.ml.problem import Problem
from lakebook.ml.training_table import Rows

BINARY = Problem("binary", ("no", "yes"))
AMOUNT = Problem("regression")


class Trainer:
    """Tells the scores of models, as AutoGluon's trainer does."""

    def __init__(self, scores: dict[str, float | None]) -> None:
        self.scores = scores

    def get_model_attribute(self, name: str, attribute: str) -> float | None:
        assert attribute == "val_score"
        return self.scores[name]


def fit_all(problem: Problem, scores: dict[str, float | None]) -> list[tuple[float, str, dict[str, Any]]]:
    """What is told while these models are fitted one by one."""
    told: list[tuple[float, str, dict[str, Any]]] = []
    callback = autogluon_engine.progress_callback(problem, 10.0, lambda *said: told.append(said), lambda: False)
    for name in scores:
        assert callback.before_model_fit(trainer=None, model=None, time_limit=3) == (False, False)
        assert callback.after_model_fit(trainer=Trainer(scores), model_names=[name], level=1) is False
    return told


def test_each_model_is_told_with_its_score_and_the_best() -> None:
    told = fit_all(BINARY, {"GBM": 0.8, "RF": 0.7, "CAT": 0.9})
    assert [facts for _, _, facts in told] == [
        {"model": "GBM", "score": 0.8, "best": 0.8},
        {"model": "RF", "score": 0.7, "best": 0.8},
        {"model": "CAT", "score": 0.9, "best": 0.9},
    ]
    assert [message for _, message, _ in told] == ["GBM: 0.8", "RF: 0.7", "CAT: 0.9"]


def test_errors_are_told_as_errors_whose_best_is_the_smallest() -> None:
    told = fit_all(AMOUNT, {"GBM": -2.5, "RF": -3.0, "CAT": -2.0})
    assert [(facts["score"], facts["best"]) for _, _, facts in told] == [(2.5, 2.5), (3.0, 2.5), (2.0, 2.0)]


def test_a_model_that_failed_is_not_told() -> None:
    assert fit_all(BINARY, {"GBM": None}) == []


def test_cancelling_stops_before_the_next_model() -> None:
    callback = autogluon_engine.progress_callback(BINARY, 10.0, lambda *_said: None, lambda: True)
    assert callback.before_model_fit(trainer=None, model=None)[0] is True
    assert callback.after_model_fit(trainer=Trainer({}), model_names=[]) is True


def test_the_callback_is_pickled_as_one_that_does_nothing() -> None:
    callback = autogluon_engine.progress_callback(BINARY, 10.0, lambda *_said: None, lambda: True)
    inert = pickle.loads(pickle.dumps(callback))
    assert inert.before_model_fit(trainer=None, model=None) == (False, False)


def test_probabilities_stand_by_class_and_add_up() -> None:
    shares = pd.DataFrame({2: np.array([0.25, 0.5], "float32"), 0: np.array([0.7500001, 0.5], "float32")})
    predictor = SimpleNamespace(predict_proba=lambda frame, **_options: shares)
    found = autogluon_engine.class_probabilities(predictor, pd.DataFrame({"x": [1, 2]}), 3)
    assert found[:, 1].tolist() == [0, 0]
    assert found[1].tolist() == [0.5, 0.0, 0.5]
    assert np.allclose(found.sum(axis=1), 1, atol=1e-15)


def test_refitting_is_expected_to_take_what_the_best_model_took() -> None:
    table = pd.DataFrame({"model": ["best", "other"], "fit_time": [10.0, 99.0]})
    assert autogluon_engine.refit_seconds(SimpleNamespace(leaderboard=lambda: table)) == pytest.approx(12.0)
    bagged = SimpleNamespace(leaderboard=lambda: table)
    assert autogluon_engine.refit_seconds(bagged, 5) == pytest.approx(2.4)


def rows(count: int, columns: int = 2) -> Rows:
    """So many rows of two classes."""
    numbers = np.arange(count)
    return Rows(pd.DataFrame({f"x{n}": numbers for n in range(columns)}), numbers % 2)


@pytest.mark.parametrize(
    ("count", "columns", "seconds", "folds"),
    [(500, 2, 60.0, 5), (500, 2, 10.0, None), (20, 2, 60.0, None), (20_000, 2, 60.0, None), (9000, 90, 60.0, None)],
    ids=["few rows", "little time", "too few rows", "many rows", "many columns"],
)
def test_few_rows_judge_each_other_in_turns(count: int, columns: int, seconds: float, folds: int | None) -> None:
    how = autogluon_engine.judged(rows(count, columns), None, seconds)
    assert how.get("num_bag_folds") == folds
    assert len(how["train_data"]) == count
    assert "tuning_data" not in how


def test_rows_set_aside_judge_those_that_teach() -> None:
    how = autogluon_engine.judged(rows(100), np.arange(80, 100), 60.0)
    assert how["train_data"]["x0"].tolist() == list(range(80))
    assert how["tuning_data"]["x0"].tolist() == list(range(80, 100))
    assert "num_bag_folds" not in how


def test_a_class_that_nobody_teaches_does_not_judge() -> None:
    table = rows(60)
    table.target[50:] = 2
    how = autogluon_engine.judged(table, np.arange(40, 60), 60.0)
    assert how["tuning_data"]["x0"].tolist() == list(range(40, 50))
    table.target[:40] = 1
    assert set(autogluon_engine.judged(table, np.arange(40, 60), 60.0)) == {"train_data"}


def test_no_neural_network_is_tried() -> None:
    assert set(autogluon_engine.FAMILIES) == {"GBM", "CAT", "XGB", "RF", "XT", "LR"}


def test_quiet_is_quiet_only_inside(recwarn: pytest.WarningsRecorder) -> None:
    logger = logging.getLogger("autogluon.common.utils.resource_utils")
    level = logger.level
    with autogluon_engine.quiet():
        warnings.warn("inside", stacklevel=1)
        assert not logger.isEnabledFor(logging.ERROR)
    warnings.warn("outside", stacklevel=1)
    assert [str(warning.message) for warning in recwarn] == ["outside"]
    assert logger.level == level
