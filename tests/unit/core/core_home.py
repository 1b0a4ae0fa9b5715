"""What many tests of the core begin with: jobs in a queue, clocks told the time, tables of a few rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Connection

from lakebook.call import Call
from lakebook.catalog.store import Load
from lakebook.ids import new_id
from lakebook.ingest.models import IngestResult
from lakebook.ingest.table import TableHandle
from lakebook.jobs.models import Job
from lakebook.lake.tables import Committed
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME

PROFILE: dict[str, Any] = {
    "row_count": 3, "column_count": 1, "duplicate_rows": 0, "columns": [], "quality_score": 0.75, "issues": [],
}  # fmt: skip


class Seconds:
    """Stands in for the module `time`: monotonic seconds that pass only when told, or by sleeping."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """The seconds now."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self.slept.append(seconds)
        self.at += seconds


class Days:
    """The instant that lakebook's modules are told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The instant now."""
        return self.at

    def go(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


class TakenBack(Exception):
    """Raised by a test inside a transaction, to see what goes with it."""


@contextmanager
def taken_back(runtime: Runtime) -> Iterator[Connection]:
    """A transaction that fails at its end."""
    with suppress(TakenBack), runtime.database.write() as connection:
        yield connection
        raise TakenBack


def told(monkeypatch: pytest.MonkeyPatch, *modules: str) -> Days:
    """A clock that these modules of lakebook read instead of the machine's."""
    clock = Days()
    for module in modules:
        monkeypatch.setattr(f"lakebook.{module}.now", clock)
    return clock


def queued(call: Call, title: str = "orders.csv", **metadata: Any) -> Job:
    """A job in the queue, unchecked."""
    return call.runtime.jobs.submit(call, BY_NAME["ingest"], {"source": title}, title, metadata)


def claimed(call: Call, title: str = "orders.csv", worker: str = "first") -> tuple[str, int]:
    """A job at work: its id and the epoch that holds it."""
    job = queued(call, title)
    row = call.runtime.jobs.claim(worker)
    assert row is not None
    assert row["job_id"] == job.job_id
    return job.job_id, row["lease_epoch"]


def catalogued(
    call: Call, name: str, layer: str = "bronze", *, dataset_id: str | None = None, rows: int = 3, **facts: Any
) -> str:
    """A dataset that stands in the catalogue alone, without files; returns its id."""
    dataset_id = dataset_id or new_id()
    load = Load(
        load_id=new_id(), dataset_id=dataset_id, layer=layer, name=name, source_type="csv", source=f"{name}.csv",
        user_id="tester", row_count=rows, column_count=1, report={}, profile=PROFILE, **facts,
    )  # fmt: skip
    with call.runtime.database.write() as connection:
        call.runtime.catalog.add_version(connection, load, Committed(0, ("a.parquet",), 10), f"{layer}/{dataset_id}")
    return dataset_id


def table_of(call: Call, name: str = "orders", **columns: list[Any]) -> IngestResult:
    """A table of the lake, made of these columns."""
    return TableHandle(call, name).replace(pa.table(columns or {"id": [1, 2, 3], "kind": ["a", "b", "a"]}))
