"""Whether a model is as often right as it is sure to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lakebook.ml.evaluation.records import CalibrationBin

if TYPE_CHECKING:
    import numpy as np

BINS = 10


def calibration(truth: np.ndarray, probabilities: np.ndarray) -> list[CalibrationBin]:
    """Rows in ten bins by the probability (rows x classes) of the class answered; empty bins are left out."""
    import numpy as np

    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    places = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    return [
        CalibrationBin(
            low=place / BINS, high=(place + 1) / BINS, rows=int(inside.sum()),
            predicted=float(sure[inside].mean()), observed=float(right[inside].mean()),
        )
        for place in range(BINS)
        if (inside := places == place).any()
    ]  # fmt: skip


def calibration_error(bins: Sequence[CalibrationBin]) -> float:
    """The expected calibration error: how far sureness and truth lie apart, 0 to 1, on average over the rows."""
    rows = sum(one.rows for one in bins)
    return sum(one.rows * abs(one.predicted - one.observed) for one in bins) / rows
