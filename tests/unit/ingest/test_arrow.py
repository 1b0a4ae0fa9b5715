"""Arrow's files and streams as sources: equal to the table they were written of, or one clear line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import feather, ipc

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull, JobCancelled
from lakebook.ingest.sources import arrow
from lakebook.runtime import Runtime
from tests.unit.ingest.test_sources import loaded
from tests.unit.ingest.test_sqlite import exact
from tests.unit.remains import left_in

KINDS = ["file", "stream", "feather"]
TABLE = pa.table({
    "id": pa.array([1, 2, None], pa.int64()),
    "money": pa.array([Decimal("1.10"), None, Decimal("-2.05")], pa.decimal128(12, 2)),
    "word": pa.array(["a", "", None]),
    "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
    "day": pa.array([dt.date(2024, 2, 29), None, None], pa.date32()),
    "at": pa.array([dt.datetime(2024, 2, 29, 10), None, None], pa.timestamp("us")),
})  # fmt: skip


def written(path: Path, table: pa.Table, kind: str) -> Path:
    if kind == "feather":
        feather.write_feather(table, str(path), compression="lz4", chunksize=2)
        return path
    opened = ipc.new_file if kind == "file" else ipc.new_stream
    with opened(str(path), table.schema) as writer:
        for batch in table.to_batches(max_chunksize=2):
            writer.write_batch(batch)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["orders.arrow", "orders.feather", "orders.data"])
def test_an_arrow_file_is_its_table(call: Call, runtime: Runtime, tmp_path: Path, kind: str, name: str) -> None:
    written(tmp_path / name, TABLE, kind)
    made = loaded(call, source=name, name="orders")
    assert exact(runtime, "orders") == TABLE.to_pylist()
    assert made.rows == 3
    assert left_in(runtime) == []


def test_the_name_is_the_files(call: Call, tmp_path: Path) -> None:
    written(tmp_path / "orders.feather", TABLE, "feather")
    assert loaded(call, source="orders.feather").name == "orders"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cut", [12, 200, -40])
def test_a_file_cut_short_is_one_line(call: Call, runtime: Runtime, tmp_path: Path, kind: str, cut: int) -> None:
    path = written(tmp_path / "orders.arrow", TABLE, kind)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BadFile, match="cut short or damaged"):
        loaded(call, source="orders.arrow")
    assert left_in(runtime) == []
    assert runtime.catalog.find("bronze", "orders") is None


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pa.table({"x": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])])}),
         "a type that a table cannot have"),
        (pa.table({}), "no columns"),
    ],
    ids=["union", "nothing"],
)  # fmt: skip
def test_what_is_no_table_is_one_line(
    call: Call, runtime: Runtime, tmp_path: Path, table: pa.Table, words: str
) -> None:
    written(tmp_path / "orders.arrow", table, "file")
    with pytest.raises(BadFile, match=words):
        loaded(call, source="orders.arrow")
    assert left_in(runtime) == []


def test_feathers_first_version_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "orders.feather").write_bytes(arrow.OLD + bytes(100) + arrow.OLD)
    with pytest.raises(BadFile, match="first version"):
        loaded(call, source="orders.feather")


def test_reading_stops_when_cancelled(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = written(tmp_path / "orders.arrow", TABLE, "file")
    cancelled = Call(runtime, call.principal, is_cancelled=lambda: True)
    with pytest.raises(JobCancelled):
        arrow.as_parquet(cancelled, path, "orders.arrow")
    assert left_in(runtime) == []


def test_a_disk_almost_full_is_said(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow, "SPARE_DISK", 1 << 62)
    written(tmp_path / "orders.arrow", TABLE, "stream")
    with pytest.raises(DiskFull, match="No room"):
        loaded(call, source="orders.arrow")
    assert left_in(runtime) == []
