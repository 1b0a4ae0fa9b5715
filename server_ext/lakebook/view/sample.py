"""The beginning of a text file through the same native pass that would load it: its dialect, columns and types."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from lakebook.errors import BadFile
from lakebook.runtime import native_pass

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE_BYTES = 256 << 10
LARGEST_SAMPLE = 8 << 20
# So few rows say little of a column: of a wide table more is read.
FEW_ROWS = 200


def sample(path: Path, kind: str, temporary: Path) -> dict[str, Any]:
    """Dialect, column names, and the native pass's statistics of the first rows."""
    size, whole = SAMPLE_BYTES, path.stat().st_size
    while True:
        found = _processed(path, kind, temporary, size)
        if found["sampled_rows"] >= FEW_ROWS or size >= min(whole, LARGEST_SAMPLE):
            return found
        size *= 8


def sample_of(rows: pa.Table, temporary: Path) -> tuple[list[dict[str, Any]], int]:
    """The native pass's statistics of rows that are here already, and their number."""
    from pyarrow import parquet as pq

    with TemporaryDirectory(dir=temporary) as own:
        written = Path(own, "rows.parquet")
        pq.write_table(rows, written)
        table = Path(own, "sample.parquet")
        done = native_pass([written], table, temporary=Path(own), report=_unheard, format="parquet")
    return done.columns, done.row_count


def _unheard(_part: float, _rows: int) -> None:
    """Progress of what takes no time."""


def _processed(path: Path, kind: str, temporary: Path, size: int) -> dict[str, Any]:
    with path.open("rb") as file:
        block = file.read(size)
        is_cut = bool(file.read(1))
    if is_cut:
        end = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        # In UTF-16 with the low byte first the line end has a second byte.
        block = block[: end + (end % 2 if block.startswith(b"\xff\xfe") else 0)] or block
    # A folder of its own: the native pass names the file in what it says, and leaves its working folder behind.
    with TemporaryDirectory(dir=temporary) as own:
        head, table = Path(own, path.name), Path(own, "sample.parquet")
        head.write_bytes(block)
        try:
            done = native_pass([head], table, temporary=Path(own), report=_unheard, format=kind)
        except BadFile as error:
            hint = "Look at it as text, or load it with its format and dialect named."
            raise BadFile(error.message, hint=hint) from error
    return {
        "dialect": {"format": kind, **done.dialect},
        # JSON is read by the names of its own, separated values by their place.
        "names": [(column["label"] if kind == "json" else "") or column["name"] for column in done.columns],
        "statistics": done.columns,
        "sampled_rows": done.row_count,
        "deviations": done.deviation_counts,
        "is_whole": not is_cut,
    }
