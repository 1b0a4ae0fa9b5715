"""Deleted datasets are forgotten for good when their days of undo are over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lakebook.ids import now, rfc3339

if TYPE_CHECKING:
    from lakebook.runtime import Runtime


def forget_expired(runtime: Runtime) -> int:
    """Remove files and rows of datasets deleted more than `undo_days` ago; returns how many."""
    from lakebook.metadata import schema

    table = schema.dataset
    before = rfc3339(now() - timedelta(days=runtime.settings.undo_days))
    with runtime.database.read() as connection:
        rows = list(connection.execute(table.select().where(table.c.deleted_at < before)).mappings())
    for row in rows:
        runtime.lake.discard(row["layer"], row["dataset_id"])
        with runtime.database.write() as connection:
            for part in (schema.profile, schema.lineage, schema.schema_version, schema.contract_rule,
                         schema.dataset_version, table):  # fmt: skip
                connection.execute(part.delete().where(part.c.dataset_id == row["dataset_id"]))
    return len(rows)
