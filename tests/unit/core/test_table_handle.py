"""Tables for pipelines: replace, append and merge frames; decimals exact; where the rows came from."""

from __future__ import annotations

import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lakebook.call import Call
from lakebook.errors import InvalidRequest, NotFound
from lakebook.ingest.table import TableHandle
from lakebook.runtime import Runtime, open_runtime
from tests.unit.core.core_home import table_of


def rows(handle: TableHandle) -> list[dict[str, Any]]:
    return handle.arrow().to_pylist()


@pytest.fixture
def orders(call: Call) -> TableHandle:
    """A table of three rows, one without a key."""
    handle = TableHandle(call, "orders")
    handle.replace(pa.table({"id": [1, 2, None], "kind": ["a", "b", "c"]}))
    return handle


@pytest.mark.parametrize("write", ["replace", "append", "merge"])
def test_every_way_of_writing_makes_a_missing_table(call: Call, write: str) -> None:
    handle = TableHandle(call, "new")
    assert not handle.exists
    with pytest.raises(NotFound):
        handle.df()
    frame = pa.table({"id": [1]})
    made = handle.merge(frame, on="id") if write == "merge" else getattr(handle, write)(frame)
    assert (made.rows, made.version) == (1, 1)
    assert handle.exists


def test_replace_changes_rows_and_columns(orders: TableHandle) -> None:
    assert orders.replace(pa.table({"other": ["x"]})).version == 2
    assert rows(orders) == [{"other": "x"}]


def test_append_adds_and_takes_new_columns(orders: TableHandle) -> None:
    made = orders.append(pa.table({"id": [4], "kind": ["d"], "new": [1.5]}))
    assert made.rows == 4
    assert rows(orders)[0] == {"id": 1, "kind": "a", "new": None}
    assert rows(orders)[3] == {"id": 4, "kind": "d", "new": 1.5}


def test_append_of_other_columns_leaves_the_rest_empty(orders: TableHandle) -> None:
    orders.append(pa.table({"kind": ["d"]}))
    assert rows(orders)[3] == {"id": None, "kind": "d"}


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"id": [2], "kind": ["B"]}, {1: "a", 2: "B", None: "c"}),
        ({"id": [4], "kind": ["d"]}, {1: "a", 2: "b", None: "c", 4: "d"}),
        ({"id": pa.array([None], "int64"), "kind": ["C"]}, {1: "a", 2: "b", None: "C"}),
        ({"id": [1, 2, None], "kind": ["A", "B", "C"]}, {1: "A", 2: "B", None: "C"}),
        ({"kind": ["X"], "id": [1]}, {1: "X", 2: "b", None: "c"}),
    ],
    ids=["changed", "new", "null key", "all", "order of columns"],
)
def test_merge_puts_rows_in_place_of_those_with_the_key(
    orders: TableHandle, frame: dict[str, Any], expected: dict[int | None, str]
) -> None:
    orders.merge(pa.table(frame), on="id")
    assert {row["id"]: row["kind"] for row in rows(orders)} == expected
    assert len(rows(orders)) == len(expected)


def test_merge_by_several_columns(call: Call) -> None:
    handle = TableHandle(call, "days")
    handle.replace(pa.table({"day": [1, 1, 2], "shop": ["a", "b", "a"], "n": [1, 2, 3]}))
    handle.merge(pa.table({"day": [1, 2], "shop": ["b", "b"], "n": [20, 40]}), on=["day", "shop"])
    assert sorted((row["day"], row["shop"], row["n"]) for row in rows(handle)) == [
        (1, "a", 1), (1, "b", 20), (2, "a", 3), (2, "b", 40),
    ]  # fmt: skip


def test_merge_takes_new_columns_and_keeps_old_ones(orders: TableHandle) -> None:
    orders.merge(pa.table({"id": [2], "new": ["x"]}), on="id")
    found = {row["id"]: (row["kind"], row["new"]) for row in rows(orders)}
    assert found == {1: ("a", None), 2: (None, "x"), None: ("c", None)}


def test_merging_twice_changes_nothing_more(orders: TableHandle) -> None:
    frame = pa.table({"id": [2, 5], "kind": ["B", "e"]})
    orders.merge(frame, on="id")
    once = sorted(rows(orders), key=str)
    orders.merge(frame, on="id")
    assert sorted(rows(orders), key=str) == once


