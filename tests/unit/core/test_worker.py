"""The worker's turns by stubs: claims, watching, the end of a job's process, idling, leading, leaving."""

from __future__ import annotations

import importlib.util
import logging
import signal
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lakebook.call import Call
from lakebook.errors import JobMemoryExceeded, JobTimedOut, LakebookError
from lakebook.events import leases
from lakebook.jobs import worker as module
from lakebook.jobs.limits import LOOK_SECONDS, Limits, limits_of
from lakebook.jobs.queue import MOST_ATTEMPTS
from lakebook.jobs.staff import living
from lakebook.jobs.worker import GRACE_OF, GRACE_SECONDS, Seat, Worker, kill_group, main
from lakebook.metadata import schema
from lakebook.runtime import Runtime
from tests.unit.core.core_home import Seconds, claimed, queued


class Process:
    """A job's process that lives until told."""

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.pid: int | None = None
        self.alive = False
        self.killed = 0

    def start(self) -> None:
        # One that is no job's only shows that processes can be had, and ends at once.
        self.alive = "args" in self.given

    def is_alive(self) -> bool:
        return self.alive

    def kill(self) -> None:
        self.killed += 1
        self.alive = False

    def join(self) -> None:
        assert not self.alive


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    """The worker's clock."""
    clock = Seconds()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def worker(runtime: Runtime, seconds: Seconds, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    """A worker of the test's home whose processes are stubs and who has no duties as leader."""
    made = Worker(runtime)
    made.context = cast(Any, SimpleNamespace(Process=Process))
    monkeypatch.setattr(Worker, "duties", staticmethod(lambda: ()))
    yield made
    made.seat = None


def process_of(worker: Worker) -> Process:
    assert worker.seat is not None
    return cast(Process, worker.seat.process)


def at_work(worker: Worker, call: Call) -> Seat:
    """A job that this worker has claimed."""
    queued(call)
    worker._turn()
    assert worker.seat is not None
    return worker.seat


def test_a_turn_without_jobs_does_nothing(worker: Worker) -> None:
    worker._turn()
    assert worker.seat is None


def test_a_waiting_job_gets_a_process(worker: Worker, call: Call) -> None:
    seat = at_work(worker, call)
    job = call.runtime.jobs.show(seat.job_id)
    assert job.status == "processing"
    process = process_of(worker)
    assert process.alive
    assert process.given["args"] == (str(call.runtime.settings.home), seat.job_id, 1)
    queued(call, "second.csv")
    worker._turn()
    assert worker.seat is seat


def test_a_job_that_always_dies_is_given_up(worker: Worker, call: Call) -> None:
    job_id = queued(call).job_id
    with call.runtime.database.write() as connection:
        connection.execute(schema.job.update().values(attempts=MOST_ATTEMPTS))
    worker._turn()
    assert worker.seat is None
    job = call.runtime.jobs.show(job_id)
    assert job.failure is not None
    assert job.failure["code"] == "worker_died"
    assert f"died {MOST_ATTEMPTS} times" in job.failure["message"]


def test_the_lease_is_renewed_four_times_in_its_length(
    worker: Worker, call: Call, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = at_work(worker, call)
    seat.renewed = seconds.at
    renewed: list[float] = []

    def renew(_job_id: str, _epoch: int) -> bool:
        renewed.append(seconds.at)
        return True

    monkeypatch.setattr(worker.runtime.jobs, "renew", renew)
    for _ in range(100):
        seconds.at += 0.1
        worker._watch(seat)
    assert 3 <= len(renewed) <= 4


def test_a_lost_lease_ends_the_process_after_a_grace(worker: Worker, call: Call, seconds: Seconds) -> None:
    seat = at_work(worker, call)
    seat.renewed = seconds.at
    with call.runtime.database.write() as connection:
        connection.execute(schema.job.update().values(lease_epoch=9))
    seconds.at += 5
    worker._watch(seat)
    assert seat.cancelled_at == seconds.at
    seconds.at += seat.grace - 0.1
    worker._watch(seat)
    assert process_of(worker).killed == 0
    seconds.at += 0.2
    worker._watch(seat)
    assert process_of(worker).killed == 1


def test_a_cancelled_job_has_a_grace_then_dies_and_ends_cancelled(worker: Worker, call: Call, seconds: Seconds) -> None:
    seat = at_work(worker, call)
    seat.renewed = seconds.at
    call.runtime.jobs.cancel(call, seat.job_id)
    worker._watch(seat)
    assert process_of(worker).alive
    seconds.at += seat.grace + 0.1
    worker._watch(seat)
    assert not process_of(worker).alive
    worker._watch(seat)
    assert worker.seat is None
    assert call.runtime.jobs.show(seat.job_id).status == "cancelled"


def test_a_process_that_said_its_end_is_left_alone(worker: Worker, call: Call) -> None:
    seat = at_work(worker, call)
    call.runtime.jobs.complete(seat.job_id, seat.epoch, {"rows": 1})
    process_of(worker).alive = False
    worker._turn()
    assert worker.seat is None
    assert call.runtime.jobs.show(seat.job_id).status == "completed"


@pytest.mark.parametrize(
    ("attempts", "status"), [(1, "queued"), (MOST_ATTEMPTS - 1, "queued"), (MOST_ATTEMPTS, "failed")]
)
def test_a_process_that_died_without_a_word(worker: Worker, call: Call, attempts: int, status: str) -> None:
    seat = at_work(worker, call)
    seat.attempts = attempts
    process_of(worker).alive = False
    worker._turn()
    assert worker.seat is None
    assert call.runtime.jobs.show(seat.job_id).status == status


def test_a_dead_process_whose_job_another_has_is_none_of_ours(worker: Worker, call: Call) -> None:
    seat = at_work(worker, call)
    with call.runtime.database.write() as connection:
        connection.execute(schema.job.update().values(lease_epoch=seat.epoch + 1, lease_owner="other"))
    process_of(worker).alive = False
    worker._turn()
    row = call.runtime.jobs.row(seat.job_id)
    assert (row["status"], row["lease_owner"]) == ("processing", "other")


@pytest.mark.parametrize(
    ("idle", "passed", "ends"), [(None, 1e9, False), (60.0, 59.0, False), (60.0, 61.0, True), (0.0, 0.1, True)]
)
def test_idling(
    runtime: Runtime, seconds: Seconds, monkeypatch: pytest.MonkeyPatch, idle: float | None, passed: float, ends: bool
) -> None:
    worker = Worker(runtime, idle_seconds=idle)
    seconds.at += passed
    assert worker._idle_too_long() is ends


def test_a_worker_with_a_job_is_not_idle(worker: Worker, call: Call, seconds: Seconds) -> None:
    worker.idle_seconds = 1.0
    at_work(worker, call)
    seconds.at += 100
    assert not worker._idle_too_long()
    worker._watch(cast(Seat, worker.seat))
    process_of(worker).alive = False
    worker._watch(cast(Seat, worker.seat))
    assert not worker._idle_too_long()


def test_a_worker_is_known_while_it_works_and_forgotten_when_it_left(worker: Worker, runtime: Runtime) -> None:
    def known() -> list[Any]:
        with runtime.database.read() as connection:
            return list(connection.execute(schema.worker.select()).mappings())

    worker._heartbeat()
    worker._heartbeat()
    assert [row["worker_id"] for row in known()] == [worker.worker_id]
    worker._leave()
    assert known() == []


def test_leaving_puts_the_job_back(worker: Worker, call: Call) -> None:
    seat = at_work(worker, call)
    process = process_of(worker)
    worker._leave()
    assert process.killed == 1
    assert call.runtime.jobs.show(seat.job_id).status == "queued"
    row = call.runtime.jobs.claim("next")
    assert row is not None
    assert row["lease_epoch"] == seat.epoch + 1


def test_leaving_hands_over_the_lead(worker: Worker, runtime: Runtime) -> None:
    worker._lead()
    assert leases.hold(runtime.database, "leader", "other", 5) is None
    worker._leave()
    assert leases.hold(runtime.database, "leader", "other", 5) == 2


def test_only_the_leader_has_duties(worker: Worker, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(Worker, "duties", staticmethod(lambda: (lambda _runtime: done.append("duty"),)))
    leases.hold(runtime.database, "leader", "other", 60)
    worker._lead()
    assert done == []
    leases.release(runtime.database, "leader", "other")
    worker._lead()
    assert done == ["duty"]


def test_a_duty_that_fails_keeps_no_other_from_its_turn(
    worker: Worker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fail(_runtime: Runtime) -> None:
        raise ConnectionError("broker is down")

    monkeypatch.setattr(Worker, "duties", staticmethod(lambda: (fail, lambda _runtime: done.append("second"))))
    with caplog.at_level(logging.ERROR, logger="lakebook.jobs"):
        worker._lead()
    assert done == ["second"]
    assert "duty failed" in caplog.text


def test_the_duties_are_relay_schedules_expiry_and_sweeping() -> None:
    assert [duty.__name__ for duty in Worker.duties()] == ["relay", "start_due", "forget_expired", "sweep"]


def test_once_a_second_it_beats_and_leads(worker: Worker, seconds: Seconds, monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[float] = []
    monkeypatch.setattr(worker, "_heartbeat", lambda: beats.append(seconds.at))
    monkeypatch.setattr(worker, "_lead", lambda: None)
    for _ in range(30):
        seconds.at += 0.1
        worker._turn()
    assert len(beats) in (2, 3)


def test_it_works_until_told_to_stop(worker: Worker, seconds: Seconds, monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: dict[int, Any] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    turns: list[float] = []

    def turn() -> None:
        turns.append(seconds.at)
        if len(turns) == 3:
            handlers[signal.SIGTERM]()

    monkeypatch.setattr(worker, "_turn", turn)
    worker.run()
    assert len(turns) == 3
    assert set(handlers) == {signal.SIGTERM, signal.SIGINT}


def test_it_claims_nothing_before_processes_can_be_had(
    worker: Worker, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queued(call)
    monkeypatch.setattr(signal, "signal", lambda *_of: None)

    class Broken(Process):
        def start(self) -> None:
            assert call.runtime.jobs.show(job.job_id).status == "queued"
            raise MemoryError

    worker.context = cast(Any, SimpleNamespace(Process=Broken))
    with pytest.raises(MemoryError):
        worker.run()
    assert call.runtime.jobs.show(job.job_id).status == "queued"
    assert living(call.runtime) == []


def test_it_leaves_in_order_after_an_error_too(worker: Worker, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_of: None)
    seat = at_work(worker, call)

    def fail() -> None:
        raise MemoryError

    monkeypatch.setattr(worker, "_turn", fail)
    with pytest.raises(MemoryError):
        worker.run()
    assert call.runtime.jobs.show(seat.job_id).status == "queued"


def test_killing_takes_the_whole_group(monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[tuple[int, int]] = []
    monkeypatch.setattr("os.killpg", lambda pid, sign: groups.append((pid, sign)))
    process = Process()
    process.start()
    process.pid = 4242
    kill_group(cast(Any, process))
    assert groups == [(4242, signal.SIGKILL)]
    assert process.killed == 1


@pytest.mark.parametrize("error", [ProcessLookupError, PermissionError])
def test_a_group_that_is_gone_is_no_error(monkeypatch: pytest.MonkeyPatch, error: type[OSError]) -> None:
    def gone(_pid: int, _sign: int) -> None:
        raise error

    monkeypatch.setattr("os.killpg", gone)
    process = Process()
    process.pid = 4242
    kill_group(cast(Any, process))
    assert process.killed == 1


def test_the_entry_migrates_and_works(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, float | None]] = []

    def run(self: Worker) -> None:
        ran.append((str(self.runtime.settings.home), self.idle_seconds))
        self.runtime.close()

    monkeypatch.setattr(Worker, "run", run)
    monkeypatch.setattr("lakebook.observe.logs.configure", lambda _settings: None)
    main(["--home", str(home), "--idle", "5"])
    main([])
    assert ran == [(str(home), 5.0), (str(home), None)]
    assert (home / "metadata.sqlite").exists()


def test_a_claim_made_elsewhere_is_seen(worker: Worker, call: Call) -> None:
    job_id, _ = claimed(call, worker="elsewhere")
    worker._turn()
    assert worker.seat is None
    assert call.runtime.jobs.row(job_id)["lease_owner"] == "elsewhere"


@pytest.mark.parametrize(
    ("job_type", "grace"),
    [("ingestion", GRACE_OF["ingestion"]), ("training", GRACE_OF["training"]), ("pipeline", GRACE_SECONDS)],
)
def test_a_load_is_stopped_within_a_second_other_work_may_tidy_up(
    worker: Worker, call: Call, job_type: str, grace: float
) -> None:
    queued(call)
    with call.runtime.database.write() as connection:
        connection.execute(schema.job.update().values(job_type=job_type))
    worker._turn()
    assert worker.seat is not None
    assert worker.seat.grace == grace
    assert GRACE_OF["ingestion"] + 2 * module.POLL_SECONDS < 1.0


@pytest.mark.parametrize(
    ("reason", "code"),
    [(JobMemoryExceeded("Too much."), "job_memory_exceeded"), (JobTimedOut("Late."), "job_timed_out")],
    ids=["memory", "time"],
)
def test_a_job_over_its_limit_is_killed_and_failed_with_the_reason(
    worker: Worker, call: Call, seconds: Seconds, monkeypatch: pytest.MonkeyPatch, reason: LakebookError, code: str
) -> None:
    seat, said = at_work(worker, call), [None, reason]
    asked: list[float] = []

    def exceeded(_limits: Limits, _pid: int | None, spent: float) -> LakebookError | None:
        asked.append(spent)
        return said.pop(0)

    monkeypatch.setattr(Limits, "exceeded", exceeded)
    process = process_of(worker)
    seat.began = seat.looked = seat.renewed = seconds.at
    for _ in range(4):
        seconds.at += LOOK_SECONDS / 2
        worker._turn()
    assert asked == [LOOK_SECONDS, 2 * LOOK_SECONDS]
    assert process.killed == 1
    assert worker.seat is None
    job = call.runtime.jobs.show(seat.job_id)
    assert (job.status, job.failure) == ("failed", reason.to_dict())
    assert job.failure is not None
    assert job.failure["code"] == code
    assert job.failure["hint"]
    worker._turn()
    assert worker.seat is None


def test_the_limits_are_the_settings(runtime: Runtime) -> None:
    settings = runtime.settings
    assert limits_of(settings, "ingestion") == Limits(settings.job_memory_bytes, settings.job_seconds)
    training = limits_of(settings, "training")
    assert (training.memory_bytes, training.seconds) == (settings.train_memory_bytes, 1800.0)
    stopped = training.exceeded(None, 1800.5)
    assert stopped is not None
    assert "--time" in stopped.hint


@pytest.mark.parametrize("alive", [True, False])
def test_a_worker_ends_soon_after_its_server(
    runtime: Runtime, seconds: Seconds, monkeypatch: pytest.MonkeyPatch, alive: bool
) -> None:
    worker = Worker(runtime, keeper=4242)
    monkeypatch.setattr("os.getppid", lambda: 4242 if alive else 1)
    seconds.at += module.ORPHAN_IDLE_SECONDS + 0.1
    assert worker._idle_too_long() is not alive


def test_a_worker_that_nobody_keeps_outlives_its_parent(
    runtime: Runtime, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(runtime)
    monkeypatch.setattr("os.getppid", lambda: 1)
    seconds.at += 1e6
    assert not worker._idle_too_long()


def test_what_died_for_good_leaves_no_half_a_table(worker: Worker, call: Call) -> None:
    queued(call, layer="bronze", dataset_id="half")
    worker._turn()
    assert worker.seat is not None
    worker.seat.attempts = MOST_ATTEMPTS
    folder = call.runtime.lake.table_folder("bronze", "half")
    (folder / f"{worker.seat.job_id}.parquet.part").write_bytes(b"PAR1")
    process_of(worker).alive = False
    worker._turn()
    assert not folder.exists()


@pytest.mark.parametrize("what", ["ended", "another's"])
def test_a_job_that_is_not_ours_any_more_loses_nothing(worker: Worker, call: Call, what: str) -> None:
    """Its process is stopped too late: it had ended well, or another worker writes the table by now."""
    queued(call, layer="bronze", dataset_id="whole")
    worker._turn()
    seat = worker.seat
    assert seat is not None
    folder = call.runtime.lake.table_folder("bronze", "whole")
    if what == "ended":
        call.runtime.jobs.complete(seat.job_id, seat.epoch, {})
    else:
        with call.runtime.database.write() as connection:
            connection.execute(schema.job.update().values(lease_epoch=seat.epoch + 1))
    worker._give_up(seat.job_id, seat.epoch, JobTimedOut("Late."))
    assert folder.exists()
    assert call.runtime.jobs.show(seat.job_id).status == ("completed" if what == "ended" else "processing")


@pytest.mark.parametrize("name", module.PRELOAD)
def test_what_jobs_find_imported_is_there(name: str) -> None:
    """A name that is wrong would be passed over without a word."""
    assert importlib.util.find_spec(name) is not None
