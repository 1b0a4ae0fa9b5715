"""Predict: rows are checked against the model's signature and answered by a process that holds the model."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from lakebook.errors import InvalidRequest, LakebookError, ModelFailed, ModelTampered
from lakebook.ml.lifecycle.routing import Choice
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.requests import Prediction
from lakebook.ml.serving import explain, frames
from lakebook.ml.serving.feature_rows import from_rows, from_table, travelled, typed_rows
from lakebook.ml.serving.model_child import ModelChild, serving_command
from lakebook.ml.serving.predictions import Predictions, predictions_of, strange_words
from lakebook.ml.serving.shadows import Shadows

if TYPE_CHECKING:
    import pyarrow as pa

    from lakebook.ml.lifecycle.recorder import Recorder
    from lakebook.ml.lifecycle.routing import Routes

# How long a name is believed to mean a version: a promotion is in force everywhere after so many seconds.
BELIEVED_SECONDS = 0.5
log = logging.getLogger(__name__)
REFUSALS: dict[str, type[LakebookError]] = {kind.code: kind for kind in (ModelTampered, ModelFailed)}


@dataclass(frozen=True)
class Meant:
    """The version that a reference means, with the digest of its files and the fields that may be there in silence."""

    model: ModelVersion
    digest: str
    known: frozenset[str]


class Predictors:
    """Answers for any registered model; one process holds the `size` models used last."""

    def __init__(
        self, models: ModelStore, size: int = 2, timeout: float = 120.0, *,
        routes: Routes | None = None, recorder: Recorder | None = None,
    ) -> None:  # fmt: skip
        self._models, self._timeout = models, timeout
        self._routes, self._recorder = routes, recorder
        self._child = ModelChild(serving_command(models.artifacts, size))
        self._meant: dict[str, tuple[float, Meant]] = {}
        self._looking = threading.Lock()
        self._shadows = Shadows()

    def warm(self) -> None:
        """Start the process ahead of the first prediction."""
        self._child.start()

    def choose(self, reference: str, key: str | None = None) -> Choice:
        """Who answers for a reference: the version that its route gives this key, else what it says."""
        return Choice(reference) if self._routes is None else self._routes.choose(reference, key)

    def meant(self, reference: str) -> Meant:
        """The version that a reference means now; Conflict where it is archived."""
        with self._looking:
            when, found = self._meant.get(reference, (float("-inf"), None))
            if found is None or time.monotonic() - when > BELIEVED_SECONDS:
                model, digest = self._models.serving(reference)
                found = Meant(
                    model, digest, frozenset({model.target_column, *(left.column for left in model.excluded)})
                )
                self._meant = {**_fresh(self._meant), reference: (time.monotonic(), found)}
            return found

    def predict(
        self, reference: str, rows: Sequence[Mapping[str, Any]] | pa.Table, *,
        key: str | None = None, explained: bool = False, words: bool = False,
    ) -> Predictions:  # fmt: skip
        """Predict rows by `name` (its champion, or its route's), `name@alias`, `name@3` or model id.

        With `words` the values are text to be read in each field's type.
        Raises NotFound, Conflict, InvalidRequest (naming the field), ModelTampered, ModelFailed.
        """
        self.warm()
        choice = self.choose(reference, key)
        meant = self.meant(choice.reference)
        if isinstance(rows, Sequence):
            if words:
                rows = typed_rows(rows, meant.model.features)
            table, warnings = from_rows(rows, meant.model.features, meant.known)
        elif type(rows).__module__.startswith("pyarrow"):
            table, warnings = from_table(rows, meant.model.features, meant.known)
        else:
            raise InvalidRequest("Rows are a list of fields with values, or an Arrow table.")
        if explained and table.num_rows > explain.MOST_ROWS:
            raise InvalidRequest(
                f"{table.num_rows:,} rows are too many to explain; {explain.MOST_ROWS} are the most.",
                hint="Explain a few of them, or predict without `explain`.",
            )
        found, strange = self.answer(meant, table, explained=explained) if table.num_rows else ([], {})
        warnings += strange_words(strange, range(len(found)))
        self.record(meant, table, found, choice, [key] if key is not None and len(found) == 1 else [])
        return Predictions(found, meant.model, warnings)

    def answer(
        self, meant: Meant, table: pa.Table, *, explained: bool = False
    ) -> tuple[list[Prediction], dict[str, list[int]]]:
        """The predictions for a table of exactly the model's features, and by feature the rows with strange words."""
        reply, answers = self._asked(meant, table, explained=explained)
        return predictions_of(meant.model, answers), reply.get("strange", {})

    def answers(self, meant: Meant, table: pa.Table) -> pa.Table:
        """What the process that holds the model answers: `predicted`, and `p0`… for classes."""
        return self._asked(meant, table)[1]

    def _asked(self, meant: Meant, table: pa.Table, *, explained: bool = False) -> tuple[dict[str, Any], pa.Table]:
        request = {"model_id": meant.model.model_id, "digest": meant.digest, "explained": explained}
        reply, body = self._child.ask(request, frames.table_bytes(table), self._timeout)
        if not reply["ok"]:
            cause = reply["details"].get("cause", reply["message"])
            log.warning("model %s did not answer: %s", meant.model.model_id, cause)
            raise REFUSALS.get(reply["code"], ModelFailed)(reply["message"], hint=reply["hint"])
        return reply, frames.bytes_table(body)

    def record(
        self, meant: Meant, table: pa.Table, found: Sequence[Prediction], choice: Choice, keys: Sequence[str]
    ) -> None:  # fmt: skip
        """Have rows and answers counted and the shadows asked; nobody waits for it."""
        if self._recorder is None or not found:
            return
        self._recorder.record(meant.model, table, found, choice=choice, keys=keys)
        for shadow in choice.shadows:
            self._shadows.put(partial(self._ask_shadow, shadow, table, choice, keys))

    def _ask_shadow(self, reference: str, table: pa.Table, choice: Choice, keys: Sequence[str]) -> None:
        """A shadow's answers to the same rows, which only the recorder hears; it may read other features."""
        meant = self.meant(reference)
        fitting = travelled(table, meant.model.features)
        found, _ = self.answer(meant, fitting)
        if self._recorder is not None:
            self._recorder.record(meant.model, fitting, found, choice=choice, keys=keys, is_shadow=True)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._shadows.close()
        self._child.close()


def _fresh(known: dict[str, tuple[float, Meant]]) -> dict[str, tuple[float, Meant]]:
    """What is still believed: names that nobody asks for any more are let go."""
    until = time.monotonic() - BELIEVED_SECONDS
    return {reference: kept for reference, kept in known.items() if kept[0] >= until}
