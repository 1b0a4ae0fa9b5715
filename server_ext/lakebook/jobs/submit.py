"""From a verb's request to a queued job, and from an ended job to its result or error."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from lakebook.errors import LakebookError
from lakebook.jobs.models import FINAL, Job
from lakebook.jobs.staff import ensure_worker
from lakebook.received_error import from_dict

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.verb import Request, Result, Verb

POLL_SECONDS = 0.05


def submit(call: Call, verb: Verb, request: Request, *, staffed: bool = False, job_id: str | None = None) -> Job:
    """Check the request, queue it, and see that somebody works (unless the caller keeps workers itself).

    Under a `job_id` of the caller's own it is queued once: asked again, the job that stands is the answer.
    """
    # Looked for before the check: what the first job has made would refuse the second asking.
    if job_id is not None and (standing := call.runtime.jobs.queued(call, job_id)) is not None:
        return standing
    facts = verb.prepared(call, request)
    title = str(facts.pop("title", verb.name))
    job = call.runtime.jobs.submit(call, verb, request.model_dump(mode="json"), title, facts, job_id=job_id)
    if not staffed:
        ensure_worker(call.runtime)
    return job


def result_of(verb: Verb, job: Job) -> Result:
    """The result of a completed job; raises the error of one that failed or was cancelled."""
    if job.status == "completed":
        return verb.result.model_validate(job.result)
    raise error_of(job)


def error_of(job: Job) -> LakebookError:
    """The error with which the job ended."""
    return from_dict(job.failure or {"code": "internal", "message": "The job has not ended.", "hint": ""})


def follow(show: Callable[[], Job], watch: Callable[[Job], None], *, seconds: float | None = None) -> Job:
    """Wait for a job's end, showing each state to `watch`; returns early when the seconds are over."""
    began, seen = time.monotonic(), ""
    while True:
        job = show()
        state = f"{job.status}{job.progress}{job.message}{job.facts}"
        if state != seen:
            seen = state
            watch(job)
        if job.status in FINAL or (seconds is not None and time.monotonic() - began >= seconds):
            return job
        time.sleep(POLL_SECONDS)
