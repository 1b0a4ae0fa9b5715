"""One job's process, run here: it ends its job whatever happens, and says nothing of its insides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lakebook.call import Call, JobSeat
from lakebook.errors import BadFile, DiskFull, JobCancelled, LakebookError, LeaseLost, Unavailable
from lakebook.jobs import child, crash_points
from lakebook.jobs.child import Progress, broken, run_job, run_verb
from lakebook.jobs.models import JobRequest, JobsRequest
from lakebook.runtime import Runtime
from tests.unit.core.core_home import Seconds, claimed, queued


class Queue:
    """Keeps what is said and answers whether the job was cancelled."""

    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.asked = 0
        self.cancelled = False

    def progress(self, *state: Any) -> None:
        self.said.append(state)

    def cancel_asked(self, _job_id: str, _epoch: int) -> bool:
        self.asked += 1
        return self.cancelled


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    """The clock of the job's process."""
    clock = Seconds()
    monkeypatch.setattr(child, "time", clock)
    return clock


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (OSError(28, "No space left on device"), DiskFull, "disk"),
        (MemoryError(), Unavailable, "memory"),
        (OSError(5, "secret path"), LakebookError, "Something broke"),
        (ValueError("secret"), LakebookError, "Something broke"),
    ],
)
def test_the_unforeseen_in_words(error: Exception, kind: type[LakebookError], said: str) -> None:
    found = broken(error)
    assert type(found) is kind
    assert said in found.message
    assert found.hint
    assert "secret" not in str(found.to_dict())


def test_progress_is_said_five_times_a_second(seconds: Seconds) -> None:
    queue = Queue()
    progress = Progress(queue, JobSeat("j", 3, {}))
    for step in range(100):
        progress(step / 100, f"step {step}", {"rows": step})
        seconds.at += 0.0625
    assert len(queue.said) == 25
    assert queue.said[0] == ("j", 3, 0.0, "step 0", {"rows": 0})
    steps = [int(state[3].split()[1]) for state in queue.said]
    assert steps == sorted(steps)


def test_the_queue_is_asked_five_times_a_second(seconds: Seconds) -> None:
    queue = Queue()
    progress = Progress(queue, JobSeat("j", 3, {}))
    for _ in range(100):
        assert not progress.is_cancelled()
        seconds.at += 0.0625
    assert queue.asked == 25
    queue.cancelled = True
    seconds.at += 1
    assert progress.is_cancelled()
    queue.cancelled = False
    seconds.at += 1
    assert progress.is_cancelled()
    assert queue.asked == 26


def test_a_stored_request_is_run_by_its_verb(call: Call) -> None:
    job = queued(call)
    assert run_verb(call, "jobs.list", JobsRequest(limit=1).model_dump()).items == [job]
    assert run_verb(call, "jobs.show", JobRequest(job=job.job_id).model_dump()) == job


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (BadFile("It is a picture."), "failed", "bad_file"),
        (JobCancelled("The job was cancelled."), "cancelled", "cancelled"),
        (RuntimeError("secret"), "failed", "internal"),
        (MemoryError(), "failed", "unavailable"),
        (OSError(28, "full"), "failed", "disk_full"),
    ],
)
@pytest.mark.usefixtures("work_here")
def test_however_it_ends_the_job_ends(
    call: Call, home: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, status: str, code: str
) -> None:
    job_id, epoch = claimed(call)

    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(child, "run_verb", fail)
    run_job(str(home), job_id, epoch)
    job = call.runtime.jobs.show(job_id)
    assert job.status == status
    assert job.failure is not None
    assert job.failure["code"] == code
    assert "secret" not in str(job)


@pytest.mark.usefixtures("work_here")
def test_who_lost_the_lease_ends_quietly(call: Call, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id, epoch = claimed(call)

    def lost(*_arguments: object) -> None:
        raise LeaseLost("Another worker has taken this job over.")

    monkeypatch.setattr(child, "run_verb", lost)
    run_job(str(home), job_id, epoch)
    assert call.runtime.jobs.show(job_id).status == "processing"


@pytest.mark.usefixtures("work_here")
def test_the_result_is_kept_as_plain_data(
    call: Call, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job_id, epoch = claimed(call)
    seen: list[Call] = []

    def work(inner: Call, name: str, request: dict[str, Any]) -> Any:
        seen.append(inner)
        assert (name, request) == ("ingest", {"source": "orders.csv"})
        return call.runtime.jobs.show(job_id)

    monkeypatch.setattr(child, "run_verb", work)
    with caplog.at_level("INFO", logger="lakebook.jobs"):
        run_job(str(home), job_id, epoch)
    assert seen[0].principal == call.principal
    assert seen[0].request_id == call.request_id
    assert seen[0].job == JobSeat(job_id, epoch, {})
    done = call.runtime.jobs.show(job_id)
    assert done.status == "completed"
    assert done.result is not None
    assert done.result["job_id"] == job_id
    assert {record.__dict__["request_id"] for record in caplog.records} == {call.request_id}
    assert [record.message for record in caplog.records] == ["job started", "job completed"]


def test_crash_points_are_passed_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr("os.kill", lambda pid, sign: killed.append((pid, sign)))
    marker = tmp_path / "marker"
    crash_points.reached("claimed")
    monkeypatch.setenv("LAKEBOOK_CRASH_AT", f"after-delta:{marker}")
    crash_points.reached("claimed")
    assert killed == []
    crash_points.reached("after-delta")
    crash_points.reached("after-delta")
    assert len(killed) == 1
    assert marker.exists()


def test_a_crash_point_without_a_marker_does_nothing(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    killed: list[object] = []
    monkeypatch.setattr("os.kill", lambda *arguments: killed.append(arguments))
    monkeypatch.setenv("LAKEBOOK_CRASH_AT", "claimed")
    crash_points.reached("claimed")
    assert killed == []


def test_an_armed_point_is_passed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The folder is read at every point, so that a process can be armed while it runs."""
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr("os.kill", lambda pid, sign: killed.append((pid, sign)))
    monkeypatch.setenv("LAKEBOOK_CRASH_AT", f":{tmp_path}")
    crash_points.reached("claimed")
    (tmp_path / "after-delta").touch()
    crash_points.reached("claimed")
    assert killed == []
    crash_points.reached("after-delta")
    crash_points.reached("after-delta")
    assert len(killed) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seated", [True, False])
def test_staged_files_are_named_after_the_job_at_work(call: Call, seated: bool) -> None:
    job_id = queued(call).job_id
    call.job = JobSeat(job_id, 1, {}) if seated else None
    paths = {call.staged(".incoming") for _ in range(2)}
    assert len(paths) == 2
    for path in paths:
        assert path.parent == call.runtime.settings.folder("tmp")
        assert path.suffix == ".incoming"
        assert path.name.startswith(f"{job_id}-") is seated
