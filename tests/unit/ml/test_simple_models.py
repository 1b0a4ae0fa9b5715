"""The baselines and the fallback: they learn from dirt, and meet what they never saw."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lakebook.ml import fitted, simple_models
from lakebook.ml.fitted import FittedModel
from lakebook.ml.problem import Problem

BINARY = Problem("binary", ("no", "yes"))
AMOUNT = Problem("regression")


def dirty(rows: int = 200) -> pd.DataFrame:
    """Numbers with gaps, words with gaps and rare ones, instants with gaps, an empty column."""
    numbers = np.arange(rows, dtype=float)
    return pd.DataFrame(
        {
            "n": np.where(numbers % 9 == 0, np.nan, numbers % 50),
            "word": [None if i % 11 == 0 else f"word {i % 7}" for i in range(rows)],
            "rare": [f"only {i}" for i in range(rows)],
            "at": pd.Series(pd.date_range("2026-01-01", periods=rows, freq="h").where(numbers % 13 != 0)),
            "none": np.full(rows, np.nan),
        }
    )


def codes(rows: int = 200) -> np.ndarray:
    """Classes that follow `n`."""
    return (np.arange(rows) % 50 > 25).astype(np.int64)


@pytest.mark.parametrize("make", [simple_models.linear_model, simple_models.boosted_model])
def test_models_learn_from_dirt_and_meet_strangers(make: Any) -> None:
    frame = dirty()
    model = simple_models.fit(make(frame, BINARY, 0), frame, codes())
    strangers = dirty(10).assign(word="never seen", n=np.nan)
    answers = FittedModel("scikit-learn", model, "binary", 2).answers(strangers)
    learned = FittedModel("scikit-learn", model, "binary", 2).answers(frame)
    assert answers.probabilities is not None
    assert np.allclose(answers.probabilities.sum(axis=1), 1)
    assert (learned.predicted == codes()).mean() > 0.8


def test_the_constant_model_answers_with_the_commonest_class_and_the_shares() -> None:
    frame = dirty(100)
    model = simple_models.constant_model(BINARY, 0).fit(frame, np.array([0] * 70 + [1] * 30))
    answers = FittedModel("scikit-learn", model, "binary", 2).answers(frame.head(3))
    assert answers.predicted.tolist() == [0, 0, 0]
    assert answers.probabilities is not None
    assert np.allclose(answers.probabilities, [[0.7, 0.3]] * 3)


def test_the_constant_model_answers_with_the_mean() -> None:
    frame = dirty(100)
    model = simple_models.constant_model(AMOUNT, 0).fit(frame, np.arange(100.0))
    assert FittedModel("scikit-learn", model, "regression", 0).answers(frame.head(2)).predicted.tolist() == [49.5, 49.5]


def test_a_class_never_seen_has_probability_zero() -> None:
    frame = dirty(60)
    model = simple_models.constant_model(Problem("multiclass", ("a", "b", "c")), 0).fit(frame, np.array([0, 2] * 30))
    assert simple_models.class_probabilities(model, frame.head(1), 3).tolist() == [[0.5, 0.0, 0.5]]


def test_the_frame_given_is_not_changed() -> None:
    frame = dirty()
    before = frame.copy()
    numbers = simple_models.to_numbers(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert numbers["at"].iloc[1] - numbers["at"].iloc[2] == -3600
    assert np.isnan(numbers["at"].iloc[0])
    assert numbers["word"].iloc[0] == ""


@pytest.mark.parametrize("problem", [BINARY, AMOUNT])
def test_a_saved_model_answers_as_before(tmp_path: Path, problem: Problem) -> None:
    frame, target = dirty(), codes() if problem is BINARY else np.arange(200.0)
    model = simple_models.fit(simple_models.boosted_model(frame, problem, 0), frame, target)
    before = FittedModel("scikit-learn", model, problem.kind, len(problem.classes))
    before.save(tmp_path / "model")
    after = fitted.load("scikit-learn", tmp_path / "model", problem.kind, len(problem.classes))
    assert np.array_equal(before.answers(frame).predicted, after.answers(frame).predicted)
    assert pickle.loads((tmp_path / "model" / fitted.PICKLE).read_bytes()) is not None
