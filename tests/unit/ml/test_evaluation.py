"""Errors, calibration, importance and segments of answers whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lakebook.ml.evaluation.calibration import calibration, calibration_error
from lakebook.ml.evaluation.errors import MOST_CLASSES, confusion, residuals
from lakebook.ml.evaluation.importance import importance
from lakebook.ml.evaluation.segments import worst_segments
from lakebook.ml.problem import Problem
from lakebook.ml.scoring import Answers, metrics

BINARY = Problem("binary", ("no", "yes"))
AMOUNT = Problem("regression")
ROWS = 600


def test_a_confusion_counts_true_by_predicted() -> None:
    found = confusion(("no", "yes"), np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 0]))
    assert found.labels == ["no", "yes"]
    assert found.counts == [[2, 1], [1, 1]]


def test_the_rarer_of_many_classes_are_one() -> None:
    classes = tuple(f"c{n}" for n in range(MOST_CLASSES + 5))
    truth = np.concatenate([np.repeat(np.arange(MOST_CLASSES), 3), np.arange(MOST_CLASSES, MOST_CLASSES + 5)])
    found = confusion(classes, truth, truth)
    assert found.labels == [*classes[:MOST_CLASSES], "other"]
    assert [found.counts[n][n] for n in range(MOST_CLASSES + 1)] == [3] * MOST_CLASSES + [5]
    assert sum(map(sum, found.counts)) == len(truth)


def test_residuals_are_truth_minus_prediction_by_share() -> None:
    found = {one.share: one.value for one in residuals(np.arange(101.0), np.zeros(101))}
    assert (found[0.0], found[0.5], found[0.95], found[1.0]) == (0.0, 50.0, 95.0, 100.0)


def test_a_model_that_is_as_often_right_as_sure_has_no_calibration_error() -> None:
    sure = np.column_stack([np.full(100, 0.25), np.full(100, 0.75)])
    truth = np.array([1] * 75 + [0] * 25)
    bins = calibration(truth, sure)
    assert [(one.low, one.high, one.rows) for one in bins] == [(0.7, 0.8, 100)]
    assert (bins[0].predicted, bins[0].observed) == (0.75, 0.75)
    assert calibration_error(bins) == 0.0
    assert calibration_error(calibration(1 - truth, sure)) == pytest.approx(0.5)
    assert metrics(BINARY, truth, Answers(sure.argmax(axis=1), sure))["calibration_error"] == 0.0


def test_full_certainty_falls_into_the_last_bin() -> None:
    bins = calibration(np.array([0, 1]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    assert [(one.low, one.high, one.rows, one.observed) for one in bins] == [(0.9, 1.0, 2, 1.0)]


@pytest.fixture
def frame() -> pd.DataFrame:
    """Rows of a number that matters, a word that matters less, and one of each that does not."""
    random = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "noise": random.normal(size=ROWS),
            "x": random.normal(size=ROWS),
            "word": random.choice(np.array(["a", "b", None], dtype=object), size=ROWS),
            "idle": random.choice(np.array(["p", "q"], dtype=object), size=ROWS),
        }
    )


def amounts(rows: pd.DataFrame) -> np.ndarray:
    """What the amounts follow."""
    return 3 * rows["x"].to_numpy() + (rows["word"] == "a").to_numpy()


def test_what_a_model_goes_by_comes_first_and_what_it_ignores_costs_nothing(frame: pd.DataFrame) -> None:
    truth = amounts(frame) + np.random.default_rng(1).normal(size=ROWS) / 10
    found, rows = importance(lambda f: Answers(amounts(f)), frame, truth, AMOUNT, seconds=60.0, seed=0)
    assert rows == ROWS
    assert [one.column for one in found[:2]] == ["x", "word"]
    by_name = {one.column: one for one in found}
    assert (by_name["noise"].loss, by_name["idle"].loss) == pytest.approx((0.0, 0.0), abs=1e-12)
    assert by_name["noise"].interval == pytest.approx((0.0, 0.0), abs=1e-12)
    for one in found[:2]:
        assert 0 < one.interval[0] < one.loss < one.interval[1]
    again, _ = importance(lambda f: Answers(amounts(f)), frame, truth, AMOUNT, seconds=60.0, seed=0)
    assert again == found


def test_a_class_lost_by_shuffling_is_a_loss_of_accuracy(frame: pd.DataFrame) -> None:
    truth = (frame["x"] > 0).to_numpy().astype(int)
    found, _ = importance(
        lambda f: Answers((f["x"] > 0).to_numpy().astype(int)), frame, truth, BINARY, seconds=60.0, seed=0
    )
    assert found[0].column == "x"
    assert found[0].loss == pytest.approx(0.5, abs=0.08)


def test_without_time_nothing_is_shuffled(frame: pd.DataFrame) -> None:
    assert importance(lambda f: Answers(amounts(f)), frame, amounts(frame), AMOUNT, seconds=0.0, seed=0) == ([], 0)


def test_the_rows_a_model_fails_on_come_first(frame: pd.DataFrame) -> None:
    truth = np.zeros(ROWS, dtype=int)
    wrong = ((frame["word"] == "b") & (np.arange(ROWS) % 10 != 0)).to_numpy().astype(int)
    found = worst_segments(frame, truth, Answers(wrong), BINARY)
    assert (found[0].column, found[0].value) == ("word", "b")
    assert found[0].rows == int((frame["word"] == "b").sum())
    assert found[0].interval[0] < found[0].score < found[0].interval[1] < 1 - wrong.mean()
    assert len(found) <= 5


def test_numbers_fall_into_quarters_times_and_gaps_too() -> None:
    x = np.arange(400.0)
    rows = pd.DataFrame(
        {
            "x": np.where(x % 50 == 0, np.nan, x),
            "day": pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(400), unit="D"),
            "flag": (x % 2).astype(float),
        }
    )
    off = np.where(x >= 300, 5.0, 0.1)
    found = worst_segments(rows, np.zeros(400), Answers(off), AMOUNT)
    assert [(one.column, one.value) for one in found[:2]] == [("day", "2026-10-27 to 2027-02-04"), ("x", "299 to 399")]
    for one in found:
        assert one.interval[0] <= one.score <= one.interval[1]
        assert one.score > np.sqrt((off**2).mean())


def test_segments_of_few_rows_are_not_told() -> None:
    rows = pd.DataFrame({"word": np.array(["rare"] * 10 + ["common"] * 490, dtype=object)})
    wrong = np.array([1] * 10 + [0] * 490)
    assert worst_segments(rows, np.zeros(500, dtype=int), Answers(wrong), BINARY) == []
