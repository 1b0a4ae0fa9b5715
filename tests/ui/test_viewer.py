"""The viewer in a real browser: two million rows at once, their middle and end, sorted and filtered, by keys alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.lab_process import Lab
from tests.ui.panel import SLOW, Panel, orders_csv
from tests.ui.test_looks import THEMES, violations

ROWS = 2_000_000
COUNTRIES = ("UK", "DE", "FR", "NL", "")
# A whole pass over the file is part of a sort; two cores may be shared with a whole test run.
PASS = 90_000


def line(row: int) -> str:
    """One line of the large file; amounts repeat every 7919 rows."""
    return f"{row},{COUNTRIES[row % 5]},{row * 31 % 7919}.50\n"


@pytest.fixture(scope="session")
def large(lab: Lab) -> Path:
    """A file of two million rows in the Lab's folder."""
    path = lab.folder / "large.csv"
    with path.open("w") as file:
        file.write("id,country,amount\n")
        for start in range(0, ROWS, 50_000):
            file.write("".join(line(row) for row in range(start, start + 50_000)))
    return path


class Viewer:
    """What a person does with a file that is open in the viewer."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.article = page.get_by_role("article", name=name)
        self.table = self.article.get_by_role("table", name=name)
        self.grid = self.article.get_by_role("application")
        self.status = self.article.locator(".lb-rows-foot [role=status]")

    @property
    def cursor(self) -> list[str]:
        """The number and the values of the cursor's row."""
        texts: list[str] = self.table.locator(".lb-sr [role=rowheader], .lb-sr [role=cell]").all_inner_texts()
        return texts

    def press(self, *keys: str) -> None:
        """Press keys in the grid."""
        self.grid.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def head(self, name: str) -> Locator:
        """The head of a column."""
        return self.table.get_by_role("columnheader").filter(has=self.page.get_by_role("button", name=name, exact=True))

    def expect_cursor(self, *values: str) -> None:
        """Wait until the cursor's row has these values; a row far away is fetched first."""
        shown = self.table.locator(".lb-sr [role=rowheader], .lb-sr [role=cell]")
        expect(shown).to_have_text(list(values), timeout=SLOW)


def viewed(panel: Panel, name: str) -> Viewer:
    """Open a file as a double click does."""
    panel.page.get_by_role("tab", name=re.compile("File Browser")).click()
    panel.page.get_by_role("button", name=re.compile("Refresh the file browser|Refresh File List")).first.click()
    panel.page.locator(".jp-DirListing-item", has_text=name).dblclick()
    viewer = Viewer(panel.page, name)
    expect(viewer.grid).to_be_visible(timeout=SLOW)
    return viewer


@pytest.fixture
def viewer(panel: Panel, large: Path) -> Viewer:
    """The large file in the viewer, with all its rows counted."""
    shown = viewed(panel, large.name)
    expect(shown.status).to_have_text("2,000,000 rows", timeout=SLOW)
    return shown


def test_the_first_rows_come_at_once_under_the_summaries(panel: Panel, large: Path) -> None:
    asked: list[str] = []
    panel.page.on("request", lambda request: asked.append(request.url))
    shown = viewed(panel, large.name)
    expect(shown.status).to_have_text(re.compile(r"^[1-9][\d,]* rows"), timeout=SLOW)
    shown.press("ArrowDown")
    shown.expect_cursor("1", "0", "UK", "0.50")
    assert not [url for url in asked if "api/contents/large.csv" in url and "content=1" in url]
    expect(shown.head("country")).to_contain_text("text")
    expect(shown.head("country").get_by_role("listitem")).to_have_count(2)
    expect(shown.head("amount").get_by_role("img")).to_be_visible()
    expect(shown.article).to_contain_text("fields parted by")


def test_the_middle_and_the_end_are_reached_by_scrolling(viewer: Viewer) -> None:
    viewer.press("ArrowDown", "Control+End")
    viewer.expect_cursor("2,000,000", "1999999", "null", line(ROWS - 1).split(",")[2].strip())
    bar = viewer.article.locator('.lm-ScrollBar[data-orientation="vertical"] .lm-ScrollBar-track')
    box = bar.bounding_box()
    assert box is not None
    viewer.press("Control+Home")
    viewer.expect_cursor("1", "0", "UK", "0.50")
    thumb = viewer.article.locator('.lm-ScrollBar[data-orientation="vertical"] .lm-ScrollBar-thumb').bounding_box()
    assert thumb is not None
    viewer.page.mouse.move(thumb["x"] + 4, thumb["y"] + 4)
    viewer.page.mouse.down()
    viewer.page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2, steps=5)
    viewer.page.mouse.up()
    viewer.grid.click(position={"x": 200, "y": 60})
    expect(viewer.table.locator(".lb-sr [role=cell]").first).not_to_have_text("", timeout=SLOW)
    row = int(viewer.cursor[0].replace(",", ""))
    assert ROWS * 0.3 < row < ROWS * 0.7
    viewer.expect_cursor(
        f"{row:,}", str(row - 1), COUNTRIES[(row - 1) % 5] or "null", line(row - 1).split(",")[2].strip()
    )


