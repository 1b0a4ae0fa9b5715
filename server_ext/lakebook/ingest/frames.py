"""Frames as sources: staged as Parquet, so that every table passes through the same native pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lakebook.errors import InvalidRequest
from lakebook.ids import new_id


def stage(frame: Any, folder: Path) -> Path:
    """Write a pandas, polars or Arrow table (or anything with `__arrow_c_stream__`) as Parquet in the folder."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    path = folder / f"{new_id()}.parquet"
    try:
        table = _arrow(frame)
        if not table.column_names:
            raise InvalidRequest("The frame has no columns.", hint="Give it at least one.")
        pq.write_table(table, path)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        path.unlink(missing_ok=True)
        raise InvalidRequest(
            "A column of the frame holds values of different kinds.", hint="Make each column one type, such as text."
        ) from error
    return path


def _arrow(frame: Any) -> Any:
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    if type(frame).__module__.split(".")[0] == "pandas" and hasattr(frame, "columns"):
        return pa.Table.from_pandas(frame, preserve_index=False)
    if hasattr(frame, "collect") and hasattr(frame, "lazy"):
        frame = frame.collect()
    if hasattr(frame, "to_arrow") and hasattr(frame, "columns"):
        return frame.to_arrow()
    if hasattr(frame, "__arrow_c_stream__") and not hasattr(frame, "dtype"):
        return pa.table(frame)
    raise InvalidRequest(
        f"A {type(frame).__name__} is not a table.", hint="Give a path, or a pandas, polars or Arrow table."
    )
