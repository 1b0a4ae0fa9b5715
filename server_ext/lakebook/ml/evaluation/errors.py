"""Where a model errs: true against predicted classes, and the spread of what it is off by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lakebook.ml.evaluation.records import Confusion, ResidualQuantile
from lakebook.ml.model_version import Label

if TYPE_CHECKING:
    import numpy as np

MOST_CLASSES = 20
SHARES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)


def confusion(classes: Sequence[Label], truth: np.ndarray, predicted: np.ndarray) -> Confusion:
    """Rows by true and predicted class (codes); past 20 classes the rarer ones count as one, "other"."""
    import numpy as np

    order = np.argsort(-np.bincount(truth, minlength=len(classes)), kind="stable")
    shown = sorted(order[:MOST_CLASSES].tolist())
    place = np.full(len(classes), len(shown), dtype=np.int64)
    place[shown] = np.arange(len(shown))
    size = len(shown) + (len(classes) > len(shown))
    counts = np.zeros((size, size), dtype=np.int64)
    np.add.at(counts, (place[truth], place[predicted]), 1)
    labels = [str(classes[code]) for code in shown] + ["other"] * (size - len(shown))
    return Confusion(labels=labels, counts=counts.tolist())


def residuals(truth: np.ndarray, predicted: np.ndarray) -> list[ResidualQuantile]:
    """Quantiles of truth minus prediction, in the target's unit."""
    import numpy as np

    values = np.quantile(truth - predicted, SHARES)
    return [ResidualQuantile(share=share, value=float(value)) for share, value in zip(SHARES, values, strict=True)]
