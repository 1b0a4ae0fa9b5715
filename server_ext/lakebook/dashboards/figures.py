"""Charts of a notebook's outputs as pictures for a page: sharp at every size, in light and dark."""

from __future__ import annotations

import base64
import html
import logging
from typing import Any, Literal

log = logging.getLogger("lakebook.dashboards")

VEGA_LITE = "application/vnd.vegalite.v5+json"
RASTER = ("image/png", "image/jpeg")
SVG = "image/svg+xml"
VERSION = "5.20"
CLEAR = {"background": "transparent"}
DARK_SCREEN = "screen and (prefers-color-scheme: dark)"


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
    import vl_convert

    def draw(theme: Literal["dark"] | None) -> str:
        svg = vl_convert.vegalite_to_svg(spec, vl_version=VERSION, config=CLEAR, theme=theme, allowed_base_urls=[])
        return _uri(SVG, svg.encode())

    try:
        light, dark = draw(None), draw("dark")
    except ValueError:
        log.warning("a chart's specification could not be drawn; its picture is shown instead")
        return ""
    label = html.escape(_title(spec), quote=True)
    return _frame(
        f'<picture><source media="{DARK_SCREEN}" srcset="{dark}"><img alt="{label}" src="{light}"></picture>'
    )


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
