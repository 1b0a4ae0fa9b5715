"""Delta tables: what a commit keeps, how a load is found again, and who may write at a time."""

from __future__ import annotations

import errno
import os
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from pyarrow import parquet as pq

from lakebook.errors import DiskFull
from lakebook.lake.preview import first_rows
from lakebook.lake.tables import Committed, Lake

DATASET = "019f0000-0000-7000-8000-000000000000"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake in a folder of the test's own."""
    (tmp_path / "tmp").mkdir()
    return Lake(tmp_path / "lake", tmp_path / "tmp")


def load(lake: Lake, load_id: str, rows: dict[str, Any]) -> Committed:
    """Commit these rows under this load id."""
    path = lake.table_folder("bronze", DATASET) / f"{load_id}.parquet"
    table = pa.table(rows)
    pq.write_table(table, path)
    return lake.commit("bronze", DATASET, load_id, path, table.num_rows)


def delta(lake: Lake, version: int | None = None) -> DeltaTable:
    return DeltaTable(str(lake.folder / "bronze" / DATASET), version=version)


def test_a_commit_is_a_delta_table(lake: Lake) -> None:
    done = load(lake, "load-1", {"id": [1, 2, 3], "kind": ["a", None, "c"]})
    path = lake.folder / "bronze" / DATASET / "load-1.parquet"
    assert done == Committed(0, ("load-1.parquet",), path.stat().st_size)
    table = delta(lake)
    assert table.version() == 0
    assert [field.name for field in table.schema().fields] == ["id", "kind"]
    actions = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    assert [action["num_records"] for action in actions] == [3]


def test_an_overwrite_is_a_new_version_and_keeps_the_old_file(lake: Lake) -> None:
    load(lake, "load-1", {"id": [1]})
    done = load(lake, "load-2", {"id": [2], "new": ["x"]})
    assert (done.delta_version, done.files) == (1, ("load-2.parquet",))
    assert [uri.rsplit("/", 1)[-1] for uri in delta(lake).file_uris()] == ["load-2.parquet"]
    assert [uri.rsplit("/", 1)[-1] for uri in delta(lake, 0).file_uris()] == ["load-1.parquet"]
    assert [field.name for field in delta(lake).schema().fields] == ["id", "new"]
    assert (lake.folder / "bronze" / DATASET / "load-1.parquet").exists()


def test_a_load_is_found_by_its_id(lake: Lake) -> None:
    assert lake.committed("bronze", DATASET, "load-1") is None
    first = load(lake, "load-1", {"id": [1]})
    second = load(lake, "load-2", {"id": [1, 2]})
    assert lake.committed("bronze", DATASET, "load-1") == first
    assert lake.committed("bronze", DATASET, "load-2") == second
    assert lake.committed("bronze", DATASET, "load-3") is None


def test_keys_and_paths(lake: Lake) -> None:
    assert lake.key("gold", "d") == "gold/d"
    assert lake.paths("gold/d", ["a.parquet", "b.parquet"]) == (
        str(lake.folder / "gold" / "d" / "a.parquet"),
        str(lake.folder / "gold" / "d" / "b.parquet"),
    )


def test_a_tables_folder_is_private(lake: Lake) -> None:
    assert lake.table_folder("bronze", DATASET).stat().st_mode & 0o777 == 0o700


def test_a_lane_has_one_writer(lake: Lake) -> None:
    inside: list[int] = []
    most: list[int] = []
    together = threading.Barrier(4)

    def write(number: int) -> None:
        together.wait(10)
        for _ in range(20):
            with lake.lane("bronze", DATASET):
                inside.append(number)
                most.append(len(inside))
                threading.Event().wait(0.0005)
                inside.remove(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(most) == 80
    assert max(most) == 1


def test_a_lane_is_free_after_an_error(lake: Lake) -> None:
    with pytest.raises(ZeroDivisionError), lake.lane("bronze", DATASET):
        raise ZeroDivisionError
    entered: list[bool] = []

    def enter() -> None:
        with lake.lane("bronze", DATASET):
            entered.append(True)

    thread = threading.Thread(target=enter, daemon=True)
    thread.start()
    thread.join(10)
    assert entered == [True]


def test_lanes_of_other_tables_are_other_lanes(lake: Lake) -> None:
    with lake.lane("bronze", DATASET), lake.lane("silver", DATASET), lake.lane("bronze", "another"):
        assert len(list(lake.temporary.glob("lane-*.lock"))) == 3


def test_a_load_that_failed_leaves_nothing_where_no_table_was(lake: Lake) -> None:
    half = lake.table_folder("bronze", DATASET) / "load-1.parquet"
    half.write_bytes(b"half")
    half.with_name("load-1.parquet.part").write_bytes(b"half")
    lake.drop_empty("bronze", DATASET, half)
    assert not half.parent.exists()
    lake.drop_empty("bronze", DATASET, half)


def test_a_load_that_failed_leaves_the_table_as_it_was(lake: Lake) -> None:
    load(lake, "load-1", {"id": [1]})
    half = lake.table_folder("bronze", DATASET) / "load-2.parquet"
    half.write_bytes(b"half")
    lake.drop_empty("bronze", DATASET, half)
    assert not half.exists()
    assert lake.committed("bronze", DATASET, "load-1") is not None


def test_a_discarded_table_is_gone_with_its_folder(lake: Lake) -> None:
    load(lake, "load-1", {"id": [1]})
    lake.discard("bronze", DATASET)
    assert list((lake.folder / "bronze").iterdir()) == []
    lake.discard("bronze", DATASET)


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EIO, OSError)])
def test_a_disk_that_fails_is_said(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    def fail(_file: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(kind):
        load(lake, "load-1", {"id": [1]})
    assert lake.committed("bronze", DATASET, "load-1") is None


def parquet(path: Path, rows: dict[str, Any]) -> str:
    pq.write_table(pa.table(rows), path)
    return str(path)


def test_the_first_rows_go_on_over_files(tmp_path: Path) -> None:
    files = [parquet(tmp_path / f"{n}.parquet", {"n": list(range(n * 10, n * 10 + 10))}) for n in range(3)]
    assert [row["n"] for row in first_rows(files, 25)] == list(range(25))
    assert [row["n"] for row in first_rows(files, 5)] == list(range(5))
    assert [row["n"] for row in first_rows(files, 10)] == list(range(10))
    assert len(first_rows(files, 100)) == 30
    assert first_rows([], 5) == []


def test_the_first_rows_lose_no_digit(tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "a.parquet", {"price": [Decimal("1.10")], "big": [2**60], "none": pa.array([None], "int8")}
    )
    assert first_rows([file], 1) == [{"price": "1.10", "big": str(2**60), "none": None}]


def test_an_empty_table_has_no_first_rows(tmp_path: Path) -> None:
    assert first_rows([parquet(tmp_path / "a.parquet", {"n": pa.array([], "int64")})], 5) == []
