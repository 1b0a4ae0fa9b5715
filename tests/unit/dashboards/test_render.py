"""The page of an executed notebook: its words, tables and charts, nothing of its code, one file."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lakebook.dashboards.render import Page, foot_of, render, title_of
from tests.unit.dashboards.test_figures import PNG, SPEC, VEGA

FOOT = "as of 9 Dec 2011 06:00 UTC · orders v3"


def shown(data: dict[str, Any]) -> Any:
    return new_output("display_data", data=data)


def stream(name: str, text: str) -> Any:
    return new_output("stream", name=name, text=text)


def page_of(folder: Path, *cells: Any) -> Page:
    content = json.loads(nbformat.writes(new_notebook(cells=list(cells))))
    return render(content, title="sales", folder=folder, foot=FOOT)


def with_outputs(folder: Path, *outputs: Any) -> Page:
    return page_of(folder, new_code_cell("secret_code = 1", outputs=list(outputs)))


def test_a_page_reads_as_prose_with_its_charts_and_foot(tmp_path: Path) -> None:
    page = page_of(
        tmp_path,
        new_markdown_cell("# Sales & *more*\n\nWell **done**.\n\n- one\n- two"),
        new_code_cell("secret_code = 1", outputs=[stream("stdout", "two < three\n"), shown({VEGA: SPEC})]),
    )
    assert page.charts == 1
    assert "<title>Sales &amp; *more</title>" in page.html or "<title>Sales &amp; *more*</title>" in page.html
    assert "<strong>done</strong>" in page.html
    assert "two &lt; three" in page.html
    assert f"<footer>{FOOT}</footer>" in page.html
    assert "secret_code" not in page.html
    assert page.html.lstrip().startswith("<!DOCTYPE html>")


def test_the_page_has_its_own_look_and_no_jupyter_furniture(tmp_path: Path) -> None:
    html = with_outputs(tmp_path, stream("stdout", "x")).html
    assert "max-width: 960px" in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    assert 'name="viewport"' in html
    for word in ("jp-", "MathJax", "require.js", "jquery", "In [", "cdn"):
        assert word not in html


def test_nothing_on_a_page_comes_from_elsewhere(tmp_path: Path) -> None:
    page = page_of(
        tmp_path,
        new_markdown_cell("# T\n\n![logo](https://e.org/logo.png) <script src='https://e.org/x.js'></script>"),
        new_code_cell("x", outputs=[shown({"text/html": "<link href='https://e.org/x.css'><b>kept</b>"})]),
    )
    assert "e.org" not in page.html
    assert "<b>kept</b>" in page.html
    assert re.findall(r'(?:src|href|srcset)="(?!data:|#)[^"]*"', page.html) == []


def test_charts_are_counted_and_keep_the_rows_beside_them(tmp_path: Path) -> None:
    answer = {VEGA: SPEC, "image/png": PNG, "text/html": "<table><tr><td>12</td></tr></table>", "text/plain": "x"}
    page = with_outputs(tmp_path, shown(answer), shown({"image/png": PNG}), shown({"text/plain": "7"}))
    assert page.charts == 2
    assert page.html.count("<figure") == 2
    assert "<td>12</td>" in page.html
    assert "<pre>7</pre>" in page.html


def test_another_chart_librarys_script_is_not_drawn_a_second_time(tmp_path: Path) -> None:
    page = with_outputs(tmp_path, shown({"image/png": PNG, "text/html": "<div id='p'></div><script>draw()</script>"}))
    assert page.charts == 1
    assert "draw()" not in page.html


def test_warnings_and_expected_errors_are_not_for_viewers(tmp_path: Path) -> None:
    error = new_output("error", ename="ValueError", evalue="expected", traceback=["expected"])
    page = with_outputs(tmp_path, stream("stderr", "DeprecationWarning"), error, stream("stdout", "fine"))
    assert "DeprecationWarning" not in page.html
    assert "expected" not in page.html
    assert "fine" in page.html


def test_widgets_and_scripts_fall_back_to_text(tmp_path: Path) -> None:
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "a slider"}
    page = with_outputs(tmp_path, shown(widget), shown({"application/javascript": "alert(1)"}))
    assert "a slider" in page.html
    assert "alert(1)" not in page.html
    assert page.charts == 0


def test_colours_of_the_terminal_and_formulas_are_readable(tmp_path: Path) -> None:
    formula = new_output("execute_result", data={"text/latex": "$a < b$", "text/plain": "x"}, execution_count=1)
    page = with_outputs(tmp_path, stream("stdout", "\x1b[31mred\x1b[0m"), formula)
    assert '<span class="ansi-red-fg">red</span>' in page.html
    assert "$a &lt; b$" in page.html
    assert "\x1b" not in page.html


def test_markdown_made_by_code_is_prose(tmp_path: Path) -> None:
    page = with_outputs(tmp_path, shown({"text/markdown": "**bold**", "text/plain": "x"}))
    assert "<strong>bold</strong>" in page.html


def test_a_notebook_without_outputs_or_cells_is_still_a_page(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    assert page.charts == 0
    assert "<title>sales</title>" in page.html
    assert f"<footer>{FOOT}</footer>" in page.html


def test_a_hostile_title_and_foot_are_text(tmp_path: Path) -> None:
    content = json.loads(nbformat.writes(new_notebook(cells=[new_markdown_cell("# </title><script>x()</script>")])))
    page = render(content, title="sales", folder=tmp_path, foot="<script>y()</script>")
    assert "<title>&lt;/title&gt;&lt;script&gt;" in page.html
    assert "<script>y()" not in page.html


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        (["# Sales"], "Sales"),
        (["words", "## smaller\n# **Sales**\n"], "Sales"),
        (["no heading"], None),
        (["#hashtag"], None),
        ([], None),
        (["# "], None),
    ],
)
def test_the_title_is_the_first_heading(cells: list[str], title: str | None) -> None:
    content = {"cells": [{"cell_type": "markdown", "source": cell.splitlines(keepends=True)} for cell in cells]}
    assert title_of(content) == title


def test_the_foot_says_when_and_of_what() -> None:
    moment = datetime(2011, 12, 9, 6, 0, tzinfo=UTC)
    assert foot_of(moment, []) == "as of 9 Dec 2011 06:00 UTC"
    assert foot_of(moment, [("customers", 1), ("orders", 3)]) == (
        "as of 9 Dec 2011 06:00 UTC · customers v1 · orders v3"
    )
