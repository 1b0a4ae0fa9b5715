"""Verbs on the home here: direct ones at once, jobs through the queue, interrupts as cancels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import lakebook
from lakebook.client import JobHandle, Lakebook
from lakebook.errors import BadFile, NameTaken
from lakebook.ids import new_id
from lakebook.jobs.child import run_job
from lakebook.jobs.models import Job
from lakebook.metadata import schema
from lakebook.runtime import Runtime


@pytest.fixture
def lb(runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lakebook]:
    """lakebook on the test's home, in a folder with `orders.csv`."""
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text("id,kind\n1,a\n2,b\n3,a\n")
    with lakebook.open() as opened:
        yield opened


@pytest.mark.usefixtures("work_here")
def test_a_file_becomes_a_table(lb: Lakebook) -> None:
    made = lb.ingest("orders.csv")
    assert (made.name, made.rows, made.columns, made.version) == ("orders", 3, 2, 1)
    assert [dataset.name for dataset in lb.datasets().rows()] == ["orders"]
    shown = lb.datasets.show("ORDERS")
    assert shown.preview == [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}, {"id": 3, "kind": "a"}]
    assert shown.lineage[0]["source"] == "orders.csv"
    assert shown.lineage[0]["job_id"] == lb.jobs()[0].job_id
    assert lb.jobs()[0].progress == 100


@pytest.mark.usefixtures("work_here")
def test_a_frame_becomes_a_table_and_leaves_nothing_behind(lb: Lakebook, home: Path) -> None:
    assert lb.ingest(pl.DataFrame({"a": [1, 2]}), name="small").rows == 2
    assert not [path for path in (home / "tmp").iterdir() if path.suffix != ".lock"]


@pytest.mark.usefixtures("work_here")
def test_a_bad_file_is_its_own_error_with_the_job_kept(lb: Lakebook, tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"PAR1" + b"\x00" * 100)
    with pytest.raises(BadFile):
        lb.ingest("bad.parquet")
    job = lb.jobs()[0]
    assert job.status == "failed"
    assert job.failure is not None
    assert job.failure["code"] == "bad_file"
    assert job.error_message == job.error == job.failure["message"]


@pytest.mark.usefixtures("work_here")
def test_a_retried_job_finds_its_frame_again(lb: Lakebook, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was staged is kept until the load stands, so that another attempt can read it."""
    with monkeypatch.context() as patch:
        patch.setattr("lakebook.ingest.load.process", _out_of_memory)
        with pytest.raises(lakebook.errors.Unavailable):
            lb.ingest(pl.DataFrame({"a": [1, 2]}), name="small")
    handle = JobHandle(lb.place, lb.jobs.retry(lb.jobs()[0].job_id))
    run_job(str(runtime.settings.home), handle.job_id, claim(runtime))
    assert handle.wait().rows == 2


def claim(runtime: Runtime) -> int:
    """Claim the waiting job; returns the epoch that holds it."""
    row = runtime.jobs.claim("the test")
    assert row is not None
    return int(row["lease_epoch"])


def _out_of_memory(*_arguments: object, **_options: object) -> None:
    raise MemoryError


def test_a_taken_name_is_refused_before_a_job_is_made(lb: Lakebook) -> None:
    lb.table("orders").replace(pl.DataFrame({"a": [1]}))
    with pytest.raises(NameTaken):
        lb.ingest("orders.csv")
    assert lb.jobs().items == []


@pytest.mark.parametrize("ended", [False, True])
def test_an_interrupt_cancels_the_job(lb: Lakebook, monkeypatch: pytest.MonkeyPatch, ended: bool) -> None:
    """Also where the job has ended in that moment: the interrupt is what is raised."""
    monkeypatch.setattr("lakebook.jobs.submit.ensure_worker", lambda _runtime: None)

    def interrupt(job: Job) -> None:
        if ended:
            lb.jobs.cancel(job.job_id)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Lakebook(lb.place, interrupt).ingest("orders.csv")
    assert lb.jobs()[0].status == "cancelled"


def test_background_returns_at_once(lb: Lakebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakebook.jobs.submit.ensure_worker", lambda _runtime: None)
    handle = lb.ingest("orders.csv", background=True)
    assert handle.job.status == "queued"
    assert repr(handle) == "<job orders.csv: queued, 0 %>"


def test_figures_are_kept_with_the_run_that_reports_them(
    lb: Lakebook, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    lb.report(rows=1)
    run_id = new_id()
    with runtime.database.write() as connection:
        connection.execute(
            schema.run.insert().values(
                run_id=run_id, notebook="a.ipynb", parameters={}, status="processing", results={"a": 1},
                user_id="tester", created_at="2026-01-01T00:00:00.000000Z",
            )
        )  # fmt: skip
    monkeypatch.setenv("LAKEBOOK_RUN_ID", run_id)
    lb.report(rows=2**60, a=2)
    assert lb.runs.show(run_id).results == {"a": 2, "rows": str(2**60)}
    monkeypatch.setenv("LAKEBOOK_RUN_ID", new_id())
    lb.report(rows=5)
    assert json.dumps(lb.runs.show(run_id).results) == json.dumps({"a": 2, "rows": str(2**60)})


def test_calls_are_the_operating_systems_users(lb: Lakebook, tmp_path: Path) -> None:
    import getpass

    lb.table("orders").replace(pl.DataFrame({"a": [1]}))
    assert lb.datasets()[0].user_id == getpass.getuser()
