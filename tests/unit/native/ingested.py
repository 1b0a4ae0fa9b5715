"""What the native module made of a source, and the Parquet read back by another reader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow.parquet as pq
from lakebook_native import ProcessingResult


@dataclass(frozen=True)
class Ingested:
    """What came out: the result, and the table as pyarrow reads it."""

    result: ProcessingResult
    path: Path

    @property
    def types(self) -> dict[str, str]:
        """The type of each column, as the result spells it."""
        return {column["name"]: column["data_type"] for column in self.result.columns}

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows of the Parquet file."""
        return [tuple(row.values()) for row in pq.read_table(self.path).to_pylist()]

    def values(self, name: str) -> list[Any]:
        """The values of one column."""
        return list(pq.read_table(self.path, columns=[name]).column(0).to_pylist())

    def column(self, name: str) -> dict[str, Any]:
        """The report of one column."""
        return next(column for column in self.result.columns if column["name"] == name)


def query(sql: str) -> list[tuple[Any, ...]]:
    """The rows that DuckDB answers."""
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()


class Ingest(Protocol):
    """One or more sources (bytes and text are written to a file first) and the options of the module."""

    def __call__(self, *sources: bytes | str | Path, name: str = "data.csv", **options: Any) -> Ingested: ...