@pytest.mark.parametrize("on", [[], "nothing", ["id", "nothing"], "ID"])
@pytest.mark.parametrize("name", ["orders", "not there yet"])
def test_a_key_that_is_no_column_is_refused(orders: TableHandle, call: Call, on: Any, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        TableHandle(call, name).merge(pa.table({"id": [1], "kind": ["x"]}), on=on)
    assert refused.value.hint
    assert len(rows(orders)) == 3
    assert not TableHandle(call, "not there yet").exists


def test_a_key_that_the_table_lacks_is_refused(orders: TableHandle) -> None:
    with pytest.raises(InvalidRequest, match="'day'"):
        orders.merge(pa.table({"day": [1], "kind": ["x"]}), on="day")
    assert len(rows(orders)) == 3


@pytest.mark.parametrize("key", ['the "key"', "it's", "select", "a b", "größe", " a (b) c=d ", "a__b"])
def test_keys_of_any_spelling(call: Call, key: str) -> None:
    handle = TableHandle(call, "odd")
    handle.replace(pa.table({key: [1, 2], "n": [1, 2]}))
    handle.merge(pa.table({key: [2], "n": [20]}), on=key)
    assert sorted(row["n"] for row in rows(handle)) == [1, 20]


def test_a_key_in_another_case_is_the_same_column(orders: TableHandle) -> None:
    orders.merge(pa.table({"ID": [2], "Kind": ["B"]}), on="ID")
    assert {row["id"]: row["kind"] for row in rows(orders)} == {1: "a", 2: "B", None: "c"}


def test_a_key_of_another_type_is_refused(orders: TableHandle) -> None:
    with pytest.raises(InvalidRequest, match="another type") as refused:
        orders.merge(pa.table({"id": ["x"], "kind": ["x"]}), on="id")
    assert refused.value.hint
    assert orders.df().shape == (3, 2)


def test_a_home_whose_path_holds_a_quote(tmp_path: Path, call: Call) -> None:
    runtime = open_runtime(tmp_path / "ada's home")
    handle = TableHandle(Call(runtime, call.principal), "orders")
    handle.replace(pa.table({"id": [1, 2]}))
    assert handle.merge(pa.table({"id": [2, 3]}), on="id").rows == 3
    runtime.close()


def test_decimals_stay_exact(call: Call) -> None:
    handle = TableHandle(call, "prices")
    prices = [Decimal("0.10"), Decimal("99999999999.99"), None]
    handle.replace(pa.table({"id": [1, 2, 3], "price": pa.array(prices, pa.decimal128(18, 2))}))
    handle.merge(pa.table({"id": [3], "price": pa.array([Decimal("0.20")], pa.decimal128(18, 2))}), on="id")
    handle.append(pa.table({"id": [4], "price": pa.array([Decimal("0.30")], pa.decimal128(18, 2))}))
    kept = {row["id"]: row["price"] for row in rows(handle)}
    assert kept == {1: Decimal("0.10"), 2: Decimal("99999999999.99"), 3: Decimal("0.20"), 4: Decimal("0.30")}
    assert pa.types.is_decimal(handle.arrow().schema.field("price").type)
    assert str(handle.df().price.dtype) == "float64"
    assert handle.df(decimals=True).price[0] == Decimal("0.10")
    assert handle.polars().schema["price"] == pl.Decimal(18, 2)


@pytest.mark.parametrize("frame", [pd.DataFrame({"id": [7]}), pl.DataFrame({"id": [7]}), pa.table({"id": [7]})])
def test_frames_of_every_kind(call: Call, frame: Any) -> None:
    handle = TableHandle(call, "any")
    handle.replace(frame)
    assert rows(handle) == [{"id": 7}]
    assert handle.df().to_dict("list") == {"id": [7]}
    assert handle.polars().to_dict(as_series=False) == {"id": [7]}


def test_a_layer_may_be_named(call: Call) -> None:
    TableHandle(call, "gold.sales").replace(pa.table({"n": [1]}))
    TableHandle(call, "sales").replace(pa.table({"n": [2]}))
    assert rows(TableHandle(call, "GOLD.Sales")) == [{"n": 1}]
    assert rows(TableHandle(call, "sales")) == [{"n": 2}]
    assert repr(TableHandle(call, "gold.sales")) == "<table gold.sales>"
    assert repr(TableHandle(call, "sales")) == "<table bronze.sales>"


def test_without_a_layer_the_only_one_is_read(call: Call) -> None:
    TableHandle(call, "gold.sales").replace(pa.table({"n": [1]}))
    assert rows(TableHandle(call, "sales")) == [{"n": 1}]


@pytest.mark.parametrize("name", ["", "a/b", 'a"b', "x" * 201])
def test_a_name_that_cannot_be(call: Call, name: str) -> None:
    with pytest.raises(InvalidRequest):
        TableHandle(call, name)


@pytest.mark.parametrize("run_id", [None, "0190-run"])
def test_lineage_names_the_run_that_wrote(call: Call, monkeypatch: pytest.MonkeyPatch, run_id: str | None) -> None:
    if run_id:
        monkeypatch.setenv("LAKEBOOK_RUN_ID", run_id)
    made = table_of(call, "orders")
    (edge,) = call.runtime.catalog.lineage(made.dataset_id)
    assert (edge["source_kind"], edge["source"]) == ("pipeline", run_id or "python")
    assert edge["run_id"] == run_id


def test_a_write_leaves_no_file_but_the_tables(orders: TableHandle, runtime: Runtime) -> None:
    orders.merge(pa.table({"id": [2], "kind": ["B"]}), on="id")
    orders.append(pa.table({"id": [5], "kind": ["e"]}))
    left = [path.name for path in runtime.settings.folder("tmp").iterdir() if path.suffix != ".lock"]
    assert left == []
    assert len(list(runtime.lake.folder.rglob("*.parquet"))) == 3


def test_a_frame_that_is_none_changes_nothing(orders: TableHandle, runtime: Runtime) -> None:
    for write in (orders.replace, orders.append, lambda frame: orders.merge(frame, on="id")):
        with pytest.raises(InvalidRequest):
            write([1, 2])
    assert runtime.catalog.dataset("orders").version == 1


def test_two_who_append_together_lose_nothing(call: Call, runtime: Runtime) -> None:
    """Also where the table is new to both of them."""
    errors: list[BaseException] = []

    def append(number: int) -> None:
        try:
            for step in range(3):
                TableHandle(call, "orders").append(pa.table({"id": [number * 10 + step]}))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=append, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert sorted(row["id"] for row in rows(TableHandle(call, "orders"))) == [0, 1, 2, 10, 11, 12]
    assert runtime.catalog.dataset("orders").version == 6
    assert len(runtime.catalog.datasets()) == 1
