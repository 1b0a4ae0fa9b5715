"""The queue: every transition a job can make, who may make it, and what nobody may."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.errors import Conflict, JobCancelled, LeaseLost, NotFound
from lakebook.ids import new_id
from lakebook.jobs.models import FINAL, JobRequest, JobsRequest
from lakebook.jobs.queue import Jobs
from lakebook.jobs.verbs import cancel_job, list_jobs, retry_job, show_job
from lakebook.metadata import schema
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.unit.core.core_home import Days, claimed, queued, told

FAILURE = {"code": "bad_file", "message": "It is no table.", "hint": "", "details": {}}
CANCELLED = JobCancelled("The job was cancelled.").to_dict()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Days:
    """The queue's clock."""
    return told(monkeypatch, "jobs.queue")


@pytest.fixture
def jobs(runtime: Runtime) -> Jobs:
    """The queue of the test's home."""
    return runtime.jobs


def brought_to(call: Call, state: str) -> tuple[str, int]:
    """A job in this state: its id and newest epoch."""
    jobs = call.runtime.jobs
    if state == "queued":
        return queued(call).job_id, 0
    job_id, epoch = claimed(call)
    if state == "completed":
        jobs.complete(job_id, epoch, {"rows": 1})
    elif state in ("failed", "cancelled"):
        jobs.fail(job_id, epoch, CANCELLED if state == "cancelled" else FAILURE)
    return job_id, epoch


def test_a_job_of_a_given_id_is_queued_once(call: Call, jobs: Jobs) -> None:
    job_id = new_id()
    with jobs.database.write() as connection:
        for title in ("first", "again"):
            told_id = jobs.submit_in(connection, call, BY_NAME["ingest"], {"source": title}, title, {}, job_id=job_id)
            assert told_id == job_id
    assert [job.title for job in jobs.newest()] == ["first"]
    assert jobs.queued(call, job_id) == jobs.show(job_id)
    assert jobs.queued(call, new_id()) is None


def test_a_new_job_waits(call: Call, clock: Days) -> None:
    job = queued(call, "a.csv", s3_key="bronze/d", n=1)
    assert (job.status, job.progress, job.attempts) == ("queued", 0, 0)
    assert (job.user_id, job.job_type, job.verb, job.title) == ("tester", "ingestion", "ingest", "a.csv")
    assert job.created_at == job.updated_at == "2026-03-01T12:00:00.000000Z"
    assert job.started_at is None
    assert job.s3_key == "bronze/d"
    assert job.metadata == {"s3_key": "bronze/d", "n": 1}
    assert job.request_id == call.request_id
    assert call.runtime.audit.entries()[0]["action"] == "ingest.submit"


