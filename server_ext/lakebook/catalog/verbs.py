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
    RenameRequest,
)
from lakebook.errors import NameTaken, NotFound
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
    return DatasetDetail(
        **dataset.model_dump(),
        profile=catalog.profile(dataset.dataset_id, dataset.version),
        preview=first_rows(files, 50),
        versions=[_version(row) for row in versions],
        lineage=catalog.lineage(dataset.dataset_id),
    )


def profile(call: Call, request: DatasetRequest) -> DataProfile:
    """The stored profile of a dataset's current version."""
    row = call.runtime.catalog.row(request.dataset)
    return call.runtime.catalog.profile(row["dataset_id"], row["version"])


def rename_dataset(call: Call, request: RenameRequest) -> Dataset:
    """Give a dataset another name; its id and history stay."""
    row, name = call.runtime.catalog.row(request.dataset), names.checked(request.name)
    _change(call, "datasets.rename", row["dataset_id"], {"name": name, "name_key": names.key(name)}, name)
    return call.runtime.catalog.dataset(row["dataset_id"])


def delete_dataset(call: Call, request: DatasetRequest) -> Dataset:
    """Put a dataset out of sight; it can be brought back for `undo_days`."""
    row = call.runtime.catalog.row(request.dataset)
    _change(call, "datasets.delete", row["dataset_id"], {"deleted_at": rfc3339(now())}, row["name"])
    return call.runtime.catalog.dataset(row["dataset_id"], deleted=True)


def restore_dataset(call: Call, request: DatasetRequest) -> Dataset:
    """Bring a deleted dataset back under its name."""
    row = call.runtime.catalog.row(request.dataset, deleted=True)
    since = rfc3339(now() - timedelta(days=call.runtime.settings.undo_days))
    if row["deleted_at"] < since:
        raise NotFound(f"The dataset {row['name']!r} was deleted too long ago.", hint="Ingest its file again.")
    _change(call, "datasets.restore", row["dataset_id"], {"deleted_at": None}, row["name"])
    return call.runtime.catalog.dataset(row["dataset_id"])


def _change(call: Call, action: str, dataset_id: str, values: dict[str, Any], name: str) -> None:
    from sqlalchemy.exc import IntegrityError

    from lakebook.events.outbox import emit
    from lakebook.ids import new_id
    from lakebook.metadata import schema

    table, stamp = schema.dataset, rfc3339(now())
    with call.runtime.database.write() as connection:
        try:
            connection.execute(
                table.update().where(table.c.dataset_id == dataset_id).values(updated_at=stamp, **values)
            )
        except IntegrityError as error:
            raise NameTaken(f"A dataset is already called {name!r}.", hint="Choose another name.") from error
        call.runtime.audit.record_in(connection, call, action, f"dataset:{dataset_id}", {"name": name})
        emit(connection, action, new_id(), {"dataset_id": dataset_id, "name": name})


def _version(row: Any) -> dict[str, Any]:
    kept = ("version", "delta_version", "row_count", "column_count", "size_bytes", "source", "user_id", "created_at")
    return {**{name: row[name] for name in kept}, "report": row["report"]}
