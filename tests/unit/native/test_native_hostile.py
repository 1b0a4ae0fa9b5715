"""Sources that mean harm or change while they are read: one clear error or a right table, in bounded memory."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import lakebook_native
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lakebook_native import NativeError, process_dataset

from tests.unit.native.ingested import Ingest

ROWS = 300_000
# A gigabyte that takes no room on the disk.
HOLE = 1 << 30
BOUNDED = """
import resource, sys
import lakebook_native
resource.setrlimit(resource.RLIMIT_AS, (768 << 20, 768 << 20))
try:
    lakebook_native.process_dataset(sys.argv[1], sys.argv[2], threads=1)
except lakebook_native.NotThisFormat as error:
    print(error)
"""


def bounded(source: Path, output: Path) -> subprocess.CompletedProcess[str]:
    """The native pass with less memory than the source would take; it prints why the source is refused, if it is."""
    command = [sys.executable, "-c", BOUNDED, str(source), str(output)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A CSV file of several blocks."""
    path = tmp_path / "data.csv"
    path.write_text("id,text\n" + "".join(f"{n},a row {n}\n" for n in range(ROWS)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "head", "reason"),
    [
        ("row.csv", b"id,text\n" + b"1,a row\n" * 20_000, "holds a line of more than 64 MB"),
        ("header.csv", b"id,text," * 20_000, "holds a line of more than 64 MB"),
        ("record.jsonl", b'{"id": 1}\n' * 20_000 + b'{"id": "', "holds a record of more than 64 MB"),
    ],
)
def test_a_line_of_a_gigabyte_is_refused_in_bounded_memory(tmp_path: Path, name: str, head: bytes, reason: str) -> None:
    path = tmp_path / name
    with path.open("wb") as out:
        out.write(head)
        out.truncate(HOLE)
    run = bounded(path, tmp_path / "out.parquet")
    assert run.stdout.startswith(f"{name} {reason}"), run.stdout + run.stderr
    assert [left.name for left in tmp_path.iterdir()] == [name]


def test_bytes_of_zero_among_rows_are_kept_as_they_stand(ingest: Ingest) -> None:
    table = ingest(b"id,text\n" + b"1,a\0b\n" * 3)
    assert table.rows == [(1, "a\0b")] * 3


def test_many_columns_are_a_table_like_any_other(ingest: Ingest) -> None:
    wide = 10_000
    lines = [",".join(f"c{n}" for n in range(wide)), *(",".join(str(n + row) for n in range(wide)) for row in range(2))]
    table = ingest("\n".join(lines) + "\n")
    assert (table.result.row_count, table.result.column_count) == (2, wide)
    assert table.rows[1][-1] == wide


def test_a_file_that_shrinks_while_it_is_read_is_refused(source: Path, tmp_path: Path) -> None:
    def shrink(fraction: float, rows: int) -> bool:
        with source.open("r+b") as file:
            file.truncate(1_000)
        return True

    with pytest.raises(lakebook_native.Unreadable, match="became shorter while it was read"):
        process_dataset(str(source), str(tmp_path / "out.parquet"), threads=1, progress=shrink)
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


@pytest.mark.parametrize("change", ["grows", "vanishes"])
def test_a_file_that_grows_or_vanishes_is_read_as_it_was_opened(source: Path, tmp_path: Path, change: str) -> None:
    def disturb(fraction: float, rows: int) -> bool:
        if change == "vanishes":
            source.unlink(missing_ok=True)
        else:
            with source.open("ab") as file:
                file.write(b"no,number,here\n" * 1_000)
        return True

    result = process_dataset(str(source), str(tmp_path / "out.parquet"), threads=1, progress=disturb)
    assert (result.row_count, result.columns[0]["max"]) == (ROWS, ROWS - 1)


def test_parquet_with_any_byte_changed_is_a_table_or_one_clear_error(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    columns: dict[str, Any] = {
        "id": pa.array(range(500)),
        "word": pa.array([["one", "two", None][n % 3] for n in range(500)]),
        "list": pa.array([list(range(n % 4)) for n in range(500)]),
    }
    pq.write_table(pa.table(columns), whole, data_page_size=500, write_statistics=True)
    content = whole.read_bytes()
    draw = random.Random(4)
    broken, output = tmp_path / "broken.parquet", tmp_path / "out.parquet"
    refusals = []
    for _ in range(60):
        changed = bytearray(content)
        changed[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        broken.write_bytes(changed)
        try:
            result = process_dataset(str(broken), str(output), threads=1)
        except NativeError as error:
            refusals.append((str(error), output.exists()))
        else:
            assert pq.read_table(output).num_rows == result.row_count
            output.unlink()
    assert len(refusals) > 8
    for message, written in refusals:
        assert message.startswith(("broken.parquet ", "a column is of the type "))
        assert not written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.parquet", "whole.parquet"]


def same_text(path: Path, text: str, rows: int) -> None:
    """A Parquet file that holds a text once and means it in every row."""
    words = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    lists = (
        pa.ListArray.from_arrays(list(range(0, rows * 2 + 1, 2)), pa.concat_arrays([words, words]))
        if rows < 100
        else words
    )
    table = pa.table({"text": words.cast(pa.string()) if rows < 100 else words, "again": lists})
    pq.write_table(table, path, dictionary_pagesize_limit=1 << 26, store_schema=False)


def test_a_text_held_once_and_meant_in_every_row_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    same_text(path, "x" * (1 << 20), 100_000)
    assert path.stat().st_size < 200_000
    run = bounded(path, tmp_path / "out.parquet")
    assert run.stdout.startswith("bomb.parquet unpacks to "), run.stdout + run.stderr
    assert "GiB or more, more than 2000 times its size" in run.stdout
    assert [left.name for left in tmp_path.iterdir()] == ["bomb.parquet"]


def test_long_texts_held_once_arrive_in_every_row(tmp_path: Path) -> None:
    path, output = tmp_path / "long.parquet", tmp_path / "out.parquet"
    text = random.Random(4).randbytes(1 << 18).hex()
    same_text(path, text, 90)
    run = bounded(path, output)
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr
    written = pq.read_table(output)
    assert written.num_rows == 90
    assert all(value == text for value in written["text"].to_pylist())
    assert all(value == [text, text] for value in written["again"].to_pylist())
