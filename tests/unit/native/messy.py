"""How the messy files are read beside what their manifest says; run as a program it prints a row a file."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from lakebook_native import NativeError, process_dataset

NULL_WORDS = {"", "NA", "N/A", "n/a", "null", "NULL", "Null", "None", "none", "-", "\\N", "#N/A", "<NA>"}
PLAIN = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}


@dataclass
class Read:
    """What became of one file: where it is not as the manifest says, and what was said about it."""

    rows: int | None = None
    columns: int | None = None
    troubles: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def entries(shared: Path) -> list[dict[str, Any]]:
    """The files of the manifest."""
    found: list[dict[str, Any]] = json.loads((shared / "data/messy/manifest.json").read_text(encoding="utf-8"))
    return found


def read(entry: dict[str, Any], shared: Path, folder: Path) -> Read:
    """Read one file as the manifest does not help to, and compare it with what the manifest says, cell by cell."""
    source, output = plain(shared / "data/messy" / entry["file"], folder), folder / "out.parquet"
    try:
        result = process_dataset(str(source), str(output))
    except NativeError as error:
        refused = [] if entry["rows"] in (None, 0) else [f"refused: {error}"]
        return Read(troubles=refused, said=[str(error)])
    found = Read(result.row_count, result.column_count, said=sorted(result.deviation_counts))
    if entry["rows"] not in (None, result.row_count):
        found.troubles.append(f"rows: {entry['rows']} expected")
    if entry["cols"] is not None and result.column_count not in (entry["cols"], entry.get("cols_alt")):
        found.troubles.append(f"columns: {entry['cols']} expected")
    for have, want in zip(families(output), entry.get("types") or [], strict=False):
        if have not in want.split("|"):
            found.troubles.append(f"type: {want} expected, {have} read")
    if "quotechar" in entry and entry["rows"] and result.dialect["format"] == "csv" and not found.troubles:
        wrong = differing_cells(entry, source, output)
        found.troubles += [f"cells: {wrong} differ"] if wrong else []
    return found


def plain(source: Path, folder: Path) -> Path:
    """The file, or its content where it is compressed: the native module reads plain files."""
    unpack = PLAIN.get(source.suffix)
    if unpack is None:
        return source
    content = folder / source.stem
    content.write_bytes(unpack(source.read_bytes()))
    return content


def families(output: Path) -> list[str]:
    """The words of the manifest for the types of a table; decimals count as floats."""
    return [_family(field.type) for field in pq.read_schema(output)]


def _family(data_type: pa.DataType) -> str:
    if pa.types.is_integer(data_type):
        return "int64"
    if pa.types.is_floating(data_type) or pa.types.is_decimal(data_type):
        return "float64"
    if pa.types.is_boolean(data_type):
        return "bool"
    if pa.types.is_date(data_type):
        return "date32"
    if pa.types.is_timestamp(data_type):
        return "timestamp(tz)" if data_type.tz else "timestamp"
    return "utf8"


def differing_cells(entry: dict[str, Any], source: Path, output: Path) -> int:
    """Cells of text, and cells that are empty on one side alone, unlike what Python's reader gives as it was told."""
    known = rows_by_python(entry, source)
    columns = list(pq.read_table(output).to_pydict().values())
    wrong = 0
    for at, row in enumerate(known):
        for place, column in enumerate(columns):
            want, have = row[place] if place < len(row) else "", column[at]
            if have is None:
                wrong += want.strip() not in NULL_WORDS
            elif isinstance(have, str):
                wrong += have != want
            else:
                wrong += not want.strip()
    return wrong


def rows_by_python(entry: dict[str, Any], source: Path) -> list[list[str]]:
    """The rows as Python's `csv` reads them under the manifest's dialect."""
    csv.field_size_limit(1 << 30)
    lines = io.StringIO(source.read_bytes().decode(entry["encoding"]).removeprefix("\ufeff"), newline="")
    for _ in range(entry["preamble_lines"]):
        lines.readline()
    quote = entry["quotechar"] or None
    reader = csv.reader(
        lines,
        delimiter=entry["delimiter"] or ",",
        quotechar=quote,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=entry["escapechar"],
        doublequote=not entry["escapechar"],
    )
    rows = [row for row in reader if row]
    return rows[1:] if entry["header"] else rows


def report(shared: Path) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        for entry in entries(shared):
            one = read(entry, shared, Path(folder))
            verdict = "; ".join(one.troubles) or "as expected"
            print(f"{entry['file']:<46} {one.rows!s:>6} x {one.columns!s:<5} {verdict:<40} {', '.join(one.said)}")


if __name__ == "__main__":
    report(Path(os.environ["SHARED"]))
