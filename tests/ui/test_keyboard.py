"""Keyboard alone: every control is reached, lists have one stop, what has the focus is seen."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.ui.panel import SLOW, Panel, orders_csv

MOST_STOPS = 60


def focused(page: Page) -> str:
    """The name of what has the focus."""
    name: str = page.evaluate(
        "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText.split('\\n')[0]"
    )
    return name


def stops(panel: Panel) -> list[str]:
    """What Tab reaches inside the panel, from its first control on."""
    panel.side.get_by_role("button", name="Load files…").focus()
    names: list[str] = []
    for _ in range(MOST_STOPS):
        names.append(focused(panel.page))
        panel.page.keyboard.press("Tab")
        if not panel.page.evaluate("() => Boolean(document.activeElement.closest('.lb-panel'))"):
            return names
    raise AssertionError(f"Tab does not leave the panel: {names}")


def test_tab_stops_once_at_each_control_and_once_in_each_list(orders: Panel) -> None:
    orders.load("second", orders_csv(20))
    reached = stops(orders)
    for name in ("Load files…", "Read everything again", "More", "Find dataset, column, question", "Datasets", "Jobs"):
        assert name in reached
    rows = orders.page.locator(".lb-dataset-row")
    expect(rows.and_(orders.page.locator('[tabindex="0"]'))).to_have_count(1)


def test_arrows_move_in_the_list_and_enter_opens(orders: Panel) -> None:
    orders.load("second", orders_csv(20))
    first = orders.page.locator(".lb-dataset-row").first
    first.focus()
    orders.page.keyboard.press("ArrowDown")
    second = orders.page.locator(".lb-dataset-row").nth(1)
    expect(second).to_be_focused()
    orders.page.keyboard.press("Home")
    expect(first).to_be_focused()
    orders.page.keyboard.press("End")
    expect(orders.page.locator(".lb-dataset-row").last).to_be_focused()
    orders.page.keyboard.press("Enter")
    name = orders.page.locator(".lb-dataset-row").last.get_attribute("data-lb-name") or ""
    expect(orders.page.get_by_role("article", name=name)).to_be_visible(timeout=SLOW)


def test_the_focus_is_seen(orders: Panel) -> None:
    orders.side.get_by_role("searchbox").focus()
    orders.page.keyboard.press("Tab")
    for _ in range(4):
        style = orders.page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]; }"
        )
        assert style == ["solid", "2px"], focused(orders.page)
        orders.page.keyboard.press("Tab")


def test_a_question_is_asked_and_its_tabs_are_walked_without_a_mouse(orders: Panel) -> None:
    orders.choose_command("Show lakebook")
    expect(orders.side.get_by_role("searchbox")).to_be_focused(timeout=SLOW)
    orders.page.keyboard.type("orders")
    orders.page.keyboard.press("Enter")
    page = orders.page.get_by_role("article", name="orders")
    page.get_by_role("tab", name="Preview").focus()
    orders.page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Columns", selected=True)).to_be_focused()
    orders.side.get_by_role("searchbox").focus()
    orders.page.keyboard.press("Control+A")
    orders.page.keyboard.type("number of rows by country in orders")
    orders.page.keyboard.press("Enter")
    answer = orders.page.get_by_role("article", name="number of rows by country in orders").first
    expect(answer.get_by_role("region", name="Rows of the answer")).to_be_visible(timeout=SLOW)


def test_the_box_is_left_for_what_it_found_by_the_arrow(orders: Panel) -> None:
    box = orders.side.get_by_role("searchbox")
    box.fill("orders")
    box.press("ArrowDown")
    expect(orders.page.locator(".lb-offer")).to_be_focused()
    box.press("Escape")
    expect(box).to_have_value("")
