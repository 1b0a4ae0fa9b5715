"""A table as an Excel workbook: a bold header that stays in sight, typed cells, texts that are never formulas."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from lakebook.catalog.download_rows import batches, schema_of
from lakebook.errors import InvalidRequest
from lakebook.rows import json_value

# Excel keeps numbers as doubles and shows fifteen digits of them; what has more is written as text.
DIGITS = 10**15
LONGEST_TEXT = 32_767
FIRST_DAY = dt.date(1900, 3, 1)
DAY, MOMENT, INSTANT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", 'yyyy-mm-dd hh:mm:ss"Z"'


def write_sheet(files: Sequence[str], sink: BinaryIO, name: str, temporary: Path) -> None:
    """Write a header and the rows as the one sheet of a workbook, its parts kept in `temporary` on the way."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    options = {"constant_memory": True, "tmpdir": str(temporary), "strings_to_formulas": False,
               "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
    schema = schema_of(files)
    book = xlsxwriter.Workbook(sink, options)
    # Where this fails nothing is closed: closing writes what there is of it.
    _fill(book, files, schema, name)
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error


def _fill(book: Any, files: Sequence[str], schema: Any, name: str) -> None:
    sheet = book.add_worksheet(sheet_name(name))
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for at, label in enumerate(schema.names):
        sheet.write_string(0, at, label, bold)
    formats = [_format(book, field.type) for field in schema]
    row = 0
    for batch in batches(files, schema):
        for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            row += 1
            for at, cell in enumerate(cells):
                if cell is not None:
                    _write(sheet, row, at, cell, formats[at])


def sheet_name(name: str) -> str:
    """The table's name as a sheet may be called."""
    return re.sub(r"[\[\]:*?/\\]", "_", name)[:31].strip("'") or "table"


def _format(book: Any, kind: Any) -> Any:
    import pyarrow as pa

    shown = None
    if pa.types.is_date(kind):
        shown = DAY
    elif pa.types.is_timestamp(kind):
        shown = MOMENT if kind.tz is None else INSTANT
    elif pa.types.is_decimal(kind) and kind.scale > 0:
        shown = "0." + "0" * kind.scale
    return None if shown is None else book.add_format({"num_format": shown})


def _write(sheet: Any, row: int, column: int, cell: Any, shown: Any) -> None:
    """One cell, as a number or a time where Excel keeps it exactly, else as text."""
    match cell:
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() if -DIGITS < cell < DIGITS:
            sheet.write_number(row, column, cell)
        case float() if math.isfinite(cell):
            sheet.write_number(row, column, cell)
        case Decimal() if abs(cell.scaleb(-int(cell.as_tuple().exponent))) < DIGITS:
            sheet.write_number(row, column, float(cell), shown)
        case dt.datetime() if cell.date() >= FIRST_DAY and cell.microsecond == 0:
            sheet.write_datetime(row, column, cell.replace(tzinfo=None), shown)
        case dt.date() if not isinstance(cell, dt.datetime) and cell >= FIRST_DAY:
            sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), shown)
        case _:
            _write_text(sheet, row, column, _text(cell))


def _text(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        return cell.isoformat().replace("+00:00", "Z")
    plain = str(cell) if isinstance(cell, float) else json_value(cell)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _write_text(sheet: Any, row: int, column: int, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise InvalidRequest(
            f"A text in row {row:,} is longer than the {LONGEST_TEXT:,} characters that a cell of Excel holds.",
            hint="Download it as CSV or Parquet.",
        )
    sheet.write_string(row, column, text)
