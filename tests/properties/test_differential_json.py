"""What the native pass makes of an array of JSON objects is what Python, DuckDB and Polars read in it, cell by cell."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lakebook_native import NotThisFormat, ProcessingResult, process_dataset

Record = dict[str, Any]
# Between a number and the next comma or bracket any JSON writer may put blanks, or nothing.
Layout = Literal["dense", "spaced", "pretty", "lines"]
LAYOUTS: tuple[Layout, ...] = ("dense", "spaced", "pretty", "lines")
TEXTS = st.text(st.sampled_from('abcXYZ éß漢🙂{}[],:"\\/\n\t\x7f'), min_size=1, max_size=10).map(
    lambda text: f"w{text}"
)
NESTED = st.fixed_dictionaries({"x": st.integers(-5, 5), "y": st.none() | TEXTS})
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "whole": st.integers(-(2**53), 2**53),
    # Of at most 13 digits: of longer ones a remark says that a double may not hold every digit.
    "double": st.integers(-(2**32), 2**32).map(lambda value: (2 * value + 1) / 8),
    "flag": st.booleans(),
    "text": TEXTS,
    "list": st.lists(st.integers(-9, 9), min_size=1, max_size=3),
    "object": NESTED,
}


@st.composite
def tables(draw: st.DrawFn) -> list[Record]:
    """Objects of the same kinds of values; any key but the first may be null or missing, or stand elsewhere."""
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4, unique=True))
    records = [{"key": 0, **{name: draw(VALUES[name]) for name in names}}]
    for at in range(1, draw(st.integers(1, 12))):
        there = draw(st.permutations(draw(st.lists(st.sampled_from(names), unique=True))))
        records.append({"key": at, **{name: draw(st.none() | VALUES[name]) for name in there}})
    return records


def text(records: list[Record], layout: Layout, ascii_only: bool) -> str:
    """The array, or its objects as lines, as a writer of that style spells it."""
    if layout == "lines":
        return "".join(json.dumps(record, ensure_ascii=ascii_only) + "\r\n" for record in records)
    separators = (",", ":") if layout == "dense" else None
    indent = 1 if layout == "pretty" else None
    spelt = json.dumps(records, separators=separators, indent=indent, ensure_ascii=ascii_only)
    return f" \n{spelt}\n" if layout == "spaced" else spelt


def ours(source: Path, output: Path) -> tuple[ProcessingResult, list[Record]]:
    """The result and the rows of the Parquet that came out."""
    result = process_dataset(str(source), str(output), format="json", threads=2)
    return result, [plain(row) for row in pq.read_table(output).to_pylist()]


def plain(value: Any) -> Any:
    """A value so that equal ones are equal whatever type a reader chose; an object without its missing members."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("arrays")


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@settings(max_examples=30)
@given(records=tables(), layout=st.sampled_from(LAYOUTS), ascii_only=st.booleans())
def test_four_readers_read_the_same_objects(
    place: Path, database: duckdb.DuckDBPyConnection, records: list[Record], layout: Layout, ascii_only: bool
) -> None:
    source, output = place / "objects.json", place / "objects.parquet"
    source.write_text(text(records, layout, ascii_only), encoding="utf-8", newline="")
    result, rows = ours(source, output)
    known = [plain(record) for record in records]
    assert rows == known
    assert (result.row_count, result.rejected_rows, result.deviation_counts) == (len(records), 0, {})
    shape = "newline_delimited" if layout == "lines" else "array"
    relation = database.sql(f"select * from read_json('{source}', format='{shape}', convert_strings_to_integers=false)")
    by_duckdb = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    assert [plain(row) for row in by_duckdb] == known
    frame = pl.read_ndjson(source) if layout == "lines" else pl.read_json(source)
    assert [plain(row) for row in frame.rows(named=True)] == known


@settings(max_examples=25)
@given(records=tables(), cut=st.integers(1, 40))
def test_an_array_that_is_cut_short_loses_its_last_object_and_says_so(
    place: Path, records: list[Record], cut: int
) -> None:
    source, output = place / "cut.json", place / "cut.parquet"
    last = len(json.dumps(records[-1]))
    whole = json.dumps(records)
    source.write_text(whole[: len(whole) - 1 - min(cut, last - 1)], encoding="utf-8")
    if len(records) == 1:
        with pytest.raises(NotThisFormat, match="holds no JSON objects that can be read"):
            ours(source, output)
        return
    result, rows = ours(source, output)
    assert rows == [plain(record) for record in records[:-1]]
    assert (result.row_count, result.rejected_rows) == (len(records) - 1, 1)
    assert result.deviation_counts["malformed_record"] == 1
