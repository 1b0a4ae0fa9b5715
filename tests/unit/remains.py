"""What a load has left in a home: rows that can be read, files on the way."""

from __future__ import annotations

from typing import Any

from lakebook.lake.preview import first_rows
from lakebook.runtime import Runtime


def rows_of(runtime: Runtime, name: str, version: int | None = None) -> list[dict[str, Any]]:
    """The rows of a table, at a version or now."""
    dataset = runtime.catalog.dataset(name)
    row = runtime.catalog.version(dataset.dataset_id, version or dataset.version)
    return first_rows(runtime.lake.paths(dataset.s3_key, row["files"]), 1000)


def left_in(runtime: Runtime) -> list[str]:
    """What lies in the home's `tmp` besides locks."""
    return sorted(path.name for path in runtime.settings.folder("tmp").iterdir() if path.suffix != ".lock")
