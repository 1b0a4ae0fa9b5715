"""Which chart fits which result, and its picture."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from lakebook.charts import bundle, png, spec_for

DAYS = [date(2011, month, 1) for month in range(1, 13)]


def mark(columns: dict[str, Any]) -> str | None:
    spec = spec_for(pa.table(columns))
    return spec["mark"]["type"] if spec else None


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"country": ["A", "B"], "n": [1, 2]}, "bar"),
        ({"country": ["A", None], "n": [1, 2]}, "bar"),
        ({"country": ["A", "B"], "n": [Decimal("1.5"), None]}, "bar"),
        ({"year": [2010, 2011], "n": [1, 2]}, "bar"),
        ({"flag": [True, False], "n": [1, 2]}, "bar"),
        ({"day": DAYS, "n": list(range(12))}, "line"),
        (
            {
                "at": [datetime.fromisoformat("2011-01-01T08:00:00"), datetime.fromisoformat("2011-01-01T09:00:00")],
                "n": [1, 2],
            },
            "line",
        ),
        ({"day": DAYS, "country": ["A", "B"] * 6, "n": list(range(12))}, "line"),
        ({"country": ["A", "A", "B"], "kind": ["x", "y", "x"], "n": [1, 2, 3]}, "bar"),
        ({"n": [1]}, None),
        ({"n": [1, 2]}, None),
        ({"country": ["A"], "n": [1]}, None),
        ({"country": ["A", "B"]}, None),
        ({"country": ["A", "B"], "name": ["x", "y"]}, None),
        ({"country": [str(number) for number in range(41)], "n": list(range(41))}, None),
        ({"a": [[1], [2]], "n": [1, 2]}, None),
        ({"day": DAYS, "country": [str(number) for number in range(12)], "kind": ["x"] * 12, "n": [1] * 12}, None),
        ({"day": DAYS * 2, "country": [str(number) for number in range(24)], "n": [1] * 24}, None),
    ],
)
def test_the_chart_that_fits(columns: dict[str, Any], kind: str | None) -> None:
    assert mark(columns) == kind


def test_bars_keep_the_order_of_the_rows() -> None:
    spec = spec_for(pa.table({"country": ["B", "A"], "n": [2, 1]}), "n by country")
    assert spec is not None
    assert spec["title"] == "n by country"
    assert spec["encoding"]["y"]["sort"] is None
    assert [value["country"] for value in spec["data"]["values"]] == ["B", "A"]


def test_years_run_across() -> None:
    spec = spec_for(pa.table({"year": [2010, 2011], "n": [2, 1]}))
    assert spec is not None
    assert spec["encoding"]["x"]["field"] == "year"


def test_days_are_the_same_day_in_every_zone() -> None:
    spec = spec_for(pa.table({"day": DAYS, "n": list(range(12))}))
    assert spec is not None
    assert spec["encoding"]["x"]["scale"] == {"type": "utc"}
    assert spec["data"]["values"][0]["day"] == "2011-01-01"


def test_times_without_a_zone_say_utc() -> None:
    spec = spec_for(
        pa.table(
            {
                "at": [datetime.fromisoformat("2011-01-01T08:00:00"), datetime.fromisoformat("2011-01-01T09:00:00")],
                "n": [1, 2],
            }
        )
    )
    assert spec is not None
    assert spec["data"]["values"][0]["at"] == "2011-01-01T08:00:00Z"


def test_a_spec_is_plain_json_and_names_no_other_host() -> None:
    spec = spec_for(pa.table({"c.d[e]": ["A" * 100, "B"], "n": [1.5, float("nan")]}))
    assert spec is not None
    text = json.dumps(spec, allow_nan=False)
    assert "url" not in text
    field = spec["encoding"]["y"]["field"]
    assert len(spec["data"]["values"][0][field]) == 40
    assert (field, spec["encoding"]["y"]["title"]) == ("column cde", "c.d[e]")


def test_equal_names_make_no_chart() -> None:
    table = pa.Table.from_arrays([pa.array(["a", "b"]), pa.array([1, 2])], names=["x", "x"])
    assert spec_for(table) is None


@pytest.mark.parametrize(
    "columns",
    [
        {"country": ["A", "B"], "n": [1, 2]},
        {"day": DAYS, "n": list(range(12))},
        {"day": DAYS, "country": ["A", "B"] * 6, "n": list(range(12))},
        {"country": ["A", "A", "B"], "kind": ["x", "y", "x"], "n": [1, 2, 3]},
        {"c.d[e]\\f'g": ["A", "B"], "n m": [1, 2]},
        {"数": ["日本", "العربية"], "n": [1, 2]},
    ],
)
def test_every_chart_can_be_drawn(columns: dict[str, Any]) -> None:
    spec = spec_for(pa.table(columns))
    assert spec is not None
    picture = png(spec)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 2000


def test_a_bundle_holds_the_spec_and_its_picture() -> None:
    spec = spec_for(pa.table({"country": ["A", "B"], "n": [1, 2]}), "n by country")
    assert spec is not None
    made = bundle(spec)
    assert made["application/vnd.vegalite.v5+json"] is spec
    assert made["text/plain"] == "n by country"
    assert base64.b64decode(made["image/png"]).startswith(b"\x89PNG")
