"""Questions that come at the same time are answered by one call of the model."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lakebook.errors import InvalidRequest, LakebookError, ModelFailed, TooBusy
from lakebook.ids import new_id, now, rfc3339
from lakebook.ml.lifecycle.routing import Choice
from lakebook.ml.serving import explain, protocol
from lakebook.ml.serving.feature_rows import Columns, columns_of, table_of
from lakebook.ml.serving.predictions import strange_words
from lakebook.ml.serving.predictor import Meant, Predictors
from lakebook.ml.serving.protocol import Question, Style

WAITING = 1024
ROWS_OF_A_CALL = 512
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What is sent back: a status, a body, and which version it is of."""

    status: int
    body: bytes
    model: str | None = None


@dataclass(frozen=True)
class Asked:
    """A request as it came; `deliver` is called once, from another thread."""

    style: Style
    media: str
    body: bytes
    deliver: Callable[[Answer], None]
    reference: str | None = None
    key: str | None = None


@dataclass
class Waiting:
    """A request that was understood, on its way to the model."""

    asked: Asked
    question: Question
    columns: Columns
    warnings: Sequence[str]
    choice: Choice
    key: str | None


@dataclass
class Batch:
    """Requests for one version."""

    meant: Meant
    explained: bool
    waiting: list[Waiting] = field(default_factory=list)


class Batcher:
    """Takes whatever waits, asks each version once, and answers; while it asks, the next requests gather.

    `default` is the model that requests mean which name none.
    """

    def __init__(
        self, predictors: Predictors, default: Callable[[], str], waiting: int = WAITING, threads: int = 2
    ) -> None:
        self._predictors, self._default = predictors, default
        self._queue: queue.Queue[Asked | None] = queue.Queue(waiting)
        self._threads = [
            threading.Thread(target=self._work, name=f"lakebook-batcher-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, asked: Asked) -> None:
        """Have the request answered; TooBusy where too many wait already."""
        try:
            self._queue.put_nowait(asked)
        except queue.Full:
            raise TooBusy(f"{self._queue.maxsize:,} requests wait for the models already.") from None

    def close(self) -> None:
        """Answer what waits, and end."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(10.0)

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            gathered = [first]
            while len(gathered) < ROWS_OF_A_CALL:
                try:
                    further = self._queue.get_nowait()
                except queue.Empty:
                    break
                if further is None:
                    self._queue.put(None)
                    break
                gathered.append(further)
            for batch in self._batches(gathered):
                self._answer(batch)

    def _batches(self, gathered: Sequence[Asked]) -> list[Batch]:
        """The requests by the version that answers them; those that cannot be answered are told so."""
        batches: dict[tuple[str, bool, str], Batch] = {}
        for asked in gathered:
            try:
                waiting, meant = self._understood(asked)
            except Exception as error:
                asked.deliver(refusal(error))
                continue
            key = (meant.model.model_id, waiting.question.explained, waiting.choice.test_id)
            batches.setdefault(key, Batch(meant, waiting.question.explained)).waiting.append(waiting)
        return list(batches.values())

    def _understood(self, asked: Asked) -> tuple[Waiting, Meant]:
        question = protocol.understood(asked.style, asked.media, asked.body)
        if question.explained and len(question.rows) > explain.MOST_ROWS:
            raise InvalidRequest(f"{explain.MOST_ROWS} rows are the most to explain in one request.")
        key = asked.key or question.key
        choice = self._predictors.choose(asked.reference or question.reference or self._default(), key)
        meant = self._predictors.meant(choice.reference)
        fields = question.fields(meant.model.features)
        columns, warnings = columns_of(fields, meant.model.features, meant.known)
        return Waiting(asked, question, columns, warnings, choice, key), meant

    def _answer(self, batch: Batch) -> None:
        try:
            self._ask(batch)
        except Exception as error:
            for waiting in batch.waiting:
                waiting.asked.deliver(refusal(error))

    def _ask(self, batch: Batch) -> None:
        meant, features = batch.meant, batch.meant.model.features
        joined: Columns = {feature.name: [] for feature in features}
        for waiting in batch.waiting:
            for name, values in waiting.columns.items():
                joined[name] += values
        table = table_of(joined, features)
        found, strange = self._predictors.answer(meant, table, explained=batch.explained) if len(table) else ([], {})
        reference, at = f"{meant.model.name}@{meant.model.version}", 0
        for waiting in batch.waiting:
            own = found[at : at + len(waiting.question.rows)]
            unlearned = strange_words(strange, range(at, at + len(own)))
            body = protocol.told(waiting.asked.style, meant, own, [*waiting.warnings, *unlearned])
            waiting.asked.deliver(Answer(200, body, reference))
            if waiting.choice.test_id:
                keys = [waiting.key] if waiting.key is not None and len(own) == 1 else []
                self._predictors.record(meant, table.slice(at, len(own)), own, waiting.choice, keys)
            at += len(own)
        if not batch.waiting[0].choice.test_id:
            # Outside a test nobody asks whose row it was: one record for all of them.
            self._predictors.record(meant, table, found, batch.waiting[0].choice, [])


def refusal(error: Exception) -> Answer:
    """An error as an answer, in the one shape of errors."""
    if not isinstance(error, LakebookError):
        log.critical("a prediction broke", exc_info=error)
        error = ModelFailed("The model could not answer for these rows.")
    told = {**error.to_dict(), "request_id": new_id(), "timestamp": rfc3339(now())}
    return Answer(error.status, json.dumps({"error": told}).encode())
