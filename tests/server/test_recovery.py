"""Killed at any moment, every accepted ingest ends completed, with its rows right and one completion event."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.events.outbox import COMPLETED
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.models import FINAL, Job
from lakebook.jobs.staff import living
from lakebook.jobs.submit import submit
from lakebook.runtime import Runtime, open_runtime
from lakebook.verbs import BY_NAME
from tests.live_server import live_server
from tests.server.conftest import StartWorker

POINTS = ("claimed", "mid-read", "after-parquet", "after-delta", "after-metadata", "before-relay")
ROWS = 20_000
PATIENCE = 60.0


@pytest.fixture
def runtime(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    monkeypatch.setenv("LAKEBOOK_LEASE_SECONDS", "1")
    runtime = open_runtime(home)
    yield runtime
    runtime.close()


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    lines = (f"{n},{n % 7},{n / 4:.2f}" for n in range(ROWS))
    path.write_text("id,kind,price\n" + "\n".join(lines) + "\n")
    return path


def queue_ingest(runtime: Runtime, source: Path) -> Job:
    call = Call(runtime, Principal("tester"))
    return submit(call, BY_NAME["ingest"], IngestRequest(source=str(source)), staffed=True)


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that must come, and fail by name where it does not."""
    end = time.monotonic() + PATIENCE
    pause = __import__("threading").Event()
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE} s for {what}"
        pause.wait(0.05)


def ended(runtime: Runtime, job: Job) -> Job:
    until(lambda: runtime.jobs.show(job.job_id).status in FINAL, "the job's end")
    return runtime.jobs.show(job.job_id)


def hold_right(runtime: Runtime, job: Job) -> None:
    """Completed, the rows right, one version, one completion event, nothing half-made left."""
    done = ended(runtime, job)
    assert done.status == "completed", done.failure
    assert done.result is not None
    assert done.result["rows"] == ROWS
    dataset = runtime.catalog.dataset("orders")
    assert (dataset.row_count, dataset.version) == (ROWS, 1)
    version = runtime.catalog.version(dataset.dataset_id, 1)
    files = runtime.lake.paths(dataset.s3_key, version["files"])

    import duckdb

    found = duckdb.execute("SELECT count(*), sum(id), sum(price) FROM read_parquet($1)", [list(files)]).fetchone()
    assert found is not None
    assert found[0] == ROWS
    assert found[1] == ROWS * (ROWS - 1) // 2
    assert str(found[2]) == f"{sum(round(n * 25) for n in range(ROWS)) / 100:.2f}"
    until(lambda: not runtime.events.waiting(), "the relay")
    events = [event for event in runtime.events.after(0) if event["topic"] == COMPLETED]
    assert len(events) == 1
    assert events[0]["payload"]["job_id"] == job.job_id
    assert not list(runtime.settings.folder("tmp").glob("*.load.json"))
    parquet = list((runtime.lake.folder / dataset.s3_key).glob("*.parquet*"))
    assert [str(path) for path in parquet] == list(files)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point(
    runtime: Runtime,
    orders: Path,
    workers: StartWorker,
    tmp_path: Path,
    point: str,
) -> None:
    marker = tmp_path / "killed"
    job = queue_ingest(runtime, orders)
    first = workers(LAKEBOOK_CRASH_AT=f"{point}:{marker}")
    until(marker.exists, f"the kill at {point}")
    if point == "before-relay":
        assert first.wait(PATIENCE) == -signal.SIGKILL
        workers()
    hold_right(runtime, job)


def test_worker_killed_while_its_job_goes_on(runtime: Runtime, orders: Path, workers: StartWorker) -> None:
    """The orphan may finish or lose its lease; either way the load is there once."""
    job = queue_ingest(runtime, orders)
    first = workers()
    until(lambda: runtime.jobs.show(job.job_id).status != "queued", "the claim")
    first.kill()
    first.wait()
    workers()
    hold_right(runtime, job)