def test_a_job_and_its_audit_are_one_transaction(call: Call, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(call.runtime.audit, "record_in", fail)
    with pytest.raises(ZeroDivisionError):
        queued(call)
    assert jobs.newest() == []


def test_claims_go_by_age(call: Call, jobs: Jobs) -> None:
    made = [queued(call, f"{n}.csv").job_id for n in range(3)]
    rows = [jobs.claim("w") for _ in range(4)]
    assert [row["job_id"] if row else None for row in rows] == [*made, None]


def test_a_claim_is_a_lease(call: Call, jobs: Jobs, clock: Days) -> None:
    job_id, epoch = claimed(call, worker="w1")
    row = jobs.row(job_id)
    assert epoch == 1
    assert (row["status"], row["lease_owner"], row["attempts"]) == ("processing", "w1", 1)
    assert row["lease_until"] == "2026-03-01T12:00:10.000000Z"
    assert row["started_at"] == "2026-03-01T12:00:00.000000Z"
    assert jobs.claim("w2") is None


def test_two_claimers_never_get_the_same_job(call: Call, jobs: Jobs) -> None:
    made = {queued(call, f"{n}.csv").job_id for n in range(12)}
    got: list[str] = []

    def claim_all(worker: str) -> None:
        while (row := jobs.claim(worker)) is not None:
            got.append(row["job_id"])

    threads = [threading.Thread(target=claim_all, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(got) == sorted(made)


def test_a_silent_workers_job_is_taken_over(call: Call, jobs: Jobs, clock: Days) -> None:
    job_id, first = claimed(call, worker="w1")
    started = jobs.show(job_id).started_at
    clock.go(seconds=9.9)
    assert jobs.claim("w2") is None
    clock.go(seconds=0.2)
    row = jobs.claim("w2")
    assert row is not None
    assert (row["job_id"], row["lease_owner"], row["lease_epoch"]) == (job_id, "w2", first + 1)
    assert row["attempts"] == 2
    assert jobs.show(job_id).started_at == started


def test_a_renewed_lease_is_not_taken_over(call: Call, jobs: Jobs, clock: Days) -> None:
    job_id, epoch = claimed(call)
    clock.go(seconds=9)
    assert jobs.renew(job_id, epoch)
    clock.go(seconds=9)
    assert jobs.claim("w2") is None


@pytest.mark.parametrize("state", ["queued", "completed", "failed", "cancelled"])
def test_only_a_job_at_work_is_renewed(call: Call, jobs: Jobs, state: str) -> None:
    job_id, epoch = brought_to(call, state)
    assert not jobs.renew(job_id, epoch)


def taken_over(call: Call, clock: Days) -> tuple[str, int, int]:
    """A job that a second worker has taken over: its id, the lost epoch and the new one."""
    job_id, lost = claimed(call, worker="w1")
    clock.go(seconds=60)
    row = call.runtime.jobs.claim("w2")
    assert row is not None
    return job_id, lost, row["lease_epoch"]


def test_who_lost_the_lease_changes_nothing(call: Call, jobs: Jobs, clock: Days) -> None:
    job_id, lost, held = taken_over(call, clock)
    before = dict(jobs.row(job_id))
    assert not jobs.renew(job_id, lost)
    assert jobs.cancel_asked(job_id, lost)
    jobs.progress(job_id, lost, 0.9, "from the dead", {})
    jobs.fail(job_id, lost, FAILURE)
    jobs.requeue(job_id, lost)
    with pytest.raises(LeaseLost):
        jobs.complete(job_id, lost, {})
    assert dict(jobs.row(job_id)) == before
    jobs.complete(job_id, held, {"rows": 2})
    assert jobs.show(job_id).result == {"rows": 2}


def test_a_lost_lease_takes_its_whole_transaction_along(call: Call, jobs: Jobs, clock: Days) -> None:
    job_id, lost, _ = taken_over(call, clock)

    def commit() -> None:
        with jobs.database.write() as connection:
            connection.execute(schema.lease.insert().values(name="x", holder="h", epoch=1, until=""))
            jobs.complete_in(connection, job_id, lost, {})

    with pytest.raises(LeaseLost):
        commit()
    with jobs.database.read() as connection:
        assert connection.execute(schema.lease.select()).all() == []


def test_progress_never_falls_and_never_says_done(call: Call, jobs: Jobs) -> None:
    job_id, epoch = claimed(call)
    seen = []
    for fraction in (0.0, 0.3, 0.1, 0.559, 0.5, 1.0, 5.0, 0.2):
        jobs.progress(job_id, epoch, fraction, f"at {fraction}", {"rows": 1})
        seen.append(jobs.show(job_id).progress)
    assert seen == [0, 30, 30, 55, 55, 99, 99, 99]
    assert jobs.show(job_id).message == "at 0.2"
    assert jobs.show(job_id).facts == {"rows": 1}
    jobs.complete(job_id, epoch, {})
    assert jobs.show(job_id).progress == 100


def test_progress_does_not_fall_at_another_attempt(call: Call, jobs: Jobs) -> None:
    job_id, epoch = claimed(call)
    jobs.progress(job_id, epoch, 0.6, "reading", {})
    jobs.requeue(job_id, epoch)
    assert (jobs.show(job_id).status, jobs.show(job_id).progress) == ("queued", 60)
    row = jobs.claim("w2")
    assert row is not None
    jobs.progress(job_id, row["lease_epoch"], 0.1, "reading again", {})
    assert jobs.show(job_id).progress == 60


def test_completed_once(call: Call, jobs: Jobs) -> None:
    job_id, epoch = claimed(call)
    jobs.complete(job_id, epoch, {"rows": 1})
    jobs.complete(job_id, epoch, {"rows": 2})
    done = jobs.show(job_id)
    assert (done.status, done.result, done.error, done.failure) == ("completed", {"rows": 1}, None, None)


@pytest.mark.parametrize(("failure", "status"), [(FAILURE, "failed"), (CANCELLED, "cancelled")])
def test_an_end_with_an_error(call: Call, jobs: Jobs, failure: dict[str, Any], status: str) -> None:
    job_id, epoch = claimed(call)
    assert jobs.fail(job_id, epoch, failure)
    assert not jobs.fail(job_id, epoch, failure)
    job = jobs.show(job_id)
    assert (job.status, job.message, job.failure) == (status, failure["message"], failure)
    assert job.error == job.error_message == failure["message"]
    assert jobs.claim("w2") is None


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
def test_an_ended_job_stays_ended(call: Call, jobs: Jobs, state: str) -> None:
    job_id, epoch = brought_to(call, state)
    before = jobs.show(job_id)
    jobs.fail(job_id, epoch, {**FAILURE, "message": "Again."})
    jobs.progress(job_id, epoch, 0.5, "still here", {})
    jobs.requeue(job_id, epoch)
    assert jobs.show(job_id) == before
    assert jobs.cancel_asked(job_id, epoch)


@pytest.mark.parametrize(
    ("state", "after"), [("queued", "cancelled"), ("processing", "processing"), ("completed", None), ("failed", None),
                         ("cancelled", None)]
)  # fmt: skip
def test_what_can_be_cancelled(call: Call, jobs: Jobs, state: str, after: str | None) -> None:
    job_id, epoch = brought_to(call, state)
    if after is None:
        with pytest.raises(Conflict, match=state):
            jobs.cancel(call, job_id)
        return
    job = jobs.cancel(call, job_id)
    assert job.status == after
    assert jobs.cancel_asked(job_id, epoch)
    assert call.runtime.audit.entries()[0]["action"] == "jobs.cancel"
    if after == "cancelled":
        assert job.failure is not None
        assert job.failure["code"] == "cancelled"
        assert jobs.claim("w") is None


@pytest.mark.parametrize(
    ("state", "allowed"),
    [("queued", False), ("processing", False), ("completed", False), ("failed", True), ("cancelled", True)],
)
def test_what_can_be_retried(call: Call, jobs: Jobs, state: str, allowed: bool) -> None:
    job_id, epoch = brought_to(call, state)
    if not allowed:
        with pytest.raises(Conflict, match=state):
            jobs.retry(call, job_id)
        return
    job = jobs.retry(call, job_id)
    assert (job.job_id, job.status, job.progress, job.attempts) == (job_id, "queued", 0, 0)
    assert job.failure is None
    row = jobs.claim("w")
    assert row is not None
    assert row["lease_epoch"] > epoch
    assert not jobs.cancel_asked(job_id, row["lease_epoch"])
    assert call.runtime.audit.entries()[0]["action"] == "jobs.retry"


def test_a_job_cancelled_while_it_waits_can_be_retried(call: Call, jobs: Jobs) -> None:
    job_id = queued(call).job_id
    jobs.cancel(call, job_id)
    jobs.retry(call, job_id)
    row = jobs.claim("w")
    assert row is not None
    assert row["job_id"] == job_id


def test_nothing_asks_a_job_at_work_to_stop(call: Call, jobs: Jobs) -> None:
    job_id, epoch = claimed(call)
    assert not jobs.cancel_asked(job_id, epoch)


def test_every_change_has_a_mark_of_its_own(call: Call, jobs: Jobs) -> None:
    mark = jobs.newest_change()
    assert mark == 0
    job_id, epoch = claimed(call, "a.csv")
    other = queued(call, "b.csv").job_id
    mark, changed = jobs.changed_since(mark)
    assert [(job.job_id, job.status) for job in changed] == [(job_id, "processing"), (other, "queued")]
    assert jobs.changed_since(mark) == (mark, [])
    for act in (
        lambda: jobs.progress(job_id, epoch, 0.5, "half", {}),
        lambda: jobs.cancel(call, job_id),
        lambda: jobs.fail(job_id, epoch, CANCELLED),
        lambda: jobs.retry(call, job_id),
        lambda: jobs.claim("w2"),
        lambda: jobs.requeue(job_id, epoch + 1),
    ):
        act()
        after, changed = jobs.changed_since(mark)
        assert after > mark
        assert [job.job_id for job in changed] == [job_id]
        mark = after
    assert jobs.newest_change() == mark


def test_a_renewal_is_no_change_to_look_at(call: Call, jobs: Jobs) -> None:
    job_id, epoch = claimed(call)
    mark = jobs.newest_change()
    jobs.renew(job_id, epoch)
    assert jobs.newest_change() == mark


def test_lists_are_newest_first(call: Call, jobs: Jobs) -> None:
    first, _ = brought_to(call, "completed")
    second, _ = brought_to(call, "failed")
    third, _ = brought_to(call, "processing")
    fourth, _ = brought_to(call, "queued")
    assert [job.job_id for job in jobs.newest()] == [fourth, third, second, first]
    assert [job.job_id for job in jobs.newest(2)] == [fourth, third]
    assert [job.job_id for job in jobs.newest(active=True)] == [fourth, third]
    assert [job.job_id for job in jobs.newest(1, active=True)] == [fourth]


@pytest.mark.parametrize("what", ["show", "row", "cancel", "retry"])
def test_an_unknown_job(call: Call, jobs: Jobs, what: str) -> None:
    unknown = new_id()
    with pytest.raises(NotFound, match=unknown) as refused:
        getattr(jobs, what)(*((call, unknown) if what in ("cancel", "retry") else (unknown,)))
    assert "jobs list" in refused.value.hint


def test_the_verbs_are_the_queues(call: Call) -> None:
    first, _ = brought_to(call, "queued")
    second, _ = brought_to(call, "queued")
    assert [job.job_id for job in list_jobs(call, JobsRequest(limit=1)).rows()] == [second]
    assert cancel_job(call, JobRequest(job=first)).status == "cancelled"
    assert [job.job_id for job in list_jobs(call, JobsRequest(active=True)).rows()] == [second]
    assert retry_job(call, JobRequest(job=first)).status == "queued"
    assert show_job(call, JobRequest(job=first)).status == "queued"


def test_final_states_are_those_that_end() -> None:
    assert {"completed", "failed", "cancelled"} == FINAL


def test_a_job_that_another_claims_between_the_look_and_the_lease_is_his(
    call: Call, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Databases that let two transactions read at once show both the same job; the epoch lets one have it."""
    job_id, epoch = claimed(call)
    stands = jobs.row(job_id)
    monkeypatch.setattr(jobs, "_next", lambda *_of: {**stands, "lease_epoch": epoch - 1})
    assert jobs.claim("slower") is None
    row = jobs.row(job_id)
    assert (row["lease_owner"], row["lease_epoch"], row["attempts"]) == ("first", epoch, 1)


def test_a_job_is_on_the_disk_when_it_is_accepted(call: Call, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """An accepted upload outlives a power cut too; heartbeats and progress need not."""
    asked: list[bool] = []
    write = jobs.database.write

    def spy(*, durable: bool = False) -> Any:
        asked.append(durable)
        return write(durable=durable)

    monkeypatch.setattr(jobs.database, "write", spy)
    job_id, epoch = claimed(call)
    jobs.progress(job_id, epoch, 0.5, "half", {})
    assert asked == [True, False, False]
