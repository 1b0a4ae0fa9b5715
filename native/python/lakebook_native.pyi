"""One native pass from a file to typed Parquet and a column profile."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, final

__version__: str

class NativeError(Exception):
    """A file could not become a table."""

class EmptySource(NativeError):
    """There is nothing in the source."""

class NotThisFormat(NativeError):
    """The content is not of the format it was said, or looked, to be."""

class Unreadable(NativeError):
    """The source cannot be opened or read."""

class DiskFull(NativeError):
    """There is no space for the output."""

class Cancelled(NativeError):
    """The caller asked to stop."""

@final
class ProcessingResult:
    """The table in figures: its file, rows, columns, duplicates, deviations and dialect."""

    @property
    def output_path(self) -> str: ...
    @property
    def row_count(self) -> int: ...
    @property
    def column_count(self) -> int: ...
    @property
    def processing_time_ms(self) -> int: ...
    @property
    def duplicate_rows(self) -> int: ...
    @property
    def duplicate_groups(self) -> int: ...
    @property
    def rejected_rows(self) -> int: ...
    @property
    def columns(self) -> list[dict[str, Any]]: ...
    @property
    def deviations(self) -> list[dict[str, Any]]: ...
    @property
    def deviation_counts(self) -> dict[str, int]: ...
    @property
    def rejected(self) -> list[dict[str, Any]]: ...
    @property
    def dialect(self) -> dict[str, Any]: ...

def process_dataset(
    source: str | PathLike[str] | Sequence[str | PathLike[str]],
    output_path: str | PathLike[str],
    *,
    format: str | None = None,
    threads: int | None = None,
    memory_limit: int | None = None,
    temp_dir: str | PathLike[str] | None = None,
    nulls: Sequence[str] | None = None,
    delimiter: str | None = None,
    quote: str | None = None,
    escape: str | None = None,
    header: bool | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    skip_lines: int | None = None,
    progress: Callable[[float, int], bool | None] | None = None,
) -> ProcessingResult:
    """Make one typed Parquet table of one or more CSV, JSON or Parquet files, with its full profile.

    `delimiter`, `quote`, `escape`, `header`, `encoding`, `decimal` ("." or ",") and `skip_lines` (lines
    before the header or the first row) override what would be told from a text source; an empty `quote`
    or `escape` means that there is none. `memory_limit` is in bytes; `progress` gets the fraction done
    and the rows, at most ten times a
    second, and cancels by returning False. Raises a `NativeError`; nothing is left behind then.
    """
