"""The Parquet that the native pass writes says the same to every common reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from lakebook.ingest.native import Options, process
from tests.properties.tables import FORMATS, Format, frames, written

Rows = list[tuple[Any, ...]]


def read_back(path: Path) -> dict[str, tuple[list[str], Rows]]:
    """Names and rows, by reader."""
    arrow, frame = pq.read_table(path), pl.read_parquet(path)
    with duckdb.connect() as connection:
        relation = connection.read_parquet(str(path))
        names, rows = list(relation.columns), relation.fetchall()
    columns = [column.to_pylist() for column in arrow.columns]
    return {
        "pyarrow": (arrow.column_names, list(zip(*columns, strict=True))),
        "duckdb": (names, rows),
        "polars": (frame.columns, frame.rows()),
    }


def spelt(rows: Sequence[tuple[Any, ...]]) -> list[list[str]]:
    """Rows to compare, type and sign of zero included."""
    return [[repr(value) for value in row] for row in rows]


# Feature: ai-analytics-platform, Property 5: Parquet output format. For any data transformation by the Rust processor, the output should be a valid Parquet file that can be read by standard Parquet readers.
@given(frame=frames(min_rows=1), kind=st.sampled_from(FORMATS))
def test_the_output_reads_the_same_everywhere(folder: Path, frame: pl.DataFrame, kind: Format) -> None:
    source, output = written(frame, folder / "source", kind), folder / "output.parquet"
    done = process([source], output, Options(kind), temporary=folder, report=lambda _fraction, _rows: None)
    read = read_back(output)
    names, rows = read["pyarrow"]
    assert names == [column["name"] for column in done.columns]
    assert len(rows) == done.row_count
    for reader, (its_names, its_rows) in read.items():
        assert its_names == names, reader
        assert spelt(its_rows) == spelt(rows), reader
    if kind == "parquet":
        assert names == frame.columns
        assert spelt(rows) == spelt(frame.rows())
