"""What the native pass makes of a CSV is what DuckDB and Polars read in it, cell by cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st
from lakebook_native import process_dataset

# Words that mean null, or look like a value of another type, are lakebook's own rule and tested elsewhere.
LETTERS = st.text(st.sampled_from("abcXYZ éß漢🙂,;\"'\n\t#"), min_size=1, max_size=12)
TEXTS = LETTERS.map(lambda text: f"w{text}").filter(lambda text: text.strip() == text)
KINDS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], str]]] = {
    "whole": (st.integers(-(2**62), 2**62), str),
    "money": (st.decimals(-(10**9), 10**9, places=2), str),
    "double": (st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 5) + 0.5), repr),
    "day": (st.dates(date(1900, 1, 1), date(2100, 1, 1)), str),
    "time": (st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)), str),
    "flag": (st.booleans(), lambda value: str(value).lower()),
    "text": (TEXTS, str),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[Any]]]:
    """Kinds of columns and rows of such values; any cell but those of the first row and column may be missing."""
    kinds = ["whole", *draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5))]
    cells = [KINDS[kind][0] for kind in kinds]
    rows = draw(st.lists(st.tuples(*(cell if not at else st.none() | cell for at, cell in enumerate(cells))),
                         min_size=1, max_size=30))  # fmt: skip
    return kinds, [list(draw(st.tuples(*cells))), *map(list, rows)]


def written(path: Path, kinds: list[str], rows: list[list[Any]], ending: str) -> None:
    """The table as a CSV whose texts stand in quotes where they must."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=ending)
    writer.writerow(f"c{at}" for at in range(len(kinds)))
    for row in rows:
        writer.writerow("" if value is None else KINDS[kind][1](value) for kind, value in zip(kinds, row, strict=True))
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def plain(value: Any) -> Any:
    """A cell so that equal values are equal, whatever type a reader chose for them."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else value
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    return datetime.fromisoformat(str(value)).isoformat()


@given(tables(), st.sampled_from(["\n", "\r\n"]))
def test_three_readers_read_the_same_cells(table: tuple[list[str], list[list[Any]]], ending: str) -> None:
    kinds, rows = table
    with TemporaryDirectory() as folder:
        source, output = Path(folder) / "table.csv", Path(folder) / "table.parquet"
        written(source, kinds, rows, ending)
        result = process_dataset(str(source), str(output), delimiter=",", quote='"', header=True)
        ours = [tuple(map(plain, row.values())) for row in pq.read_table(output).to_pylist()]
        with duckdb.connect() as connection:
            asked = "delim=',', quote='\"', escape='\"', header=true, all_varchar=true, null_padding=false"
            read = connection.execute(f"select * from read_csv($1, {asked})", [str(source)]).fetchall()
        by_polars = pl.read_csv(source, infer_schema=False).rows()
    known = [tuple(map(plain, row)) for row in rows]
    assert ours == known
    assert result.row_count == len(rows) == len(read) == len(by_polars)
    for theirs in (read, by_polars):
        for mine, other in zip(known, theirs, strict=True):
            assert [as_read(kind, cell) for kind, cell in zip(kinds, other, strict=True)] == list(mine)


def as_read(kind: str, cell: str | None) -> Any:
    """A cell that another reader gives as text, as a value of its kind."""
    if cell is None or kind == "text":
        return cell
    if kind == "flag":
        return cell
    return float(cell) if kind in {"whole", "money", "double"} else datetime.fromisoformat(cell).isoformat()


@given(tables())
def test_the_profile_counts_what_duckdb_counts(table: tuple[list[str], list[list[Any]]]) -> None:
    kinds, rows = table
    rows = [*rows, *rows[: len(rows) // 3]]
    with TemporaryDirectory() as folder:
        source, output = Path(folder) / "table.csv", Path(folder) / "table.parquet"
        written(source, kinds, rows, "\n")
        result = process_dataset(str(source), str(output), delimiter=",", quote='"', header=True)
        with duckdb.connect() as connection:
            connection.execute("create table t as from read_parquet($1)", [str(output)])
            for column in result.columns:
                name = column["name"]
                counted = connection.execute(
                    f'select count(distinct "{name}"), count(*) - count("{name}"), min("{name}"), max("{name}") from t'
                ).fetchone()
                assert counted is not None
                assert (column["unique_count"], column["null_count"]) == counted[:2]
                assert column["unique_exact"]
                if column["data_type"] != "VARCHAR":
                    assert [plain(column["min"]), plain(column["max"])] == [plain_end(one) for one in counted[2:]]
            distinct = connection.execute("select count(*) from (select distinct * from t)").fetchone()
    assert distinct is not None
    assert result.duplicate_rows == len(rows) - distinct[0]


def plain_end(value: Any) -> Any:
    """A least or greatest value as the report gives it: text for what JSON has no type for."""
    if isinstance(value, (bool, int, float)):
        return plain(value)
    return str(value) if isinstance(value, Decimal) else value.isoformat()
