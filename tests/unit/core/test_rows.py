"""Rows as JSON, without losing a digit."""

from __future__ import annotations

import base64
import json
import math
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lakebook.rows import SAFE_INTEGER, json_rows, json_value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        ("text", "text"),
        (0, 0),
        (SAFE_INTEGER, SAFE_INTEGER),
        (SAFE_INTEGER + 1, "9007199254740993"),
        (-SAFE_INTEGER - 1, "-9007199254740993"),
        (1.5, 1.5),
        (math.nan, None),
        (math.inf, None),
        (-math.inf, None),
        (Decimal("1.10"), "1.10"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0E-10"), "0.0000000000"),
        (Decimal("0.000000000000000001"), "0.000000000000000001"),
        (Decimal("99999999999999999999999999999999999.99"), "99999999999999999999999999999999999.99"),
        (date(2024, 2, 29), "2024-02-29"),
        (time(1, 2, 3), "01:02:03"),
        (datetime(2024, 1, 2, 3, 4), "2024-01-02T03:04:00"),
        (datetime(2024, 1, 2, 3, 4, tzinfo=UTC), "2024-01-02T03:04:00+00:00"),
        (timedelta(minutes=1, milliseconds=500), 60.5),
        (b"\x00\xff", base64.b64encode(b"\x00\xff").decode()),
        ({"a": Decimal("1.0"), 2: [math.nan]}, {"a": "1.0", "2": [None]}),
        ((1, Decimal("2.5")), [1, "2.5"]),
        ([("a", 1)], [["a", 1]]),
        ({"a": date(2011, 1, 1)}, {"a": "2011-01-01"}),
        (uuid.UUID(int=0), "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_a_value(value: Any, expected: Any) -> None:
    found = json_value(value)
    assert found == expected
    assert type(found) is type(expected)
    assert json.loads(json.dumps(found, allow_nan=False)) == expected


def test_rows_keep_names_and_order() -> None:
    rows = json_rows([{"b": 1, "a": Decimal("2.00")}, {"b": None, "a": None}])
    assert json.dumps(rows) == '[{"b": 1, "a": "2.00"}, {"b": null, "a": null}]'
