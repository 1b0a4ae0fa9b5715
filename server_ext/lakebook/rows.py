"""Rows as JSON can carry them without losing a digit."""

from __future__ import annotations

import base64
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

# Past this a number is no longer the same in every reader of JSON.
SAFE_INTEGER = 2**53


def json_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose every value is JSON: see `json_value`."""
    return [{name: json_value(value) for name, value in row.items()} for row in rows]


def json_value(value: Any) -> Any:
    """DECIMAL and integers past 2^53 as text, times as ISO text, NaN and infinities as null, bytes as base64."""
    match value:
        case bool() | None | str():
            return value
        case int():
            return value if -SAFE_INTEGER <= value <= SAFE_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return format(value, "f")
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes():
            return base64.b64encode(value).decode()
        case dict():
            return {str(name): json_value(item) for name, item in value.items()}
        case list() | tuple():
            return [json_value(item) for item in value]
        case _:
            return str(value)
