"""Rows and answers counted into the bins of a model's training profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from lakebook.ml import training_profile
from lakebook.ml.columns import to_frame
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.requests import Prediction
from lakebook.ml.training_profile import Spread, TrainingProfile, counted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from lakebook.ml.registry import ModelStore

# For each column, prediction and confidence: the rows of each bin, and last the nulls.
Spreads = dict[str, list[int]]
ANSWER, SCORE = "prediction", "confidence"
FEATURE = "feature:"


def profile_for(models: ModelStore, model: ModelVersion) -> TrainingProfile | None:
    """The profile that was sealed with the model, None where an older lakebook kept none."""
    content = models.file(model, training_profile.FILE)
    if content is None:
        return None
    try:
        return TrainingProfile.model_validate_json(content)
    except ValidationError:
        return None


def count_rows(
    profile: TrainingProfile, model: ModelVersion, table: pa.Table, predictions: Sequence[Prediction],
    so_far: Mapping[str, Sequence[int]] | None = None,
) -> Spreads:  # fmt: skip
    """The rows counted, added to what was counted so far; `table` holds the features as they travel."""
    frame = to_frame(table, model.features)
    found = {f"{FEATURE}{spread.name}": numbers(counted(spread, frame[spread.name])) for spread in profile.features}
    found[ANSWER] = numbers(counted(profile.answer, answered(model, predictions)))
    if profile.score is not None:
        found[SCORE] = numbers(counted(profile.score, sureness(predictions)))
    return added(found, so_far or {})


def added(first: Mapping[str, Sequence[int]], second: Mapping[str, Sequence[int]]) -> Spreads:
    """Two counts of the same columns as one; a column that only one of them has counts as it is."""
    return {
        name: [one + other for one, other in zip(first[name], second[name], strict=True)]
        if name in first and name in second
        else list(first.get(name, second.get(name, [])))
        for name in {**second, **first}
    }


def numbers(spread: Spread) -> list[int]:
    """A spread's counts, the nulls last."""
    return [*spread.counts, spread.nulls]


def parts(profile: TrainingProfile) -> dict[str, Spread]:
    """The training's spread of everything that is counted, by its key in `Spreads`."""
    found = {f"{FEATURE}{spread.name}": spread for spread in profile.features} | {ANSWER: profile.answer}
    return found | ({SCORE: profile.score} if profile.score is not None else {})


def answered(model: ModelVersion, predictions: Sequence[Prediction]) -> pd.Series:
    """The answers as the profile counts them: amounts, or codes of classes."""
    import pandas as pd

    if model.problem_type == "regression":
        return pd.Series([one.prediction for one in predictions], dtype="float64")
    codes: dict[Any, str] = {label: str(code) for code, label in enumerate(model.classes)}
    return pd.Series([codes.get(one.prediction) for one in predictions], dtype="object")


def sureness(predictions: Sequence[Prediction]) -> pd.Series:
    """The probabilities of the classes that were answered."""
    import pandas as pd

    return pd.Series([one.confidence for one in predictions], dtype="float64")
