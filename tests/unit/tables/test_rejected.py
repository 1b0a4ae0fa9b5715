"""Rows that cannot be read stand in a table beside the dataset, once, whatever is killed, and go where it goes."""

from __future__ import annotations

import pytest

from lakebook import names
from lakebook.call import Call
from lakebook.catalog.models import DatasetRequest, RenameRequest, RestoreRequest
from lakebook.catalog.verbs import delete_dataset, rename_dataset, restore_dataset
from lakebook.errors import Conflict, DiskFull, InvalidRequest, LakebookError
from lakebook.ingest.accept import ingest
from tests.unit.remains import left_in, rows_of
from tests.unit.tables.seats import claimed, killed_at, loaded, seated

GOOD, BAD, WORSE = '{"a": 1}\n', '{"a": 1}\n{"a": "x\n', '{"a": 2}\n[7]\n{"a": 3}\n'


def tables(call: Call) -> list[str]:
    return [dataset.name for dataset, _ in call.runtime.catalog.datasets()]


def test_rejected_rows_are_a_table(call: Call) -> None:
    made = loaded(call, BAD, "orders.jsonl")
    (row,) = rows_of(call.runtime, "orders__rejected")
    load_id = call.runtime.catalog.versions(made.dataset_id)[0]["load_id"]
    assert (row["line"], row["raw"], row["load_id"], row["source"]) == (2, '{"a": "x', load_id, "orders.jsonl")
    assert row["reason"]
    assert made.rejected_table == "orders__rejected"
    assert "orders__rejected" in str(made.hint)


def test_without_rejected_rows_there_is_no_table(call: Call) -> None:
    made = loaded(call, GOOD, "orders.jsonl")
    assert (made.rejected_table, made.hint, tables(call)) == (None, None, ["orders"])


def test_the_rejected_rows_of_every_load_are_kept(call: Call) -> None:
    loaded(call, BAD, "orders.jsonl")
    loaded(call, GOOD, "more.jsonl", name="orders", mode="append")
    loaded(call, WORSE, "worse.jsonl", name="orders", mode="replace")
    assert [(row["line"], row["source"]) for row in rows_of(call.runtime, "orders__rejected")] == [
        (2, "orders.jsonl"), (2, "worse.jsonl"),
    ]  # fmt: skip
    assert call.runtime.catalog.dataset("orders__rejected").version == 2


@pytest.mark.parametrize("point", ["after-parquet", "after-rejected", "after-delta"])
@pytest.mark.parametrize("standing", [False, True], ids=["new", "standing"])
def test_a_kill_neither_doubles_nor_loses_them(
    call: Call, monkeypatch: pytest.MonkeyPatch, point: str, standing: bool
) -> None:
    if standing:
        loaded(call, BAD, "orders.jsonl")
    before = len(rows_of(call.runtime, "orders__rejected")) if standing else 0
    inner, request = seated(call, WORSE, "worse.jsonl", name="orders", mode="append")
    killed_at(call, monkeypatch, point, inner, request)
    assert (len(rows_of(call.runtime, "orders__rejected")) if standing else 0) == before
    ingest(*claimed(call))
    assert len(rows_of(call.runtime, "orders__rejected")) == before + 1
    assert len(rows_of(call.runtime, "orders")) == before + 2


def test_a_load_that_came_between_a_kill_and_its_heir_is_kept(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    inner, request = seated(call, WORSE, "worse.jsonl", name="orders", mode="append")
    assert inner.job is not None
    killed_at(call, monkeypatch, "after-rejected", inner, request)
    heir = claimed(call)
    loaded(call, BAD, "orders.jsonl", mode="append")
    ingest(*heir)
    assert [row["source"] for row in rows_of(call.runtime, "orders__rejected")] == ["orders.jsonl", "worse.jsonl"]
    assert sorted(row["a"] for row in rows_of(call.runtime, "orders")) == [1, 2, 3]


def test_a_load_that_fails_leaves_no_table_of_its_rejected_rows(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    inner, request = seated(call, BAD, "orders.jsonl")

    def fail(*_arguments: object, **_options: object) -> None:
        raise DiskFull("No room left.")

    monkeypatch.setattr("lakebook.ingest.load._commit", fail)
    with pytest.raises(DiskFull):
        ingest(inner, request)
    assert [path for layer in call.runtime.lake.folder.iterdir() for path in layer.iterdir()] == []
    assert tables(call) == []


def test_rejected_rows_that_cannot_be_written_stop_the_load(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(call, BAD, "orders.jsonl")
    before = {path for path in call.runtime.lake.folder.rglob("*") if path.is_file()}
    inner, request = seated(call, WORSE, "worse.jsonl", name="orders", mode="append")

    def fail(*_arguments: object, **_options: object) -> None:
        raise DiskFull("No room left.")

    monkeypatch.setattr("lakebook.ingest.rejected.process", fail)
    with pytest.raises(DiskFull):
        ingest(inner, request)
    assert {path for path in call.runtime.lake.folder.rglob("*") if path.is_file()} == before
    assert [call.runtime.catalog.dataset(name).version for name in tables(call)] == [1, 1]
    assert left_in(call.runtime) == []


def test_they_are_renamed_deleted_and_restored_with_their_table(call: Call) -> None:
    loaded(call, BAD, "orders.jsonl")
    rename_dataset(call, RenameRequest(dataset="orders", name="Sales"))
    assert tables(call) == ["Sales", "Sales__rejected"]
    delete_dataset(call, DatasetRequest(dataset="sales"))
    assert tables(call) == []
    restore_dataset(call, RestoreRequest(dataset="Sales"))
    assert tables(call) == ["Sales", "Sales__rejected"]


def test_those_deleted_by_themselves_stay_deleted(call: Call) -> None:
    loaded(call, BAD, "orders.jsonl")
    delete_dataset(call, DatasetRequest(dataset="orders__rejected"))
    assert tables(call) == ["orders"]
    delete_dataset(call, DatasetRequest(dataset="orders"))
    restore_dataset(call, RestoreRequest(dataset="orders"))
    assert tables(call) == ["orders"]
    loaded(call, WORSE, "worse.jsonl", name="orders", mode="append")
    assert [row["source"] for row in rows_of(call.runtime, "orders__rejected")] == ["worse.jsonl"]


@pytest.mark.parametrize("kind", ["to", "from"])
def test_the_ending_is_lakebooks_own(call: Call, kind: str) -> None:
    loaded(call, BAD, "orders.jsonl")
    request = {"to": ("orders", "b__REJECTED"), "from": ("orders__rejected", "b")}[kind]
    refused: type[LakebookError] = {"to": InvalidRequest, "from": Conflict}[kind]
    with pytest.raises(refused):
        rename_dataset(call, RenameRequest(dataset=request[0], name=request[1]))
    with pytest.raises(InvalidRequest):
        loaded(call, GOOD, "b.jsonl", name="b__rejected")
    assert tables(call) == ["orders", "orders__rejected"]


@pytest.mark.parametrize(
    ("file", "name"),
    [("orders__rejected.csv", "orders_rejected"), ("a___Rejected.csv", "a_rejected"), ("a__b.csv", "a__b")],
)
def test_a_files_name_gives_way(file: str, name: str) -> None:
    assert names.from_file(file) == name
    assert names.for_table(name) == name
