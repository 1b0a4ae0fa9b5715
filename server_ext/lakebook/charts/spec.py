"""Which chart fits a result, as a plain Vega-Lite 5 dict; its PNG; the MIME bundle of both."""

from __future__ import annotations

import base64
import itertools
import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
VEGA_LITE = "5.20"
MOST_BARS = 40
MOST_POINTS = 5_000
MOST_SERIES = 12
LABEL_CHARACTERS = 40
MIME = "application/vnd.vegalite.v5+json"

_PLAIN = re.compile(r"[\w ]+")
_WORD = re.compile(r"\w+")

Spec = dict[str, Any]


def spec_for(table: pa.Table, title: str = "", shape: str = "") -> Spec | None:
    """A bar chart for a category and a number, a line for a time and a number, None where neither fits.

    `shape` says what the rows are where that is known: "time", "groups", "ordered", "bins", "pairs" or "none".
    """
    if shape == "none":
        return None
    kinds = [_kind(field.type) for field in table.schema]
    if table.num_rows < 2 or "number" not in kinds[1:]:
        return None
    if len({_field(name) for name in table.column_names}) != table.num_columns:
        return None
    figure = table.column_names[kinds.index("number", 1)]
    if shape == "bins" and kinds == ["number", "number"]:
        return _histogram(table, title)
    if shape == "time" and kinds[0] == "number":
        return _steps(table, figure, kinds, title)
    if kinds[0] == "time":
        return _lines(table, figure, kinds, title)
    if kinds[0] in ("text", "number") and len(kinds) == 2:
        return _bars(table, figure, kinds[0], title, is_sorted=shape == "groups")
    if kinds[:3] == ["text", "text", "number"] and len(kinds) == 3:
        return _grouped_bars(table, figure, title)
    return None


def png(spec: Spec) -> bytes:
    """The chart as PNG bytes, drawn without any network."""
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=2.0)
    return drawn


def bundle(spec: Spec) -> dict[str, Any]:
    """The chart as a static MIME bundle: the spec, its PNG in base64, one line of text."""
    title = spec.get("title") or "chart"
    text = title.get("text", "chart") if isinstance(title, dict) else str(title)
    return {MIME: spec, "image/png": base64.b64encode(png(spec)).decode(), "text/plain": text}


def _kind(data_type: pa.DataType) -> str:
    import pyarrow as pa

    if pa.types.is_dictionary(data_type):
        return _kind(data_type.value_type)
    if pa.types.is_date(data_type) or pa.types.is_timestamp(data_type):
        return "time"
    if pa.types.is_string(data_type) or pa.types.is_large_string(data_type) or pa.types.is_boolean(data_type):
        return "text"
    if pa.types.is_integer(data_type) or pa.types.is_floating(data_type) or pa.types.is_decimal(data_type):
        return "number"
    return "other"


def _bars(table: pa.Table, figure: str, kind: str, title: str, *, is_sorted: bool) -> Spec | None:
    name = table.column_names[0]
    if table.num_rows > MOST_BARS:
        return None
    values = _values(table, [name, figure])
    across = _ordered(values, _field(name)) if kind == "number" else False
    category = {"field": _field(name), "type": "nominal", "title": _title(name), "sort": None, "axis": _axis()}
    amount = {"field": _field(figure), "type": "quantitative", "title": _title(figure)}
    if is_sorted and not across and table.column(1).null_count == 0:
        category["sort"] = "-x"
    x, y = (category, amount) if across else (amount, category)
    return _chart("bar", values, {"x": x, "y": y, "tooltip": [_tip(category), _tip(amount)]}, title)


def _ordered(values: list[dict[str, Any]], name: str) -> bool:
    numbers = [value[name] for value in values]
    return all(isinstance(number, int | float) for number in numbers) and numbers == sorted(numbers)


def _histogram(table: pa.Table, title: str) -> Spec | None:
    """Bars side by side, each from the lower edge of its bin to the next one's."""
    edge, figure = table.column_names
    known = table.filter(table.column(edge).is_valid())
    edges = sorted(float(value) for value in known.column(edge).to_pylist() if value is not None)
    widths = [high - low for low, high in itertools.pairwise(edges) if high > low]
    if not widths or known.num_rows > MOST_POINTS:
        return None
    until = f"{_field(edge)} until"
    values = [{**value, until: value[_field(edge)] + min(widths)} for value in _values(known, [edge, figure])]
    x = {"field": _field(edge), "type": "quantitative", "bin": {"binned": True}, "title": _title(edge)}
    amount = {"field": _field(figure), "type": "quantitative", "title": _title(figure)}
    return _chart(
        "bar", values, {"x": x, "x2": {"field": until}, "y": amount, "tooltip": [_tip(x), _tip(amount)]}, title
    )


