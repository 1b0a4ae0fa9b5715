"""Runs: prepared, executed, kept; their status is what happened, and their job's where their process is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from lakebook.call import Call, JobSeat
from lakebook.errors import InvalidRequest, JobCancelled, LeaseLost, NotebookFailed, NotFound
from lakebook.metadata import schema
from lakebook.pipelines import store
from lakebook.pipelines.models import Run, RunIdRequest, RunRequest, RunsRequest
from lakebook.pipelines.results import report
from lakebook.pipelines.verbs import list_runs, prepare, run, show_run
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.local_home import USER, code, write_notebook

FAILURE = {"code": "worker_died", "message": "The job's process died 3 times.", "hint": "", "details": {}}


def asked(path: Path, **parameters: Any) -> RunRequest:
    return RunRequest(notebook=str(path), parameters=parameters, time_limit=60)


def queued(call: Call, path: Path, **parameters: Any) -> str:
    """The id of a run's job that waits for a worker."""
    request = asked(path, **parameters)
    facts = prepare(call, request)
    title = facts.pop("title")
    return call.runtime.jobs.submit(call, BY_NAME["run"], request.model_dump(mode="json"), title, facts).job_id


def seated(call: Call, worker: str = "w1") -> RunRequest:
    """The request of the oldest waiting job, whose seat the call takes."""
    row = call.runtime.jobs.claim(worker)
    assert row is not None
    call.job = JobSeat(row["job_id"], row["lease_epoch"], dict(row["metadata"]))
    return RunRequest.model_validate(row["request"])


def events(runtime: Runtime) -> list[tuple[str, str]]:
    return [(event["topic"], event["payload"]["status"]) for event in runtime.events.after(0)]


def test_prepare_makes_the_path_absolute_and_names_the_job(call: Call, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "a.ipynb", code("day = 1", "parameters"))
    request = RunRequest(notebook="a.ipynb", parameters={"day": 2}, time_limit=60)
    assert prepare(call, request) == {"title": "a.ipynb", "notebook": str(path)}
    assert request.notebook == str(path)


def test_prepare_refuses_what_cannot_run(call: Call, tmp_path: Path) -> None:
    write_notebook(tmp_path / "a.ipynb", code("day = 1", "parameters"))
    with pytest.raises(NotFound):
        prepare(call, RunRequest(notebook="b.ipynb", time_limit=60))
    with pytest.raises(InvalidRequest, match="has no parameter 'dya'"):
        prepare(call, RunRequest(notebook="a.ipynb", parameters={"dya": 1}, time_limit=60))


def test_a_run_completes_with_its_job_and_keeps_what_was_reported(call: Call, tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path / "a.ipynb", code("n = 1", "parameters"),
        "import lakebook\nfrom decimal import Decimal\nlb = lakebook.open()",
        "lb.report(rows=n, total=Decimal('1.50'))\nlb.report(rows=n + 1)",
    )  # fmt: skip
    job_id = queued(call, path, n=41)
    assert [(found.status, found.run_id) for found in list_runs(call, RunsRequest(limit=5)).items] == [
        ("queued", job_id)
    ]
    done = run(call, seated(call))
    assert (done.run_id, done.job_id, done.status, done.user_id) == (job_id, job_id, "completed", USER)
    assert done.results == {"rows": 42, "total": "1.50"}
    assert (done.notebook, done.parameters) == (str(path), {"n": 41})
    assert done.output == str(call.runtime.settings.home / "runs" / job_id / "a.ipynb")
    assert nbformat.read(done.output, as_version=4).cells[1].source.splitlines()[-1] == "n = 41"
    job = call.runtime.jobs.show(job_id)
    assert (job.status, job.result) == ("completed", done.model_dump(mode="json"))
    assert show_run(call, RunIdRequest(run=job_id)) == done
    assert events(call.runtime) == [("pipeline.run.completed", "completed")]


def test_a_run_that_fails_says_where_and_keeps_the_notebook(call: Call, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "a.ipynb", "# Title", "x = 1", "nope")
    job_id = queued(call, path)
    with pytest.raises(NotebookFailed) as failed:
        run(call, seated(call))
    found = show_run(call, RunIdRequest(run=job_id))
    assert (found.status, found.failed_cell, found.error) == ("failed", 3, "NameError: name 'nope' is not defined")
    assert found.ended_at is not None
    assert failed.value.details == {"run_id": job_id, "cell": 3, "output": found.output}
    assert Path(found.output or "").is_file()
    assert events(call.runtime) == [("pipeline.run.failed", "failed")]


def test_a_run_can_be_done_without_a_job(call: Call, tmp_path: Path) -> None:
    done = run(call, asked(write_notebook(tmp_path / "a.ipynb", "1")))
    assert (done.status, done.job_id) == ("completed", None)
    assert show_run(call, RunIdRequest(run=done.run_id)) == done


