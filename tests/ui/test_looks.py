"""Light and dark: nothing serious for axe-core, nothing pushed aside after the first paint, hostile names held."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.ui.lab_process import ROOT
from tests.ui.panel import SLOW, Panel, orders_csv

AXE = ROOT / "extension/node_modules/axe-core/axe.min.js"
SERIOUS = ("serious", "critical")
THEMES = ("JupyterLab Light", "JupyterLab Dark")


def violations(panel: Panel, selector: str | dict[str, list[str]]) -> list[str]:
    """What axe-core finds serious inside an element, or in what a context includes: rule, element, colours."""
    panel.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = panel.page.evaluate("selector => axe.run(selector)", selector)
    return [
        f"{violation['id']}: {node['html'][:160]} {json.dumps([check['data'] for check in node['any']])[:200]}"
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_everyone_can_read_and_reach_it(orders: Panel, theme: str) -> None:
    orders.choose_theme(theme)
    shade = theme.rpartition(" ")[2].lower()
    assert violations(orders, ".lb-panel") == []
    orders.dataset("orders").click()
    page = orders.page.get_by_role("article", name="orders")
    for tab in ("Preview", "Columns", "Issues", "Meaning", "Versions", "Lineage"):
        page.get_by_role("tab", name=tab).click()
        assert violations(orders, ".lb-page") == [], tab
    page.get_by_role("tab", name="Preview").click()
    orders.picture(f"dataset-{shade}")
    orders.ask("number of rows by country in orders")
    expect(orders.page.locator(".lb-chart canvas, .lb-chart svg").first).to_be_visible(timeout=SLOW)
    assert violations(orders, ".lb-ask-form, .lb-answer header, .lb-answer-rows") == []
    orders.picture(f"ask-{shade}")
    orders.choose_theme(THEMES[0])


def test_hostile_names_stay_in_their_place(panel: Panel) -> None:
    long_name = "a column whose name never ends " * 6
    header = [long_name.strip(), "שלום עולם", "📈 growth", "<b>bold</b>"]
    text = "\n".join([",".join(header), *(f"{n},مرحبا,😀,<i>{n}</i>" for n in range(60))])
    panel.load("hostile", text)
    panel.dataset("hostile").click()
    page = panel.page.get_by_role("article", name="hostile")
    expect(page.get_by_role("columnheader")).to_have_count(4, timeout=SLOW)
    expect(page.get_by_role("columnheader").nth(3)).to_contain_text("<b>bold</b>")
    expect(page.locator("[role=columnheader] :is(b, i), [role=cell] :is(b, i)")).to_have_count(0)
    widest = page.get_by_role("columnheader").evaluate_all("heads => Math.max(...heads.map(head => head.offsetWidth))")
    assert widest <= 260
    wider = panel.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    expect(page.get_by_role("table", name="hostile")).to_have_attribute("aria-busy", "false", timeout=SLOW)
    panel.picture("hostile")


def test_a_thousand_columns_are_shown_in_parts(panel: Panel) -> None:
    columns = 1_000
    rows = [",".join(f"c{n}" for n in range(columns)), *(",".join(["7"] * columns) for _ in range(3))]
    panel.load("wide", "\n".join(rows))
    panel.dataset("wide").click()
    page = panel.page.get_by_role("article", name="wide")
    table = page.get_by_role("table", name="wide")
    expect(table).to_have_attribute("aria-colcount", "1001", timeout=SLOW)
    expect(table.get_by_role("button", name="c0", exact=True)).to_be_visible()
    assert table.get_by_role("columnheader").count() < 30
    page.get_by_role("application").focus()
    panel.page.keyboard.press("ArrowDown")
    panel.page.keyboard.press("End")
    expect(table.get_by_role("button", name="c999", exact=True)).to_be_visible()
    expect(page.locator(".lb-rows-cursor")).to_contain_text("c999, row 1: 7")


def test_nothing_moves_after_the_first_paint(orders: Panel) -> None:
    orders.page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver(list => {
            for (const entry of list.getEntries()) {
                for (const { node } of entry.sources ?? []) {
                    if (node?.parentElement?.closest?.('.lb-panel')) window.shifts.push([entry.value, node.outerHTML]);
                }
            }
        }).observe({ type: 'layout-shift', buffered: true });"""
    )
    orders.open(orders.page.url)
    expect(orders.dataset("orders")).to_be_visible(timeout=SLOW)
    orders.page.wait_for_timeout(1_000)
    moved = [shift for shift in orders.page.evaluate("() => window.shifts") if shift[0] > 0.02]
    assert moved == []


def test_the_readme_picture_shows_an_answer_beside_the_panel(orders: Panel) -> None:
    orders.dataset("orders").click()
    expect(orders.page.get_by_role("article", name="orders")).to_be_visible(timeout=SLOW)
    answer = orders.ask("number of rows by country in orders")
    expect(answer.locator(".lb-chart canvas, .lb-chart svg").first).to_be_visible(timeout=SLOW)
    assert orders.picture("lab").startswith(b"\x89PNG")
    assert orders_csv().count("\n") == 901
