"""A file's rows one after another, without reading the file whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lakebook.errors import BadFile
from lakebook.rows import json_rows
from lakebook.sql_text import literal

BATCH = 500
READERS = {
    ".csv": "read_csv", ".tsv": "read_csv", ".txt": "read_csv", ".jsonl": "read_json", ".ndjson": "read_json",
    ".json": "read_json", ".parquet": "read_parquet",
}  # fmt: skip
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a CSV, JSON lines or Parquet file in their order, as JSON can carry them; BadFile otherwise."""
    import duckdb

    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadFile(f"{path.name} is no CSV, JSON lines or Parquet file.", hint="Name one of these.")
    with duckdb.connect(":memory:", config=OFFLINE) as connection:
        try:
            connection.execute(f"SELECT * FROM {reader}({_plain(path)})")
            names = [str(column[0]) for column in connection.description or []]
            while batch := connection.fetchmany(BATCH):
                yield from json_rows([dict(zip(names, row, strict=True)) for row in batch])
        except duckdb.Error as error:
            raise BadFile(f"{path.name} cannot be read as rows.", hint="Look at the file's first lines.") from error


def _plain(path: Path) -> str:
    """The path as a literal that names this one file, also where it holds the signs of a pattern."""
    text = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
    return literal(text)
