"""What a training found and what the registry keeps of it, as typed records."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict

from lakebook.verb import Result

ProblemType = Literal["classification", "regression"]
ProblemKind = Literal["binary", "multiclass", "regression"]
FeatureType = Literal["integer", "number", "boolean", "text", "date", "timestamp"]
BaselineName = Literal["constant", "linear"]
EngineKey = Literal["autogluon", "scikit-learn"]
Label = bool | int | float | str
Interval = tuple[float, float]


class Record(Result):
    """A record that never changes once written."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())


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
        from lakebook.ml.card import card_html

        return card_html(self)
