"""A table as CSV: exact decimals, times as RFC 3339, an empty text told from null, nothing that a spreadsheet runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from lakebook.catalog.download_rows import batches, schema_of
from lakebook.rows import json_value

if TYPE_CHECKING:
    import pyarrow as pa

# What a spreadsheet takes for a formula; signed numbers and telephone numbers are none.
FORMULA = r"^[=+\-@\t\r]"
HARMLESS = r"^[+\-]?[0-9][0-9 .,()/\-]*$"
QUOTED = r'[",\r\n]|^$|^\s|\s$'
# Up to here Arrow writes a decimal without an exponent.
PLAIN_SCALE = 6


def write_text(files: Sequence[str], sink: BinaryIO, *, as_is: bool = False) -> None:
    """Write a header and the rows, in UTF-8, each line ended by a newline.

    A text that a spreadsheet would compute gets an apostrophe before it, unless `as_is`.
    """
    import pyarrow as pa

    schema = schema_of(files)
    header = pa.array(schema.names, pa.large_string())
    sink.write(b",".join(cell.encode() for cell in _cells(header, as_is=as_is).to_pylist()) + b"\n")
    for batch in batches(files, schema):
        sink.write(_lines([_column(column, as_is=as_is) for column in batch.columns]))


def _lines(columns: list[Any]) -> memoryview:
    """The columns' cells as lines; the array's own buffer, which holds them one after the other."""
    import pyarrow as pa
    from pyarrow import compute as pc

    wide = pa.large_string()
    cells = pc.binary_join_element_wise(*columns, pa.scalar(",", wide), null_handling="replace", null_replacement="")
    lines = _joined(cells, "\n")
    _valid, offsets, text = lines.buffers()
    if offsets is None or text is None:
        return memoryview(b"")
    length = int.from_bytes(memoryview(offsets)[len(lines) * 8 : len(lines) * 8 + 8], "little")
    return memoryview(text)[:length]


def _column(column: pa.Array[Any], *, as_is: bool) -> Any:
    """A column as the text of its cells; null stays null, which is nothing between two commas."""
    import pyarrow as pa
    from pyarrow import compute as pc

    kind, wide = column.type, pa.large_string()
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _cells(column.cast(wide), as_is=as_is)
    if pa.types.is_timestamp(kind):
        text = pc.replace_substring(column.cast(wide), " ", "T", max_replacements=1)
        whole = pc.replace_substring_regex(text, r"\.0+(Z?)$", r"\1")
        return pc.replace_substring_regex(whole, r"(\.\d*[1-9])0+(Z?)$", r"\1\2")
    if pa.types.is_decimal(kind) and kind.scale > PLAIN_SCALE:
        return pa.array([None if one is None else format(one, "f") for one in column.to_pylist()], wide)
    if pa.types.is_nested(kind):
        texts = [None if one is None else json.dumps(json_value(one), ensure_ascii=False) for one in column.to_pylist()]
        return _cells(pa.array(texts, wide), as_is=True)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([json_value(one) for one in column.to_pylist()], wide)
    return column.cast(wide)


def _cells(texts: Any, *, as_is: bool) -> Any:
    """Texts as cells: quoted where they must be, an empty one always, for nothing is null."""
    from pyarrow import compute as pc

    if not as_is:
        formula = pc.and_not(
            pc.match_substring_regex(texts, FORMULA), pc.match_substring_regex(texts, HARMLESS)
        )  # fmt: skip
        if pc.any(formula).as_py():
            texts = pc.if_else(formula, _joined("'", texts), texts)
    quoted = pc.match_substring_regex(texts, QUOTED)
    if not pc.any(quoted).as_py():
        return texts
    doubled = pc.replace_substring(texts, '"', '""')
    return pc.if_else(quoted, _joined('"', doubled, '"'), texts)


def _joined(*parts: Any) -> Any:
    """Texts, of which some are the same in each cell, one after the other."""
    import pyarrow as pa
    from pyarrow import compute as pc

    wide = pa.large_string()
    return pc.binary_join_element_wise(
        *(pa.scalar(part, wide) if isinstance(part, str) else part for part in parts), pa.scalar("", wide)
    )
