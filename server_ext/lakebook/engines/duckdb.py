"""DuckDB connections that see the Parquet files they were given and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.sql_text import literal, quoted

if TYPE_CHECKING:
    import duckdb

# Part of the limit is kept for what DuckDB does not count: the interpreter, the result on its way out.
ENGINE_SHARE = 0.7
MIN_ENGINE_BYTES = 64 << 20


@dataclass(frozen=True)
class View:
    """A view to make: its layer, its name, whether it also answers to the bare name, its Parquet files."""

    layer: str
    name: str
    bare: bool
    files: tuple[str, ...]
    columns: tuple[tuple[str, str], ...] = ()


def blank(*, memory_limit_bytes: int, threads: int) -> duckdb.DuckDBPyConnection:
    """An in-memory connection that loads no extension, reads no Python variable and spills to no disk."""
    import duckdb

    engine_bytes = max(MIN_ENGINE_BYTES, int(memory_limit_bytes * ENGINE_SHARE))
    return duckdb.connect(
        ":memory:",
        config={
            "allow_community_extensions": "false",
            "allow_unsigned_extensions": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": f"{engine_bytes // 1024} KiB",
            "python_enable_replacements": "false",
            "temp_directory": "",
            "threads": str(threads),
        },
    )


def seal(connection: duckdb.DuckDBPyConnection, views: Sequence[View]) -> None:
    """Make the views, then shut everything but their files out for good; the order matters."""
    connection.execute("SET TimeZone = 'UTC'")
    for view in views:
        schema, name = quoted(view.layer), quoted(view.name)
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.execute(f"CREATE VIEW {schema}.{name} AS {_rows(view)}")
        if view.bare:
            connection.execute(f"CREATE VIEW main.{name} AS SELECT * FROM {schema}.{name}")
    paths = sorted({path for view in views for path in view.files})
    connection.execute(f"SET allowed_paths = [{', '.join(literal(path) for path in paths)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _rows(view: View) -> str:
    if view.files:
        paths = ", ".join(literal(path) for path in view.files)
        return f"SELECT * FROM read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
    nothing = ", ".join(f"CAST(NULL AS {data_type}) AS {quoted(name)}" for name, data_type in view.columns)
    return f"SELECT {nothing or 'NULL AS nothing'} WHERE false"
