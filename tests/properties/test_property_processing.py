"""However a job's processing ends: announced once when done, logged and marked when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.errors import BadFile, DiskFull
from lakebook.events.outbox import COMPLETED
from lakebook.events.relay import relay
from lakebook.jobs.child import run_job
from lakebook.jobs.crash_points import Point
from lakebook.jobs.models import Job
from lakebook.runtime import Runtime
from tests.properties.in_process import fresh, in_this_process, log_records, queue_file, work

POINTS: tuple[Point, ...] = ("claimed", "mid-read", "after-parquet", "after-delta", "after-metadata")
ROWS = 40


class Killed(KeyboardInterrupt):
    """The process is gone: no handler of an error runs."""


class Broken(BaseException):
    """The process goes down with its handlers run."""


class Recorder:
    """A broker that keeps what it is sent, and goes down in the midst where it is told to."""

    def __init__(self, falls_at: int | None) -> None:
        self.sent: list[dict[str, Any]] = []
        self.falls_at = falls_at

    def send(self, topic: str, _key: str, payload: dict[str, Any]) -> None:
        """Keep the event."""
        if self.falls_at == len(self.sent):
            self.falls_at = None
            raise Broken
        self.sent.append({"topic": topic, **payload})

    def close(self) -> None:
        """Nothing to let go of."""


def die_at(patch: pytest.MonkeyPatch, point: str, death: type[BaseException]) -> None:
    """Have the first arrival at this point end the process; later ones pass."""
    deaths = iter([death])

    def reached(here: str) -> None:
        if here == point:
            for ended in deaths:
                raise ended

    patch.setattr("lakebook.jobs.crash_points.reached", reached)


def attempt(runtime: Runtime, job: Job, point: str, death: type[BaseException]) -> None:
    """One worker's try, which dies at the point; the worker then hands the job back as it does for a dead child."""
    row = runtime.jobs.claim("worker")
    if row is None:
        assert runtime.jobs.show(job.job_id).status == "completed"
        return
    epoch = row["lease_epoch"]
    with pytest.MonkeyPatch.context() as patch, in_this_process():
        die_at(patch, point, death)
        try:
            run_job(str(runtime.settings.home), job.job_id, epoch)
        except death:
            runtime.jobs.requeue(job.job_id, epoch)


def relayed(runtime: Runtime, recorder: Recorder, *, dies_before: bool) -> None:
    """Relay until nothing waits, through the deaths."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(runtime.__dict__, "broker", recorder)
        if dies_before:
            die_at(patch, "before-relay", Killed)
        while runtime.events.waiting():
            try:
                relay(runtime)
            except (Killed, Broken):
                continue


# Feature: ai-analytics-platform, Property 6: Processing completion event. For any completed data processing job, the Platform should publish exactly one completion event to the Kafka `data.processing.complete` topic.
@given(
    deaths=st.lists(st.tuples(st.sampled_from(POINTS), st.sampled_from((Killed, Broken))), max_size=2),
    dies_before_relay=st.booleans(),
    broker_falls_at=st.one_of(st.none(), st.integers(0, 1)),
)
def test_a_completed_job_is_announced_once_whatever_dies(
    runtime: Runtime, folder: Path, deaths: list[tuple[Point, type[BaseException]]], dies_before_relay: bool,
    broker_falls_at: int | None,
) -> None:  # fmt: skip
    relayed(runtime, Recorder(None), dies_before=False)
    seen = runtime.events.newest()
    source = folder / "orders.csv"
    source.write_text("id,kind\n" + "".join(f"{n},{n % 7}\n" for n in range(ROWS)))
    job = queue_file(runtime, source)
    for point, death in deaths:
        attempt(runtime, job, point, death)
    ended = runtime.jobs.show(job.job_id)
    if ended.status != "completed":
        ended = work(runtime, job)
    assert (ended.status, (ended.result or {}).get("rows")) == ("completed", ROWS), ended.failure
    assert runtime.catalog.dataset(ended.metadata["dataset_id"]).version == 1
    assert list(runtime.settings.folder("tmp").glob("*.load.json")) == []

    written = [event["payload"] for event in runtime.events.after(seen) if event["topic"] == COMPLETED]
    assert [payload["job_id"] for payload in written] == [job.job_id]
    recorder = Recorder(broker_falls_at)
    relayed(runtime, recorder, dies_before=dies_before_relay)
    sent = [event for event in recorder.sent if event["topic"] == COMPLETED]
    assert [event["job_id"] for event in sent] == [job.job_id]
    assert sent[0]["event_id"] == written[0]["event_id"]


messages = st.text(st.characters(codec="utf-8"), max_size=30).map(lambda text: f"inside <{text}>")
unforeseen = st.builds(
    lambda kind, text: kind(text),
    st.sampled_from((ValueError, RuntimeError, KeyError, OSError, MemoryError, RecursionError, ZeroDivisionError)),
    messages,
)
foreseen = st.builds(lambda kind, text: kind(text), st.sampled_from((BadFile, DiskFull)), messages)


# Feature: ai-analytics-platform, Property 7: Processing error handling. For any data processing failure, the Platform should log the error with a stack trace and update the Job status to "failed" in the database.
@given(
    error=st.one_of(unforeseen, foreseen),
    step=st.sampled_from(("sources.gather.keep_file", "load.process", "load._commit", "load._entry")),
)
def test_a_failure_is_logged_with_its_stack_and_marked(
    runtime: Runtime, folder: Path, error: Exception, step: str
) -> None:
    source, name = folder / "orders.csv", fresh("broken")
    source.write_text("id,kind\n1,2\n")
    job = queue_file(runtime, source, name=name)

    def fail(*_given: Any, **_named: Any) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch, log_records("lakebook.jobs") as records:
        patch.setattr(f"lakebook.ingest.{step}", fail)
        ended = work(runtime, job)
    assert ended.status == "failed"
    assert ended.error_message
    assert ended.failure is not None
    if not isinstance(error, BadFile | DiskFull):
        assert "inside" not in str(ended.failure)
    (logged,) = [vars(record) for record in records if record.levelname in ("ERROR", "CRITICAL")]
    assert logged["job_id"] == job.job_id
    assert logged["request_id"] == job.request_id
    assert "Traceback (most recent call last)" in logged["stack"]
    assert type(error).__name__ in logged["stack"]
    assert runtime.catalog.find("bronze", name) is None or step in ("_entry", "_commit")
