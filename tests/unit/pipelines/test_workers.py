"""Runs through a real worker: killed, cancelled, started by the clock, and waiting for jobs of their own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

import lakebook
from lakebook.client import Lakebook
from lakebook.errors import JobCancelled, NotebookFailed
from lakebook.ids import now, rfc3339
from lakebook.jobs.staff import living, start_worker
from lakebook.metadata import schema
from lakebook.pipelines.models import Run
from lakebook.runtime import Runtime, open_runtime
from tests.local_home import until, write_notebook

KILLS_ITS_RUNNER_ONCE = """
import os, signal
from pathlib import Path
if not Path("killed").exists():
    Path("killed").touch()
    os.kill(os.getppid(), signal.SIGKILL)
"""

INGESTS = """
import lakebook
with lakebook.open() as lb:
    made = lb.ingest("tiny.csv", name="tiny")
    lb.report(rows=made.rows, name=made.name)
"""


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A home with one worker; whoever works for it is sent away at the end."""
    opened = open_runtime(tmp_path_factory.mktemp("worked") / "home", upgrade=True)
    worker = start_worker(opened, idle_seconds=120)
    until(lambda: living(opened))
    yield opened
    for row in living(opened):
        with suppress(ProcessLookupError):
            os.killpg(row["pid"], signal.SIGTERM)
    worker.wait(30)
    opened.close()


@pytest.fixture
def lb(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lakebook]:
    """lakebook on that home."""
    monkeypatch.delenv("LAKEBOOK_URL", raising=False)
    with lakebook.open(runtime.settings.home) as opened:
        yield opened


def test_a_run_whose_process_is_killed_is_done_again_as_the_same_run(lb: Lakebook, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "a.ipynb", "open('starts', 'a').write('x')", KILLS_ITS_RUNNER_ONCE, "1")
    done = lb.run(str(path))
    assert done.status == "completed"
    assert (tmp_path / "starts").read_text() == "xx"
    assert [found.run_id for found in lb.runs().items if found.notebook == str(path)] == [done.run_id]
    assert lb.jobs.show(done.job_id).attempts == 2


def test_a_run_can_wait_for_a_job_of_its_own(lb: Lakebook, tmp_path: Path, runtime: Runtime) -> None:
    (tmp_path / "tiny.csv").write_text("a,b\n1,x\n2,y\n")
    assert living(runtime)
    done = lb.run(str(write_notebook(tmp_path / "a.ipynb", INGESTS)))
    assert done.results == {"rows": 2, "name": "tiny"}
    assert [found.name for found in lb.datasets().items] == ["tiny"]


def test_a_cancelled_run_ends_within_seconds_with_its_kernel(lb: Lakebook, tmp_path: Path) -> None:
    hang = "import os, threading\nopen('pid', 'w').write(str(os.getpid()))\nthreading.Event().wait(600)"
    handle = lb.run(str(write_notebook(tmp_path / "a.ipynb", hang)), background=True)
    pid = int(until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))
    handle.cancel()
    with pytest.raises(JobCancelled):
        handle.wait()
    until(lambda: not psutil.pid_exists(pid), seconds=5)
    assert lb.runs.show(handle.job_id).status == "cancelled"


def test_a_failure_keeps_its_class_and_its_cell_on_the_way_out(lb: Lakebook, tmp_path: Path) -> None:
    with pytest.raises(NotebookFailed, match="failed in cell 2: ZeroDivisionError") as failed:
        lb.run(str(write_notebook(tmp_path / "a.ipynb", "# Title", "1 / 0")))
    assert failed.value.details["cell"] == 2
    assert Path(failed.value.details["output"]).is_file()


def of_schedule(lb: Lakebook, schedule_id: str) -> list[Run]:
    return [found for found in lb.runs().items if found.schedule_id == schedule_id]


def test_the_leading_worker_starts_what_is_due(lb: Lakebook, tmp_path: Path, runtime: Runtime) -> None:
    path = write_notebook(tmp_path / "a.ipynb", "open('ran', 'a').write('x')")
    made = lb.schedule(str(path), cron="0 0 1 1 *", timezone="UTC")
    table, missed = schema.schedule, rfc3339(now() - timedelta(days=3))
    with runtime.database.write() as connection:
        connection.execute(table.update().values(next_at=missed))
    until(lambda: [found for found in of_schedule(lb, made.schedule_id) if found.status == "completed"])
    assert len(of_schedule(lb, made.schedule_id)) == 1
    (kept,) = lb.schedules().items
    assert (kept.last_at, kept.next_at) == (missed, made.next_at)
    assert (tmp_path / "ran").read_text() == "x"
