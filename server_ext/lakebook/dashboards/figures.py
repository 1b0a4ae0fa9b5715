"""Charts of a notebook's outputs as pictures for a page: sharp at every size, in light and dark."""

from __future__ import annotations

import base64
import html
import logging
from typing import Any

log = logging.getLogger("lakebook.dashboards")

VEGA_LITE = "application/vnd.vegalite.v5+json"
RASTER = ("image/png", "image/jpeg")
SVG = "image/svg+xml"
VERSION = "5.20"
DESK_WIDTH, PHONE_WIDTH = 880, 328
WHOLE = {"type": "fit-x", "contains": "padding"}
PHONE = "screen and (max-width: 600px)"
DARK = "screen and (prefers-color-scheme: dark)"
COMPOSED = ("hconcat", "vconcat", "concat", "facet", "repeat", "spec")


def is_chart(data: dict[str, Any]) -> bool:
    """Whether an output's bundle holds a chart."""
    return any(kind in data for kind in (VEGA_LITE, SVG, *RASTER))


def figure(data: dict[str, Any]) -> str:
    """The chart as HTML with everything inside it; an empty text where it cannot be drawn."""
    if VEGA_LITE in data:
        drawn = _vega(data[VEGA_LITE])
        if drawn:
            return drawn
    label = _label(data)
    if SVG in data:
        # As a picture, not as part of the page: scripts in it do not run.
        return _frame(f'<img class="paper" alt="{label}" src="{_uri(SVG, _joined(data[SVG]).encode())}">')
    for kind in RASTER:
        if kind in data:
            content = "".join(_joined(data[kind]).split())
            return _frame(f'<img class="paper" alt="{label}" src="data:{kind};base64,{content}">')
    return ""


def _vega(spec: dict[str, Any]) -> str:
    """The specification drawn twice, for light and for dark; no data is fetched for it."""
    sources = [(f"{PHONE} and (prefers-color-scheme: dark)", True, PHONE_WIDTH), (PHONE, False, PHONE_WIDTH)]
    if _wide(spec, PHONE_WIDTH) is spec:
        sources = []
    sources.append((DARK, True, DESK_WIDTH))
    try:
        shown = _uri(SVG, _drawn(_wide(spec, DESK_WIDTH), dark=False))
        others = [(media, _uri(SVG, _drawn(_wide(spec, width), dark=dark))) for media, dark, width in sources]
    except ValueError:
        log.warning("a chart's specification could not be drawn; its picture is shown instead")
        return ""
    label = html.escape(_title(spec), quote=True)
    choices = "".join(f'<source media="{media}" srcset="{uri}">' for media, uri in others)
    return _frame(f'<picture>{choices}<img alt="{label}" src="{shown}"></picture>')


def _drawn(spec: dict[str, Any], *, dark: bool) -> bytes:
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec, vl_version=VERSION, config=_config(dark=dark), allowed_base_urls=[])
    return svg.encode()


def _wide(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """A chart of one view as wide as its column; one made of several views, or without a width, as it is."""
    fixed = isinstance(spec.get("width"), int | float) and not any(part in spec for part in COMPOSED)
    return {**spec, "width": width, "autosize": WHOLE} if fixed else spec


def _config(*, dark: bool) -> dict[str, Any]:
    """The page's own colours and sizes; what the specification sets itself stays."""
    ink, quiet, line = ("#e6e9ec", "#a0a8b2", "#30363d") if dark else ("#1c2024", "#5b6470", "#dfe3e8")
    axis = {"labelColor": quiet, "titleColor": quiet, "gridColor": line, "domainColor": line, "tickColor": line,
            "labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal"}  # fmt: skip
    legend = {"labelColor": ink, "titleColor": quiet, "labelFontSize": 13, "titleFontSize": 13}
    title = {"color": ink, "subtitleColor": quiet, "fontSize": 16, "anchor": "start"}
    return {"background": "transparent", "axis": axis, "legend": legend, "title": title, "view": {"stroke": None}}


def _title(spec: dict[str, Any]) -> str:
    title = spec.get("description") or spec.get("title") or "Chart"
    if isinstance(title, dict):
        title = title.get("text", "Chart")
    return " ".join(title) if isinstance(title, list) else str(title)


def _label(data: dict[str, Any]) -> str:
    text = _joined(data.get("text/plain", "")).strip()
    said = text.splitlines()[0] if text and not text.startswith("<") else "Chart"
    return html.escape(said[:200], quote=True)


def _joined(text: Any) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


def _frame(inside: str) -> str:
    return f'<figure class="chart">{inside}</figure>'


def _uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
