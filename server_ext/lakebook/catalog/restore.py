"""Undoing loads: an older version's content as the dataset's newest version."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook.call import Call, JobSeat
from lakebook.catalog.models import Dataset, RestoreRequest
from lakebook.catalog.store import Load
from lakebook.errors import Conflict, NotFound
from lakebook.ids import new_id
from lakebook.jobs import crash_points
from lakebook.jobs.models import FINAL, Job
from lakebook.jobs.staff import ensure_worker
from lakebook.jobs.submit import follow, result_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

# A load may take long, and the caller waits for an answer.
WAIT_SECONDS = 5
QUEUE_SECONDS = 30


def restore_version(call: Call, request: RestoreRequest, version: int) -> Dataset:
    """Make the content of this version the dataset's newest version; killed half-way, nothing has changed.

    Only workers write the lake: whoever asks waits while one does it. Conflict where they are all busy for long.
    """
    if call.job is not None:
        return _restored(call, call.job, request.dataset, version)
    from lakebook.verbs import BY_NAME

    verb, runtime = replace(BY_NAME["datasets.restore"], job="restoration"), call.runtime
    row = runtime.catalog.row(request.dataset)
    _wanted(call, row, version)
    asked = request.model_copy(update={"dataset": row["dataset_id"]})
    title = f"restore {row['name']} to version {version}"
    job = runtime.jobs.submit(call, verb, asked.model_dump(mode="json"), title, {})
    ensure_worker(runtime)
    ended = follow(lambda: runtime.jobs.show(job.job_id), _unwatched, seconds=QUEUE_SECONDS)
    if ended.status not in FINAL:
        with suppress(Conflict):
            runtime.jobs.cancel(call, job.job_id)
        raise Conflict("Every worker is busy with other jobs.", hint="Try again when one of them has ended.")
    return Dataset.model_validate(result_of(verb, ended))


def _restored(call: Call, seat: JobSeat, dataset_id: str, version: int) -> Dataset:
    catalog, lake = call.runtime.catalog, call.runtime.lake
    named = catalog.row(dataset_id)
    layer = named["layer"]
    with lake.name_lane(layer, named["name"], wait=WAIT_SECONDS), lake.lane(layer, dataset_id, wait=WAIT_SECONDS):
        # What an earlier attempt has made visible is not done again.
        if catalog.load(seat.job_id) is None:
            row = catalog.row(dataset_id)
            wanted = _wanted(call, row, version)
            load = _load(call, row, wanted, seat.job_id)
            # A commit of an earlier attempt is nobody's: the content is committed anew, after what came since.
            committed = lake.restore(layer, dataset_id, load.load_id, wanted["delta_version"])
            crash_points.reached("after-delta")
            with call.runtime.database.write() as connection:
                call.runtime.jobs.guard_commit(connection, seat.job_id, seat.epoch)
                made = catalog.add_version(connection, load, committed, row["s3_key"])
                _tell(call, connection, row, {"version": made, "restored": version})
    return catalog.dataset(dataset_id)


def _unwatched(_job: Job) -> None:
    """Whoever waits for an answer watches no progress."""


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


def _load(call: Call, row: RowMapping, wanted: RowMapping, job_id: str) -> Load:
    """What the new version says of itself: all that the old one said, and where it comes from now."""
    words = f"restored from version {wanted['version']}"
    profile = call.runtime.catalog.profile(row["dataset_id"], wanted["version"])
    return Load(
        load_id=job_id,
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
        job_id=job_id,
        lineage=[("version", words)],
    )


def _tell(call: Call, connection: Connection, row: RowMapping, facts: dict[str, int]) -> None:
    from lakebook.events.outbox import emit

    dataset_id, details = row["dataset_id"], {"name": row["name"], **facts}
    call.runtime.audit.record_in(connection, call, "datasets.restore", f"dataset:{dataset_id}", details)
    emit(connection, "datasets.restore", new_id(), {"dataset_id": dataset_id, **details})
