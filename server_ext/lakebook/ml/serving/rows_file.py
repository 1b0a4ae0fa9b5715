"""Rows to predict from a file beside whoever asks: CSV with a header, a JSON list, or one JSON object a line."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from lakebook.errors import BadFile, PayloadTooLarge

MOST_BYTES = 16 << 20
MOST_ROWS = 10_000


def read(path: Path) -> tuple[list[dict[str, Any]], bool]:
    """The file's rows, and whether their values are words, as in CSV; BadFile, PayloadTooLarge."""
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8-sig") if size <= MOST_BYTES else ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"The file {path.name!r} cannot be read as text in UTF-8.", hint="Check its name.") from error
    is_json = path.suffix.lower() in (".json", ".jsonl")
    rows = [] if size > MOST_BYTES else _json_rows(path, text) if is_json else _lines(path, text)
    if size > MOST_BYTES or len(rows) > MOST_ROWS:
        raise PayloadTooLarge(
            f"The file {path.name!r} is too long to send: {MOST_ROWS:,} rows or {MOST_BYTES:,} bytes are the most.",
            hint="Ingest it, then `lakebook predict MODEL --dataset TABLE --to NAME`.",
        )
    return rows, not is_json


def _json_rows(path: Path, text: str) -> list[dict[str, Any]]:
    try:
        if path.suffix.lower() == ".json":
            plain = json.loads(text)
            rows = [plain] if isinstance(plain, dict) else plain
        else:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError as error:
        raise BadFile(f"The file {path.name!r} is not JSON.") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadFile(f"The file {path.name!r} does not hold rows, each an object with fields.")
    return rows


def _lines(path: Path, text: str) -> list[dict[str, Any]]:
    try:
        rows: list[dict[Any, Any]] = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
    except csv.Error as error:
        raise BadFile(f"The file {path.name!r} is not a CSV table: {error}.") from error
    for number, row in enumerate(rows, 1):
        if None in row or None in row.values():
            raise BadFile(f"Row {number} of {path.name!r} does not hold a value for each column.")
    return rows
