"""Undoing loads: an older version's content as the dataset's newest version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.call import Call
from lakebook.catalog.models import Dataset
from lakebook.catalog.store import Load
from lakebook.errors import Conflict, NotFound
from lakebook.ids import new_id

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

# A load may take long, and the caller waits for an answer.
WAIT_SECONDS = 5


def restore_version(call: Call, reference: str, version: int) -> Dataset:
    """Make the content of this version the dataset's newest version; killed half-way, nothing has changed."""
    catalog, lake = call.runtime.catalog, call.runtime.lake
    named = catalog.row(reference)
    layer, dataset_id = named["layer"], named["dataset_id"]
    with lake.name_lane(layer, named["name"], wait=WAIT_SECONDS), lake.lane(layer, dataset_id, wait=WAIT_SECONDS):
        row = catalog.row(dataset_id)
        wanted = _wanted(call, row, version)
        load = _load(call, row, wanted)
        committed = lake.restore(layer, dataset_id, load.load_id, wanted["delta_version"])
        with call.runtime.database.write() as connection:
            made = catalog.add_version(connection, load, committed, row["s3_key"])
            _tell(call, connection, row, {"version": made, "restored": version})
    return catalog.dataset(dataset_id)


def _wanted(call: Call, row: RowMapping, version: int) -> RowMapping:
    """The version asked for, if it stands and is not the content already."""
    versions = {one["version"]: one for one in call.runtime.catalog.versions(row["dataset_id"])}
    wanted = versions.get(version)
    if wanted is None:
        raise NotFound(
            f"{row['name']} has no version {version}.", hint=f"It has the versions {min(versions)} to {max(versions)}."
        )
    if wanted["files"] == versions[row["version"]]["files"]:
        raise Conflict(f"{row['name']} already has the content of version {version}.", hint="Nothing to restore.")
    return wanted


def _load(call: Call, row: RowMapping, wanted: RowMapping) -> Load:
    """What the new version says of itself: all that the old one said, and where it comes from now."""
    words = f"restored from version {wanted['version']}"
    profile = call.runtime.catalog.profile(row["dataset_id"], wanted["version"])
    return Load(
        load_id=new_id(),
        dataset_id=row["dataset_id"],
        layer=row["layer"],
        name=row["name"],
        source_type=row["source_type"],
        source=words,
        user_id=call.principal.user_id,
        row_count=wanted["row_count"],
        column_count=wanted["column_count"],
        report=dict(wanted["report"]),
        profile=profile.model_dump(mode="json"),
        source_hash=wanted["source_hash"],
        lineage=[("version", words)],
    )


def _tell(call: Call, connection: Connection, row: RowMapping, facts: dict[str, int]) -> None:
    from lakebook.events.outbox import emit

    dataset_id, details = row["dataset_id"], {"name": row["name"], **facts}
    call.runtime.audit.record_in(connection, call, "datasets.restore", f"dataset:{dataset_id}", details)
    emit(connection, "datasets.restore", new_id(), {"dataset_id": dataset_id, **details})
