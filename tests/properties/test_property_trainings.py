"""A training begins with its rows, read where the table is, and ends within its time, whatever it does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.call import JobSeat
from lakebook.errors import BadTarget
from lakebook.ids import new_id
from lakebook.jobs import worker as worker_module
from lakebook.jobs.limits import Limits, limits_of
from lakebook.jobs.worker import POLL_SECONDS, Seat, Worker
from lakebook.ml.requests import TrainRequest
from lakebook.ml.training_table import TrainingTable
from lakebook.ml.verbs import prepare, train
from lakebook.runtime import Runtime, open_runtime
from tests.properties.in_process import call_of, fresh, ingested
from tests.unit.core.core_home import Seconds

ENGINE = "snowflake://tester@localhost/DB1/SALES"
LONGEST = 1800.0


class Warehouse:
    """Stands in for an engine elsewhere; writes down when it was asked for rows."""

    dialect = "snowflake"

    def __init__(self, done: list[str]) -> None:
        self.kept: dict[str, pa.Table] = {}
        self._done = done

    def tables(self) -> list[Any]:
        return [
            SimpleNamespace(
                schema="SALES", name=name, columns=tuple((column, "DOUBLE") for column in table.column_names)
            )
            for name, table in self.kept.items()
        ]

    def rows(self, sql: str, *, seconds: float, cancel: object = None) -> pa.Table:
        name = next(name for name in self.kept if sql == f'SELECT * FROM "SALES"."{name}"')
        self._done.append(f"rows of {name}")
        return self.kept[name]

    def close(self) -> None:
        """Nothing is open."""


class Begun(BadTarget):
    """Raised in the place of AutoML."""


@pytest.fixture(scope="module")
def done() -> list[str]:
    """What was done, in its order."""
    return []


@pytest.fixture(scope="module")
def begun() -> list[TrainingTable]:
    """The tables that AutoML was given."""
    return []


@pytest.fixture(scope="module")
def elsewhere(
    tmp_path_factory: pytest.TempPathFactory, done: list[str], begun: list[TrainingTable]
) -> Iterator[Runtime]:
    """A home beside an engine, where AutoML is only begun."""
    from lakebook.ml import training_table

    read = training_table.read

    def read_too(files: list[str], limit: int | None = None) -> pl.DataFrame:
        done.append("files read")
        return read(files, limit)

    def begin(table: TrainingTable, *_given: object) -> None:
        done.append("automl")
        begun.append(table)
        raise Begun("AutoML was begun.")

    opened = open_runtime(tmp_path_factory.mktemp("beside") / "home", upgrade=True, engine=ENGINE)
    opened.__dict__["engine"] = Warehouse(done)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook.ml.training._fit", begin)
        patch.setattr("lakebook.ml.training_table.read", read_too)
        yield opened
    opened.close()


def learnable(rows: int, seed: int) -> pl.DataFrame:
    """Rows with a number, a word and a target of two classes, each row different."""
    chance = random.Random(seed)
    return pl.DataFrame(
        {
            "a": [number + chance.random() for number in range(rows)],
            "word": [chance.choice(["é", "x", None]) for _ in range(rows)],
            "y": [chance.choice(["no", "yes"]) if number > 1 else ["no", "yes"][number] for number in range(rows)],
        }
    )


# Feature: ai-analytics-platform, Property 17: Training data loading. For any model training request with a valid dataset identifier, the Platform should load data from Snowflake before initiating AutoML.
@given(rows=st.integers(12, 60), seed=st.integers(0, 2**32), qualified=st.booleans(), upper=st.booleans())
def test_rows_are_read_through_the_tables_engine_before_automl(
    elsewhere: Runtime, done: list[str], begun: list[TrainingTable], rows: int, seed: int, qualified: bool, upper: bool
) -> None:
    name, table = fresh("Orders"), learnable(rows, seed)
    cast("Any", elsewhere.engine).kept[name] = table.to_arrow()
    reference = f"sales.{name}" if qualified else name
    call = call_of(elsewhere)
    request = TrainRequest(dataset=reference.upper() if upper else reference, target="Y")
    call.job = JobSeat(new_id(), 1, prepare(call, request))
    done.clear()
    begun.clear()
    with pytest.raises(Begun):
        train(call, request)
    assert done == [f"rows of {name}", "files read", "automl"]
    given_rows = begun[0]
    assert call.job.metadata["dataset_id"] == f"snowflake:SALES.{name}"
    assert len(given_rows.seen) + len(given_rows.unseen) == rows
    assert sorted([*given_rows.seen.features["a"], *given_rows.unseen.features["a"]]) == table["a"].sort().to_list()


def test_a_table_of_the_lake_comes_before_one_of_the_engine(
    elsewhere: Runtime, done: list[str], tmp_path: Path
) -> None:
    learnable(30, 1).write_parquet(tmp_path / "learn.parquet")
    name = str((ingested(elsewhere, tmp_path / "learn.parquet").result or {})["name"])
    cast("Any", elsewhere.engine).kept[name.upper()] = learnable(12, 2).to_arrow()
    call, request = call_of(elsewhere), TrainRequest(dataset=name, target="y")
    call.job = JobSeat(new_id(), 1, prepare(call, request))
    done.clear()
    with pytest.raises(Begun):
        train(call, request)
    assert done == ["files read", "automl"]


class Endless:
    """A job's process that ends only when it is killed."""

    pid = None

    def __init__(self, clock: Seconds) -> None:
        self.clock, self.killed_at = clock, 0.0

    def is_alive(self) -> bool:
        return True

    def kill(self) -> None:
        self.killed_at = self.clock.at

    def join(self) -> None:
        assert self.killed_at


