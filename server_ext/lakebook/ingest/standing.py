"""What stands under a load's name before it: the version, its files, and whether the same file already made it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.call import Call
from lakebook.ingest.native import Options

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from lakebook.ingest.load import Loading


def standing_version(call: Call, loading: Loading) -> int | None:
    """The number of the version that stands under the load's name, or None."""
    found = call.runtime.catalog.find(loading.layer, loading.name)
    return None if found is None else int(found["version"])


def standing_files(call: Call, loading: Loading) -> list[Path]:
    """The files of the version that stands under the load's name."""
    found = call.runtime.catalog.find(loading.layer, loading.name)
    if found is None:
        return []
    return [Path(path) for path in call.runtime.files(found)]


def own_from(call: Call, loading: Loading) -> int:
    """How many rows stand before the load's own: an append holds those of the standing version first."""
    found = call.runtime.catalog.find(loading.layer, loading.name) if loading.append else None
    return 0 if found is None else int(call.runtime.catalog.version(found["dataset_id"], found["version"])["row_count"])


def said(loading: Loading, options: Options) -> dict[str, Any]:
    """What was said about how to read the file, as it is kept with the version."""
    schema = {"schema": loading.schema_mode} if loading.schema_mode not in (None, "evolve") else {}
    return {name: value for name, value in asdict(options).items() if value is not None} | schema


def same_again(call: Call, loading: Loading, options: Options) -> RowMapping | None:
    """The standing version, where the very same file, read the same way, has made it already."""
    if loading.again or loading.source_hash is None:
        return None
    found = call.runtime.catalog.find(loading.layer, loading.name)
    if found is None or found["dataset_id"] != loading.dataset_id:
        return None
    version = call.runtime.catalog.version(found["dataset_id"], found["version"])
    report = version["report"]
    same = version["source_hash"] == loading.source_hash and report.get("options") == said(loading, options)
    # What was appended is only a part of the table: to put the file in its place changes it.
    return version if same and (loading.append or not report.get("appended")) else None
