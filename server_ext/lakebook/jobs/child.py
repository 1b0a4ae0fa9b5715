"""One job in a process group of its own: run the verb, say its progress, keep its end."""

from __future__ import annotations

import logging
import os
import time
import traceback
from typing import Any

from lakebook.access.principal import Principal
from lakebook.call import Call, JobSeat
from lakebook.errors import JobCancelled, LakebookError, LeaseLost
from lakebook.jobs import crash_points
from lakebook.verb import wire

log = logging.getLogger("lakebook.jobs")
SAY_EVERY = 0.2


class Progress:
    """Passes progress on to the queue, at most five times a second."""

    def __init__(self, jobs: Any, seat: JobSeat) -> None:
        self.jobs, self.seat, self.said = jobs, seat, 0.0
        self.cancelled = False
        self.asked = 0.0

    def __call__(self, fraction: float, message: str, facts: dict[str, Any]) -> None:
        """Keep the newest state."""
        if time.monotonic() - self.said >= SAY_EVERY:
            self.said = time.monotonic()
            self.jobs.progress(self.seat.job_id, self.seat.epoch, fraction, message, facts)

    def is_cancelled(self) -> bool:
        """Whether the job should stop, asked of the queue at most five times a second."""
        if not self.cancelled and time.monotonic() - self.asked >= SAY_EVERY:
            self.asked = time.monotonic()
            self.cancelled = self.jobs.cancel_asked(self.seat.job_id, self.seat.epoch)
        return self.cancelled


def run_job(home: str, job_id: str, epoch: int) -> None:
    """The entry of a job's process."""
    os.setsid()
    from lakebook.observe.logs import configure
    from lakebook.runtime import open_runtime

    runtime = open_runtime(home)
    configure(runtime.settings)
    row = runtime.jobs.row(job_id)
    seat = JobSeat(job_id, epoch, dict(row["metadata"]))
    progress = Progress(runtime.jobs, seat)
    call = Call(runtime, Principal(row["user_id"]), row["request_id"], seat, progress, progress.is_cancelled)
    crash_points.reached("claimed")
    facts = {"request_id": call.request_id, "job_id": job_id, "verb": row["verb"]}
    log.info("job started", extra=facts)
    try:
        result = wire(run_verb(call, row["verb"], dict(row["request"])))
        runtime.jobs.complete(job_id, epoch, result.model_dump(mode="json"))
        log.info("job completed", extra=facts)
    except LeaseLost:
        log.warning("job lost to another worker", extra=facts)
    except LakebookError as error:
        level = logging.INFO if isinstance(error, JobCancelled) else logging.ERROR
        log.log(level, "job ended: %s", error.message, extra={**facts, "stack": traceback.format_exc()})
        runtime.jobs.fail(job_id, epoch, error.to_dict())
    except Exception as error:
        log.critical("job broke", extra={**facts, "stack": traceback.format_exc(), "error": repr(error)})
        runtime.jobs.fail(job_id, epoch, broken(error).to_dict())
    finally:
        runtime.close()


def run_verb(call: Call, name: str, request: dict[str, Any]) -> Any:
    """Run a verb from its stored request."""
    from lakebook.verbs import BY_NAME

    verb = BY_NAME[name]
    return verb.run(call, verb.request.model_validate(request))


def broken(error: Exception) -> LakebookError:
    """An unforeseen error as one of ours: what the system said of disk and memory, nothing of our insides."""
    from lakebook.errors import DiskFull, Unavailable

    if isinstance(error, OSError) and error.errno == 28:
        return DiskFull("The disk that holds the home is full.")
    if isinstance(error, MemoryError):
        return Unavailable("There was not enough memory for this job.", hint="Close other programs, then retry.")
    return LakebookError("Something broke that should not; it is in the log with its request id.")
