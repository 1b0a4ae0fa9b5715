"""The sidebar: drop a file and see its profile, find, rename, delete and bring back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.ui.panel import SLOW, Panel, orders_csv


def test_a_dropped_file_becomes_a_table_and_shows_its_profile(panel: Panel) -> None:
    panel.hover("sales.csv", orders_csv())
    expect(panel.page.locator(".lb-lit-words")).to_have_text("Drop to load this file")
    panel.hover("sales.csv", orders_csv(), "drop")
    page = panel.page.get_by_role("article", name="sales")
    expect(page.get_by_role("heading", name="sales")).to_be_visible(timeout=SLOW)
    expect(page.locator(".lb-headline")).to_contain_text("900 rows · 6 columns · 0 duplicate rows · quality")
    heads = page.get_by_role("columnheader")
    expect(page.get_by_role("table", name="sales")).to_have_attribute("aria-colcount", "7")
    expect(heads.nth(3)).to_contain_text("decimal")
    expect(page.locator(".lb-rows-foot [role=status]")).to_have_text("900 rows")
    expect(panel.dataset("sales")).to_contain_text("900")


def test_each_tab_shows_its_part_of_the_profile(orders: Panel) -> None:
    orders.dataset("orders").click()
    page = orders.page.get_by_role("article", name="orders")
    page.get_by_role("tab", name="Columns").click()
    card = page.get_by_role("article", name="country")
    expect(card).to_contain_text("no nulls · 4 distinct")
    expect(card.get_by_role("list")).to_contain_text("United Kingdom")
    page.get_by_role("tab", name="Issues").click()
    expect(page.get_by_role("list", name="Issues, worst first")).to_contain_text("note:")
    page.get_by_text("Score").click()
    expect(page.get_by_role("row", name="Whole")).to_contain_text("1.00")
    page.get_by_role("tab", name="Versions").click()
    expect(page.get_by_role("region", name="Versions").get_by_role("row").nth(1)).to_contain_text("900")
    page.get_by_role("tab", name="Lineage").click()
    expect(page.get_by_role("region", name="Lineage")).to_contain_text("orders.csv")


@pytest.mark.parametrize(
    ("name", "text"), [("empty.csv", ""), ("broken.parquet", "PAR1 and then nothing of the kind PAR1")]
)
def test_a_file_that_is_no_table_is_refused_in_words(panel: Panel, name: str, text: str) -> None:
    panel.drop(name, text)
    expect(panel.side.get_by_text(name).first).to_be_visible(timeout=SLOW)
    expect(panel.side.locator(".lb-bad, .lb-trouble").first).to_contain_text(".", timeout=SLOW)
    expect(panel.dataset(name.partition(".")[0])).to_have_count(0)


def test_a_name_that_is_taken_offers_to_replace_or_to_add(orders: Panel) -> None:
    orders.drop("orders.csv", orders_csv(60))
    alert = orders.side.get_by_role("alert")
    expect(alert).to_contain_text("orders", timeout=SLOW)
    alert.get_by_role("button", name="Add the rows").click()
    expect(orders.dataset("orders")).to_contain_text("960", timeout=SLOW)
    orders.drop("orders.csv", orders_csv())
    orders.side.get_by_role("alert").get_by_role("button", name="Replace the table").click()
    expect(orders.dataset("orders")).to_contain_text("900", timeout=SLOW)


def test_the_box_finds_columns_as_one_types(orders: Panel) -> None:
    orders.side.get_by_role("searchbox").fill("unit pri")
    expect(orders.side.get_by_text("No table or column has this name.")).to_have_count(0, timeout=SLOW)
    found = orders.side.get_by_role("list", name="Columns found").get_by_role("button").first
    expect(found).to_contain_text("unit_price")
    found.click()
    tab = orders.page.get_by_role("tab", name="Columns", selected=True)
    expect(tab).to_be_visible()


def test_a_table_is_renamed_deleted_and_brought_back(panel: Panel) -> None:
    panel.load("short_lived", orders_csv(20))
    panel.dataset("short_lived").click(button="right")
    panel.page.get_by_role("menuitem", name="Rename…").click()
    dialog = panel.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("renamed")
    dialog.get_by_role("button", name="Rename").click()
    expect(panel.dataset("renamed")).to_be_visible(timeout=SLOW)
    panel.dataset("renamed").focus()
    panel.page.keyboard.press("Delete")
    expect(panel.dataset("renamed")).to_have_count(0, timeout=SLOW)
    panel.page.get_by_role("button", name="Undo").click()
    expect(panel.dataset("renamed")).to_be_visible(timeout=SLOW)


def test_what_is_folded_stays_folded_after_a_reload(orders: Panel) -> None:
    fold = orders.side.get_by_role("button", name="Datasets")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    orders.page.wait_for_timeout(1_500)  # the Lab saves its state a second after the last change
    orders.open(orders.page.url)
    again = orders.side.get_by_role("button", name="Datasets")
    expect(again).to_have_attribute("aria-expanded", "false", timeout=SLOW)
    again.click()
    expect(orders.dataset("orders")).to_be_visible()
