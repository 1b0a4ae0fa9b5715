"""The rows of a load before they are committed, as views of DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook.lake.bounded import bounded
from lakebook.sql_text import literal

if TYPE_CHECKING:
    import duckdb


@contextmanager
def own_rows(staged: Path, own_from: int, temporary: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the views `whole` and `own`: all staged rows, and those from number `own_from` on."""
    with bounded([staged], temporary) as connection:
        numbered = f"read_parquet({literal(str(staged))}, file_row_number=true) WHERE file_row_number >= {own_from}"
        own = f"SELECT * EXCLUDE (file_row_number) FROM {numbered}" if own_from else "SELECT * FROM whole"
        connection.execute(f"CREATE VIEW own AS {own}")
        yield connection
