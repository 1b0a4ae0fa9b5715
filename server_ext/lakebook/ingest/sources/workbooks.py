"""A folder of workbooks as one table: the one sheet of each, united by column name."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from lakebook.call import Call
from lakebook.errors import BadFile
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.ingest.sources import workbook
from lakebook.ingest.sources.material import Material, part_hash


def united(call: Call, request: IngestRequest, books: list[tuple[Path, Path]], folder: Material) -> Material:
    """The rows of all workbooks (each by its own path and its kept copy), what was odd said with the file's name.

    BadFile where one has several sheets with rows and none was asked for.
    """
    made = replace(folder, files=[], passing=[], options=Options("parquet"), deviation_counts={})
    try:
        for path, kept in books:
            _added(made, call, request, path, kept)
    except BaseException:
        made.drop()
        raise
    made.source_hash = part_hash(folder.source_hash, request.sheet, request.header, request.skip, request.null)
    return made


def _added(made: Material, call: Call, request: IngestRequest, path: Path, kept: Path) -> None:
    """Take over what one workbook gives."""
    file, facts = Material(None, [kept], Options(), path.name), {"filename": path.name, "named": None}
    with closing(workbook.of_file(call, request, file, facts)) as sheets:
        for number, sheet in enumerate(sheets):
            if number:
                raise BadFile(
                    f"{path.name} has several sheets with rows; a folder's workbooks are read as one table.",
                    hint="Name the sheet that each of them has: `--sheet Sales`.",
                )
            # What the sheet lies in goes when the next one is asked for.
            plain = call.staged(".sheet.parquet")
            os.replace(sheet.files[0], plain)
            made.files.append(plain)
            made.passing.append(plain)
            made.dialect = sheet.dialect
            made.deviations += [_said(path, one) for one in sheet.deviations]
            counts = Counter(made.deviation_counts)
            counts.update(sheet.counted())
            made.deviation_counts = dict(counts)


def _said(path: Path, deviation: dict[str, Any]) -> dict[str, Any]:
    return {**deviation, "reason": f"{path.name}: {deviation['reason']}"}
