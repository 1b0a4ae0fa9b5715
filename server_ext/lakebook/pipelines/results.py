"""What a notebook says of itself while it runs, kept with its run."""

from __future__ import annotations

from typing import Any

from lakebook.rows import json_value
from lakebook.runtime import Runtime


def report(runtime: Runtime, run_id: str, figures: dict[str, Any]) -> None:
    """Merge the figures into the run's results; a notebook that is not a run's (a published one) keeps none."""
    from lakebook.metadata import schema

    table = schema.run
    with runtime.database.write() as connection:
        row = connection.execute(table.select().where(table.c.run_id == run_id)).mappings().first()
        if row is not None:
            merged = {**row["results"], **{name: json_value(value) for name, value in figures.items()}}
            connection.execute(table.update().where(table.c.run_id == run_id).values(results=merged))
