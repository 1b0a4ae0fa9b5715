"""Loads: fail, replace and append; a file kept as it was; recovery from every half-way point; nothing left behind."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lakebook.call import Call, JobSeat
from lakebook.errors import BadFile, DiskFull, InvalidRequest, JobCancelled, LakebookError, NameTaken
from lakebook.events.outbox import COMPLETED, INGESTED
from lakebook.ingest import load as module
from lakebook.ingest import native
from lakebook.ingest.accept import ingest, prepare
from lakebook.ingest.keep import keep_file
from lakebook.ingest.models import IngestRequest, IngestResult
from lakebook.jobs.submit import submit
from lakebook.lake.preview import first_rows
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.unit.remains import left_in, rows_of

CSV = "id,kind\n1,a\n2,b\n3,a\n"


def written(folder: Path, text: str = CSV, name: str = "orders.csv") -> str:
    (folder / name).write_text(text)
    return name


def seated(call: Call, **request: Any) -> tuple[Call, IngestRequest]:
    """A job for this request, claimed, with the call of its process."""
    job = submit(call, BY_NAME["ingest"], IngestRequest(**request), staffed=True)
    return at_work(call, job.job_id)


def at_work(call: Call, job_id: str) -> tuple[Call, IngestRequest]:
    row = call.runtime.jobs.claim("the test")
    assert row is not None
    assert row["job_id"] == job_id
    seat = JobSeat(job_id, row["lease_epoch"], dict(row["metadata"]))
    return Call(call.runtime, call.principal, job=seat, folder=call.folder), IngestRequest(**row["request"])


def loaded(call: Call, **request: Any) -> IngestResult:
    inner, stored = seated(call, **request)
    return ingest(inner, stored)


def tables_in(runtime: Runtime) -> list[str]:
    return sorted(path.name for layer in runtime.lake.folder.iterdir() for path in layer.iterdir())


def test_a_load_is_table_profile_lineage_events_and_an_ended_job(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    inner, request = seated(call, source=written(tmp_path))
    made = ingest(inner, request)
    assert (made.name, made.rows, made.columns, made.version) == ("orders", 3, 2, 1)
    assert rows_of(runtime, "orders") == [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}, {"id": 3, "kind": "a"}]
    assert inner.job is not None
    job = runtime.jobs.show(inner.job.job_id)
    assert (job.status, job.progress) == ("completed", 100)
    assert job.result is not None
    assert job.result["dataset_id"] == made.dataset_id
    assert job.s3_key == made.s3_key == runtime.catalog.dataset("orders").s3_key
    (edge,) = runtime.catalog.lineage(made.dataset_id)
    assert (edge["source_kind"], edge["source"], edge["job_id"]) == ("file", "orders.csv", job.job_id)
    version = runtime.catalog.versions(made.dataset_id)[0]
    assert version["source_hash"] == hashlib.sha256(CSV.encode()).hexdigest()
    assert version["load_id"] == job.job_id
    events = runtime.events.after(0)
    assert [event["topic"] for event in events] == [INGESTED, COMPLETED]
    assert events[1]["payload"]["row_count"] == 3
    assert runtime.catalog.profile(made.dataset_id, 1).quality_score == made.quality_score
    assert left_in(runtime) == []


def test_a_taken_name_is_refused_unless_told(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    loaded(call, source=written(tmp_path))
    with pytest.raises(NameTaken):
        prepare(call, IngestRequest(source="orders.csv", name="ORDERS"))
    with pytest.raises(NameTaken):
        prepare(call, IngestRequest(source="orders.csv", name="bronze.Orders"))
    assert prepare(call, IngestRequest(source="orders.csv", name="silver.orders"))["layer"] == "silver"


def test_replace_is_a_new_version_of_the_same_table(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    first = loaded(call, source=written(tmp_path))
    second = loaded(call, source=written(tmp_path, "id,new\n9,x\n", "other.csv"), name="Orders", mode="replace")
    assert (second.dataset_id, second.version) == (first.dataset_id, 2)
    assert rows_of(runtime, "orders") == [{"id": 9, "new": "x"}]
    version = runtime.catalog.version(first.dataset_id, 1)
    assert len(first_rows(runtime.lake.paths(first.s3_key, version["files"]), 10)) == 3


def test_append_adds_rows_and_widens(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    loaded(call, source=written(tmp_path))
    made = loaded(call, source=written(tmp_path, "id,kind\n4.5,z\n", "more.csv"), name="orders", mode="append")
    assert (made.rows, made.version) == (4, 2)
    assert [row["id"] for row in rows_of(runtime, "orders")] == [1.0, 2.0, 3.0, 4.5]


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_replace_and_append_make_a_table_where_none_is(call: Call, tmp_path: Path, mode: str) -> None:
    assert loaded(call, source=written(tmp_path), mode=mode).rows == 3


@pytest.mark.parametrize(("mode", "rows"), [("append", 6), ("replace", 3)])
def test_two_jobs_queued_together_for_a_new_name(
    call: Call, runtime: Runtime, tmp_path: Path, mode: str, rows: int
) -> None:
    """Both were checked before either had made the table."""
    written(tmp_path)
    jobs = [
        submit(
            call,
            BY_NAME["ingest"],
            IngestRequest.model_validate({"source": "orders.csv", "mode": mode, "again": True}),
            staffed=True,
        )
        for _ in range(2)
    ]
    for job in jobs:
        made = ingest(*at_work(call, job.job_id))
    assert (made.rows, made.version) == (rows, 2)
    assert len(tables_in(runtime)) == 1
    assert runtime.jobs.show(jobs[1].job_id).s3_key == made.s3_key


def test_of_two_who_want_a_new_name_the_second_is_refused_and_leaves_nothing(
    call: Call, runtime: Runtime, tmp_path: Path
) -> None:
    written(tmp_path)
    jobs = [submit(call, BY_NAME["ingest"], IngestRequest(source="orders.csv"), staffed=True) for _ in range(2)]
    ingest(*at_work(call, jobs[0].job_id))
    with pytest.raises(NameTaken):
        ingest(*at_work(call, jobs[1].job_id))
    assert len(tables_in(runtime)) == 1
    assert left_in(runtime) == []


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [("missing.csv", BadFile, "no file"), ("folder", BadFile, "folder"), ("empty.csv", BadFile, "empty")],
)
def test_what_cannot_work_is_refused_at_once(
    call: Call, tmp_path: Path, name: str, kind: type[LakebookError], said: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.csv").touch()
    with pytest.raises(kind, match=said) as refused:
        prepare(call, IngestRequest(source=name))
    assert refused.value.hint


def test_a_name_that_cannot_be_is_refused_at_once(call: Call, tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(InvalidRequest):
        prepare(call, IngestRequest(source="orders.csv", name="a/b"))


def test_what_is_kept_with_the_job(call: Call, tmp_path: Path) -> None:
    written(tmp_path, name="Orders 2024.csv")
    request = IngestRequest(source="Orders 2024.csv", name="gold.Sales")
    facts = prepare(call, request)
    assert (facts["title"], facts["filename"], facts["layer"]) == ("Orders 2024.csv", "Orders 2024.csv", "gold")
    assert facts["s3_key"] == f"gold/{facts['dataset_id']}"
    assert (request.name, request.source) == ("Sales", str(tmp_path / "Orders 2024.csv"))


def test_an_uploads_own_name_counts(call: Call, tmp_path: Path) -> None:
    written(tmp_path, name="0123abcd.csv")
    call.upload_name = "Orders.csv"
    request = IngestRequest(source="0123abcd.csv")
    assert prepare(call, request)["filename"] == "Orders.csv"
    assert request.name == "Orders"


def test_ingest_is_a_job(call: Call) -> None:
    with pytest.raises(BadFile, match="runs as a job"):
        ingest(call, IngestRequest(source="orders.csv"))


def test_a_kept_file_is_named_by_its_content(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    said: list[tuple[float, str]] = []
    watched = Call(runtime, call.principal, report_to=lambda part, words, _facts: said.append((part, words)))
    written(tmp_path, name="ORDERS.CSV")
    kept, digest = keep_file(watched, tmp_path / "ORDERS.CSV", "ORDERS.CSV")
    assert digest == hashlib.sha256(CSV.encode()).hexdigest()
    assert kept == runtime.settings.home / "files" / f"{digest}.csv"
    assert kept.read_text() == CSV
    assert (tmp_path / "ORDERS.CSV").exists()
    assert said == [(0.1, "keeping ORDERS.CSV")]
    assert keep_file(call, kept, "ORDERS.CSV") == (kept, digest)
    assert left_in(runtime) == []


def test_a_file_that_is_gone_or_unreadable_is_said(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"orders\.csv is no longer there"):
        keep_file(call, tmp_path / "orders.csv", "orders.csv")
    with pytest.raises(BadFile, match="folder cannot be read to its end"):
        keep_file(call, tmp_path, "folder")
    assert left_in(runtime) == []


def test_a_cancel_while_it_is_kept_leaves_nothing(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    written(tmp_path)
    stopped = Call(runtime, call.principal, is_cancelled=lambda: True)
    with pytest.raises(JobCancelled):
        keep_file(stopped, tmp_path / "orders.csv", "orders.csv")
    assert left_in(runtime) == []
    assert list((runtime.settings.home / "files").iterdir()) == []


@pytest.mark.parametrize("at", ["process", "_commit", "_entry"])
def test_a_load_that_fails_leaves_nothing(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    inner, request = seated(call, source=written(tmp_path))

    def fail(*_arguments: object, **_options: object) -> None:
        raise DiskFull("No room left.")

    with monkeypatch.context() as patch:
        patch.setattr(module, at, fail)
        with pytest.raises(DiskFull):
            ingest(inner, request)
    assert runtime.catalog.datasets() == []
    assert runtime.events.after(0) == []
    if at == "_entry":
        return
    assert tables_in(runtime) == []
    assert left_in(runtime) == []


def test_a_failed_replace_leaves_the_table(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    loaded(call, source=written(tmp_path))
    (tmp_path / "bad.parquet").write_bytes(b"PAR1" + b"\x00" * 100)
    before = sorted(runtime.lake.folder.rglob("*"))
    with pytest.raises(BadFile):
        loaded(call, source="bad.parquet", name="orders", mode="replace")
    assert sorted(runtime.lake.folder.rglob("*")) == before
    assert len(rows_of(runtime, "orders")) == 3


def interrupted(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, point: str) -> tuple[Call, IngestRequest]:
    """A job whose process was killed at this point, taken up by another worker."""

    class Killed(KeyboardInterrupt):
        """Stands for a kill: nothing is tidied."""

    def reached(name: str) -> None:
        if name == point:
            raise Killed

    inner, request = seated(call, source=written(tmp_path))
    assert inner.job is not None
    with monkeypatch.context() as patch:
        patch.setattr("lakebook.jobs.crash_points.reached", reached)
        with pytest.raises(Killed):
            ingest(inner, request)
    if call.runtime.jobs.show(inner.job.job_id).status == "processing":
        call.runtime.jobs.requeue(inner.job.job_id, inner.job.epoch)
        return at_work(call, inner.job.job_id)
    return inner, request


@pytest.mark.parametrize(
    ("point", "read_again"), [("after-parquet", False), ("after-delta", False), ("after-metadata", False)]
)
def test_a_killed_load_is_completed_not_redone(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, read_again: bool
) -> None:
    heir, request = interrupted(call, monkeypatch, tmp_path, point)
    read: list[bool] = []

    def process(*arguments: Any, **options: Any) -> Any:
        read.append(True)
        return native.process(*arguments, **options)

    monkeypatch.setattr(module, "process", process)
    made = ingest(heir, request)
    assert bool(read) is read_again
    assert (made.rows, made.version) == (3, 1)
    assert len(rows_of(runtime, "orders")) == 3
    assert [event["topic"] for event in runtime.events.after(0)] == [INGESTED, COMPLETED]
    assert left_in(runtime) == []
    assert len(list((runtime.lake.folder / made.s3_key).glob("*.parquet"))) == 1
    assert heir.job is not None
    assert runtime.jobs.show(heir.job.job_id).status == "completed"


def test_what_waits_without_its_file_is_read_again(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heir, request = interrupted(call, monkeypatch, tmp_path, "after-parquet")
    (parquet,) = runtime.lake.folder.rglob("*.parquet")
    (waiting,) = runtime.settings.folder("tmp").glob("*.load.json")
    assert json.loads(waiting.read_text())["row_count"] == 3
    parquet.unlink()
    assert ingest(heir, request).rows == 3


def test_a_load_whose_metadata_failed_is_completed_by_a_retry(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Delta commit stands, so nothing of it may be taken back."""
    inner, request = seated(call, source=written(tmp_path))
    assert inner.job is not None

    def fail(*_arguments: object) -> None:
        raise DiskFull("No room left.")

    with monkeypatch.context() as patch:
        patch.setattr(runtime.catalog, "add_version", fail)
        with pytest.raises(DiskFull):
            ingest(inner, request)
    assert runtime.catalog.datasets() == []
    runtime.jobs.fail(inner.job.job_id, inner.job.epoch, DiskFull("No room left.").to_dict())
    runtime.jobs.retry(call, inner.job.job_id)
    monkeypatch.setattr(module, "process", lambda *_a, **_k: pytest.fail("the file was read again"))
    assert ingest(*at_work(call, inner.job.job_id)).rows == 3
    assert left_in(runtime) == []