def test_a_head_sorts_and_a_box_filters_on_the_server(viewer: Viewer) -> None:
    head = viewer.head("amount")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(viewer.table).to_have_attribute("aria-busy", "false", timeout=PASS)
    viewer.press("Control+Home")
    viewer.expect_cursor("1", "0", "UK", "0.50")
    viewer.press("ArrowDown")
    viewer.expect_cursor("2", "7919", "null", "0.50")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    viewer.press("Control+Home")
    most = next(row for row in range(ROWS) if row * 31 % 7919 == 7918)
    viewer.expect_cursor("1", str(most), COUNTRIES[most % 5] or "null", "7918.50")
    viewer.head("country").get_by_role("searchbox").fill("=NL")
    viewer.page.keyboard.press("Enter")
    viewer.head("id").get_by_role("searchbox").fill("<=100")
    viewer.page.keyboard.press("Enter")
    expect(viewer.status).to_have_text("20 of 2,000,000 rows", timeout=SLOW)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "none")
    viewer.press("Control+Home")
    viewer.expect_cursor("1", "3", "NL", "93.50")
    viewer.article.get_by_role("button", name="Clear order and filters").click()
    expect(viewer.status).to_have_text("2,000,000 rows", timeout=SLOW)


def test_a_filter_that_is_no_value_is_said_in_words(viewer: Viewer) -> None:
    viewer.head("amount").get_by_role("searchbox").fill(">much")
    viewer.page.keyboard.press("Enter")
    alert = viewer.article.get_by_role("alert")
    expect(alert).to_contain_text("'much' is no value of 'amount'", timeout=PASS)
    alert.get_by_role("button", name="Show the rows as they come").click()
    expect(alert).to_have_count(0)
    expect(viewer.status).to_have_text("2,000,000 rows", timeout=SLOW)


def test_keys_alone_sort_filter_and_walk(viewer: Viewer) -> None:
    page = viewer.page
    viewer.head("id").get_by_role("button").focus()
    page.keyboard.press("ArrowRight")
    expect(viewer.head("country").get_by_role("button")).to_be_focused()
    page.keyboard.press("Tab")
    expect(viewer.head("country").get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("=FR")
    page.keyboard.press("Enter")
    expect(viewer.status).to_have_text("400,000 of 2,000,000 rows", timeout=PASS)
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.getAttribute('role')") == "application":
            break
    expect(viewer.grid).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    expect(viewer.article.locator(".lb-rows-cursor")).to_contain_text("amount, row")


@pytest.mark.parametrize("theme", THEMES)
def test_everyone_can_read_the_viewer(viewer: Viewer, panel: Panel, theme: str) -> None:
    panel.choose_theme(theme)
    viewer.press("ArrowDown")
    viewer.expect_cursor("1", "0", "UK", "0.50")
    assert violations(panel, ".lb-rows") == []
    panel.picture(f"viewer-{theme.rpartition(' ')[2].lower()}")
    panel.choose_theme(THEMES[0])


def test_what_is_scrolled_past_is_not_waited_for(viewer: Viewer) -> None:
    asked: list[str] = []
    viewer.page.on("request", lambda request: asked.append(request.url))
    viewer.grid.hover()
    for _ in range(60):
        viewer.page.mouse.wheel(0, 24_000)
    viewer.grid.click(position={"x": 200, "y": 60})
    expect(viewer.table.locator(".lb-sr [role=cell]").first).not_to_have_text("", timeout=SLOW)
    row = int(viewer.cursor[0].replace(",", ""))
    assert row > 10_000
    viewer.expect_cursor(
        f"{row:,}", str(row - 1), COUNTRIES[(row - 1) % 5] or "null", line(row - 1).split(",")[2].strip()
    )
    assert len([url for url in asked if url.endswith("/files/rows")]) < 130


def test_a_file_becomes_a_table_from_its_page(panel: Panel, lab: Lab) -> None:
    (lab.folder / "small.csv").write_text(orders_csv(60))
    shown = viewed(panel, "small.csv")
    shown.article.get_by_role("button", name="Load into lakebook").click()
    expect(panel.page.get_by_role("article", name="small", exact=True)).to_be_visible(timeout=SLOW)
    table = Viewer(panel.page, "small")
    expect(
        panel.page.get_by_role("article", name="small", exact=True).locator(".lb-rows-foot [role=status]")
    ).to_have_text("60 rows")
    assert table.page is panel.page


@pytest.mark.parametrize(("name", "content", "says"), [("nothing.csv", "", "is empty"), ("torn.parquet", "PAR1", "")])
def test_what_is_no_table_is_said_in_words(panel: Panel, lab: Lab, name: str, content: str, says: str) -> None:
    (lab.folder / name).write_text(content)
    panel.page.goto(f"{lab.url}lab/tree/{name}?reset", wait_until="domcontentloaded")
    alert = panel.page.locator(".lb-main [role=alert]")
    expect(alert).to_contain_text(says, timeout=SLOW)
    expect(alert.get_by_role("button", name="Try again")).to_be_visible()
