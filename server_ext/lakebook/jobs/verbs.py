"""The verbs over jobs."""

from __future__ import annotations

from lakebook.call import Call
from lakebook.jobs.models import Job, JobRequest, JobsRequest
from lakebook.verb import Listing


def list_jobs(call: Call, request: JobsRequest) -> Listing[Job]:
    """The jobs, newest first."""
    return Listing[Job](items=call.runtime.jobs.newest(request.limit, active=request.active))


def show_job(call: Call, request: JobRequest) -> Job:
    """One job as it stands."""
    return call.runtime.jobs.show(request.job)


def cancel_job(call: Call, request: JobRequest) -> Job:
    """Ask a job to stop."""
    return call.runtime.jobs.cancel(call, request.job)


def retry_job(call: Call, request: JobRequest) -> Job:
    """Start a failed or cancelled job again."""
    return call.runtime.jobs.retry(call, request.job)
