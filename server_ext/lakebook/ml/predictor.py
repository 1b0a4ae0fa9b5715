"""Predict: rows are checked against the model's signature and answered by a process that holds the model."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lakebook.errors import InvalidRequest, LakebookError, ModelFailed, ModelTampered
from lakebook.ml import frames
from lakebook.ml.feature_rows import from_rows, from_table
from lakebook.ml.model_child import ModelChild, serving_command
from lakebook.ml.model_version import Label, ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.requests import Prediction

if TYPE_CHECKING:
    import pyarrow as pa

# More digits than any model deserves, fewer than a batch of another size disturbs.
DIGITS = 10
log = logging.getLogger(__name__)
REFUSALS: dict[str, type[LakebookError]] = {kind.code: kind for kind in (ModelTampered, ModelFailed)}


class Predictions(list[Prediction]):
    """The answers in the order of the rows, with the model that gave them and what to warn of."""

    def __init__(self, items: Iterable[Prediction], model: ModelVersion, warnings: Sequence[str]) -> None:
        super().__init__(items)
        self.model = model
        self.warnings = list(warnings)


class Predictors:
    """Answers for any registered model; one process holds the `size` models used last."""

    def __init__(self, models: ModelStore, size: int = 2, timeout: float = 120.0) -> None:
        self._models = models
        self._timeout = timeout
        self._child = ModelChild(serving_command(models.artifacts, size))

    def warm(self) -> None:
        """Start the process ahead of the first prediction."""
        self._child.start()

    def predict(self, reference: str, rows: Sequence[Mapping[str, Any]] | pa.Table) -> Predictions:
        """Predict rows by `name` (its champion), `name@alias`, `name@3` or model id.

        Raises NotFound, InvalidRequest (naming the field), ModelTampered, ModelFailed.
        """
        self.warm()
        model, digest = self._models.sealed(reference)
        known = {model.target_column, *(excluded.column for excluded in model.excluded)}
        if isinstance(rows, Sequence):
            table, warnings = from_rows(rows, model.features, known)
        elif type(rows).__module__.startswith("pyarrow"):
            table, warnings = from_table(rows, model.features, known)
        else:
            raise InvalidRequest("Rows are a list of fields with values, or an Arrow table.")
        if not table.num_rows:
            return Predictions([], model, [])
        request = {"model_id": model.model_id, "digest": digest}
        reply, body = self._child.ask(request, frames.table_bytes(table), self._timeout)
        if not reply["ok"]:
            log.warning("model %s did not answer: %s", model.model_id, reply["details"].get("cause", reply["message"]))
            raise REFUSALS.get(reply["code"], ModelFailed)(reply["message"], hint=reply["hint"])
        return Predictions(_predictions(model, frames.bytes_table(body)), model, warnings)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._child.close()


def _predictions(model: ModelVersion, answers: pa.Table) -> list[Prediction]:
    predicted: list[Any] = answers.column("predicted").to_pylist()
    if model.problem_type == "regression":
        return [Prediction(prediction=_rounded(amount), confidence=None) for amount in predicted]
    labels = [_spelled(label) for label in model.classes]
    shares: list[list[Any]] = [answers.column(f"p{code}").to_pylist() for code in range(len(labels))]
    found = []
    for row, code in enumerate(predicted):
        probabilities = {label: _rounded(share[row]) for label, share in zip(labels, shares, strict=True)}
        found.append(
            Prediction(
                prediction=model.classes[code], confidence=probabilities[labels[code]], probabilities=probabilities
            )
        )
    return found


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _spelled(label: Label) -> str:
    return str(label).lower() if isinstance(label, bool) else str(label)