def test_an_orphan_whose_lease_is_lost_cannot_commit(runtime: Runtime, orders: Path) -> None:
    from lakebook.call import JobSeat
    from lakebook.errors import LeaseLost
    from lakebook.ingest.accept import ingest

    job = queue_ingest(runtime, orders)
    row = runtime.jobs.claim("first worker")
    assert row is not None
    with runtime.database.write() as connection:
        from lakebook.metadata import schema

        connection.execute(schema.job.update().values(lease_until="2000-01-01T00:00:00.000000Z"))
    second = runtime.jobs.claim("second worker")
    assert second is not None
    assert second["lease_epoch"] == row["lease_epoch"] + 1
    orphan = Call(runtime, Principal("tester"), job=JobSeat(job.job_id, row["lease_epoch"], dict(row["metadata"])))
    with pytest.raises(LeaseLost):
        ingest(orphan, IngestRequest.model_validate(row["request"]))
    assert runtime.catalog.datasets() == []
    heir = Call(runtime, Principal("tester"), job=JobSeat(job.job_id, second["lease_epoch"], dict(second["metadata"])))
    ingest(heir, IngestRequest.model_validate(second["request"]))
    hold_right_without_relay(runtime, job)


def hold_right_without_relay(runtime: Runtime, job: Job) -> None:
    assert runtime.jobs.show(job.job_id).status == "completed"
    assert len(runtime.catalog.datasets()) == 1
    assert sum(event["topic"] == COMPLETED for event in runtime.events.after(0)) == 1


def test_a_job_that_always_dies_is_failed_in_words(
    runtime: Runtime, orders: Path, workers: StartWorker, tmp_path: Path
) -> None:
    """Three deaths are enough; the marker's folder is missing, so every attempt dies anew."""
    job = queue_ingest(runtime, orders)
    with runtime.database.write() as connection:
        from lakebook.metadata import schema

        connection.execute(schema.job.update().values(attempts=3))
    workers()
    done = ended(runtime, job)
    assert done.status == "failed"
    assert "died" in str(done.error_message)
    assert runtime.catalog.datasets() == []


def test_a_waiting_client_starts_a_worker_where_all_have_died(
    home: Path, orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker is killed before it claims; the one who waits sees to another."""
    import lakebook
    from lakebook import local
    from lakebook.jobs import staff

    # Long enough for a worker to be seen at work, else one after the other would be started.
    monkeypatch.setattr(local, "STAFF_SECONDS", 2.0)
    started: list[subprocess.Popen[bytes]] = []
    start = staff.start_worker

    def stillborn(runtime: Runtime, *, idle_seconds: float | None) -> subprocess.Popen[bytes]:
        worker = start(runtime, idle_seconds=idle_seconds)
        if not started:
            worker.kill()
            worker.wait()
        started.append(worker)
        return worker

    monkeypatch.setattr(staff, "start_worker", stillborn)
    with lakebook.open(home) as lb:
        assert lb.ingest(orders).rows == ROWS
    assert len(started) >= 2
    for worker in started:
        worker.terminate()
        worker.wait(20)


@pytest.mark.parametrize("both", [False, True], ids=["the server", "the server and its worker"])
def test_a_server_killed_after_an_upload(
    runtime: Runtime, home: Path, orders: Path, tmp_path: Path, both: bool
) -> None:
    """What was accepted is loaded: by the worker that lives on, or by the next server's."""
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    with live_server(folders[0], home=home) as server, server.http() as http:
        until(lambda: bool(living(runtime)), "the server's worker")
        sent = http.post("/uploads", params={"filename": "orders.csv"}, content=orders.read_bytes())
        assert sent.status_code == 202
        server.process.kill()
        server.process.wait()
        if both:
            for worker in living(runtime):
                os.kill(worker["pid"], signal.SIGKILL)
    job = runtime.jobs.show(sent.json()["job_id"])
    if both:
        with live_server(folders[1], home=home):
            hold_right(runtime, job)
    else:
        hold_right(runtime, job)
    for worker in living(runtime):
        os.kill(worker["pid"], signal.SIGTERM)
