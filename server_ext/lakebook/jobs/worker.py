"""The worker: claims jobs, runs each in a process group of its own, keeps schedules and the relay going."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from lakebook.errors import JobCancelled, LakebookError, WorkerDied
from lakebook.events import leases
from lakebook.ids import new_id, now, rfc3339
from lakebook.jobs.child import run_job
from lakebook.jobs.leftovers import sweep, take_back
from lakebook.jobs.limits import LOOK_SECONDS, TRAINING, Limits, limits_of
from lakebook.jobs.queue import MOST_ATTEMPTS

if TYPE_CHECKING:
    from lakebook.runtime import Runtime

log = logging.getLogger("lakebook.jobs")
POLL_SECONDS = 0.15
TICK_SECONDS = 1.0
GRACE_SECONDS = 8.0
# A load may be killed at any moment and leaves nothing: who cancels it waits no longer than it takes to say so.
# A training that is cancelled ends the model at hand, and registers the best it has.
GRACE_OF = {"ingestion": 0.6, TRAINING: 30.0}
LEADER_SECONDS = 5.0
# A worker whose server was killed empties the queue and ends: the next server starts its own.
ORPHAN_IDLE_SECONDS = 2.0
# What a job's process would import anew; it is forked from one that has it all.
PRELOAD = ["lakebook.jobs.child", "lakebook.runtime", "lakebook.verbs", "sqlalchemy.dialects.sqlite", "lakebook.home",
           "lakebook.settings", "lakebook.jobs.queue", "lakebook.observe.logs", "lakebook.ingest.accept",
           "lakebook.profile.report", "lakebook.profile.findings"]  # fmt: skip
# Forked safely on Linux alone: macOS ends a process that was forked from one with its frameworks loaded.
PRELOAD += ["duckdb", "pyarrow.compute", "pyarrow.parquet", "lakebook_native"] if sys.platform == "linux" else []


@dataclass
class Seat:
    """A job at work in a process."""

    job_id: str
    epoch: int
    attempts: int
    process: BaseProcess
    limits: Limits
    grace: float = GRACE_SECONDS
    began: float = field(default_factory=time.monotonic)
    looked: float = field(default_factory=time.monotonic)
    renewed: float = field(default_factory=time.monotonic)
    cancelled_at: float | None = None


class Worker:
    """One worker process of a home; one job at a time."""

    def __init__(self, runtime: Runtime, *, idle_seconds: float | None = None, keeper: int | None = None) -> None:
        self.runtime = runtime
        self.idle_seconds = idle_seconds
        self.keeper = keeper
        self.worker_id = new_id()
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(PRELOAD)
        self.stopping = False
        self.last_busy = self.last_tick = time.monotonic()
        self.seat: Seat | None = None

    def run(self) -> None:
        """Work until told to stop, or until idle for long enough."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        self._heartbeat()
        try:
            self._make_ready()
            sweep(self.runtime)
            while not self.stopping and not self._idle_too_long():
                self._turn()
                time.sleep(POLL_SECONDS)
        finally:
            self._leave()

    def _make_ready(self) -> None:
        """Wait for the process that jobs are forked from: who claimed a job first could lose its lease meanwhile."""
        idle = self.context.Process(target=os.getpid)
        idle.start()
        idle.join()

    def _stop(self, *_signal: object) -> None:
        self.stopping = True

    def _idle_too_long(self) -> bool:
        if self.keeper is not None and self.idle_seconds is None and os.getppid() != self.keeper:
            self.idle_seconds = ORPHAN_IDLE_SECONDS
        if self.idle_seconds is None or self.seat is not None:
            return False
        return time.monotonic() - self.last_busy > self.idle_seconds

    def _turn(self) -> None:
        if time.monotonic() - self.last_tick >= TICK_SECONDS:
            self.last_tick = time.monotonic()
            self._heartbeat()
            self._lead()
        if self.seat is None:
            self._claim()
        else:
            self._watch(self.seat)

    def _claim(self) -> None:
        row = self.runtime.jobs.claim(self.worker_id)
        if row is None:
            return
        self.last_busy = time.monotonic()
        job_id, epoch = row["job_id"], row["lease_epoch"]
        if row["attempts"] > MOST_ATTEMPTS:
            self._give_up(job_id, epoch, _died(row["attempts"] - 1))
            return
        process = self.context.Process(
            target=run_job, args=(str(self.runtime.settings.home), job_id, epoch), daemon=False
        )
        process.start()
        grace = GRACE_OF.get(row["job_type"], GRACE_SECONDS)
        limits = limits_of(self.runtime.settings, row["job_type"])
        self.seat = Seat(job_id, epoch, row["attempts"], process, limits, grace)

    def _watch(self, seat: Seat) -> None:
        self.last_busy = time.monotonic()
        if not seat.process.is_alive():
            self.seat = None
            self._ended(seat)
            return
        if time.monotonic() - seat.renewed > self.runtime.jobs.lease_seconds / 4:
            seat.renewed = time.monotonic()
            if not self.runtime.jobs.renew(seat.job_id, seat.epoch) and seat.cancelled_at is None:
                seat.cancelled_at = time.monotonic()
        if seat.cancelled_at is None and self.runtime.jobs.cancel_asked(seat.job_id, seat.epoch):
            seat.cancelled_at = time.monotonic()
        if seat.cancelled_at is not None and time.monotonic() - seat.cancelled_at > seat.grace:
            kill_group(seat.process)
        elif time.monotonic() - seat.looked >= LOOK_SECONDS:
            seat.looked = time.monotonic()
            self._hold_to_limits(seat)

    def _hold_to_limits(self, seat: Seat) -> None:
        """Stop a job that uses more than it may."""
        reason = seat.limits.exceeded(seat.process.pid, time.monotonic() - seat.began)
        if reason is not None:
            kill_group(seat.process)
            self.seat = None
            self._give_up(seat.job_id, seat.epoch, reason)

    def _ended(self, seat: Seat) -> None:
        """A process that went without a word is tried again by whoever claims next."""
        row = self.runtime.jobs.row(seat.job_id)
        if row["status"] != "processing" or row["lease_epoch"] != seat.epoch:
            return
        if row["cancel_asked"]:
            self._give_up(seat.job_id, seat.epoch, JobCancelled("The job was cancelled.", hint=""))
        elif seat.attempts >= MOST_ATTEMPTS:
            self._give_up(seat.job_id, seat.epoch, _died(seat.attempts))
        else:
            log.warning("job's process died; it goes back to the queue", extra={"job_id": seat.job_id})
            self.runtime.jobs.requeue(seat.job_id, seat.epoch)

    def _give_up(self, job_id: str, epoch: int, reason: LakebookError) -> None:
        """End a job whose process could not say its end itself; nothing half-made of it stays."""
        if self.runtime.jobs.fail(job_id, epoch, reason.to_dict()):
            take_back(self.runtime, job_id)

    def _heartbeat(self) -> None:
        from lakebook.metadata import schema

        table, stamp = schema.worker, rfc3339(now())
        with self.runtime.database.write() as connection:
            mine = table.update().where(table.c.worker_id == self.worker_id)
            if not connection.execute(mine.values(heartbeat_at=stamp)).rowcount:
                connection.execute(
                    table.insert().values(
                        worker_id=self.worker_id, host=socket.gethostname(), pid=os.getpid(),
                        started_at=stamp, heartbeat_at=stamp,
                    )
                )  # fmt: skip

    def _lead(self) -> None:
        """Relay events and start due schedules, if this worker leads."""
        if leases.hold(self.runtime.database, "leader", self.worker_id, LEADER_SECONDS) is None:
            return
        for duty in self.duties():
            try:
                duty(self.runtime)
            except Exception:
                log.exception("a leader's duty failed; it is tried again in a second")

    @staticmethod
    def duties() -> tuple[Callable[[Runtime], object], ...]:
        """What the leading worker does once a second."""
        from lakebook.catalog.expiry import forget_expired
        from lakebook.events.relay import relay
        from lakebook.pipelines.schedules import start_due

        return (relay, start_due, forget_expired, sweep)

    def _leave(self) -> None:
        from lakebook.metadata import schema

        if self.seat is not None:
            kill_group(self.seat.process)
            self.runtime.jobs.requeue(self.seat.job_id, self.seat.epoch)
        leases.release(self.runtime.database, "leader", self.worker_id)
        with self.runtime.database.write() as connection:
            connection.execute(schema.worker.delete().where(schema.worker.c.worker_id == self.worker_id))
        self.runtime.close()


def kill_group(process: BaseProcess) -> None:
    """Kill a job's whole process group, and wait for it."""
    if process.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _died(attempts: int) -> WorkerDied:
    return WorkerDied(f"The job's process died {attempts} times, most likely for want of memory.")


def main(arguments: list[str] | None = None) -> None:
    """`python -m lakebook.jobs.worker --home HOME [--idle SECONDS] [--keeper PID]`."""
    from lakebook.observe.logs import configure
    from lakebook.runtime import open_runtime

    parser = argparse.ArgumentParser(prog="lakebook worker", description="Run the jobs of a home.")
    parser.add_argument("--home", help="folder that holds everything lakebook keeps")
    parser.add_argument("--idle", type=float, help="end after so many seconds without a job")
    parser.add_argument("--keeper", type=int, help="end when this process, which started it, has ended")
    options = parser.parse_args(arguments)
    runtime = open_runtime(options.home, upgrade=True)
    configure(runtime.settings)
    Worker(runtime, idle_seconds=options.idle, keeper=options.keeper).run()


if __name__ == "__main__":
    main()
