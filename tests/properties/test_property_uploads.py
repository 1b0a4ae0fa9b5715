"""An upload is stored, answered at once, and found by the next worker."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lakebook.ids import rfc3339
from lakebook.ingest.arrival import Arrival
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.models import Job
from lakebook.jobs.submit import submit
from lakebook.jobs.worker import POLL_SECONDS
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.local_home import until
from tests.properties.in_process import call_of, fresh, nothing_waits, work
from tests.properties.tables import FORMATS, Format, frames, written

# What counts as large here: small enough to draw, larger than the blocks in which files are kept and read.
LARGE = 4096
SECOND = timedelta(seconds=1)

_given_out: set[str] = set()


def upload(runtime: Runtime, content: bytes, filename: str, *, block: int = 1 << 16) -> tuple[Job, Path]:
    """The bytes taken in blocks, kept and queued as the route does it; the job and the stored file."""
    incoming = Arrival(runtime.settings.folder("tmp"))
    for start in range(0, len(content), block):
        incoming.write(content[start : start + block])
    kept = incoming.keep(runtime.settings.folder("files"), filename)
    request = IngestRequest(source=str(kept), name=fresh("upload"))
    return submit(call_of(runtime, upload_name=filename), BY_NAME["ingest"], request, staffed=True), kept


# Feature: ai-analytics-platform, Property 1: File upload returns unique job ID. For any valid file upload (CSV, JSON, or Parquet), the Platform should store the file in S3 and return a unique Job identifier that differs from all previously generated Job identifiers.
@given(frame=frames(min_rows=1), kind=st.sampled_from(FORMATS), block=st.integers(1, 500), times=st.integers(1, 3))
def test_an_upload_is_stored_and_gets_a_job_of_its_own(
    runtime: Runtime, folder: Path, frame: pl.DataFrame, kind: Format, block: int, times: int
) -> None:
    content = written(frame, folder / "upload", kind).read_bytes()
    for _ in range(times):
        job, kept = upload(runtime, content, f"Süd verkauf.{kind}", block=block)
        assert job.job_id not in _given_out
        _given_out.add(job.job_id)
        assert kept.read_bytes() == content
        assert kept.name == f"{hashlib.sha256(content).hexdigest()}.{kind}"
        assert job.s3_key == f"bronze/{job.metadata['dataset_id']}"
        assert runtime.jobs.show(job.job_id) == job
    # Bytes that are kept already are freed behind the answer.
    assert until(lambda: not list(runtime.settings.folder("tmp").glob("*.upload")))


# Feature: ai-analytics-platform, Property 3: Large file non-blocking upload. For any file upload exceeding 100MB, the Platform should accept the upload request and return a response within 1 second, processing the file asynchronously.
@given(extra=st.integers(1, 3 * LARGE), block=st.integers(64, LARGE))
def test_a_large_upload_is_answered_before_anything_is_processed(runtime: Runtime, extra: int, block: int) -> None:
    nothing_waits(runtime)
    rows = (LARGE + extra) // 8 + 1
    content = b"n,text\n" + b"".join(b"%07d,\xc3\xbc\n" % n for n in range(rows))
    assert len(content) > LARGE
    touched: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for step in ("sources.gather.keep_file", "load.process", "accept.load"):
            patch.setattr(f"lakebook.ingest.{step}", lambda *_given, step=step, **_named: touched.append(step))
        job, kept = upload(runtime, content, "large.csv", block=block)
    assert touched == []
    assert (job.status, job.progress, job.started_at, job.result) == ("queued", 0, None, None)
    assert runtime.catalog.load(job.job_id) is None
    assert kept.stat().st_size == len(content)
    done = work(runtime, job)
    assert done.status == "completed", done.failure
    assert done.result is not None
    assert done.result["rows"] == rows


class Clock:
    """A clock that stands still unless it is moved."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        """The instant it shows."""
        return self.instant


# Feature: ai-analytics-platform, Property 4: Processing trigger timing. For any file stored in S3, the Platform should trigger Rust-based processing within 1 second of storage completion.
@given(
    content=st.binary(min_size=1, max_size=50),
    began=st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2100-01-01")),
    waits=st.lists(st.floats(0, 3600), min_size=1, max_size=3),
    phase=st.floats(0, 1),
)
@example(content=b"a", began=datetime.fromisoformat("2000-01-01"), waits=[0.0, 0.0], phase=1.0)
def test_a_stored_file_is_found_by_the_next_look_of_a_free_worker(
    runtime: Runtime, content: bytes, began: datetime, waits: list[float], phase: float
) -> None:
    nothing_waits(runtime)
    clock = Clock(began.replace(tzinfo=UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook.jobs.queue.now", clock)
        for wait in waits:
            clock.instant += timedelta(seconds=wait)
            stored = clock.instant
            job, _ = upload(runtime, content, "data.csv")
            assert job.created_at == rfc3339(stored)
            clock.instant += timedelta(seconds=phase * POLL_SECONDS)
            row: Any = runtime.jobs.claim(fresh("free worker"))
            assert row is not None
            assert row["job_id"] == job.job_id
            assert datetime.fromisoformat(row["started_at"]) - stored <= SECOND
            runtime.jobs.complete(job.job_id, row["lease_epoch"], {})
        assert runtime.jobs.claim("another worker") is None