class Queue:
    """Holds one job for whoever asks."""

    lease_seconds = 10.0

    def __init__(self) -> None:
        self.failures: list[dict[str, Any]] = []

    def renew(self, _job: str, _epoch: int) -> bool:
        return True

    def cancel_asked(self, _job: str, _epoch: int) -> bool:
        return False

    def fail(self, _job: str, _epoch: int, failure: dict[str, Any]) -> bool:
        self.failures.append(failure)
        return False


# Feature: ai-analytics-platform, Property 18: AutoML timeout enforcement. For any AutoML execution, the Platform should enforce a 30-minute timeout and terminate the process if it exceeds this duration.
@given(asked=st.one_of(st.just(LONGEST), st.floats(1, LONGEST)), began=st.floats(0, 1e6), late=st.floats(0, 0.2))
def test_a_training_past_its_time_is_ended_within_a_second(
    runtime: Runtime, asked: float, began: float, late: float
) -> None:
    settings = runtime.settings.model_copy(update={"train_seconds": asked})
    clock, queue = Seconds(), Queue()
    clock.at = began
    limits = limits_of(settings, "training")
    assert limits.seconds <= LONGEST
    worker = Worker(cast("Any", SimpleNamespace(jobs=queue, settings=settings)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker_module, "time", clock)
        process = Endless(clock)
        seat = Seat("job", 1, 1, cast("Any", process), limits, began=began, looked=began, renewed=began)
        worker.seat = seat
        # All but the last seconds pass at once: what happens meanwhile is the same at every turn.
        clock.at = seat.looked = seat.renewed = max(began, began + asked - 3)
        while worker.seat is not None:
            clock.at += POLL_SECONDS + late
            worker._watch(seat)
    assert 0 < process.killed_at - began - asked <= 1.0
    assert [failure["code"] for failure in queue.failures] == ["job_timed_out"]
    assert "--time" in queue.failures[0]["hint"]


def test_no_setting_allows_more_than_thirty_minutes(runtime: Runtime) -> None:
    assert limits_of(runtime.settings, "training").seconds == LONGEST
    longer = runtime.settings.model_copy(update={"job_seconds": 60.0})
    assert limits_of(longer, "training") == Limits(
        runtime.settings.train_memory_bytes, 60.0, limits_of(longer, "training").hint
    )
    with pytest.raises(ValueError, match="less than or equal to 1800"):
        type(runtime.settings).model_validate({"home": "/", "train_seconds": 1801})
