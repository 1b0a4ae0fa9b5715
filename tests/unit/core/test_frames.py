"""Frames of every kind as Parquet."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from lakebook.errors import InvalidRequest
from lakebook.ingest.frames import stage

ROWS: dict[str, list[Any]] = {
    "id": [1, 2, None],
    "price": [Decimal("1.10"), None, Decimal("99999999999.99")],
    "kind": ["a", "b", None],
}
TABLE = pa.table(ROWS)


class Stream:
    """Something that only speaks Arrow's stream protocol."""

    def __arrow_c_stream__(self, schema: object = None) -> object:
        stream: object = pl.DataFrame(TABLE).__arrow_c_stream__(schema)
        return stream


@pytest.mark.parametrize(
    "frame",
    [
        TABLE,
        pl.DataFrame(TABLE),
        pl.DataFrame(TABLE).lazy(),
        TABLE.to_pandas(types_mapper=pd.ArrowDtype),
        Stream(),
        pa.RecordBatchReader.from_batches(TABLE.schema, TABLE.to_batches()),
        TABLE.to_batches()[0],
    ],
    ids=["arrow", "polars", "lazy", "pandas", "stream", "reader", "batch"],
)
def test_a_frame_is_written_exactly(frame: Any, tmp_path: Path) -> None:
    path = stage(frame, tmp_path)
    assert path.parent == tmp_path
    assert pq.read_table(path).to_pylist() == TABLE.to_pylist()


def test_a_pandas_index_is_no_column(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, 2]}, index=["x", "y"])
    assert pq.read_table(stage(frame, tmp_path)).column_names == ["a"]


def test_a_frame_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    assert pq.read_table(stage(TABLE.slice(0, 0), tmp_path)).schema.names == ["id", "price", "kind"]


def test_frames_do_not_overwrite_each_other(tmp_path: Path) -> None:
    assert stage(TABLE, tmp_path) != stage(TABLE, tmp_path)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ([1, 2], "A list is not a table"),
        ({"a": [1]}, "A dict is not a table"),
        ("a.csv", "A str is not a table"),
        (None, "A NoneType is not a table"),
        (pd.Series([1, 2]), "A Series is not a table"),
        (pl.Series([1, 2]), "A Series is not a table"),
        (pd.DataFrame(), "no columns"),
        (pl.DataFrame(), "no columns"),
        (pd.DataFrame({"a": [1, "two", 3.0]}), "different kinds"),
        (pd.DataFrame({"a": [object()]}), "different kinds"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_and_leaves_nothing(frame: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=said) as refused:
        stage(frame, tmp_path)
    assert refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_what_was_staged_can_be_queried(tmp_path: Path) -> None:
    path = stage(pl.DataFrame(TABLE), tmp_path)
    assert duckdb.execute("SELECT sum(price) FROM read_parquet($1)", [str(path)]).fetchone() == (
        Decimal("100000000001.09"),
    )
