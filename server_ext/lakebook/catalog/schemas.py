"""The registry of schemas: each change of a dataset's columns is a numbered version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.call import Call
from lakebook.catalog.models import DatasetRequest
from lakebook.catalog.schema_change import Compatibility, change_between, refused
from lakebook.catalog.schema_models import CompatibilityRequest, DatasetSchema, SchemaVersion
from lakebook.errors import SchemaRefused

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from lakebook.catalog.store import Load
    from lakebook.metadata.database import Database

FIRST = "the first schema"


def show_schema(call: Call, request: DatasetRequest) -> DatasetSchema:
    """The columns of a dataset, every schema that it had, and what may change in it."""
    row = call.runtime.catalog.row(request.dataset)
    found = [SchemaVersion.model_validate(dict(one)) for one in versions_of(call.runtime.database, row["dataset_id"])]
    return DatasetSchema(
        dataset_id=row["dataset_id"],
        name=row["name"],
        compatibility=row["compatibility"],
        number=found[0].number,
        columns=found[0].columns,
        versions=found,
    )


def set_compatibility(call: Call, request: CompatibilityRequest) -> DatasetSchema:
    """Say which changes of its columns a dataset takes from now on."""
    from lakebook.metadata import schema

    row, table = call.runtime.catalog.row(request.dataset), schema.dataset
    dataset_id, details = row["dataset_id"], {"name": row["name"], "compatibility": request.mode}
    with call.runtime.database.write() as connection:
        connection.execute(table.update().where(table.c.dataset_id == dataset_id).values(compatibility=request.mode))
        call.runtime.audit.record_in(connection, call, "datasets.compatibility", f"dataset:{dataset_id}", details)
    return show_schema(call, DatasetRequest(dataset=dataset_id))


def versions_of(database: Database, dataset_id: str) -> list[RowMapping]:
    """Every schema of a dataset, newest first."""
    with database.read() as connection:
        return _newest(connection, dataset_id)


def types_of(database: Database, dataset_id: str) -> dict[str, str]:
    """The columns that stand and their types, in their order."""
    found = versions_of(database, dataset_id)
    return {one["name"]: one["type"] for one in found[0]["columns"]} if found else {}


def register(connection: Connection, load: Load, version: int, stamp: str) -> None:
    """Keep the schema of a new version of a dataset, where it is another than the one before."""
    from lakebook.metadata import schema

    columns = [{"name": one["name"], "type": one["data_type"]} for one in load.profile["columns"]]
    before = _newest(connection, load.dataset_id)
    if before and before[0]["columns"] == columns:
        return
    connection.execute(
        schema.schema_version.insert().values(
            dataset_id=load.dataset_id, number=before[0]["number"] + 1 if before else 1, version=version,
            columns=columns, change=_said(before[0]["columns"], columns) if before else FIRST, user_id=load.user_id,
            created_at=stamp,
        )
    )  # fmt: skip


def check_compatible(row: RowMapping, before: dict[str, str], after: dict[str, str]) -> None:
    """SchemaRefused where the dataset's compatibility does not let its columns (name to type) become these."""
    mode: Compatibility = row["compatibility"]
    faults = refused(mode, change_between(before, after))
    if faults:
        raise SchemaRefused(
            f"{row['name']} only takes {mode} compatible changes, and this is none: {'; '.join(faults)}.",
            hint=f"Mend the source, or allow more: `lakebook datasets compatibility {row['name']} none`.",
            details={"compatibility": mode, "changes": faults},
        )


def _newest(connection: Connection, dataset_id: str) -> list[RowMapping]:
    from lakebook.metadata import schema

    table = schema.schema_version
    statement = table.select().where(table.c.dataset_id == dataset_id).order_by(table.c.number.desc())
    return list(connection.execute(statement).mappings())


def _said(before: list[dict[str, str]], after: list[dict[str, str]]) -> str:
    old, new = ({one["name"]: one["type"] for one in side} for side in (before, after))
    return "; ".join(change_between(old, new).sentences()) or "the columns stand in another order"
