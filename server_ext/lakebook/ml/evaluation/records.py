"""What an evaluation on rows never seen found, as typed records."""

from __future__ import annotations

from pydantic import Field

from lakebook.ml.record import Interval, Record


class Confusion(Record):
    """Rows by true class (outer) and predicted class (inner); past 20 classes the rarer ones are one, "other"."""

    labels: list[str]
    counts: list[list[int]]


class ResidualQuantile(Record):
    """The share of rows whose truth minus prediction is at most `value`, in the target's unit."""

    share: float
    value: float


class CalibrationBin(Record):
    """Rows whose predicted class has a probability from `low` to `high`: how sure, and how often right."""

    low: float
    high: float
    rows: int
    predicted: float
    observed: float


class Importance(Record):
    """How much worse the score gets where the column's values are shuffled, with a 95 % interval."""

    column: str
    loss: float
    interval: Interval


class Segment(Record):
    """Rows of one value (or span of values) of a column, and the score on them with a 95 % interval."""

    column: str
    value: str
    rows: int
    score: float
    interval: Interval


class Evaluation(Record):
    """A model looked at from every side, on rows never seen."""

    confusion: Confusion | None = None
    residuals: list[ResidualQuantile] = Field(default_factory=list)
    calibration: list[CalibrationBin] = Field(default_factory=list)
    importance: list[Importance] = Field(default_factory=list)
    importance_rows: int = 0
    segments: list[Segment] = Field(default_factory=list)
