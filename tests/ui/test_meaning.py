"""What words mean: a draft accepted, faults by line, a word defined where it was not known, answers judged."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.ui.panel import SLOW, Panel
from tests.ui.test_looks import THEMES, violations


def meaning(orders: Panel) -> Locator:
    """The tab with the table's semantic model."""
    orders.dataset("orders").click()
    page = orders.page.get_by_role("article", name="orders")
    page.get_by_role("tab", name="Meaning").click()
    return page.get_by_role("region", name="Meaning")


def test_a_draft_is_accepted_and_a_fault_is_said_by_line(orders: Panel) -> None:
    tab = meaning(orders)
    tab.get_by_role("button", name="Propose a draft").click()
    editor = tab.get_by_role("textbox", name="Semantic model")
    expect(editor).to_have_value(re.compile("^# A first draft"))
    accept = tab.get_by_role("button", name="Accept")
    expect(accept).to_be_enabled(timeout=SLOW)
    good = editor.input_value()
    line = good[: good.index("SUM(")].count("\n") + 1
    editor.fill(good.replace("SUM(orders.", "SUM(orders.x", 1))
    fault = tab.get_by_role("list", name="Faults and notes").get_by_role("button").first
    expect(fault).to_contain_text(f"line {line}", timeout=SLOW)
    expect(accept).to_be_disabled()
    orders.picture("meaning-fault")
    fault.click()
    selected = editor.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert "SUM(orders.x" in selected
    editor.fill(good)
    expect(accept).to_be_enabled(timeout=SLOW)
    accept.click()
    expect(tab.get_by_role("button", name="Save")).to_be_visible(timeout=SLOW)
    expect(tab).to_contain_text("orders: 1 table")


def test_a_word_is_defined_where_it_was_not_known(orders: Panel) -> None:
    word = "zorkland"
    answer = orders.ask(f"number of rows by {word} in orders")
    answer.get_by_role("button", name="Define it…").click()
    box = answer.get_by_role("combobox", name=f"What {word} means")
    box.fill("orders.nothing")
    answer.get_by_role("button", name="Define and ask again").click()
    expect(answer.get_by_role("alert")).to_contain_text("orders.nothing", timeout=SLOW)
    assert violations(orders, ".lb-answers") == []
    orders.picture("define-light")
    box.fill("orders.country")
    answer.get_by_role("button", name="Define and ask again").click()
    again = orders.page.get_by_role("article", name=f"number of rows by {word} in orders").first
    expect(again.get_by_role("region", name="Rows of the answer").locator("tbody tr")).to_have_count(4, timeout=SLOW)


def test_an_answer_is_judged_and_pinned(orders: Panel) -> None:
    orders.choose_theme(THEMES[1])
    answer = orders.ask("number of rows by note in orders")
    answer.get_by_role("button", name="Pin").click()
    expect(answer.get_by_role("button", name="Pinned")).to_have_attribute("aria-pressed", "true")
    answer.get_by_role("button", name="✓ Right").click()
    expect(answer).to_contain_text("the same words get this answer again")
    answer.get_by_role("button", name="✗ Wrong").click()
    answer.get_by_role("textbox", name="What is wrong with the answer").fill("late ones are counted")
    answer.get_by_label("More").click()
    assert violations(orders, ".lb-answer .lb-actions, .lb-define") == []
    orders.picture("judge-dark")
    answer.get_by_role("button", name="It is wrong").click()
    expect(answer).to_contain_text("do not get this answer again")
    answer.get_by_role("button", name="✓ Right").click()
    expect(answer.get_by_role("button", name="✓ Right")).to_have_attribute("aria-pressed", "true")
    orders.choose_theme(THEMES[0])
