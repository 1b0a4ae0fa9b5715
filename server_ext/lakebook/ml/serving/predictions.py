"""What a model's process answered, as predictions: labels, probabilities, intervals and contributions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lakebook.ml.labels import spelled
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.requests import Prediction

if TYPE_CHECKING:
    import pyarrow as pa

# More digits than any model deserves, fewer than a batch of another size disturbs.
DIGITS = 10
# The middle of the residuals that an interval covers.
COVERED = 0.9
SLACK = 0.011


class Predictions(list[Prediction]):
    """The answers in the order of the rows, with the model that gave them and what to warn of."""

    def __init__(self, items: Iterable[Prediction], model: ModelVersion, warnings: Sequence[str]) -> None:
        super().__init__(items)
        self.model = model
        self.warnings = list(warnings)


def strange_words(strange: Mapping[str, Sequence[int]], rows: range) -> list[str]:
    """What to warn of where words of these rows were not learned, given all rows with such words by feature."""
    counts = {name: sum(row in rows for row in places) for name, places in strange.items()}
    told = [f"{name} ({count} of {len(rows)} rows)" for name, count in counts.items() if count]
    return [f"Words that the model did not learn, taken as unknown: {', '.join(told)}."] if told else []


def predictions_of(model: ModelVersion, answers: pa.Table) -> list[Prediction]:
    """The predictions in a table of answers."""
    found = _amounts(model, answers) if model.problem_type == "regression" else _classes(model, answers)
    if "c0" in answers.column_names:
        names = [feature.name for feature in model.features]
        added = [listed(answers, f"c{place}") for place in range(len(names))]
        for row, prediction in enumerate(found):
            prediction.contributions = {name: rounded(column[row]) for name, column in zip(names, added, strict=True)}
    return found


def _amounts(model: ModelVersion, answers: pa.Table) -> list[Prediction]:
    spread = residual_span(model)
    found = []
    for amount in listed(answers, "predicted"):
        interval = None if spread is None else (rounded(amount + spread[0]), rounded(amount + spread[1]))
        found.append(Prediction(prediction=rounded(amount), interval=interval))
    return found


def _classes(model: ModelVersion, answers: pa.Table) -> list[Prediction]:
    labels = [spelled(label) for label in model.classes]
    shares = [listed(answers, f"p{code}") for code in range(len(labels))]
    found = []
    for row, code in enumerate(listed(answers, "predicted")):
        probabilities = {label: rounded(share[row]) for label, share in zip(labels, shares, strict=True)}
        found.append(
            Prediction(
                prediction=model.classes[code], confidence=probabilities[labels[code]], probabilities=probabilities
            )
        )
    return found


def residual_span(model: ModelVersion) -> tuple[float, float] | None:
    """What to add to an amount for the span that nine of ten rows never seen fell into; None where nobody counted."""
    if model.evaluation is None:
        return None
    low, high = (1 - COVERED) / 2, (1 + COVERED) / 2
    shares = {quantile.share: quantile.value for quantile in model.evaluation.residuals}
    below = [value for share, value in shares.items() if abs(share - low) < SLACK]
    above = [value for share, value in shares.items() if abs(share - high) < SLACK]
    return (below[0], above[0]) if below and above else None


def listed(answers: pa.Table, name: str) -> list[Any]:
    """A column's values."""
    values: list[Any] = answers.column(name).to_pylist()
    return values


def rounded(value: float) -> float:
    """The number with ten digits."""
    return float(f"{value:.{DIGITS}g}")
