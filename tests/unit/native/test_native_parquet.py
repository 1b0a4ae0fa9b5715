"""Parquet sources: every type that other writers make, and money in doubles."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import lakebook_native
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from tests.unit.native.ingested import Ingest, query

NAIVE = dt.datetime.fromisoformat("2024-01-02 03:00:00")


def parquet(folder: Path, table: pa.Table, **options: Any) -> Path:
    """A Parquet file of the table."""
    path = folder / "source.parquet"
    pq.write_table(table, path, **options)
    return path


@pytest.mark.parametrize(
    ("array", "data_type", "values"),
    [
        (pa.array([1, None], pa.int8()), "TINYINT", [1, None]),
        (pa.array([1, None], pa.int16()), "SMALLINT", [1, None]),
        (pa.array([1, None], pa.int32()), "INTEGER", [1, None]),
        (pa.array([1, None], pa.int64()), "BIGINT", [1, None]),
        (pa.array([255], pa.uint8()), "SMALLINT", [255]),
        (pa.array([65_535], pa.uint16()), "INTEGER", [65_535]),
        (pa.array([2**32 - 1], pa.uint32()), "BIGINT", [2**32 - 1]),
        (pa.array([2**64 - 1], pa.uint64()), "DECIMAL(20,0)", [Decimal(2**64 - 1)]),
        (pa.array([1.5, None], pa.float32()), "FLOAT", [1.5, None]),
        (pa.array([0.1, None], pa.float64()), "DOUBLE", [0.1, None]),
        (pa.array([True, None]), "BOOLEAN", [True, None]),
        (pa.array([Decimal("1.50")], pa.decimal128(10, 2)), "DECIMAL(10,2)", [Decimal("1.50")]),
        (pa.array([Decimal("1.5")], pa.decimal256(50, 1)), "VARCHAR", ["1.5"]),
        (pa.array([dt.date(2024, 1, 2)]), "DATE", [dt.date(2024, 1, 2)]),
        (pa.array([dt.time(1, 2, 3)], pa.time32("ms")), "VARCHAR", ["01:02:03"]),
        (pa.array([dt.time(1, 2, 3, 4)], pa.time64("us")), "VARCHAR", ["01:02:03.000004"]),
        (pa.array([1_000_001], pa.time64("ns")), "VARCHAR", ["00:00:00.001000"]),
        (pa.array([NAIVE], pa.timestamp("ms")), "TIMESTAMP", [NAIVE]),
        (pa.array([1_700_000_000_123_456_789], pa.timestamp("ns")), "TIMESTAMP",
         [dt.datetime.fromisoformat("2023-11-14 22:13:20.123456")]),
        (pa.array([dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC)], pa.timestamp("us", "Europe/Paris")),
         "TIMESTAMP WITH TIME ZONE", [dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC)]),
        (pa.array(["x", None, ""]), "VARCHAR", ["x", None, ""]),
        (pa.array(["x"], pa.large_string()), "VARCHAR", ["x"]),
        (pa.array(["x", "y", "x"]).dictionary_encode(), "VARCHAR", ["x", "y", "x"]),
        (pa.array([b"\x00\xff"]), "BLOB", [b"\x00\xff"]),
        (pa.array([b"ab"], pa.binary(2)), "BLOB", [b"ab"]),
        (pa.array([[1, 2], None, []], pa.list_(pa.int64())), "BIGINT[]", [[1, 2], None, []]),
        (pa.array([{"a": 1, "b": "x"}, None]), "STRUCT(a BIGINT, b VARCHAR)", [{"a": 1, "b": "x"}, None]),
        (pa.array([[{"a": 2**32 - 1}]], pa.list_(pa.struct([("a", pa.uint32())]))), "STRUCT(a BIGINT)[]",
         [[{"a": 2**32 - 1}]]),
        (pa.array([None, None], pa.null()), "VARCHAR", [None, None]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else None,
)  # fmt: skip
def test_every_type_is_kept_or_widened(
    ingest: Ingest, tmp_path: Path, array: pa.Array[Any], data_type: str, values: list[Any]
) -> None:
    table = ingest(parquet(tmp_path, pa.table({"v": array})))
    assert table.types == {"v": data_type}
    assert table.values("v") == values
    assert table.column("v")["null_count"] == values.count(None)


def test_maps_become_lists_of_keys_and_values(ingest: Ingest, tmp_path: Path) -> None:
    array = pa.array([[("k", 1)], []], pa.map_(pa.string(), pa.int64()))
    table = ingest(parquet(tmp_path, pa.table({"v": array})))
    assert table.values("v") == [[{"key": "k", "value": 1}], []]


def test_int96_times_are_timestamps(ingest: Ingest, tmp_path: Path) -> None:
    moments = [dt.datetime.fromisoformat("2024-01-02 03:04:05.678901")]
    path = parquet(tmp_path, pa.table({"v": pa.array(moments)}), use_deprecated_int96_timestamps=True)
    assert ingest(path).values("v") == moments


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "lz4"])
def test_the_usual_codecs_are_read(ingest: Ingest, tmp_path: Path, codec: str) -> None:
    table = pa.table({"n": list(range(1_000))})
    assert ingest(parquet(tmp_path, table, compression=codec)).values("n") == list(range(1_000))


def test_doubles_of_money_become_decimals_of_their_shortest_spelling(ingest: Ingest, tmp_path: Path) -> None:
    prices = [0.1, 2.35, None, -0.0, 1e9 + 0.125, 19.99]
    table = ingest(parquet(tmp_path, pa.table({"UnitPrice": prices, "weight": prices})))
    assert table.types == {"UnitPrice": "DECIMAL(18,3)", "weight": "DOUBLE"}
    spelt = ["0.100", "2.350", None, "0.000", "1000000000.125", "19.990"]
    assert table.values("UnitPrice") == [None if text is None else Decimal(text) for text in spelt]
    assert table.column("UnitPrice")["money"] is not None


@pytest.mark.parametrize("bad", [0.12345, float("nan"), float("inf"), 1e300, 0.1 + 0.2])
def test_one_double_that_is_no_money_keeps_the_column_double(ingest: Ingest, tmp_path: Path, bad: float) -> None:
    table = ingest(parquet(tmp_path, pa.table({"price": [1.5, bad]})))
    assert (table.types["price"], table.column("price")["money"]) == ("DOUBLE", None)


def test_floats_of_money_use_their_own_shortest_spelling(ingest: Ingest, tmp_path: Path) -> None:
    table = ingest(parquet(tmp_path, pa.table({"price": pa.array([0.1, 2.35], pa.float32())})))
    assert table.values("price") == [Decimal("0.10"), Decimal("2.35")]


def test_null_words_are_text_in_a_typed_source(ingest: Ingest, tmp_path: Path) -> None:
    table = ingest(parquet(tmp_path, pa.table({"n": [1, None], "code": ["NA", "x"]})))
    assert table.values("code") == ["NA", "x"]


def test_names_are_made_safe_and_unique(ingest: Ingest, tmp_path: Path) -> None:
    source = pa.table([pa.array([1]), pa.array([2]), pa.array([3])], names=["Unit Price", "a", "A"])
    assert list(ingest(parquet(tmp_path, source)).types) == ["Unit_Price", "a", "A_2"]


def test_row_groups_of_any_size_become_even_ones(ingest: Ingest, tmp_path: Path) -> None:
    rows = 300_000
    source = pa.table({"n": list(range(rows)), "t": [f"text {n % 977}" for n in range(rows)]})
    table = ingest(parquet(tmp_path, source, row_group_size=7_001))
    groups = pq.ParquetFile(table.path).metadata
    assert [groups.row_group(at).num_rows for at in range(groups.num_row_groups)] == [131_072, 131_072, 37_856]
    assert pq.read_table(table.path).equals(source)


def test_different_types_of_one_column_widen(ingest: Ingest, tmp_path: Path) -> None:
    first, second = tmp_path / "first.parquet", tmp_path / "second.parquet"
    pq.write_table(pa.table({"n": pa.array([1], pa.int32()), "t": ["x"]}), first)
    pq.write_table(pa.table({"n": [2.5], "t": [7]}), second)
    table = ingest(first, second)
    assert table.types == {"n": "DOUBLE", "t": "VARCHAR"}
    assert table.rows == [(1.0, "x"), (2.5, "7")]


def test_formats_may_be_mixed(ingest: Ingest, tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.table({"id": [1], "on": [dt.date(2024, 1, 2)]}))
    table = ingest(path, "id,on\n2,2024-01-03\n", '{"id": 3, "on": "2024-01-04"}\n')
    assert table.types == {"id": "BIGINT", "on": "DATE"}
    assert table.values("id") == [1, 2, 3]
    assert table.values("on") == [dt.date(2024, 1, day) for day in (2, 3, 4)]


@pytest.mark.parametrize("keep", [4, 8, 100, -1, -8, -40])
def test_a_cut_file_is_not_this_format(ingest: Ingest, tmp_path: Path, keep: int) -> None:
    path = parquet(tmp_path, pa.table({"n": list(range(1_000))}))
    whole = path.read_bytes()
    with pytest.raises(lakebook_native.NotThisFormat, match="damaged or incomplete"):
        ingest(whole[:keep], name="cut.parquet")


def test_damage_inside_pages_leaves_nothing_behind(ingest: Ingest, tmp_path: Path) -> None:
    whole = bytearray(parquet(tmp_path, pa.table({"n": list(range(10_000))}), compression="zstd").read_bytes())
    whole[4:200] = b"\xff" * 196
    with pytest.raises(lakebook_native.NativeError):
        ingest(bytes(whole), name="broken.parquet")
    assert not list(tmp_path.glob("out.parquet*"))


def test_the_output_reads_alike_everywhere(ingest: Ingest, tmp_path: Path) -> None:
    table = ingest(
        "id,price,on,at,instant,ok,t\n"
        "1,1.50,2024-01-02,2024-01-02 03:04:05,2024-01-02T03:04:05+01:00,true,ä\n"
        "2,2.25,,,,,\n"
    )
    frame = pl.read_parquet(table.path)
    rows = query(f"select * exclude (instant), epoch_us(instant) from '{table.path}'")
    assert [row[:5] for row in frame.select(pl.exclude("instant")).rows()] == [row[:5] for row in rows]
    assert [row[-1] for row in rows] == frame["instant"].dt.epoch("us").to_list()
    described = {row[0]: row[1] for row in query(f"describe from '{table.path}'")}
    assert described == table.types
    write_deltalake(str(tmp_path / "delta"), frame.to_arrow())
    fields = {field.name: field.type.type for field in DeltaTable(str(tmp_path / "delta")).schema().fields}
    assert fields["at"] == "timestamp_ntz"
    assert (fields["instant"], fields["price"]) == ("timestamp", "decimal(18,2)")
