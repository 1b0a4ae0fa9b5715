"""Rows of files one after another, each kind alike, as JSON carries them."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakebook.errors import BadFile
from lakebook.streaming.files import rows_of

ROWS: list[dict[str, Any]] = [{"name": "Zoë, O'Neil", "n": 1, "price": 2.5}, {"name": None, "n": -2, "price": 0.25}]


def write(path: Path) -> Path:
    frame = pl.DataFrame(ROWS)
    match path.suffix:
        case ".csv" | ".txt":
            frame.write_csv(path)
        case ".tsv":
            frame.write_csv(path, separator="\t")
        case ".parquet":
            frame.write_parquet(path)
        case ".json":
            path.write_text(json.dumps(ROWS))
        case _:
            path.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    return path


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt", "parquet", "json", "jsonl", "ndjson", "CSV"])
def test_every_kind_gives_the_same_rows(tmp_path: Path, ending: str) -> None:
    assert list(rows_of(write(tmp_path / f"rows.{ending.lower()}"))) == ROWS


@pytest.mark.parametrize("name", ["it's.csv", "a*b.csv", "a[1].csv", "what?.csv", "a b é.csv"])
def test_a_name_is_a_name_and_no_pattern(tmp_path: Path, name: str) -> None:
    (tmp_path / "aXb.csv").write_text("other\n1\n")
    assert list(rows_of(write(tmp_path / name))) == ROWS


def test_values_are_json_without_losing_a_digit(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    moment = datetime(2011, 12, 9, 8, 39, tzinfo=UTC)
    pl.DataFrame(
        {"money": [Decimal("0.10")], "at": [moment.replace(tzinfo=None)], "utc": [moment], "big": [2**62], "l": [[1]]}
    ).write_parquet(path)
    (row,) = rows_of(path)
    assert json.loads(json.dumps(row)) == row
    assert (row["money"], row["at"], row["big"], row["l"]) == ("0.10", "2011-12-09T08:39:00", str(2**62), [1])
    assert datetime.fromisoformat(row["utc"]) == moment


def test_order_is_kept_over_many_batches(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("n\n" + "".join(f"{number}\n" for number in range(5000)))
    assert [row["n"] for row in rows_of(path)] == list(range(5000))


def test_the_first_rows_come_before_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("n\n" + "1\n" * 200_000)
    assert [row["n"] for row in itertools.islice(rows_of(path), 3)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.xlsx", b"PK"), ("x", b"a,b\n1,2\n"), ("x.parquet", b"not parquet"), ("x.jsonl", b"{broken\n")],
)
def test_what_holds_no_rows_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadFile, match=name):
        list(rows_of(path))


def test_real_orders(shared: Path) -> None:
    rows = list(rows_of(shared / "data" / "retail" / "orders_2011_12_09.csv"))
    assert len(rows) == 1632
    assert rows[0]["Description"] == "BAG 500g SWIRLY MARBLES"
