"""An append taken up again after its metadata step failed adds its rows to what stands then, and undoes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lakebook.call import Call, JobSeat
from lakebook.errors import DiskFull
from lakebook.ingest.accept import ingest
from lakebook.ingest.models import IngestRequest, IngestResult
from lakebook.jobs.submit import submit
from lakebook.lake.preview import first_rows
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME


def seated(call: Call, folder: Path, text: str, mode: str) -> tuple[Call, IngestRequest]:
    """A job that loads these lines into `orders`, claimed by its worker."""
    name = f"{text.split()[1]}.csv"
    (folder / name).write_text(text)
    request = IngestRequest.model_validate({"source": name, "name": "orders", "mode": mode})
    submit(call, BY_NAME["ingest"], request, staffed=True)
    return claimed(call)


def claimed(call: Call) -> tuple[Call, IngestRequest]:
    row = call.runtime.jobs.claim("the test")
    assert row is not None
    seat = JobSeat(row["job_id"], row["lease_epoch"], dict(row["metadata"]))
    return Call(call.runtime, call.principal, job=seat, folder=call.folder), IngestRequest(**row["request"])


def loaded(call: Call, folder: Path, text: str, mode: str) -> IngestResult:
    return ingest(*seated(call, folder, text, mode))


def ids(runtime: Runtime) -> list[Any]:
    dataset = runtime.catalog.dataset("orders")
    version = runtime.catalog.version(dataset.dataset_id, dataset.version)
    return sorted(row["id"] for row in first_rows(runtime.lake.paths(dataset.s3_key, version["files"]), 1000))


def failed(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, mode: str) -> str:
    """A load whose Delta commit stands and whose metadata step failed; returns the job, waiting to be retried."""
    inner, request = seated(call, folder, text, mode)
    assert inner.job is not None

    def fail(*_arguments: object) -> None:
        raise DiskFull("No room left.")

    with monkeypatch.context() as patch:
        patch.setattr(call.runtime.catalog, "add_version", fail)
        with pytest.raises(DiskFull):
            ingest(inner, request)
    call.runtime.jobs.fail(inner.job.job_id, inner.job.epoch, DiskFull("No room left.").to_dict())
    return inner.job.job_id


@pytest.mark.parametrize("between", ["append", "replace"])
def test_a_load_that_came_between_is_kept(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    loaded(call, tmp_path, "id\n1\n", "fail")
    job_id = failed(call, tmp_path, monkeypatch, "id\n2\n", "append")
    loaded(call, tmp_path, "id\n3\n", between)
    assert ids(runtime) == ([1, 3] if between == "append" else [3])
    runtime.jobs.retry(call, job_id)
    made = ingest(*claimed(call))
    assert ids(runtime) == ([1, 2, 3] if between == "append" else [2, 3])
    assert (made.version, made.rows) == (3, len(ids(runtime)))
    assert [path.name for path in runtime.settings.folder("tmp").iterdir() if path.suffix != ".lock"] == []


def test_where_nothing_came_between_the_standing_commit_is_completed(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(call, tmp_path, "id\n1\n", "fail")
    job_id = failed(call, tmp_path, monkeypatch, "id\n2\n", "append")
    runtime.jobs.retry(call, job_id)
    monkeypatch.setattr("lakebook.ingest.load.process", lambda *_a, **_k: pytest.fail("the file was read again"))
    assert ingest(*claimed(call)).version == 2
    assert ids(runtime) == [1, 2]


def test_an_older_version_stays_readable_after_a_second_pass(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second pass writes its file anew; no version in the catalogue may hold the first one."""
    loaded(call, tmp_path, "id\n1\n", "fail")
    job_id = failed(call, tmp_path, monkeypatch, "id\n2\n", "append")
    loaded(call, tmp_path, "id\n3\n", "append")
    runtime.jobs.retry(call, job_id)
    made = ingest(*claimed(call))
    counts = []
    for version in runtime.catalog.versions(made.dataset_id):
        rows = first_rows(runtime.lake.paths(made.s3_key, version["files"]), 1000)
        assert len(rows) == version["row_count"]
        counts.append(len(rows))
    assert counts == [3, 2, 1]