def _steps(table: pa.Table, figure: str, kinds: list[str], title: str) -> Spec | None:
    """A line over years, or a line for each of a few series."""
    names = [table.column_names[0], *([table.column_names[1]] if kinds[1:2] == ["text"] else []), figure]
    values = _values(table, names)
    if len(kinds) != len(names) or table.num_rows > MOST_POINTS:
        return None
    time = {"field": _field(names[0]), "type": "ordinal", "title": _title(names[0])}
    amount = {"field": _field(figure), "type": "quantitative", "title": _title(figure)}
    encoding: Spec = {"x": time, "y": amount, "tooltip": [_tip(time), _tip(amount)]}
    if len(names) == 3:
        if len({value[_field(names[1])] for value in values}) > MOST_SERIES:
            return None
        encoding["color"] = {"field": _field(names[1]), "type": "nominal", "title": _title(names[1])}
    return _chart({"type": "line", "point": table.num_rows <= MOST_BARS}, values, encoding, title)


def _grouped_bars(table: pa.Table, figure: str, title: str) -> Spec | None:
    outer, inner = table.column_names[:2]
    values = _values(table, [outer, inner, figure])
    series = {value[_field(inner)] for value in values}
    if table.num_rows > 2 * MOST_BARS or len(series) > MOST_SERIES:
        return None
    category = {"field": _field(outer), "type": "nominal", "title": _title(outer), "sort": None, "axis": _axis()}
    amount = {"field": _field(figure), "type": "quantitative", "title": _title(figure)}
    color = {"field": _field(inner), "type": "nominal", "title": _title(inner)}
    encoding = {"y": category, "x": amount, "color": color, "yOffset": {"field": _field(inner)}}
    return _chart("bar", values, {**encoding, "tooltip": [_tip(category), _tip(color), _tip(amount)]}, title)


def _lines(table: pa.Table, figure: str, kinds: list[str], title: str) -> Spec | None:
    names = [table.column_names[0], figure]
    color: Spec | None = None
    if len(kinds) == 3 and kinds[1] == "text":
        names.insert(1, table.column_names[1])
        color = {"field": _field(names[1]), "type": "nominal", "title": _title(names[1])}
    elif len(kinds) > 2 and "text" in kinds[1:]:
        return None
    values = _values(table, names)
    series = {value[_field(names[1])] for value in values} if color else set()
    if table.num_rows > MOST_POINTS or len(series) > MOST_SERIES:
        return None
    # In UTC throughout: a day must not become the day before it for readers west of Greenwich.
    time = {"field": _field(names[0]), "type": "temporal", "title": _title(names[0]), "scale": {"type": "utc"}}
    tip = {
        "field": _field(names[0]),
        "type": "temporal",
        "title": _title(names[0]),
        "timeUnit": _precision(values, _field(names[0])),
    }
    amount = {"field": _field(figure), "type": "quantitative", "title": _title(figure)}
    encoding: Spec = {"x": time, "y": amount, "tooltip": [tip, _tip(amount)]}
    if color:
        encoding["color"] = color
    mark = {"type": "line", "point": table.num_rows <= MOST_BARS}
    return _chart(mark, values, encoding, title)


def _precision(values: list[dict[str, Any]], name: str) -> str:
    whole_days = all(value[name] is None or "T" not in value[name] for value in values)
    return "utcyearmonthdate" if whole_days else "utcyearmonthdatehoursminutesseconds"


def _axis() -> Spec:
    return {"labelLimit": 220}


def _tip(channel: Spec) -> Spec:
    return {key: channel[key] for key in ("field", "type", "title")}


def _chart(mark: str | Spec, values: list[dict[str, Any]], encoding: Spec, title: str) -> Spec:
    spec: Spec = {
        "$schema": SCHEMA,
        "data": {"values": values},
        "mark": {"type": mark, "tooltip": True} if isinstance(mark, str) else {**mark, "tooltip": True},
        "encoding": encoding,
        "width": 480,
    }
    return {**spec, "title": _title(title)} if title else spec


def _field(name: str) -> str:
    """The key of a column in the data: signs that mean a path or an escape to Vega are left out."""
    return name if _PLAIN.fullmatch(name) else f"column {''.join(_WORD.findall(name))}"


def _title(name: str) -> str:
    """The name as it is shown; Vega would read a backslash in a tooltip's title as an escape."""
    return "".join(sign if sign.isprintable() else " " for sign in name.replace("\\", "⧵"))


def _values(table: pa.Table, names: list[str]) -> list[dict[str, Any]]:
    return [{_field(name): _plain(row[name]) for name in names} for row in table.select(names).to_pylist()]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else float(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo else f"{value.isoformat()}Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and len(value) > LABEL_CHARACTERS:
        return value[: LABEL_CHARACTERS - 1] + "…"
    return value
