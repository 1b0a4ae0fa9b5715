"""A large CSV is read while it is surveyed; what comes out is what surveying first and reading then gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from lakebook_native import process_dataset

HEADER = "id,amount,weight,day,at,flag,word,code"
ROWS = 110_000


def line(at: int) -> str:
    """One row; every column keeps to one type."""
    hole = "" if at % 7 == 0 else f"{at % 90 / 8}"
    return (
        f"{at},{at % 1000}.{at % 100:02},{hole},2024-{1 + at % 12:02}-{1 + at % 28:02},"
        f"2024-01-{1 + at % 28:02} {at % 24:02}:{at % 60:02}:00,{'true' if at % 3 else 'false'},"
        f"word {at % 500},c{at % 9}x"
    )


@pytest.fixture(scope="module")
def body() -> str:
    """Rows that fill more than one block of the reader."""
    text = "".join(f"{line(at)}\n" for at in range(ROWS))
    assert len(text) > 6 << 20
    return text


def told(sources: list[Path], output: Path, **options: Any) -> tuple[Any, list[dict[str, Any]]]:
    """The counts and the report of the columns, without what only a second source brings."""
    result = process_dataset([str(path) for path in sources], str(output), **options)
    counts = (result.row_count, result.duplicate_rows, result.duplicate_groups, result.rejected_rows)
    return counts, result.columns


def differing(one: Path, other: Path) -> int:
    """Rows that stand in one table and not in the other, each as often as it does."""
    with duckdb.connect() as connection:
        query = "select count(*) from (from read_parquet($a) except all from read_parquet($b))"
        there = connection.execute(query, {"a": str(one), "b": str(other)}).fetchone()
        back = connection.execute(query, {"a": str(other), "b": str(one)}).fetchone()
        assert there is not None
        assert back is not None
        return int(there[0]) + int(back[0])


SURPRISES = {
    "none": line(ROWS),
    "a point in a whole number": line(ROWS).replace(f"{ROWS},", "0.5,", 1),
    "a word in a whole number": line(ROWS).replace(f"{ROWS},", "total,", 1),
    "more places than money had": line(ROWS).replace(",0.00,", ",0.125,", 1),
    "more digits than eighteen": line(ROWS).replace(",0.00,", ",12345678901234567890.25,", 1),
    "a null word": line(ROWS).replace(",0.00,", ",N/A,", 1),
    "a null word that texts have too": f"{ROWS},NA,NA,NA,NA,NA,NA,NA",
    "a time among days": line(ROWS).replace("2024-09-01", "2024-09-01 10:00:00", 1),
    "a day in another order": line(ROWS).replace("2024-09-01", "31/01/2024", 1),
    "a zone among times": f"{ROWS},1.00,1,2024-01-01,2024-01-01 10:00:00+02:00,true,word,c",
    "a maybe among flags": line(ROWS).replace("false", "maybe").replace("true", "maybe"),
    "a leading zero": f"0{line(ROWS)}",
    "a short row": f"{ROWS},1.00",
    "a long row": f"{line(ROWS)},more",
    "quotes": f'"{ROWS}","1.00","","2024-01-01","2024-01-01 10:00:00","true","a ""word""","c\nd"',
    "blanks": f" {ROWS} , 1.00 , ,2024-01-01, 2024-01-01 10:00:00 ,true, word ,c",
    "a row again": line(5),
}


@pytest.mark.parametrize("surprise", sorted(SURPRISES))
def test_a_late_surprise_changes_the_type_and_no_value(tmp_path: Path, body: str, surprise: str) -> None:
    whole, first, last = (tmp_path / f"{name}.csv" for name in ("whole", "first", "last"))
    row = SURPRISES[surprise]
    whole.write_text(f"{HEADER}\n{body}{row}\n", newline="")
    first.write_text(f"{HEADER}\n{body}", newline="")
    last.write_text(f"{HEADER}\n{row}\n", newline="")
    at_once, apart = tmp_path / "whole.parquet", tmp_path / "apart.parquet"
    asked = {"format": "csv", "delimiter": ",", "header": True}
    counts, columns = told([whole], at_once, **asked)
    # Several sources are surveyed before any is read.
    assert (counts, columns) == told([first, last], apart, **asked)
    assert pq.read_schema(at_once).equals(pq.read_schema(apart))
    assert differing(at_once, apart) == 0
    assert counts[0] == ROWS + 1
    assert counts[1] == (1 if surprise == "a row again" else 0)
    assert not list(tmp_path.glob("*.part"))


def test_the_value_that_widened_a_type_is_told_with_its_line(tmp_path: Path, body: str) -> None:
    source = tmp_path / "late.csv"
    source.write_text(f"{HEADER}\n{body}0.5,1.00,1,2024-01-01,2024-01-01 10:00:00,true,word,c\n")
    result = process_dataset(str(source), str(tmp_path / "late.parquet"))
    widened = [one for one in result.deviations if one["kind"] == "widened_type"]
    assert [(one["line"], one["column"], one["raw"]) for one in widened] == [(ROWS + 2, "id", "0.5")]
    assert result.columns[0]["data_type"] == "DOUBLE"


def test_bytes_of_an_older_encoding_late_in_the_file_are_read_in_it(tmp_path: Path, body: str) -> None:
    source = tmp_path / "old.csv"
    rows = "".join(f"{ROWS + at},1.00,1,2024-01-01,2024-01-01 10:00:00,true,caf\xe9 {at},c\n" for at in range(400))
    source.write_bytes(f"{HEADER}\n{body}".encode() + rows.encode("cp1252"))
    result = process_dataset(str(source), str(tmp_path / "old.parquet"))
    assert (result.row_count, result.rejected_rows) == (ROWS + 400, 0)
    words = pq.read_table(tmp_path / "old.parquet", columns=["word"]).column(0).to_pylist()
    assert words[-1] == "café 399"


@pytest.mark.parametrize(
    ("text", "kind", "times"),
    [
        ("a,b\r\n1,2\n3,4\r\n", "mixed_line_ends", 1),
        ('a,b\n1,"x\ny"\n2,"z"\n', "line_break_in_cell", 1),
        ("a,b\n1,x\0y\n2,z\n", "nul_byte", 1),
    ],
    ids=["line ends", "line break", "nul"],
)
def test_what_changes_no_value_is_said_all_the_same(tmp_path: Path, text: str, kind: str, times: int) -> None:
    source = tmp_path / "data.csv"
    source.write_text(text, newline="")
    result = process_dataset(str(source), str(tmp_path / "out.parquet"))
    assert result.deviation_counts == {kind: times}
    assert [one["kind"] for one in result.deviations] == [kind]
    assert result.row_count == 2
