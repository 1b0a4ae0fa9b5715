"""Metrics, intervals and the verdict."""

from __future__ import annotations

import numpy as np
import pytest

from lakebook.ml.model_version import BaselineName
from lakebook.ml.problem import Problem
from lakebook.ml.scoring import Answers, compare, metrics, verdict

BINARY = Problem("binary", ("no", "yes"))
THREE = Problem("multiclass", ("a", "b", "c"))
AMOUNT = Problem("regression")


def classes(codes: list[int], count: int = 2, sure: float = 0.8) -> Answers:
    """Answers with the given codes, each with this probability."""
    probabilities = np.full((len(codes), count), (1 - sure) / (count - 1))
    probabilities[np.arange(len(codes)), codes] = sure
    return Answers(np.array(codes), probabilities)


def test_binary_metrics_by_hand() -> None:
    truth = np.array([1, 1, 1, 0, 0, 0, 0, 0])
    found = metrics(BINARY, truth, classes([1, 1, 0, 1, 0, 0, 0, 0]))
    assert found["accuracy"] == 6 / 8
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["recall"] == pytest.approx(2 / 3)
    assert found["f1"] == pytest.approx(2 / 3)
    assert found["balanced_accuracy"] == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert found["log_loss"] == pytest.approx(-(6 * np.log(0.8) + 2 * np.log(0.2)) / 8)
    assert found["roc_auc"] == pytest.approx((2 / 3 * 4 / 5) + 0.5 * (2 / 3 * 1 / 5 + 1 / 3 * 4 / 5))


def test_multiclass_metrics_average_over_the_classes() -> None:
    truth = np.array([0, 0, 1, 1, 2, 2])
    found = metrics(THREE, truth, classes([0, 0, 1, 0, 2, 1], 3))
    assert found["accuracy"] == pytest.approx(4 / 6)
    assert found["recall"] == pytest.approx((1 + 0.5 + 0.5) / 3)
    assert "roc_auc" not in found


def test_what_the_rows_leave_undefined_is_left_out() -> None:
    found = metrics(BINARY, np.array([0, 0, 0]), classes([0, 0, 1]))
    assert "roc_auc" not in found
    assert found["balanced_accuracy"] == pytest.approx(2 / 3)
    assert "r2" not in metrics(AMOUNT, np.array([4.0]), Answers(np.array([3.0])))


def test_regression_metrics_by_hand() -> None:
    found = metrics(AMOUNT, np.array([1.0, 2.0, 6.0]), Answers(np.array([1.0, 4.0, 5.0])))
    assert found["rmse"] == pytest.approx(np.sqrt(5 / 3))
    assert found["mae"] == pytest.approx(1.0)
    assert found["r2"] == pytest.approx(1 - 5 / 14)


def test_a_clearly_better_model_beats_both_baselines() -> None:
    truth = np.array([0, 1] * 100)
    wrong_at_times = np.where(np.arange(200) % 20 == 0, 1 - truth, truth)
    rivals: dict[BaselineName, Answers] = {"constant": classes([0] * 200), "linear": classes([0, 0, 1, 1] * 50)}
    interval, baselines = compare(BINARY, truth, classes(wrong_at_times.tolist()), rivals, seed=1)
    assert interval[0] < 0.95 < interval[1]
    assert [baseline.beaten for baseline in baselines] == [True, True]
    assert baselines[0].difference == pytest.approx(0.45)
    said = verdict(BINARY, 0.95, interval, baselines, 200)
    assert said.startswith("Better than the baseline: accuracy 0.95")
    assert "always the same answer (0.5) and a linear model (0.5)" in said
    assert "200 rows never seen" in said


def test_a_model_like_the_baselines_is_no_better_in_these_words() -> None:
    truth = np.array([0, 1] * 20)
    same = classes([0] * 40)
    interval, baselines = compare(BINARY, truth, same, {"constant": same, "linear": same}, seed=1)
    assert not any(baseline.beaten for baseline in baselines)
    assert baselines[0].difference_interval == (0.0, 0.0)
    assert "no better than the baseline" in verdict(BINARY, 0.5, interval, baselines, 40).casefold()


def test_a_model_between_the_baselines_is_said_to_be_between() -> None:
    truth = np.array([0, 1] * 100)
    good = classes(truth.tolist())
    interval, baselines = compare(BINARY, truth, good, {"constant": classes([0] * 200), "linear": good}, seed=1)
    assert [baseline.beaten for baseline in baselines] == [True, False]
    said = verdict(BINARY, 1.0, interval, baselines, 200)
    assert said.startswith("Better than always the same answer (0.5), but no better than the baseline of a linear")


def test_an_amount_is_better_when_its_error_is_smaller() -> None:
    chance = np.random.default_rng(3)
    truth = chance.normal(size=300)
    close, far = Answers(truth + chance.normal(0, 0.1, 300)), Answers(np.zeros(300))
    interval, baselines = compare(AMOUNT, truth, close, {"constant": far, "linear": close}, seed=1)
    assert interval[0] < 0.1 < interval[1]
    assert [baseline.beaten for baseline in baselines] == [True, False]
    assert baselines[0].difference == pytest.approx(baselines[0].score - metrics(AMOUNT, truth, close)["rmse"])
    assert baselines[0].difference > 0


def test_intervals_repeat_with_their_seed() -> None:
    truth = np.array([0, 1, 1] * 30)
    first, second, other = (
        compare(BINARY, truth, classes([1] * 60 + [0] * 30), {"constant": classes([1] * 90)}, seed=seed)
        for seed in (4, 4, 5)
    )
    assert first == second
    assert first != other


def test_never_being_wrong_on_few_rows_is_not_certainty() -> None:
    truth = np.array([0, 1] * 10)
    interval, baselines = compare(
        BINARY, truth, classes(truth.tolist()), {"constant": classes((1 - truth).tolist())}, seed=0
    )
    assert list(interval) == pytest.approx([0.8316, 1.0], abs=1e-4)
    assert list(baselines[0].score_interval) == pytest.approx([0.0, 0.1684], abs=1e-4)
