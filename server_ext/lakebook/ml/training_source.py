"""Where a training's rows come from: a table of the lake at a pinned version, or a table of the engine beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.call import Call
from lakebook.catalog.models import DataProfile
from lakebook.errors import InvalidRequest, NotFound
from lakebook.ml.training_table import read

if TYPE_CHECKING:
    import polars as pl


def pinned(call: Call, reference: str) -> tuple[dict[str, Any], list[str], str | None]:
    """What a job keeps of the table meant, its columns, and its column of times where its profile calls it a series.

    A name of the lake comes before the engine's. A table of the engine has version 0: its rows are read once, in one
    statement, and known by their hash. Raises NotFound, Unavailable.
    """
    try:
        row = call.runtime.catalog.row(reference)
    except NotFound:
        table = _of_engine(call, reference)
        if table is None:
            raise
        facts = {
            "dataset_id": f"{call.runtime.engine.dialect}:{table.schema}.{table.name}", "dataset_version": 0,
            "dataset_name": table.name, "engine": [table.schema, table.name],
        }  # fmt: skip
        return facts, [name for name, _ in table.columns], None
    profile = call.runtime.catalog.profile(row["dataset_id"], row["version"])
    facts = {"dataset_id": row["dataset_id"], "dataset_version": row["version"], "dataset_name": row["name"]}
    return facts, [column.name for column in profile.columns], series_column(profile)


def files(call: Call, facts: dict[str, Any]) -> Sequence[str]:
    """The Parquet files of the pinned table; an engine's table is read through the engine and staged first."""
    runtime = call.runtime
    if "engine" in facts:
        return [_staged(call, *facts["engine"])]
    row = runtime.catalog.row(facts["dataset_id"])
    return runtime.files(row, facts["dataset_version"])


def rows_of(call: Call, reference: str, limit: int | None = None) -> pl.DataFrame:
    """The rows of a table's current version as models read them, or the first `limit`; NotFound, BadFile."""
    return read(call.runtime.files(call.runtime.catalog.row(reference)), limit)


def series_column(profile: DataProfile) -> str | None:
    """The one column of dates with a beat, of which each row has its own; None where the table is no series."""
    found = [
        column.name for column in profile.columns
        if column.date_gaps is not None and column.unique_count == profile.row_count
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _of_engine(call: Call, reference: str) -> Any:
    """The engine's table of this name, with `schema`, `name` and `columns`; None where it has none."""
    if not call.runtime.settings.engine:
        return None
    meant = [
        table for table in call.runtime.engine.tables()
        if names.key(reference) in (names.key(table.name), names.key(f"{table.schema}.{table.name}"))
    ]  # fmt: skip
    if len(meant) > 1:
        raise InvalidRequest(
            f"The engine has several tables that {reference!r} may mean.", hint="Write the schema before the name."
        )
    return meant[0] if meant else None


def _staged(call: Call, schema: str, table: str) -> str:
    """The engine's table as a Parquet file of the job's own, typed as the engine typed it."""
    import pyarrow.parquet as pq
    from sqlglot import exp

    engine, settings = call.runtime.engine, call.runtime.settings
    call.report(0.01, f"reading {table} through its engine")
    statement = exp.select("*").from_(exp.table_(table, db=schema, quoted=True)).sql(engine.dialect)
    rows = engine.rows(statement, seconds=settings.source_seconds)
    path = call.staged(".parquet")
    pq.write_table(rows, path)
    return str(path)
