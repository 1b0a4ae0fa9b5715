"""Blocks are read ahead while those before them are written: what comes out does not depend on who did what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lakebook_native
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lakebook_native import process_dataset

ROWS = 150_000
FORMATS = ["csv", "jsonl", "parquet"]
Source = Callable[[str], Path]


def rows(last: str = "") -> list[dict[str, Any]]:
    """Rows of about 70 bytes, so that a text of them has several blocks; every fiftieth is there twice."""
    made = [
        {
            "number": row % 120_000,
            "share": row % 1_013 / 8,
            "place": ["Köln", "Oslo", "Rome"][row % 3],
            "note": None if row % 7 == 0 else f"note {row % 90_000} of a day, {row % 11} of a week",
        }
        for row in range(ROWS)
    ]
    made[1::50] = made[0::50]
    if last:
        made[-1] = made[-1] | {"number": last}
    return made


def write(path: Path, made: list[dict[str, Any]]) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(made), path, row_group_size=40_000)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made), encoding="utf-8")
    else:
        lines = (f'{r["number"]},{r["share"]},{r["place"]},"{r["note"] or ""}"\n' for r in made)
        path.write_text("number,share,place,note\n" + "".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp("sources")
    made = rows()
    known = {form: write(folder / f"data.{form}", made) for form in FORMATS}
    late = rows(last="many")
    known |= {f"late {form}": write(folder / f"late.{form}", late) for form in ("csv", "jsonl")}
    return known.__getitem__


def told(result: lakebook_native.ProcessingResult) -> dict[str, Any]:
    """Everything that is told of the table, but for how long it took and where it is."""
    names = [name for name in dir(result) if not name.startswith("_")]
    return {name: repr(getattr(result, name)) for name in names if name not in {"processing_time_ms", "output_path"}}


def outcome(source: Path, output: Path, threads: int) -> tuple[str, dict[str, Any]]:
    result = process_dataset(str(source), str(output), threads=threads)
    return hashlib.sha256(output.read_bytes()).hexdigest(), told(result)


@pytest.mark.parametrize("form", FORMATS)
def test_the_table_is_the_same_byte_by_byte(source: Source, tmp_path: Path, form: str) -> None:
    one, *others = [outcome(source(form), tmp_path / "out.parquet", threads) for threads in (1, 2, 3)]
    assert others == [one, one]
    assert one[1]["row_count"] == str(ROWS)
    assert int(one[1]["duplicate_rows"]) >= ROWS // 50
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_type_that_the_last_row_widens_is_the_same_table(source: Source, tmp_path: Path, form: str) -> None:
    one, *others = [outcome(source(f"late {form}"), tmp_path / "out.parquet", threads) for threads in (1, 2, 3)]
    assert others == [one, one]
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.schema.field("number").type == pa.string()
    assert table["number"].to_pylist()[-2:] == [str((ROWS - 2) % 120_000), "many"]


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("form", FORMATS)
def test_a_cancel_between_blocks_ends_both_halves(source: Source, tmp_path: Path, form: str, threads: int) -> None:
    asked = []

    def stop(fraction: float, seen: int) -> bool:
        asked.append((fraction, seen))
        return seen == 0

    with pytest.raises(lakebook_native.Cancelled):
        process_dataset(str(source(form)), str(tmp_path / "out.parquet"), threads=threads, progress=stop)
    assert asked[-1][1] > 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("form", FORMATS)
def test_an_exception_of_progress_comes_through(source: Source, tmp_path: Path, form: str, threads: int) -> None:
    def fail(_fraction: float, _seen: int) -> None:
        raise KeyError("told")

    with pytest.raises(KeyError, match="told"):
        process_dataset(str(source(form)), str(tmp_path / "out.parquet"), threads=threads, progress=fail)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_damaged_page_late_in_a_file_leaves_nothing(source: Source, tmp_path: Path, threads: int) -> None:
    groups = pq.ParquetFile(source("parquet")).metadata
    page = groups.row_group(groups.num_row_groups - 1).column(1)
    content = bytearray(source("parquet").read_bytes())
    begin = page.data_page_offset
    content[begin : begin + 40] = bytes(255 for _ in range(40))
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(content)
    with pytest.raises(lakebook_native.NotThisFormat, match=r"broken\.parquet is a damaged"):
        process_dataset(str(broken), str(tmp_path / "out.parquet"), threads=threads)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.parquet"]


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_rises_with_every_block(source: Source, tmp_path: Path, threads: int) -> None:
    heard: list[tuple[float, int]] = []
    process_dataset(
        str(source("csv")), str(tmp_path / "out.parquet"), threads=threads, progress=lambda *now: heard.append(now)
    )
    assert heard == sorted(heard)
    assert heard[-1] == (1.0, ROWS)