def test_a_notebook_that_went_meanwhile_is_a_failed_run(call: Call, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "a.ipynb", "1")
    job_id = queued(call, path)
    path.unlink()
    with pytest.raises(NotFound):
        run(call, seated(call))
    found = show_run(call, RunIdRequest(run=job_id))
    assert (found.status, found.failed_cell, found.error) == ("failed", None, "There is no notebook a.ipynb.")


def test_a_cancelled_run_is_kept_as_cancelled(call: Call, tmp_path: Path) -> None:
    job_id = queued(call, write_notebook(tmp_path / "a.ipynb", "1"))
    request = seated(call)
    call.is_cancelled = lambda: True
    with pytest.raises(JobCancelled):
        run(call, request)
    assert show_run(call, RunIdRequest(run=job_id)).status == "cancelled"


def test_an_orphan_changes_nothing(call: Call, tmp_path: Path) -> None:
    queued(call, write_notebook(tmp_path / "a.ipynb", "1"))
    request = seated(call)
    assert call.job is not None
    call.job.epoch -= 1
    with pytest.raises(LeaseLost):
        run(call, request)
    with call.runtime.database.read() as connection:
        assert connection.execute(schema.run.select()).all() == []


def test_an_orphan_that_finishes_late_changes_nothing(call: Call, tmp_path: Path) -> None:
    job_id = queued(call, write_notebook(tmp_path / "a.ipynb", "1"))
    request = seated(call)
    assert store.begin(call, job_id, request, tmp_path / "out.ipynb") is None
    call.runtime.jobs.requeue(job_id, call.job.epoch if call.job else 0)
    with pytest.raises(LeaseLost):
        store.end(call, job_id, "completed")
    assert show_run(call, RunIdRequest(run=job_id)).status == "queued"


def test_a_second_attempt_takes_up_the_same_run(call: Call, tmp_path: Path) -> None:
    job_id = queued(call, write_notebook(tmp_path / "a.ipynb", "1"))
    request = seated(call)
    assert store.begin(call, job_id, request, tmp_path / "out.ipynb") is None
    report(call.runtime, job_id, {"left": "over"})
    call.runtime.jobs.requeue(job_id, call.job.epoch if call.job else 0)
    done = run(call, seated(call, "w2"))
    assert (done.run_id, done.status, done.results) == (job_id, "completed", {})
    assert len(list_runs(call, RunsRequest(limit=5))) == 1


def test_a_completed_run_is_not_done_again(call: Call, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "a.ipynb", "open('count', 'a').write('x')")
    queued(call, path)
    request = seated(call)
    done = run(call, request)
    table = schema.job
    with call.runtime.database.write() as connection:
        connection.execute(table.update().values(status="processing"))
    assert run(call, request) == done
    assert (tmp_path / "count").read_text() == "x"


@pytest.mark.parametrize("ended", ["failed", "cancelled"])
def test_a_run_whose_process_died_ends_as_its_job_did(call: Call, tmp_path: Path, ended: str) -> None:
    job_id = queued(call, write_notebook(tmp_path / "a.ipynb", "1"))
    assert store.begin(call, job_id, seated(call), tmp_path / "out.ipynb") is None
    assert show_run(call, RunIdRequest(run=job_id)).status == "processing"
    failure = {**FAILURE, "code": "cancelled"} if ended == "cancelled" else FAILURE
    assert call.job is not None
    call.runtime.jobs.fail(job_id, call.job.epoch, failure)
    found = show_run(call, RunIdRequest(run=job_id))
    assert (found.status, found.error) == (ended, FAILURE["message"])


def test_runs_are_listed_newest_first_up_to_a_limit(call: Call, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "a.ipynb", "1")
    ids = [queued(call, path) for _ in range(4)]
    store.begin(call, ids[0], seated(call), tmp_path / "out.ipynb")
    assert call.job is not None
    assert call.job.job_id == ids[0]
    found = list_runs(call, RunsRequest(limit=3)).items
    assert {one.run_id for one in found} <= set(ids)
    assert [one.created_at for one in found] == sorted((one.created_at for one in found), reverse=True)
    assert len(found) == 3


def test_an_unknown_run_is_not_found(call: Call) -> None:
    with pytest.raises(NotFound, match="No run has the id 'x'"):
        show_run(call, RunIdRequest(run="x"))


def test_figures_of_no_run_are_kept_nowhere(runtime: Runtime) -> None:
    report(runtime, "a published notebook", {"rows": 1})
    with runtime.database.read() as connection:
        assert connection.execute(schema.run.select()).all() == []


def test_the_run_model_has_every_column_of_its_table() -> None:
    assert set(Run.model_fields) == set(schema.run.c.keys())
