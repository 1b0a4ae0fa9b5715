"""Staged files of killed jobs: swept once the job has ended, kept while it may come again."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lakebook.call import Call
from lakebook.ids import new_id
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.leftovers import sweep, take_back
from lakebook.jobs.submit import submit
from lakebook.jobs.worker import Worker
from lakebook.ml.registry import ModelStore
from lakebook.ml.staging import Staging
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.unit.core.core_home import catalogued, queued, table_of
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


@pytest.mark.parametrize("name", ["{}.load", "{}-abc.part", "x{}-abc.unpacked", "frame.parquet"])
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


NOTES = (
    "{}.load.json", ".{}.load.json.0198c0de-0000-7000-8000-000000000000", "{}.rejected.parquet", "{}-0198.incoming",
    "{}-0198.parquet",
)  # fmt: skip


@pytest.mark.parametrize("name", NOTES)
def test_what_a_kill_left_beside_an_ended_job_goes(call: Call, runtime: Runtime, job_id: str, name: str) -> None:
    left = runtime.settings.folder("tmp") / name.format(job_id)
    left.write_bytes(CSV)
    assert sweep(runtime) == 0
    runtime.jobs.cancel(call, job_id)
    assert sweep(runtime) == 1
    assert not left.exists()


def test_the_notes_of_a_load_that_stands_go(call: Call, runtime: Runtime) -> None:
    """One of several tables of a job: its load has an id of its own."""
    dataset_id = catalogued(call, "orders")
    load_id = runtime.catalog.versions(dataset_id)[0]["load_id"]
    for known in (load_id, new_id()):
        (runtime.settings.folder("tmp") / f"{known}.load.json").write_bytes(CSV)
    assert sweep(runtime) == 1
    assert left_in(runtime) == [f"{known}.load.json"]


@pytest.mark.parametrize("alive", [True, False])
def test_the_spool_of_a_dead_process_goes(runtime: Runtime, alive: bool) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    spool = runtime.settings.folder("tmp") / f".lakebook-{os.getpid() if alive else ended.pid}-3.tmp"
    spool.write_bytes(CSV)
    assert sweep(runtime) == (not alive)
    assert spool.exists() is alive


def half_made(runtime: Runtime, job_id: str) -> Path:
    """What a job that was killed in its native pass has written of its table."""
    facts = runtime.jobs.row(job_id)["metadata"]
    path = runtime.lake.table_folder(facts["layer"], facts["dataset_id"]) / f"{job_id}.parquet.part"
    path.write_bytes(CSV)
    return path


def test_a_table_that_never_came_to_be_is_taken_back(runtime: Runtime, job_id: str) -> None:
    folder = half_made(runtime, job_id).parent
    take_back(runtime, job_id)
    assert not folder.exists()


def test_a_table_that_stands_loses_only_what_the_job_left(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    made = table_of(call)
    (tmp_path / "more.csv").write_bytes(CSV)
    request = IngestRequest(source="more.csv", name="orders", mode="replace")
    job_id = submit(call, BY_NAME["ingest"], request, staffed=True).job_id
    left = half_made(runtime, job_id)
    before = sorted(path.name for path in left.parent.iterdir() if path != left)
    take_back(runtime, job_id)
    assert sorted(path.name for path in left.parent.iterdir()) == before
    assert runtime.catalog.dataset("orders").dataset_id == made.dataset_id


def test_a_table_that_another_load_writes_is_left_to_it(runtime: Runtime, job_id: str) -> None:
    left, facts = half_made(runtime, job_id), runtime.jobs.row(job_id)["metadata"]
    with runtime.lake.lane(facts["layer"], facts["dataset_id"]):
        take_back(runtime, job_id)
    assert left.exists()


def test_a_job_without_a_table_has_nothing_to_take_back(call: Call, runtime: Runtime) -> None:
    before = sorted(runtime.lake.folder.rglob("*"))
    take_back(runtime, queued(call).job_id)
    assert sorted(runtime.lake.folder.rglob("*")) == before


def test_a_downloads_folder_goes_once_its_process_has(runtime: Runtime) -> None:
    temporary = runtime.settings.folder("tmp")
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    for process in (ended.pid, os.getpid()):
        (temporary / f"download-{process}-x").mkdir()
        (temporary / f"download-{process}-x" / "sheet1.xml").write_text("half")
    assert sweep(runtime) == 1
    assert left_in(runtime) == [f"download-{os.getpid()}-x"]


def test_a_killed_trainings_model_is_taken_back_once_its_job_has_ended(
    call: Call, runtime: Runtime, job_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def take_back(_store: ModelStore, is_over: Callable[[str], bool]) -> int:
        asked.append(is_over(job_id))
        return int(asked[-1])

    monkeypatch.setattr(ModelStore, "take_back", take_back)
    assert (sweep(runtime), asked) == (0, [])
    Staging(runtime.settings.folder("models"), job_id, new_id()).begin()
    assert (sweep(runtime), asked) == (0, [False])
    runtime.jobs.cancel(call, job_id)
    assert (sweep(runtime), asked) == (1, [False, True])
