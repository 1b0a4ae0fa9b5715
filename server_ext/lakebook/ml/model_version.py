"""What a training found and what the registry keeps of it, as typed records."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from lakebook.ml.evaluation.records import Evaluation
from lakebook.ml.record import Interval as Interval
from lakebook.ml.record import Record as Record

ProblemType = Literal["classification", "regression"]
ProblemKind = Literal["binary", "multiclass", "regression"]
FeatureType = Literal["integer", "number", "boolean", "text", "date", "timestamp"]
BaselineName = Literal["constant", "linear", "lightgbm"]
SplitKind = Literal["random", "time", "group"]
EngineKey = Literal["autogluon", "scikit-learn"]
Label = bool | int | float | str


class DatasetRef(Record):
    """The dataset version that a model learns from."""

    dataset_id: str
    name: str
    version: int


class Feature(Record):
    """A column that the model reads, with the type its values must have."""

    name: str
    type: FeatureType


class Excluded(Record):
    """A column that the model may not read, and why."""

    column: str
    reason: str


class Baseline(Record):
    """A simple answer scored on the same unseen rows; `difference` is the winner's lead, positive when better."""

    name: BaselineName
    metrics: dict[str, float]
    score: float
    score_interval: Interval
    difference: float
    difference_interval: Interval
    beaten: bool


class Candidate(Record):
    """A model that was tried: its score on the training's own validation rows and the seconds it took."""

    model: str
    score: float | None
    fit_seconds: float


class Finding(Record):
    """What a check before the training found; one that says `stop` ended it, or left the column out."""

    code: str
    column: str | None = None
    message: str
    stop: bool = False


class SplitFacts(Record):
    """How rows were kept from the training: at random, the latest by `column`, or whole groups of `column`."""

    kind: SplitKind = "random"
    column: str | None = None
    rows: int = Field(0, description="Rows kept from the training.")
    duplicates: int = Field(0, description="Rows that repeat another; all of them are on its side.")
    since: str | None = Field(None, description="First time kept from the training, for a split by time.")


class CurvePoint(Record):
    """A model fitted so many seconds after the start: its score on validation rows, and the best so far."""

    seconds: float
    model: str
    score: float
    best: float


class TrainedModel(Record):
    """Everything a training found; `score` and `metrics` are on rows never seen, `score_interval` at 95 %."""

    target_column: str
    problem_type: ProblemType
    problem_kind: ProblemKind
    classes: list[Label]
    positive_class: Label | None
    engine: EngineKey
    engine_version: str
    winner: str
    dataset_id: str
    dataset_name: str
    dataset_version: int
    features: list[Feature]
    excluded: list[Excluded]
    metrics: dict[str, float]
    score_metric: str
    score: float
    score_interval: Interval
    baselines: list[Baseline]
    verdict: str
    leaderboard: list[Candidate]
    rows_trained: int
    rows_held_out: int
    rows_dropped: int
    notes: list[str]
    input_example: dict[str, Any]
    time_limit: float
    seed: int
    training_time_seconds: float
    findings: list[Finding] = Field(default_factory=list)
    split: SplitFacts = Field(default_factory=SplitFacts)
    evaluation: Evaluation | None = None
    curve: list[CurvePoint] = Field(default_factory=list)
    dataset_hash: str | None = Field(None, description="SHA-256 of the columns' types and the rows learned from.")
    stopped_early: bool = Field(False, description="Whether the search was cancelled and its best so far kept.")


class ModelVersion(TrainedModel):
    """A registered model: what the training found, and under which name, version and aliases it is known."""

    model_id: str
    name: str
    version: int
    aliases: list[str]
    mlflow_run_id: str
    created_at: datetime
    user_id: str

    def text(self) -> str:
        """The model's card for the shell."""
        from lakebook.ml.card import card_text

        return card_text(self)

    def _repr_html_(self) -> str:
        from lakebook.ml.card import cell_html

        return cell_html(self)
