"""DuckDB over a table's files in bounded memory; what does not fit is spilled, and gone afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook.ids import new_id
from lakebook.sql_text import literal

if TYPE_CHECKING:
    import duckdb

# The native pass has ended by then, and the limit of a job is wider than this.
MEMORY = "1GB"


@contextmanager
def bounded(files: Sequence[Path | str], temporary: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the view `whole` over these Parquet files; its clock is UTC."""
    import duckdb

    spill = temporary / f"{new_id()}.spill"
    try:
        with duckdb.connect() as connection:
            for setting in ("autoinstall_known_extensions=false", f"memory_limit='{MEMORY}'", "TimeZone='UTC'",
                            f"temp_directory={literal(str(spill))}"):  # fmt: skip
                connection.execute(f"SET {setting}")
            listed = ", ".join(literal(str(path)) for path in files)
            connection.execute(f"CREATE VIEW whole AS SELECT * FROM read_parquet([{listed}], union_by_name=true)")
            yield connection
    finally:
        shutil.rmtree(spill, ignore_errors=True)
