"""Every load can be undone; the same file twice changes nothing; who has lost the lease commits nothing."""

from __future__ import annotations

from dataclasses import replace
from uuid import NAMESPACE_URL, uuid5

import pytest
from deltalake import DeltaTable

from lakebook.arguments import parser_of, request_of
from lakebook.call import Call, JobSeat
from lakebook.catalog.expiry import forget_expired
from lakebook.catalog.models import DatasetRequest, RestoreRequest
from lakebook.catalog.verbs import delete_dataset, restore_dataset, show_dataset
from lakebook.errors import Conflict, LeaseLost, NotFound
from lakebook.ingest.load import Loading, load
from lakebook.ingest.native import Options
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.unit.remains import rows_of
from tests.unit.tables.seats import dying_at, loaded, parquet_in, restored, seated, work_at_once

ONE, TWO, THREE = "id\n1\n", "id,kind\n2,a\n", "id\n3\n4\n"


def test_an_older_version_comes_back_as_the_newest(call: Call) -> None:
    first = loaded(call, ONE)
    loaded(call, TWO, mode="replace")
    loaded(call, THREE, mode="replace")
    before = parquet_in(call, first.s3_key)
    done = restored(call, 1)
    assert (done.version, done.row_count, done.column_count) == (4, 1, 1)
    assert rows_of(call.runtime, "orders") == [{"id": 1}]
    assert parquet_in(call, first.s3_key) == before
    shown = show_dataset(call, DatasetRequest(dataset="orders"))
    assert shown.profile is not None
    assert (shown.profile.version, shown.profile.row_count) == (4, 1)
    assert shown.lineage[0]["source"] == "restored from version 1"
    assert [(one["source"], one["row_count"]) for one in shown.versions] == [
        ("restored from version 1", 1), ("orders.csv", 2), ("orders.csv", 1), ("orders.csv", 1),
    ]  # fmt: skip
    assert len({one["load_id"] for one in shown.versions}) == 4
    assert [len(rows_of(call.runtime, "orders", version)) for version in (1, 2, 3, 4)] == [1, 1, 2, 1]


def test_the_lake_says_what_the_catalogue_says(call: Call) -> None:
    loaded(call, TWO)
    loaded(call, ONE, mode="replace")
    done = restored(call, 1)
    version = call.runtime.catalog.versions(done.dataset_id)[0]
    table = DeltaTable(str(call.runtime.lake.folder / done.s3_key))
    assert table.version() == version["delta_version"]
    assert [uri.rsplit("/", 1)[-1] for uri in table.file_uris()] == version["files"]
    assert [field.name for field in table.schema().fields] == ["id", "kind"]
    assert table.transaction_version(version["load_id"]) == version["delta_version"]


def test_a_load_after_a_restore_adds_to_what_came_back(call: Call) -> None:
    loaded(call, ONE)
    loaded(call, TWO, mode="replace")
    restored(call, 1)
    assert loaded(call, THREE, mode="append").version == 4
    assert [row["id"] for row in rows_of(call.runtime, "orders")] == [1, 3, 4]


@pytest.mark.parametrize(("version", "said"), [(2, "already has the content"), (9, "no version 9")])
def test_what_cannot_be_restored_changes_nothing(call: Call, version: int, said: str) -> None:
    made = loaded(call, ONE)
    loaded(call, TWO, mode="replace")
    with pytest.raises((Conflict, NotFound), match=said):
        restored(call, version)
    assert call.runtime.catalog.dataset("orders").version == 2
    assert DeltaTable(str(call.runtime.lake.folder / made.s3_key)).version() == 1


