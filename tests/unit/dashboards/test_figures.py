"""Charts as pictures: sharp, in light and dark, for desk and phone, without a byte from elsewhere."""

from __future__ import annotations

import base64
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lakebook.dashboards.figures import figure, is_chart

VEGA = "application/vnd.vegalite.v5+json"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n not really").decode()
SPEC: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "title": "Top countries",
    "data": {"values": [{"country": "Netherlands", "revenue": 28.5}, {"country": "Eire", "revenue": 12}]},
    "mark": "bar",
    "encoding": {
        "y": {"field": "country", "type": "nominal"},
        "x": {"field": "revenue", "type": "quantitative"},
    },
    "width": 480,
}


def drawings(html: str) -> list[str]:
    found = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", html)
    return [base64.b64decode(content).decode() for content in found]


def width(svg: str) -> float:
    found = re.search(r'<svg[^>]* width="([\d.]+)"', svg)
    assert found is not None
    return float(found[1])


@pytest.mark.parametrize("kind", [VEGA, "image/png", "image/jpeg", "image/svg+xml"])
def test_a_chart_is_an_output_with_a_picture_or_a_specification(kind: str) -> None:
    assert is_chart({kind: "x", "text/plain": "y"})


@pytest.mark.parametrize("data", [{}, {"text/html": "<img src=x>"}, {"text/plain": "image/png"}])
def test_other_outputs_are_no_charts(data: dict[str, Any]) -> None:
    assert not is_chart(data)
    assert figure(data) == ""


def test_a_specification_is_drawn_for_light_and_dark_desk_and_phone() -> None:
    html = figure({VEGA: SPEC, "image/png": PNG, "text/plain": "x"})
    phone_dark, phone, dark, light = drawings(html)
    assert "Netherlands" in light
    assert [width(drawn) for drawn in (phone_dark, phone, dark, light)] == [328, 328, 880, 880]
    assert "#1c2024" in light
    assert "#e6e9ec" in dark
    assert PNG not in html
    assert re.findall(r'media="([^"]+)"', html) == [
        "screen and (max-width: 600px) and (prefers-color-scheme: dark)",
        "screen and (max-width: 600px)",
        "screen and (prefers-color-scheme: dark)",
    ]


def test_a_chart_of_several_views_keeps_its_own_widths() -> None:
    unit = {key: value for key, value in SPEC.items() if key not in ("$schema", "title")}
    html = figure({VEGA: {"$schema": SPEC["$schema"], "hconcat": [unit, unit], "width": 100}})
    assert len(drawings(html)) == 2
    assert 'alt="Chart"' in html


@pytest.mark.parametrize(
    ("more", "label"),
    [
        ({}, "Top countries"),
        ({"title": {"text": "Two words"}}, "Two words"),
        ({"title": {"text": ["Two", "lines"]}}, "Two lines"),
        ({"title": ["Two", "lines"]}, "Two lines"),
        ({"title": None}, "Chart"),
        ({"description": 'Said "aloud" <b>'}, "Said &quot;aloud&quot; &lt;b&gt;"),
    ],
)
def test_who_cannot_see_the_chart_is_told_its_title(more: dict[str, Any], label: str) -> None:
    assert f'<img alt="{label}"' in figure({VEGA: {**SPEC, **more}})


def test_a_specification_that_cannot_be_drawn_falls_back_to_its_picture() -> None:
    html = figure({VEGA: {"mark": 7}, "image/png": PNG, "text/plain": "a figure"})
    assert f'src="data:image/png;base64,{PNG}"' in html
    assert 'alt="a figure"' in html


def test_no_data_is_fetched_for_a_chart() -> None:
    asked: list[str] = []

    class Rows(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with ThreadingHTTPServer(("127.0.0.1", 0), Rows) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/rows.json"
        figure({VEGA: {**SPEC, "data": {"url": url}}, "image/png": PNG})
        server.shutdown()
    assert asked == []


def test_pictures_keep_their_bytes_whatever_the_line_breaks() -> None:
    broken = [f"{PNG[:8]}\n", PNG[8:], "\n"]
    assert f"base64,{PNG}" in figure({"image/png": broken})
    assert f"data:image/jpeg;base64,{PNG}" in figure({"image/jpeg": PNG})


def test_a_vector_picture_runs_no_script() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    html = figure({"image/svg+xml": svg, "image/png": PNG})
    assert drawings(html) == [svg]
    assert "<script" not in html


@pytest.mark.parametrize(
    ("plain", "label"),
    [
        ("<Figure size 640x480 with 1 Axes>", "Chart"),
        ("", "Chart"),
        ("sales\nby day", "sales"),
        ('a "b"', "a &quot;b&quot;"),
    ],
)
def test_a_pictures_label_is_its_text_where_that_says_something(plain: str, label: str) -> None:
    assert f'alt="{label}"' in figure({"image/png": PNG, "text/plain": plain})
