"""From a request to a queued job, and from its end to a result or an error."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.catalog.models import DatasetRequest
from lakebook.errors import BadFile, Conflict, JobCancelled, LakebookError, WorkerDied
from lakebook.ids import new_id
from lakebook.ingest.models import IngestRequest, IngestResult
from lakebook.jobs import submit as module
from lakebook.jobs.models import Job
from lakebook.jobs.submit import error_of, follow, result_of, submit
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.unit.core.core_home import Seconds

STAMP = "2026-01-01T00:00:00.000000Z"
INGEST = BY_NAME["ingest"]
MADE = {"dataset_id": "d", "name": "a", "version": 1, "rows": 3, "columns": 1, "rejected_rows": 0,
        "duplicate_rows": 0, "quality_score": 1.0, "s3_key": "k", "seconds": 0.1}  # fmt: skip


def a_job(status: str = "queued", progress: int = 0, **given: Any) -> Job:
    plain = {"job_id": "j", "user_id": "u", "job_type": "ingestion", "verb": "ingest", "title": "a", "status": status,
             "progress": progress, "created_at": STAMP, "updated_at": STAMP}  # fmt: skip
    return Job.model_validate({**plain, **given})


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    """The clock of whoever follows a job."""
    clock = Seconds()
    monkeypatch.setattr(module, "time", clock)
    return clock


def test_a_submitted_job_is_checked_titled_and_staffed(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staffed: list[Runtime] = []
    monkeypatch.setattr(module, "ensure_worker", staffed.append)
    (tmp_path / "orders.csv").write_text("a\n1\n")
    job = submit(call, INGEST, IngestRequest(source="orders.csv"))
    assert (job.title, job.status) == ("orders.csv", "queued")
    assert "title" not in job.metadata
    assert job.s3_key == f"bronze/{job.metadata['dataset_id']}"
    row = call.runtime.jobs.row(job.job_id)
    assert row["request"]["source"] == str(tmp_path / "orders.csv")
    assert row["request"]["name"] == "orders"
    assert staffed == [call.runtime]
    submit(call, INGEST, IngestRequest(source="orders.csv"), staffed=True)
    assert len(staffed) == 1


def test_under_an_id_of_the_callers_own_it_is_queued_once(call: Call, tmp_path: Path) -> None:
    """Also where the first job has made what the check would refuse now, as a client that missed the answer asks."""
    (tmp_path / "orders.csv").write_text("a\n1\n")
    job_id = new_id()
    first = submit(call, INGEST, IngestRequest(source="orders.csv"), staffed=True, job_id=job_id)
    (tmp_path / "orders.csv").unlink()
    again = submit(call, INGEST, IngestRequest(source="orders.csv"), staffed=True, job_id=job_id)
    assert (first.job_id, again) == (job_id, first)
    assert len(call.runtime.jobs.newest()) == 1


def test_another_users_job_is_not_answered(call: Call, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("a\n1\n")
    job_id = submit(call, INGEST, IngestRequest(source="orders.csv"), staffed=True).job_id
    with pytest.raises(Conflict, match="Another job"):
        submit(replace(call, principal=Principal("eve")), INGEST, IngestRequest(source="orders.csv"), job_id=job_id)
    assert len(call.runtime.jobs.newest()) == 1


def test_what_cannot_work_makes_no_job(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ensure_worker", lambda _runtime: pytest.fail("nobody is needed"))
    with pytest.raises(BadFile):
        submit(call, INGEST, IngestRequest(source="missing.csv"))
    assert call.runtime.jobs.newest() == []


def test_a_job_without_a_title_is_called_by_its_verb(call: Call) -> None:
    job = submit(call, replace(BY_NAME["profile"], job="profiling"), DatasetRequest(dataset="a"), staffed=True)
    assert job.title == "profile"


def test_a_result_is_the_verbs_own_class() -> None:
    found = result_of(INGEST, a_job("completed", 100, result=MADE))
    assert isinstance(found, IngestResult)
    assert found.rows == 3


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        ({"code": "bad_file", "message": "It is a picture.", "hint": "h", "details": {"n": 1}}, BadFile),
        ({"code": "cancelled", "message": "The job was cancelled.", "hint": "", "details": {}}, JobCancelled),
        ({"code": "worker_died", "message": "It died.", "hint": "", "details": {}}, WorkerDied),
        (None, LakebookError),
    ],
)
def test_an_error_is_its_own_class_again(failure: dict[str, Any] | None, kind: type[LakebookError]) -> None:
    job = a_job("failed", failure=failure)
    assert type(error_of(job)) is kind
    with pytest.raises(kind) as raised:
        result_of(INGEST, job)
    if failure:
        assert raised.value.to_dict() == failure


def test_a_job_is_followed_to_its_end(seconds: Seconds) -> None:
    states = iter([a_job(), a_job(), a_job("processing", 10), a_job("processing", 10, facts={"rows": 5}),
                   a_job("completed", 100)])  # fmt: skip
    seen: list[tuple[str, int, dict[str, Any]]] = []
    ended = follow(lambda: next(states), lambda job: seen.append((job.status, job.progress, job.facts)))
    assert ended.status == "completed"
    assert seen == [("queued", 0, {}), ("processing", 10, {}), ("processing", 10, {"rows": 5}), ("completed", 100, {})]
    assert seconds.slept == [module.POLL_SECONDS] * 4


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_an_ended_job_is_not_waited_for(seconds: Seconds, status: str) -> None:
    assert follow(lambda: a_job(status), lambda _job: None).status == status
    assert seconds.slept == []


def test_following_has_an_end_of_its_own(seconds: Seconds) -> None:
    assert follow(lambda: a_job("processing", 5), lambda _job: None, seconds=2.0).status == "processing"
    assert 1.9 <= sum(seconds.slept) <= 2.1