def test_while_a_load_writes_the_table_a_restore_is_refused(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(call, ONE)
    loaded(call, TWO, mode="replace")
    monkeypatch.setattr("lakebook.catalog.restore.WAIT_SECONDS", 0)
    with call.runtime.lake.name_lane("bronze", "orders"), pytest.raises(Conflict, match="Another load"):
        restored(call, 1)
    assert restored(call, 1).version == 3


def test_a_restore_is_a_workers_work(call: Call) -> None:
    first = loaded(call, ONE)
    loaded(call, TWO, mode="replace")
    restored(call, 1)
    (job, *_) = call.runtime.jobs.newest(10)
    assert (job.verb, job.job_type, job.status) == ("datasets.restore", "restoration", "completed")
    assert job.title == "restore orders to version 1"
    newest = call.runtime.catalog.versions(first.dataset_id)[0]
    assert newest["load_id"] == job.job_id
    assert call.runtime.catalog.lineage(first.dataset_id)[0]["job_id"] == job.job_id


def test_a_restore_that_dies_after_its_commit_is_done_once(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    made = loaded(call, ONE)
    loaded(call, TWO, mode="replace")

    def killed(runtime: Runtime) -> None:
        row = runtime.jobs.claim("the test")
        assert row is not None
        seat = JobSeat(row["job_id"], row["lease_epoch"], {})
        with dying_at(monkeypatch, "after-delta"):
            restore_dataset(replace(call, job=seat), RestoreRequest(**row["request"]))
        assert runtime.catalog.dataset("orders").version == 2
        runtime.jobs.requeue(seat.job_id, seat.epoch)
        work_at_once(runtime)

    monkeypatch.setattr("lakebook.catalog.restore.ensure_worker", killed)
    assert restore_dataset(call, RestoreRequest(dataset="orders", version=1)).version == 3
    assert rows_of(call.runtime, "orders") == [{"id": 1}]
    table = DeltaTable(str(call.runtime.lake.folder / made.s3_key))
    assert table.version() == call.runtime.catalog.versions(made.dataset_id)[0]["delta_version"]


def test_a_restore_that_dies_when_it_is_visible_is_not_done_again(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(call, ONE)
    loaded(call, TWO, mode="replace")

    def died(runtime: Runtime) -> None:
        row = runtime.jobs.claim("the test")
        assert row is not None
        seat = JobSeat(row["job_id"], row["lease_epoch"], {})
        assert restore_dataset(replace(call, job=seat), RestoreRequest(**row["request"])).version == 3
        runtime.jobs.requeue(seat.job_id, seat.epoch)
        work_at_once(runtime)

    monkeypatch.setattr("lakebook.catalog.restore.ensure_worker", died)
    assert restore_dataset(call, RestoreRequest(dataset="orders", version=1)).version == 3


def test_where_every_worker_is_busy_a_restore_is_given_up(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(call, ONE)
    loaded(call, TWO, mode="replace")
    monkeypatch.setattr("lakebook.catalog.restore.QUEUE_SECONDS", 0)
    monkeypatch.setattr("lakebook.catalog.restore.ensure_worker", lambda _runtime: None)
    with pytest.raises(Conflict, match="Every worker is busy"):
        restore_dataset(call, RestoreRequest(dataset="orders", version=1))
    assert call.runtime.jobs.newest(1)[0].status == "cancelled"
    work_at_once(call.runtime)
    assert call.runtime.catalog.dataset("orders").version == 2


def test_who_has_lost_the_lease_restores_nothing(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(call, ONE)
    loaded(call, TWO, mode="replace")

    def lost(runtime: Runtime) -> None:
        row = runtime.jobs.claim("the test")
        assert row is not None
        orphan = replace(call, job=JobSeat(row["job_id"], row["lease_epoch"] - 1, {}))
        with pytest.raises(LeaseLost):
            restore_dataset(orphan, RestoreRequest(**row["request"]))
        runtime.jobs.fail(row["job_id"], row["lease_epoch"], Conflict("It was not to be.").to_dict())

    monkeypatch.setattr("lakebook.catalog.restore.ensure_worker", lost)
    with pytest.raises(Conflict, match="not to be"):
        restore_dataset(call, RestoreRequest(dataset="orders", version=1))
    assert call.runtime.catalog.dataset("orders").version == 2


def test_old_files_outlive_the_forgetting_of_other_tables(call: Call) -> None:
    loaded(call, ONE)
    loaded(call, TWO, mode="replace")
    forget_expired(call.runtime)
    assert restored(call, 1).row_count == 1


def test_without_a_version_the_deleted_comes_back(call: Call) -> None:
    made = loaded(call, ONE)
    delete_dataset(call, DatasetRequest(dataset="orders"))
    assert restored(call, None).dataset_id == made.dataset_id


def test_the_shell_says_the_version() -> None:
    verb = BY_NAME["datasets.restore"]
    words = vars(parser_of(verb, "lakebook datasets restore").parse_args(["orders", "--version", "3"]))
    assert request_of(verb, words) == RestoreRequest(dataset="orders", version=3)


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_the_same_file_again_changes_nothing(call: Call, mode: str) -> None:
    made = loaded(call, ONE)
    again = loaded(call, ONE, "orders.csv", mode=mode)
    assert (again.unchanged, again.version, again.rows) == (True, 1, 1)
    assert "already holds" in str(again.message)
    assert len(call.runtime.catalog.versions(made.dataset_id)) == 1
    assert len(parquet_in(call, made.s3_key)) == 1
    assert [job.status for job in call.runtime.jobs.newest()] == ["completed", "completed"]


@pytest.mark.parametrize(("mode", "rows"), [("append", 2), ("replace", 1)])
def test_the_same_file_is_loaded_all_the_same_when_told(call: Call, mode: str, rows: int) -> None:
    loaded(call, ONE)
    again = loaded(call, ONE, mode=mode, again=True)
    assert (again.unchanged, again.version, again.rows) == (False, 2, rows)


def test_under_another_name_the_same_file_is_another_table(call: Call) -> None:
    made = loaded(call, ONE)
    assert loaded(call, ONE, name="sales").dataset_id != made.dataset_id


def test_the_same_file_read_otherwise_is_loaded(call: Call) -> None:
    loaded(call, "a;b\n1;2\n", delimiter=",")
    assert loaded(call, "a;b\n1;2\n", mode="replace", delimiter=";").columns == 2


def test_to_replace_a_table_by_the_part_last_appended_is_a_change(call: Call) -> None:
    loaded(call, ONE)
    loaded(call, THREE, "more.csv", name="orders", mode="append")
    assert loaded(call, THREE, "more.csv", name="orders", mode="append").unchanged
    done = loaded(call, THREE, "more.csv", name="orders", mode="replace")
    assert (done.unchanged, done.rows, done.version) == (False, 2, 3)


@pytest.mark.parametrize("derived", [False, True], ids=["one-table", "one-of-several"])
def test_who_has_lost_the_lease_commits_nothing(call: Call, derived: bool) -> None:
    """The load id of one of several tables is not the job's, and its commit asks for the lease all the same."""
    inner, request = seated(call, ONE)
    assert inner.job is not None
    job_id = inner.job.job_id
    call.runtime.jobs.requeue(job_id, inner.job.epoch)
    assert call.runtime.jobs.claim("the heir") is not None
    load_id = str(uuid5(NAMESPACE_URL, f"{job_id}/a")) if derived else job_id
    loading = Loading(load_id, "d", "bronze", "orders", [call.folder / request.source], "orders.csv")
    with pytest.raises(LeaseLost):
        load(inner, loading, Options())
    assert call.runtime.catalog.datasets() == []
    assert call.runtime.events.after(0) == []
