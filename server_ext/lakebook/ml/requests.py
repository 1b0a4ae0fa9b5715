"""What train, models and predict take and give; field names are the seed's."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, ConfigDict, Field

from lakebook.verb import Flag, Positional, QueuedRequest, Request, Result


class TrainRequest(QueuedRequest):
    """A table and the column to learn."""

    dataset: Annotated[str, Positional()] = Field(
        validation_alias=AliasChoices("dataset", "dataset_id"), description="Table to learn from."
    )
    target: str = Field(
        validation_alias=AliasChoices("target", "target_column"), description="Column that the model predicts."
    )
    name: Annotated[str | None, Flag("--as")] = Field(
        None, description="Name of the model; without one, `<dataset>_<target>`."
    )
    problem_type: Literal["classification", "regression"] | None = Field(
        None, description="Kind of problem; without one, the target's values tell."
    )
    time: int = Field(60, ge=3, le=1800, description="Seconds to train for.")


class ModelRequest(Request):
    """One model, as `name`, `name@alias` or `name@3`, or by id."""

    model: Annotated[str, Positional()] = Field(description="Model, as name, name@alias, name@3 or id.")


class ModelsRequest(Request):
    """Which models to list: all of them."""


class PredictRequest(Request):
    """A model and the rows to predict: given one by one, or a table's."""

    model_config = ConfigDict(protected_namespaces=())

    model: Annotated[str, Positional()] = Field(
        validation_alias=AliasChoices("model", "model_id"), description="Model, as name, name@alias, name@3 or id."
    )
    features: dict[str, Any] | list[dict[str, Any]] | None = Field(
        None, description="One row as name=value pairs, or a list of rows."
    )
    dataset: str | None = Field(None, description="Table whose rows to predict instead.")
    limit: int = Field(1000, ge=1, le=100_000, description="Most rows of the table to predict.")


class Prediction(Result):
    """What the model says of one row."""

    prediction: Any
    confidence: float | None = Field(None, description="Probability of the predicted class; none for numbers.")
    probabilities: dict[str, float] | None = None


class PredictResult(Result):
    """The predictions in the order of the rows; a single row's is repeated at the top."""

    model_id: str
    name: str
    version: int
    prediction: Any = None
    confidence: float | None = None
    predictions: list[Prediction]
    warnings: list[str] = Field(default_factory=list)
