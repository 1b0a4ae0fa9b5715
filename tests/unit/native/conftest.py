"""`ingest`: a text or a file through the native module, and the Parquet read back by another reader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow.parquet as pq
import pytest
from lakebook_native import ProcessingResult, process_dataset


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


class Ingest(Protocol):
    """One or more sources (bytes and text are written to a file first) and the options of the module."""

    def __call__(self, *sources: bytes | str | Path, name: str = "data.csv", **options: Any) -> Ingested: ...


@pytest.fixture
def ingest(tmp_path: Path) -> Ingest:
    """The native module on sources given in place."""

    def run(*sources: bytes | str | Path, name: str = "data.csv", **options: Any) -> Ingested:
        paths = []
        for number, source in enumerate(sources):
            path = source if isinstance(source, Path) else tmp_path / f"{number}_{name}"
            if isinstance(source, str):
                path.write_bytes(source.encode())
            elif isinstance(source, bytes):
                path.write_bytes(source)
            paths.append(str(path))
        output = tmp_path / "out.parquet"
        return Ingested(process_dataset(paths[0] if len(paths) == 1 else paths, str(output), **options), output)

    return run
