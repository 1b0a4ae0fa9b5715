"""The verbs of the viewer: what a file holds without loading it, and any part of its or a dataset's rows."""

from __future__ import annotations

from typing import Any

from lakebook.call import Call
from lakebook.catalog.models import ColumnProfile
from lakebook.errors import BadFile, InvalidRequest, NotFound
from lakebook.rows import json_value
from lakebook.view.files import ViewFile, find_file
from lakebook.view.models import (
    MOST_SHOWN,
    ColumnName,
    DatasetRowsRequest,
    FileRequest,
    FileRowsRequest,
    Rows,
    ViewedFile,
    Window,
)
from lakebook.view.readers import Reader
from lakebook.view.rows import Table, described, first_rows, window_of


def show_file(call: Call, request: FileRequest) -> ViewedFile:
    """A file's columns, what the first of its rows show of them, and how it is read."""
    file = find_file(call.folder, request.path)
    if file.format == "parquet":
        table = described(call, file.key, [str(file.path)])
        columns, sampled = _sampled(call, file, table)
        facts: dict[str, Any] = {
            "row_count": table.row_count,
            "rows_known": table.row_count,
            "counted": 1.0,
            "column_count": len(table.columns),
            "sampled_rows": sampled,
            "sortable": True,
        }
    else:
        reader = call.runtime.readers.of(file)
        head = reader.head(call.is_cancelled)
        whole = reader.whole() or head
        sampled = whole.get("row_count", head["sampled_rows"])
        columns = _profiled(call, whole["statistics"], sampled)
        known = {name for column in columns for name in (column.name, column.label)}
        late = [_unprofiled(name, "VARCHAR") for name in head["late"] if name not in known]
        columns += late[: MOST_SHOWN - len(columns)]
        facts = {
            "row_count": head["rows_known"] if head["done"] else None,
            "rows_known": head["rows_known"],
            "counted": head["counted"],
            "column_count": head["column_count"],
            "sampled_rows": sampled,
            "dialect": head["dialect"],
            "sortable": file.size_bytes <= call.runtime.settings.view_sort_bytes,
        }
    return ViewedFile(path=request.path, name=file.name, format=file.format, size_bytes=file.size_bytes,
                      version=file.version, columns=columns, **facts)  # fmt: skip


def file_rows(call: Call, request: FileRowsRequest) -> Rows:
    """Part of a file's rows; where they are to be sorted or filtered, a typed copy is made first."""
    file = find_file(call.folder, request.path)
    if file.format == "parquet":
        return window_of(call, described(call, file.key, [str(file.path)]), request)
    reader = call.runtime.readers.of(file)
    if request.sort or any(str(words).strip() for words in request.filters.values()):
        return _arranged(call, file, reader, request)
    given = reader.rows(request.offset, request.limit, request.first_column, request.column_limit, call.is_cancelled)
    return Rows(
        offset=request.offset,
        columns=[ColumnName(name=name, type="") for name in given["names"]],
        rows=[[json_value(value) for value in row] for row in given["rows"]],
        row_count=given["rows_known"] if given["done"] else None,
        rows_known=given["rows_known"],
        counted=given["counted"],
    )


def dataset_rows(call: Call, request: DatasetRowsRequest) -> Rows:
    """Part of a dataset's rows, of its newest version or an older one."""
    catalog = call.runtime.catalog
    row = catalog.row(request.dataset)
    number = request.version or row["version"]
    known = {one["version"]: one for one in catalog.versions(row["dataset_id"])}
    if number not in known:
        raise NotFound(
            f"{row['name']!r} has no version {number}.", hint=f"It has: {', '.join(map(str, sorted(known)))}."
        )
    version = known[number]
    files = tuple(call.runtime.lake.paths(row["s3_key"], version["files"]))
    profile = catalog.profile(row["dataset_id"], number)
    columns = {column.name: column.data_type for column in profile.columns}
    return window_of(call, Table(f"{row['dataset_id']}:{number}", files, columns, version["row_count"]), request)


def _arranged(call: Call, file: ViewFile, reader: Reader, window: Window) -> Rows:
    """Rows in an order or past filters, out of the typed copy; until it is there, how far it is."""
    if file.size_bytes > call.runtime.settings.view_sort_bytes:
        raise InvalidRequest(
            f"{file.name} is too large to be sorted or filtered where it lies.",
            hint="Load it into lakebook; its table can be sorted and filtered at any size.",
        )
    reader.head(call.is_cancelled)
    copy = reader.typed()
    done = copy.look()
    if done is None:
        return Rows(offset=window.offset, columns=[], rows=[], counted=copy.progress, preparing=copy.progress)
    columns = {column["name"]: column["data_type"] for column in done["statistics"]}
    return window_of(call, Table(file.key, (copy.table,), columns, done["row_count"]), window)


def _sampled(call: Call, file: ViewFile, table: Table) -> tuple[list[ColumnProfile], int]:
    """The columns of a Parquet file and what its first rows show of them; names and types alone where they cannot."""
    try:
        statistics, rows = call.runtime.readers.sampled(file, lambda: first_rows(call, table))
    except BadFile:
        return [_unprofiled(name, kind) for name, kind in list(table.columns.items())[:MOST_SHOWN]], 0
    return [
        column.model_copy(update={"name": name, "label": name, "data_type": kind})
        for column, (name, kind) in zip(_profiled(call, statistics, rows), table.columns.items(), strict=False)
    ], rows


def _profiled(call: Call, statistics: list[dict[str, Any]], rows: int) -> list[ColumnProfile]:
    made = call.runtime.profile_of(
        row_count=rows, columns=statistics[:MOST_SHOWN], duplicate_rows=0, duplicate_groups=0, rejected_rows=0,
        deviation_counts={},
    )  # fmt: skip
    return [ColumnProfile.model_validate(column) for column in made["columns"]]


def _unprofiled(name: str, kind: str) -> ColumnProfile:
    return ColumnProfile(name=name, label=name, data_type=kind, null_count=0, null_percentage=0.0, unique_count=0)
