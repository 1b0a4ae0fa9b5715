"""The verb `datasets.download`: a table as one file, as CSV, Parquet or Excel."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from lakebook.call import Call
from lakebook.catalog.download_models import Downloaded, DownloadRequest, Format
from lakebook.errors import Conflict, DiskFull, InvalidRequest
from lakebook.ids import new_id

SHEET_ROWS, SHEET_COLUMNS = 1_048_576, 16_384
BLOCK = 1 << 20
# Under this name an answer over the web says what it holds.
FACTS = "X-Lakebook-Download"
ENDINGS: dict[str, Format] = {".csv": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}


@dataclass(frozen=True)
class Plan:
    """One version of a table, its files, and how it is to be written."""

    dataset_id: str
    name: str
    version: int
    rows: int
    files: list[str]
    format: Format
    as_is: bool

    def facts(self) -> dict[str, Any]:
        """What is known of the file before it is written."""
        return {"dataset_id": self.dataset_id, "name": self.name, "version": self.version, "format": self.format,
                "rows": self.rows}  # fmt: skip

    @property
    def filename(self) -> str:
        """What the file is called."""
        return f"{self.name}.{self.format}"


def download(call: Call, request: DownloadRequest) -> Downloaded:
    """Write the table to a file that was not there; nothing of it stays where that fails."""
    plan = planned(call, request)
    target = (call.folder / (request.to or plan.filename)).absolute()
    with fresh_file(target) as file:
        write(plan, file, call.runtime.settings.folder("tmp"))
    return Downloaded.model_validate({**plan.facts(), "to": str(target), "size_bytes": target.stat().st_size})


def planned(call: Call, request: DownloadRequest) -> Plan:
    """What is to be written, once it is plain that it can be; the audit log keeps who took what."""
    dataset = call.runtime.catalog.dataset(request.dataset)
    version = call.runtime.catalog.version(dataset.dataset_id, dataset.version)
    form = form_of(request.format, request.to)
    if form == "xlsx" and (dataset.row_count >= SHEET_ROWS or dataset.column_count > SHEET_COLUMNS):
        raise InvalidRequest(
            f"{dataset.name} has {dataset.row_count:,} rows and {dataset.column_count:,} columns; an Excel sheet holds "
            f"{SHEET_ROWS - 1:,} rows below its header and {SHEET_COLUMNS:,} columns.",
            hint="Download it as CSV or Parquet.",
        )
    call.audit("datasets.download", f"dataset:{dataset.dataset_id}", name=dataset.name, version=dataset.version,
               format=form)  # fmt: skip
    files = call.runtime.lake.paths(dataset.s3_key, version["files"])
    return Plan(dataset.dataset_id, dataset.name, dataset.version, dataset.row_count, list(files), form, request.as_is)


def form_of(said: Format | None, to: str | None) -> Format:
    """The form that was said, else the one that the file's ending promises, else CSV."""
    return said or ENDINGS.get(Path(to or "").suffix.lower(), "csv")


@contextmanager
def fresh_file(target: Path) -> Iterator[BinaryIO]:
    """A file that is at `target` once all was written; Conflict where one is there already."""
    if target.exists():
        raise Conflict(f"There is a file {target.name} already.", hint="Name another with `--to`.")
    partial = target.with_name(f".{target.name[:100]}.{new_id()}")
    try:
        with partial.open("xb") as file:
            yield file
        partial.replace(target)
    except OSError as error:
        if error.errno == 28:
            raise DiskFull(f"No room left to write {target.name}.") from error
        raise InvalidRequest(f"{target.name} cannot be written there.", hint="Name a folder of your own.") from error
    finally:
        partial.unlink(missing_ok=True)


def write(plan: Plan, sink: BinaryIO, temporary: Path) -> None:
    """Write the table's rows to `sink`, which need not be a file; `temporary` is left as it was."""
    if plan.format == "parquet":
        _parquet(plan, sink)
    elif plan.format == "csv":
        from lakebook.catalog.download_text import write_text

        write_text(plan.files, sink, as_is=plan.as_is)
    else:
        from lakebook.catalog.download_sheet import write_sheet

        folder = tempfile.mkdtemp(prefix=left_by(os.getpid()), dir=temporary)
        try:
            write_sheet(plan.files, sink, plan.name, Path(folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def left_by(process: int) -> str:
    """How the names begin of what a process keeps in `tmp/` while it writes."""
    return f"download-{process}-"


def _parquet(plan: Plan, sink: BinaryIO) -> None:
    """The table's one file as it lies there; several as one."""
    if len(plan.files) == 1:
        with open(plan.files[0], "rb") as file:
            shutil.copyfileobj(file, sink, BLOCK)
        return
    from pyarrow import parquet as pq

    from lakebook.catalog.download_rows import batches, schema_of

    schema = schema_of(plan.files)
    with pq.ParquetWriter(sink, schema) as writer:
        for batch in batches(plan.files, schema):
            writer.write_batch(batch)
