"""Ingests from services, worked on in the test's own process as a worker's child does it."""

from __future__ import annotations

from typing import Any

from lakebook.call import Call, JobSeat
from lakebook.ingest import accept
from lakebook.ingest.models import IngestRequest, IngestResult
from lakebook.ingest.table import TableHandle
from lakebook.jobs.submit import submit
from lakebook.verbs import BY_NAME


def loaded(call: Call, source: str, **request: Any) -> IngestResult:
    """The result of an ingest that was queued, claimed and run."""
    job = submit(call, BY_NAME["ingest"], IngestRequest(source=source, **request), staffed=True)
    row = call.runtime.jobs.claim("the test")
    assert row is not None
    assert row["job_id"] == job.job_id
    seat = JobSeat(job.job_id, row["lease_epoch"], dict(row["metadata"]))
    inner = Call(call.runtime, call.principal, job=seat, is_cancelled=call.is_cancelled, folder=call.folder)
    return accept.ingest(inner, IngestRequest(**row["request"]))


def rows_of(call: Call, name: str) -> list[dict[str, Any]]:
    """The rows of a table's current version, as Python values."""
    return TableHandle(call, name).arrow().to_pylist()
