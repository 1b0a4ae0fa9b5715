"""Real workers: a load is cancelled in the midst of its native pass, or stopped at its limit; nothing is left of it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.models import FINAL, Job
from lakebook.jobs.submit import submit
from lakebook.runtime import Runtime, open_runtime
from lakebook.verbs import BY_NAME
from tests.server.conftest import StartWorker

PATIENCE = 60.0
# Three processes of Python's own size fit in; the pass over the parts takes seconds.
PARTS, ROWS = 40, 100_000


@pytest.fixture
def runtime(home: Path) -> Iterator[Runtime]:
    opened = open_runtime(home)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of parts that are one table of 4,000,000 rows; on the disk there is one of them."""
    folder = tmp_path_factory.mktemp("parts")
    first = folder / "part-00.csv"
    first.write_text("id,kind,price\n" + "".join(f"{n},kind {n % 7},{n / 4:.2f}\n" for n in range(ROWS)))
    for number in range(1, PARTS):
        os.link(first, folder / f"part-{number:02d}.csv")
    return folder


def begun(runtime: Runtime, source: Path) -> Job:
    call = Call(runtime, Principal("tester"))
    request = IngestRequest(source=str(source), name="parts")
    return submit(call, BY_NAME["ingest"], request, staffed=True)


def until(runtime: Runtime, job: Job, condition: Callable[[Job], bool]) -> Job:
    end, pause = time.monotonic() + PATIENCE, threading.Event()
    while not condition(found := runtime.jobs.show(job.job_id)):
        assert time.monotonic() < end, f"it stands at {found}"
        pause.wait(0.01)
    return found


def nothing_left(runtime: Runtime) -> None:
    """No table, no staged file; what a kill left is swept by the worker within its next second."""
    end, pause = time.monotonic() + PATIENCE, threading.Event()

    def left() -> list[Path]:
        tables = [folder for layer in runtime.lake.folder.iterdir() for folder in layer.iterdir()]
        return tables + [path for path in runtime.settings.folder("tmp").iterdir() if path.suffix != ".lock"]

    while found := left():
        assert time.monotonic() < end, found
        pause.wait(0.05)
    assert runtime.catalog.datasets() == []


def test_a_cancel_is_felt_inside_the_native_pass(runtime: Runtime, parts: Path, workers: StartWorker) -> None:
    """A figure of its time is a row of the bench; here it must come long before the pass would have ended."""
    workers()
    job = begun(runtime, parts)
    reading = until(runtime, job, lambda one: "rows" in one.facts or one.status in FINAL)
    assert reading.status == "processing", reading.failure
    runtime.jobs.cancel(Call(runtime, Principal("tester")), job.job_id)
    asked = time.monotonic()
    ended = until(runtime, job, lambda one: one.status in FINAL)
    assert time.monotonic() - asked < 3.0
    assert (ended.status, ended.error_message) == ("cancelled", "The job was cancelled.")
    nothing_left(runtime)


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({"LAKEBOOK_JOB_MEMORY_BYTES": str(40 << 20)}, "job_memory_exceeded", "more than its limit of 40 MB"),
        ({"LAKEBOOK_JOB_SECONDS": "0.3"}, "job_timed_out", "past its limit of 0.3 seconds"),
    ],
    ids=["memory", "time"],
)
def test_a_load_over_its_limit_fails_with_the_reason_and_the_next_one_runs(
    runtime: Runtime, parts: Path, tmp_path: Path, workers: StartWorker,
    settings: dict[str, str], code: str, said: str,
) -> None:  # fmt: skip
    limited = workers(**settings)
    ended = until(runtime, begun(runtime, parts), lambda one: one.status in FINAL)
    assert ended.status == "failed"
    assert ended.failure is not None
    assert ended.failure["code"] == code
    assert said in ended.failure["message"]
    assert ended.failure["hint"]
    assert ended.attempts == 1
    assert limited.poll() is None
    nothing_left(runtime)
    limited.terminate()
    limited.wait(20)
    workers()
    small = tmp_path / "small.csv"
    small.write_text("id\n1\n2\n")
    assert until(runtime, begun(runtime, small), lambda one: one.status in FINAL).status == "completed"
