"""Staged files of killed jobs: swept once the job has ended, kept while it may come again."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from lakebook.call import Call
from lakebook.ids import new_id
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.leftovers import sweep
from lakebook.jobs.submit import submit
from lakebook.jobs.worker import Worker
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.unit.ingest.test_sources import CSV
from tests.unit.remains import left_in


@pytest.fixture
def job_id(call: Call, tmp_path: Path) -> str:
    """An ingest that waits in the queue."""
    (tmp_path / "orders.csv.gz").write_bytes(gzip.compress(CSV))
    return submit(call, BY_NAME["ingest"], IngestRequest(source="orders.csv.gz"), staffed=True).job_id


def staged(runtime: Runtime, job_id: str) -> list[str]:
    names = sorted(f"{job_id}-{mark}" for mark in ("abc.unpacked", "abc-0.unpacked.csv", "abc-1.unpacked.parquet"))
    for name in names:
        (runtime.settings.folder("tmp") / name).write_bytes(CSV)
    return names


def test_an_open_jobs_files_stay(runtime: Runtime, job_id: str) -> None:
    names = staged(runtime, job_id)
    assert sweep(runtime) == 0
    assert left_in(runtime) == names


def test_an_ended_jobs_files_go(call: Call, runtime: Runtime, job_id: str) -> None:
    staged(runtime, job_id)
    runtime.jobs.cancel(call, job_id)
    assert sweep(runtime) == 3
    assert left_in(runtime) == []


@pytest.mark.parametrize("name", ["{}.load.json", "{}-abc.part", "x{}-abc.unpacked", "frame.parquet"])
def test_other_files_are_not_touched(call: Call, runtime: Runtime, job_id: str, name: str) -> None:
    runtime.jobs.cancel(call, job_id)
    kept = runtime.settings.folder("tmp") / name.format(job_id)
    kept.write_bytes(CSV)
    assert sweep(runtime) == 0
    assert kept.exists()


def test_files_of_no_known_job_stay(runtime: Runtime) -> None:
    names = staged(runtime, new_id())
    assert sweep(runtime) == 0
    assert left_in(runtime) == names


def test_a_starting_worker_sweeps(call: Call, runtime: Runtime, job_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal.signal", lambda *_given: None)
    staged(runtime, job_id)
    runtime.jobs.cancel(call, job_id)
    Worker(runtime, idle_seconds=-1).run()
    assert left_in(runtime) == []
