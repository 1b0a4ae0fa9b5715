"""The verbs over datasets and their profiles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lakebook import names
from lakebook.call import Call
from lakebook.catalog.models import (
    DataProfile,
    Dataset,
    DatasetDetail,
    DatasetRequest,
    DatasetsRequest,
    ProfileRequest,
    RenameRequest,
    RestoreRequest,
)
from lakebook.catalog.profiles import with_changes, with_examples, with_fixes, without_ignored
from lakebook.catalog.relations import relations_of
from lakebook.catalog.restore import restore_version
from lakebook.errors import Conflict, NameTaken, NotFound
from lakebook.ids import now, rfc3339
from lakebook.lake.preview import first_rows
from lakebook.verb import Listing


def list_datasets(call: Call, request: DatasetsRequest) -> Listing[Dataset]:
    """The datasets, or the deleted ones that can still be brought back."""
    return Listing[Dataset](items=[found for found, _ in call.runtime.catalog.datasets(deleted=request.deleted)])


def show_dataset(call: Call, request: DatasetRequest) -> DatasetDetail:
    """One dataset with its profile, first rows, versions and origin."""
    catalog = call.runtime.catalog
    dataset = catalog.dataset(request.dataset)
    versions = catalog.versions(dataset.dataset_id)
    files = call.runtime.lake.paths(dataset.s3_key, versions[0]["files"])
    keys, references = relations_of(call, catalog.row(dataset.dataset_id))
    return DatasetDetail(
        **dataset.model_dump(),
        profile=with_fixes(
            call, dataset.layer, without_ignored(call, catalog.profile(dataset.dataset_id, dataset.version))
        ),
        preview=first_rows(files, 50),
        versions=[_version(row) for row in versions],
        lineage=catalog.lineage(dataset.dataset_id),
        keys=keys,
        references=references,
    )


def profile(call: Call, request: ProfileRequest) -> DataProfile:
    """The stored profile of a dataset's current version; with fixes and changes where they are asked for."""
    catalog = call.runtime.catalog
    row = catalog.row(request.dataset)
    found = without_ignored(call, catalog.profile(row["dataset_id"], row["version"]))
    if request.fixes:
        found = with_examples(call, with_fixes(call, row["layer"], found), call.runtime.files(row))
    if request.against is not None:
        found = with_changes(call, found, request.against)
    return found


def rename_dataset(call: Call, request: RenameRequest) -> Dataset:
    """Give a dataset another name; its id, history and rejected rows stay with it."""
    row, name = call.runtime.catalog.row(request.dataset), names.for_table(request.name)
    if names.is_rejected(row["name"]):
        raise Conflict(f"{row['name']} goes by the name of its table.", hint="Rename that table instead.")
    beside = _rejected(call, row)
    _change(call, "datasets.rename", [(row, _named(name)), *((one, _named(names.rejected_of(name))) for one in beside)])
    return call.runtime.catalog.dataset(row["dataset_id"])


def delete_dataset(call: Call, request: DatasetRequest) -> Dataset:
    """Put a dataset and its rejected rows out of sight; they can be brought back for `undo_days`."""
    row, gone = call.runtime.catalog.row(request.dataset), {"deleted_at": rfc3339(now())}
    _change(call, "datasets.delete", [(row, gone), *((one, gone) for one in _rejected(call, row))])
    return call.runtime.catalog.dataset(row["dataset_id"], deleted=True)


def restore_dataset(call: Call, request: RestoreRequest) -> Dataset:
    """Bring a deleted dataset back under its name, or a living one back to an older version's content."""
    if request.version is not None:
        return restore_version(call, request, request.version)
    row = call.runtime.catalog.row(request.dataset, deleted=True)
    since = rfc3339(now() - timedelta(days=call.runtime.settings.undo_days))
    if row["deleted_at"] < since:
        raise NotFound(f"The dataset {row['name']!r} was deleted too long ago.", hint="Ingest its file again.")
    back: dict[str, Any] = {"deleted_at": None}
    beside = _rejected(call, row, deleted_at=row["deleted_at"])
    _change(call, "datasets.restore", [(row, back), *((one, back) for one in beside)])
    return call.runtime.catalog.dataset(row["dataset_id"])


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "name_key": names.key(name)}


def _rejected(call: Call, row: Any, *, deleted_at: str | None = None) -> list[Any]:
    """The table of this dataset's rejected rows where there is one: living, or deleted together with it."""
    if names.is_rejected(row["name"]):
        return []
    if deleted_at is None:
        found = call.runtime.catalog.find(row["layer"], names.rejected_of(row["name"]))
        return [] if found is None else [found]
    return call.runtime.catalog.deleted_at(row["layer"], names.rejected_of(row["name"]), deleted_at)


def _change(call: Call, action: str, changes: list[tuple[Any, dict[str, Any]]]) -> None:
    """Change these datasets' rows in one transaction; the first is the one that was named."""
    from sqlalchemy.exc import IntegrityError

    from lakebook.events.outbox import emit
    from lakebook.ids import new_id
    from lakebook.metadata import schema

    table, stamp = schema.dataset, rfc3339(now())
    first, dataset_id = {**changes[0][0], **changes[0][1]}, changes[0][0]["dataset_id"]
    with call.runtime.database.write() as connection:
        for row, values in changes:
            try:
                connection.execute(
                    table.update().where(table.c.dataset_id == row["dataset_id"]).values(updated_at=stamp, **values)
                )
            except IntegrityError as error:
                name = values.get("name", row["name"])
                raise NameTaken(f"A dataset is already called {name!r}.", hint="Choose another name.") from error
        call.runtime.audit.record_in(connection, call, action, f"dataset:{dataset_id}", {"name": first["name"]})
        emit(connection, action, new_id(), {"dataset_id": dataset_id, "name": first["name"]})


def _version(row: Any) -> dict[str, Any]:
    kept = ("version", "delta_version", "load_id", "row_count", "column_count", "size_bytes", "source", "user_id",
            "created_at")  # fmt: skip
    return {**{name: row[name] for name in kept}, "report": row["report"]}
