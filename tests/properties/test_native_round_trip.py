"""Whatever a table holds, the native module neither loses nor changes nor invents a value."""

from __future__ import annotations

import csv
import io
import json
import math
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st
from lakebook_native import NativeError, ProcessingResult, process_dataset

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12)
NUMERIC = st.one_of(
    st.integers(-(2**63), 2**63 - 1).map(str),
    st.decimals(-(10**9), 10**9, places=3).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)
CELL = st.one_of(
    TEXT, NUMERIC, st.dates().map(str), st.sampled_from(["", "true", "no", "007", "NA", "-", " 1 ", "1,5"])
)


def ingest(content: bytes | pa.Table, **options: Any) -> tuple[ProcessingResult, list[tuple[Any, ...]]]:
    """The result and the rows of the Parquet that came out."""
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "source", Path(folder) / "out.parquet"
        if isinstance(content, bytes):
            source.write_bytes(content)
        else:
            pq.write_table(content, source)
        result = process_dataset(str(source), str(output), threads=2, **options)
        assert [path.name for path in Path(folder).iterdir() if path != source] == ["out.parquet"]
        columns = [column.to_pylist() for column in pq.read_table(output).columns]
        return result, list(zip(*columns, strict=True))


def written(rows: list[list[str]]) -> bytes:
    """The rows as CSV, every cell quoted, under a header and beside a column that keeps each row from being blank."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["key", *(f"c{at}" for at in range(len(rows[0])))])
    writer.writerows(["k", *row] for row in rows)
    return out.getvalue().encode()


def same(cell: str, value: Any, kind: str, decimal_comma: bool) -> bool:
    """Whether a value of the table says what the cell said."""
    trimmed = cell.strip()
    if value is None:
        return trimmed in ("", "NA", "-") or cell == ""
    if kind == "VARCHAR":
        return bool(value == cell)
    if kind == "BOOLEAN":
        return value is (trimmed.lower() in ("true", "yes", "t"))
    if kind == "DOUBLE" and math.isnan(value):
        return trimmed.lower() == "nan"
    if kind.startswith(("BIGINT", "DECIMAL", "DOUBLE")):
        readings = [trimmed] if "," not in trimmed else []
        if decimal_comma:
            readings.append(trimmed.replace(".", "").replace(",", "."))
        return any(value == (float(text) if kind == "DOUBLE" else Decimal(text)) for text in readings)
    return str(value) == trimmed


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1)))
def test_every_cell_of_a_csv_arrives(rows: list[list[str]]) -> None:
    result, table = ingest(written(rows), delimiter=",", nulls=["NA", "-"])
    assert len(table) == len(rows)
    assert result.rejected_rows == 0
    kinds = [column["data_type"] for column in result.columns][1:]
    for row, values in zip(rows, table, strict=True):
        for cell, value, kind in zip(row, values[1:], kinds, strict=True):
            assert same(cell, value, kind, result.dialect["decimal"] == ","), (cell, value, kind)


@given(st.lists(st.integers(-(2**70), 2**70), min_size=1))
def test_whole_numbers_are_exact_or_text(numbers: list[int]) -> None:
    result, table = ingest(written([[str(n)] for n in numbers]))
    fits = all(-(2**63) <= n < 2**63 for n in numbers)
    assert result.columns[1]["data_type"] == ("BIGINT" if fits else "VARCHAR")
    assert [int(row[1]) for row in table] == numbers


@given(st.lists(st.floats(allow_nan=False, width=64), min_size=1))
def test_doubles_survive_text(numbers: list[float]) -> None:
    result, table = ingest(written([["0.5"], *([repr(n)] for n in numbers)]))
    assert result.columns[1]["data_type"] in ("DOUBLE", "DECIMAL(38,1)")
    assert [float(row[1]) for row in table[1:]] == numbers


@given(st.lists(st.decimals(-(10**12), 10**12, places=4), min_size=1))
def test_money_is_exact(prices: list[Decimal]) -> None:
    result, table = ingest(written([["0.5"], *([str(price)] for price in prices)]).replace(b'"c0"', b'"price"', 1))
    assert result.columns[1]["data_type"].startswith("DECIMAL(18,")
    assert sum(row[1] for row in table) == sum(prices) + Decimal("0.5")


@given(st.lists(st.floats(-1e9, 1e9).map(lambda value: round(value, 4)), min_size=1))
def test_doubles_of_money_become_the_decimals_they_are_spelt_as(prices: list[float]) -> None:
    result, table = ingest(pa.table({"price": [0.25, *prices]}))
    assert result.columns[0]["data_type"].startswith("DECIMAL(18,")
    assert [row[0] for row in table[1:]] == [Decimal(repr(price)) for price in prices]


@given(st.lists(st.tuples(st.sampled_from([None, 0.0, -0.0, math.nan, 1.5]), st.sampled_from([None, "", "a", "b"]))))
def test_duplicate_rows_are_counted_as_by_hand(rows: list[tuple[float | None, str | None]]) -> None:
    table = pa.table(
        {"n": pa.array([n for n, _ in rows], pa.float64()), "t": pa.array([t for _, t in rows], pa.string())}
    )
    result, _ = ingest(table)
    keys = Counter(("nan" if n is not None and math.isnan(n) else n, t) for n, t in rows)
    assert result.duplicate_rows == len(rows) - len(keys)
    assert result.duplicate_groups == sum(count > 1 for count in keys.values())


@given(st.lists(st.one_of(st.none(), st.integers(-50, 50)), min_size=1))
def test_a_profile_agrees_with_its_values(numbers: list[int | None]) -> None:
    result, _ = ingest(pa.table({"n": pa.array(numbers, pa.int64())}))
    present = [n for n in numbers if n is not None]
    column = result.columns[0]
    assert column["null_count"] == len(numbers) - len(present)
    assert column["unique_count"] == len(set(present))
    assert (column["min"], column["max"]) == ((min(present), max(present)) if present else (None, None))
    assert column["mean"] == (sum(present) / len(present) if present else None)
    assert dict(map(tuple, column["top_values"])).items() <= {(str(n), c) for n, c in Counter(present).items()}


FINITE = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), FINITE, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c"]), JSON, min_size=1), min_size=1), st.booleans())
def test_every_json_record_is_a_row_in_any_layout(records: list[dict[str, Any]], array: bool) -> None:
    lines = [json.dumps(record) for record in records]
    text = "[" + ",\n".join(lines) + "]" if array else "\n".join(lines)
    result, table = ingest(text.encode(), format="json")
    assert (len(table), result.rejected_rows) == (len(records), 0)
    names = [column["label"] for column in result.columns]
    for record, row in zip(records, table, strict=True):
        for name, value in zip(names, row, strict=True):
            assert (value is None) == (record.get(name) is None)


@given(st.binary(max_size=300), st.sampled_from([None, "csv", "json", "parquet"]))
def test_any_bytes_are_a_table_or_one_clear_error(content: bytes, asked: str | None) -> None:
    refusal = ""
    try:
        result, table = ingest(content, format=asked)
    except NativeError as error:
        refusal = str(error)
    else:
        assert result.row_count == len(table)
    assert "\n" not in refusal
    assert "error of its own" not in refusal


PIECES = st.lists(
    st.sampled_from(['"', "'", ",", ";", "\n", "\r\n", "\t", "|", "a", "1", "é", "\\", " ", "", "2024-01-02"])
)


@given(PIECES)
def test_any_pieces_of_csv_lose_no_letter(pieces: list[str]) -> None:
    content = "".join(pieces)
    try:
        result, table = ingest(content.encode(), format="csv")
    except NativeError:
        assert not content.strip("\r\n\t ") or not any(letter.isalnum() for letter in content)
        return
    kept = "".join(str(value) for row in table for value in row if value is not None)
    kept += "".join(column["label"] for column in result.columns)
    kept += "".join(one["raw"] for one in result.deviations)
    for letter in "aé":
        assert kept.count(letter) >= content.count(letter)
