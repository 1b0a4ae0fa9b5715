"""What models were asked and what they answered, counted in the background: days for drift, answers for tests."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lakebook.ids import new_id, now, rfc3339
from lakebook.ml.lifecycle.answers import keep
from lakebook.ml.lifecycle.routing import Choice
from lakebook.ml.lifecycle.spreads import Spreads, count_rows, profile_for
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.requests import Prediction
from lakebook.ml.training_profile import TrainingProfile

if TYPE_CHECKING:
    import pyarrow as pa

    from lakebook.metadata.database import Database
    from lakebook.ml.registry import ModelStore

# What waits to be counted; past it the newest are not counted, so that nobody who predicts ever waits.
WAITING = 2_000
# Of a longer table so many rows, spread over it, are counted.
ROWS_OF_A_TABLE = 10_000
EVERY_SECONDS = 2.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """Rows that a model was asked, with its answers."""

    model: ModelVersion
    table: pa.Table
    predictions: Sequence[Prediction]
    choice: Choice | None
    keys: Sequence[str]
    is_shadow: bool


@dataclass
class Day:
    """A model's rows of one day as this process counted them."""

    rows: int = 0
    counts: Spreads = field(default_factory=dict)


class Recorder:
    """Counts in a thread of its own; only counts and, in a test, keys with answers are kept, never a row's values.

    What was asked within the last two seconds before a kill is not counted.
    """

    def __init__(self, database: Database, models: ModelStore, every: float = EVERY_SECONDS) -> None:
        self._database, self._models, self._every = database, models, every
        self._recorder_id = new_id()
        self._waiting: queue.Queue[Asked | threading.Event | None] = queue.Queue(WAITING)
        self._profiles: dict[str, TrainingProfile | None] = {}
        self._days: dict[tuple[str, str], Day] = {}
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self.dropped = 0

    def record(
        self, model: ModelVersion, table: pa.Table, predictions: Sequence[Prediction], *,
        choice: Choice | None = None, keys: Sequence[str] = (), is_shadow: bool = False,
    ) -> None:  # fmt: skip
        """Have these rows and answers counted; returns at once. `keys` name the rows in a test's outcomes."""
        self._start()
        try:
            self._waiting.put_nowait(Asked(model, table, predictions, choice, keys, is_shadow))
        except queue.Full:
            self.dropped += 1

    def flush(self, seconds: float = 30.0) -> bool:
        """Wait until everything recorded so far is kept; False where that took longer."""
        if self._thread is None:
            return True
        done = threading.Event()
        self._waiting.put(done)
        return done.wait(seconds)

    def close(self) -> None:
        """Keep what was recorded and end the thread."""
        thread = self._thread
        if thread is not None:
            self._waiting.put(None)
            thread.join(10.0)
            self._thread = None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="lakebook-recorder", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        is_open = True
        while is_open:
            batch, waiters, is_open = self._gather()
            self._keep(batch)
            for waiter in waiters:
                waiter.set()

    def _gather(self) -> tuple[list[Asked], list[threading.Event], bool]:
        """What came in the next seconds; at once where somebody waits for it."""
        batch: list[Asked] = []
        waiters: list[threading.Event] = []
        until = None
        while True:
            left = None if until is None else max(0.0, until - time.monotonic())
            try:
                one = self._waiting.get(timeout=left)
            except queue.Empty:
                return batch, waiters, True
            if one is None:
                return batch, waiters, False
            if isinstance(one, threading.Event):
                return batch, [*waiters, one], True
            batch.append(one)
            until = until or time.monotonic() + self._every

    def _keep(self, batch: Sequence[Asked]) -> None:
        day = rfc3339(now())[:10]
        for model_id, some in _by_model(batch).items():
            try:
                if self._count(day, model_id, some):
                    self._write_day(model_id, day)
                for one in some:
                    if one.choice is not None and one.choice.test_id and one.keys:
                        keep(self._database, one.choice.test_id, one.model, one.keys, one.predictions, one.is_shadow)
            except Exception as error:
                # Whatever it was, predictions go on, and so does the counting of others and of the next ones.
                log.warning("%d predictions were not counted: %s", len(some), type(error).__name__)
        self._days = {key: value for key, value in self._days.items() if key[1] == day}

    def _count(self, day: str, model_id: str, some: Sequence[Asked]) -> bool:
        """Whether the model has a profile to count by, and the rows are counted."""
        if model_id not in self._profiles:
            self._profiles[model_id] = profile_for(self._models, some[0].model)
        profile = self._profiles[model_id]
        if profile is None:
            return False
        kept = self._days.setdefault((model_id, day), Day())
        for one in _together(some):
            kept.counts = count_rows(profile, one.model, one.table, one.predictions, kept.counts)
            kept.rows += one.table.num_rows
        return True

    def _write_day(self, model_id: str, day: str) -> None:
        from lakebook.metadata import schema

        table, kept = schema.model_day, self._days[model_id, day]
        own = (table.c.model_id == model_id) & (table.c.day == day) & (table.c.recorder_id == self._recorder_id)
        values: dict[str, Any] = {"rows": kept.rows, "counts": kept.counts, "updated_at": rfc3339(now())}
        with self._database.write() as connection:
            if not connection.execute(table.update().where(own).values(**values)).rowcount:
                connection.execute(
                    table.insert().values(model_id=model_id, day=day, recorder_id=self._recorder_id, **values)
                )


def _by_model(batch: Sequence[Asked]) -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = {}
    for one in batch:
        if one.table.num_rows:
            found.setdefault(one.model.model_id, []).append(one)
    return found


def _together(some: Sequence[Asked]) -> list[Asked]:
    """Many small tables as one, a long one thinned out: counting costs by the call more than by the row."""
    import pyarrow as pa

    table = pa.concat_tables([one.table for one in some], promote_options="permissive")
    answers = [answer for one in some for answer in one.predictions]
    step = -(-table.num_rows // ROWS_OF_A_TABLE)
    if step > 1:
        table, answers = table.take(list(range(0, table.num_rows, step))), answers[::step]
    return [Asked(some[0].model, table, answers, None, (), False)]
