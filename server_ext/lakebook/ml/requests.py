"""What train, models and predict take and give; field names are the seed's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AliasChoices, ConfigDict, Field, model_validator

from lakebook.errors import InvalidRequest
from lakebook.verb import Flag, Names, Positional, QueuedRequest, Request, Result


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
    time: int = Field(300, ge=3, le=1800, description="Seconds to train for.")
    time_column: str | None = Field(
        None, description="Column of times; the last rows are kept to score on. By itself where the table is a series."
    )
    group_column: str | None = Field(None, description="Column of groups; whole groups are kept to score on.")
    random_split: bool = Field(False, description="Keep rows to score on at random, even where the table is a series.")
    keep: Names = Field(default_factory=list, description="Columns to learn from although a check leaves them out.")
    drop: Names = Field(default_factory=list, description="Columns not to learn from.")
    gpus: int = Field(0, ge=0, le=64, description="Graphics processors that the training may use.")

    @model_validator(mode="after")
    def _one_split(self) -> Self:
        """Rows are kept in one way."""
        if sum((self.time_column is not None, self.group_column is not None, self.random_split)) > 1:
            raise ValueError("rows to score on are kept by time, by group or at random: choose one")
        return self


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
    file: str | None = Field(None, description="File of rows to predict instead: CSV, a JSON list, or JSON lines.")
    words: bool = Field(
        False, description="Whether the rows' values are words to be read in each field's type, as in CSV."
    )
    dataset: str | None = Field(None, description="Table whose rows to predict instead.")
    limit: int = Field(1000, ge=1, le=100_000, description="Most rows of the table to predict.")
    explain: bool = Field(False, description="Say what each feature adds to an answer; at most 100 rows.")
    key: str | None = Field(None, description="Whom the row is about: in a test, the same key meets the same version.")

    def brought(self) -> Self:
        """The request with its file's rows in place of the file's name."""
        from lakebook.ml.serving.rows_file import read

        if self.file is None:
            return self
        if self.features is not None or self.dataset is not None:
            raise InvalidRequest("Predict takes rows, a file or a table.", hint="Give one of them.")
        rows, words = read(Path.cwd() / self.file)
        return self.model_copy(update={"file": None, "features": rows, "words": words})


class PredictTableRequest(QueuedRequest):
    """A model, a table whose every row it predicts, and the table that they become."""

    model_config = ConfigDict(protected_namespaces=())

    model: Annotated[str, Positional()] = Field(
        validation_alias=AliasChoices("model", "model_id"), description="Model, as name, name@alias, name@3 or id."
    )
    to: Annotated[str, Positional()] = Field(description="Table to make of the answers, in gold unless it says where.")
    dataset: str = Field(
        validation_alias=AliasChoices("dataset", "dataset_id"), description="Table whose rows to predict."
    )


class ScoredTable(Result):
    """A table that was predicted whole."""

    model_config = ConfigDict(protected_namespaces=())

    model_id: str
    name: str
    version: int
    to: str = Field(description="The table made, with its layer.")
    dataset_id: str = Field(description="Its id.")
    rows: int
    seconds: float
    warnings: list[str] = Field(default_factory=list)


class Prediction(Result):
    """What the model says of one row."""

    prediction: Any
    confidence: float | None = Field(None, description="Probability of the predicted class; none for numbers.")
    probabilities: dict[str, float] | None = None
    interval: tuple[float, float] | None = Field(
        None, description="Span around a number into which nine of ten rows never seen fell; none for classes."
    )
    contributions: dict[str, float] | None = Field(
        None,
        description="With `explain`: what each feature adds, from the usual row's answer to this one.",
    )


class PredictResult(Result):
    """The predictions in the order of the rows; a single row's is repeated at the top."""

    model_id: str
    name: str
    version: int
    prediction: Any = None
    confidence: float | None = None
    predictions: list[Prediction]
    warnings: list[str] = Field(default_factory=list)

    def text(self) -> str:
        """The answers for the shell, one a line."""
        from lakebook.ml.serving.display import predictions_text

        return predictions_text(self)
