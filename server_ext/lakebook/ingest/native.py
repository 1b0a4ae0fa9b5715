"""The one place that speaks to the native module: files in, typed Parquet and column statistics out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lakebook.errors import BadFile, DiskFull, InvalidRequest, JobCancelled
from lakebook.jobs import crash_points


@dataclass(frozen=True)
class Options:
    """What a person may say about a file instead of having it detected."""

    format: str | None = None
    delimiter: str | None = None
    null: list[str] | None = None
    quote: str | None = None
    escape: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: str | None = None
    skip_lines: int | None = None

    def dialect(self) -> dict[str, Any]:
        """What was said about the file's marks, without what is left to be detected."""
        said = {"quote": self.quote, "escape": self.escape, "header": self.header, "encoding": self.encoding,
                "decimal": self.decimal, "skip_lines": self.skip_lines}  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}


@dataclass
class Processed:
    """What the native pass found; plain data, so that it can wait on disk for the commit."""

    row_count: int
    column_count: int
    duplicate_rows: int
    duplicate_groups: int
    rejected_rows: int
    columns: list[dict[str, Any]]
    deviations: list[dict[str, Any]]
    deviation_counts: dict[str, int]
    rejected: list[dict[str, Any]]
    dialect: dict[str, Any]
    processing_time_ms: int
    extra: dict[str, Any] = field(default_factory=dict)


def process(
    sources: Sequence[Path],
    output: Path,
    options: Options,
    *,
    temporary: Path,
    report: Callable[[float, int], None],
    called: str | None = None,
) -> Processed:
    """Read the files once and write one typed Parquet file; `report` gets the fraction and the rows so far.

    `called` is what people call the source: errors say it in place of the kept file's name.
    """
    import lakebook_native as native

    stopped: list[BaseException] = []

    def progress(fraction: float, rows: int) -> bool:
        crash_points.reached("mid-read")
        try:
            report(fraction, rows)
        except JobCancelled as error:
            stopped.append(error)
            return False
        return True

    paths = [str(path) for path in sources]
    try:
        found = native.process_dataset(
            paths[0] if len(paths) == 1 else paths,
            str(output),
            format=options.format,
            delimiter=options.delimiter,
            nulls=options.null,
            temp_dir=str(temporary),
            progress=progress,
            **options.dialect(),
        )
    except native.Cancelled as error:
        raise (stopped[0] if stopped else JobCancelled("The job was cancelled.")) from error
    except native.DiskFull as error:
        raise DiskFull("No room left for the table's file.") from error
    except native.NativeError as error:
        raise BadFile(_said(str(error), sources, called)) from error
    except ValueError as error:
        raise InvalidRequest(str(error), hint="Say it otherwise, or leave it to be detected.") from error
    return Processed(
        row_count=found.row_count,
        column_count=found.column_count,
        duplicate_rows=found.duplicate_rows,
        duplicate_groups=found.duplicate_groups,
        rejected_rows=found.rejected_rows,
        columns=list(found.columns),
        deviations=list(found.deviations),
        deviation_counts=dict(found.deviation_counts),
        rejected=list(found.rejected),
        dialect=dict(found.dialect),
        processing_time_ms=found.processing_time_ms,
    )


def _said(message: str, sources: Sequence[Path], called: str | None) -> str:
    """The engine's sentence about the source as people know it."""
    for path in sources if called else ():
        message = message.replace(path.name, str(called))
    return f"{message}."
