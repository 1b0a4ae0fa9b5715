"""Jobs that load lines of text, claimed and done in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lakebook.call import Call, JobSeat
from lakebook.catalog.models import Dataset, RestoreRequest
from lakebook.catalog.verbs import restore_dataset
from lakebook.ingest.accept import ingest
from lakebook.ingest.models import IngestRequest, IngestResult
from lakebook.jobs import child
from lakebook.jobs.submit import submit
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME


class Killed(KeyboardInterrupt):
    """Stands for a kill: nothing is tidied."""


def claimed(call: Call) -> tuple[Call, IngestRequest]:
    """The oldest open job, as its worker's process sees it."""
    row = call.runtime.jobs.claim("the test")
    assert row is not None
    seat = JobSeat(row["job_id"], row["lease_epoch"], dict(row["metadata"]))
    return Call(call.runtime, call.principal, job=seat, folder=call.folder), IngestRequest(**row["request"])


def seated(call: Call, text: str, file: str = "orders.csv", **words: Any) -> tuple[Call, IngestRequest]:
    """A claimed job that loads these lines."""
    (call.folder / file).write_text(text)
    submit(call, BY_NAME["ingest"], IngestRequest.model_validate({"source": file, **words}), staffed=True)
    return claimed(call)


def loaded(call: Call, text: str, file: str = "orders.csv", **words: Any) -> IngestResult:
    """The result of loading these lines; its job has ended, as its worker ends it."""
    inner, request = seated(call, text, file, **words)
    result = ingest(inner, request)
    assert inner.job is not None
    call.runtime.jobs.complete(inner.job.job_id, inner.job.epoch, result.model_dump(mode="json"))
    return result


def work_at_once(runtime: Runtime) -> None:
    """Do every job that waits in the test's own process, as a worker's child does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook.jobs.child.os.setsid", lambda: None)
        patch.setattr("lakebook.observe.logs.configure", lambda _settings: None)
        while (row := runtime.jobs.claim("the test")) is not None:
            child.run_job(str(runtime.settings.home), row["job_id"], row["lease_epoch"])


def restored(call: Call, version: int | None, dataset: str = "orders") -> Dataset:
    """The dataset brought back to this version by a job that is done at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook.catalog.restore.ensure_worker", work_at_once)
        return restore_dataset(call, RestoreRequest(dataset=dataset, version=version))


@contextmanager
def dying_at(monkeypatch: pytest.MonkeyPatch, point: str) -> Iterator[None]:
    """What is done inside dies when it reaches this point."""

    def reached(name: str) -> None:
        if name == point:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("lakebook.jobs.crash_points.reached", reached)
        with pytest.raises(Killed):
            yield


def killed_at(call: Call, monkeypatch: pytest.MonkeyPatch, point: str, inner: Call, request: IngestRequest) -> None:
    """Do the job until this point, where its process dies; the job waits for another worker."""
    with dying_at(monkeypatch, point):
        ingest(inner, request)
    assert inner.job is not None
    call.runtime.jobs.requeue(inner.job.job_id, inner.job.epoch)


def parquet_in(call: Call, s3_key: str) -> set[Path]:
    """The table's files, of all versions."""
    return set((call.runtime.lake.folder / s3_key).glob("*.parquet"))
