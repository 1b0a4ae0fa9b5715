"""`ingest`: texts or files through the native module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lakebook_native import process_dataset

from tests.unit.native.ingested import Ingest, Ingested


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
