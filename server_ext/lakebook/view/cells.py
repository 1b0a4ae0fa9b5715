"""One record of a text file as the values of its columns."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from typing import Any

LONGEST_VALUE = 1000
CUT = "…"
FIELD_LIMIT = 1 << 31


def clipped(value: Any) -> Any:
    """The value, cut where it is longer than is shown in a cell."""
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return value[:LONGEST_VALUE] + CUT
    if isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False, default=str)
        return clipped(text) if len(text) > LONGEST_VALUE else value
    return value


class CsvCells:
    """Reads records of separated values; a record with more fields than columns adds columns."""

    def __init__(self, dialect: dict[str, Any], columns: Sequence[str]) -> None:
        csv.field_size_limit(FIELD_LIMIT)
        self.columns = list(columns)
        quote, escape = dialect.get("quote"), dialect.get("escape")
        self._marks: dict[str, Any] = {
            "delimiter": dialect.get("delimiter") or ",",
            "quoting": csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            **({"quotechar": quote} if quote else {}),
            **({"escapechar": escape} if escape and escape != quote else {}),
        }

    def values(self, text: str) -> list[Any]:
        """The fields of a record: an empty one is null; a record that cannot be cut stands whole in the first."""
        try:
            fields: list[str] = next(csv.reader([text], **self._marks), [])
        except csv.Error:
            fields = [text]
        for number in range(len(self.columns), len(fields)):
            self.columns.append(f"column_{number + 1}")
        return [clipped(field) if field else None for field in fields]


class JsonCells:
    """Reads records of JSON lines; a name that was not met before adds a column."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self._known = {name: place for place, name in enumerate(columns)}

    def values(self, text: str) -> list[Any]:
        """The values by column; a line that is no object stands in the first column as it is."""
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            return [clipped(text)]
        if not isinstance(read, dict):
            return [clipped(text)]
        for name in read:
            if name not in self._known:
                self._known[name] = len(self.columns)
                self.columns.append(name)
        values: list[Any] = [None] * len(self.columns)
        for name, value in read.items():
            values[self._known[name]] = clipped(value)
        return values