def test_options_reach_the_reader(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    source = written(tmp_path, "a|b\n1|none\n2|x\n", "odd.txt")
    loaded(call, source=source, format="csv", delimiter="|", null=["none"])
    assert rows_of(runtime, "odd") == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]


LEAN = """
import os, sys
from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.child import run_job
from lakebook.jobs.submit import submit
from lakebook.runtime import open_runtime
from lakebook.verbs import BY_NAME

os.setsid = lambda: None
runtime = open_runtime(sys.argv[1])
job = submit(Call(runtime, Principal("tester")), BY_NAME["ingest"], IngestRequest(source=sys.argv[2]), staffed=True)
row = runtime.jobs.claim("the test")
run_job(sys.argv[1], row["job_id"], row["lease_epoch"])
slow = {"pandas", "alembic", "sqlalchemy.dialects.postgresql"} & set(sys.modules)
print(runtime.jobs.show(job.job_id).status, sorted(slow))
"""


def test_a_small_load_waits_for_no_large_import(fresh_home: Path, home: Path, tmp_path: Path) -> None:
    """Each of these takes longer than the load itself."""
    shutil.copytree(fresh_home, home)
    rows = "".join(f"{n},{n % 7},{n % 3},kind {n % 7}\n" for n in range(100))
    (tmp_path / "orders.csv").write_text(f"id,kind,price,name\n{rows}")
    command = [sys.executable, "-c", LEAN, str(home), str(tmp_path / "orders.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "completed []", done.stderr
