"""Who works for a home, and when a worker is started for it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.ids import new_id, now, rfc3339
from lakebook.jobs import staff
from lakebook.jobs.staff import IDLE_SECONDS, SILENT_SECONDS, ensure_worker, living, start_worker
from lakebook.metadata import schema
from lakebook.runtime import Runtime, open_runtime
from tests.unit.core.core_home import Days, claimed, told


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Days:
    """The staff's clock."""
    return told(monkeypatch, "jobs.staff")


def at_work(runtime: Runtime, beat: str, *, host: str | None = None, pid: int | None = None) -> str:
    """A worker that gave a sign of life then."""
    worker_id = new_id()
    with runtime.database.write() as connection:
        connection.execute(
            schema.worker.insert().values(
                worker_id=worker_id, host=host or socket.gethostname(), pid=pid or os.getpid(), started_at=beat,
                heartbeat_at=beat,
            )
        )  # fmt: skip
    return worker_id


def dead_process() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


@pytest.mark.parametrize(
    ("silent", "lives"), [(0, True), (SILENT_SECONDS - 1, True), (SILENT_SECONDS + 1, False), (3600, False)]
)
def test_a_silent_worker_is_not_counted(runtime: Runtime, clock: Days, silent: float, lives: bool) -> None:
    worker_id = at_work(runtime, rfc3339(clock()))
    clock.go(seconds=silent)
    assert [row["worker_id"] for row in living(runtime)] == ([worker_id] if lives else [])


def test_a_dead_process_of_this_host_is_not_counted(runtime: Runtime, clock: Days) -> None:
    pid = dead_process()
    at_work(runtime, rfc3339(clock()), pid=pid)
    elsewhere = at_work(runtime, rfc3339(clock()), pid=pid, host="another-host")
    assert [row["worker_id"] for row in living(runtime)] == [elsewhere]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """The workers that were started, by how long they idle."""
    found: list[float | None] = []
    monkeypatch.setattr(staff, "start_worker", lambda _runtime, *, idle_seconds: found.append(idle_seconds))
    return found


def test_a_worker_is_started_where_none_lives(runtime: Runtime, started: list[float | None]) -> None:
    ensure_worker(runtime)
    assert started == [IDLE_SECONDS]


def test_one_worker_is_enough(runtime: Runtime, started: list[float | None], call: Call) -> None:
    at_work(runtime, rfc3339(now()))
    claimed(call)
    ensure_worker(runtime)
    assert started == []


@pytest.mark.parametrize(("workers", "busy", "new"), [(1, 0, 0), (1, 1, 1), (2, 1, 0), (2, 2, 1), (0, 0, 1)])
def test_a_notebook_at_work_gets_a_worker_of_its_own_jobs(
    runtime: Runtime, call: Call, started: list[float | None], monkeypatch: pytest.MonkeyPatch, workers: int, busy: int,
    new: int,
) -> None:  # fmt: skip
    """Its own worker is busy with the notebook, and would wait for itself."""
    monkeypatch.setenv("LAKEBOOK_RUN_ID", new_id())
    for _ in range(workers):
        at_work(runtime, rfc3339(now()))
    for _ in range(busy):
        claimed(call)
    ensure_worker(runtime)
    assert len(started) == new


def test_a_worker_is_a_process_of_its_own(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def popen(command: list[str], **options: Any) -> str:
        seen.update(options, command=command)
        options["stdout"].write(b"said\n")
        return "the process"

    monkeypatch.setattr(subprocess, "Popen", popen)
    assert str(start_worker(runtime, idle_seconds=5.0)) == "the process"
    home = runtime.settings.home
    assert seen["command"] == [sys.executable, "-P", "-m", "lakebook.jobs.worker", "--home", str(home), "--idle", "5.0"]
    assert seen["start_new_session"] is True
    assert seen["cwd"] == home
    assert seen["env"]["LAKEBOOK_HOME"] == str(home)
    assert (home / "worker.log").read_bytes() == b"said\n"
    start_worker(runtime, idle_seconds=None)
    assert seen["command"][-2:] == ["--keeper", str(os.getpid())]
    assert "--idle" not in seen["command"]
    assert (home / "worker.log").read_bytes() == b"said\nsaid\n"


def test_a_worker_works_on_the_same_addresses(runtime: Runtime, tmp_path: Any) -> None:
    assert runtime.settings.addresses() == {"LAKEBOOK_HOME": str(runtime.settings.home)}
    told_where = open_runtime(runtime.settings.home, lake=str(tmp_path / "lake"))
    assert told_where.settings.addresses()["LAKEBOOK_LAKE"] == str(tmp_path / "lake")
    told_where.close()
