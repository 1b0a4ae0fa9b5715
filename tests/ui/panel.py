"""The panel as a person meets it: drop, open, ask, look."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SLOW = 60_000
COUNTRIES = ("United Kingdom",) * 6 + ("Germany", "France", "Netherlands")


def orders_csv(rows: int = 900) -> str:
    """Orders of a small shop, the same every time: three months, nine countries with repeats, money with pence."""
    dice = random.Random(11)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["invoice", "country", "quantity", "unit_price", "ordered_on", "note"])
    for row in range(rows):
        day = f"2026-{1 + row // 300:02d}-{1 + row % 28:02d}"
        price = f"{dice.randint(50, 2_000) / 100:.2f}"
        note = dice.choice(["", " gift ", "late"])
        writer.writerow([536_365 + row // 3, dice.choice(COUNTRIES), dice.randint(1, 40), price, day, note])
    return text.getvalue()


class Panel:
    """What a test does with the Lab's page."""

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self.page, self.pictures = page, pictures

    @property
    def side(self) -> Locator:
        """The sidebar's content."""
        return self.page.locator(".lb-panel")

    def open(self, url: str) -> None:
        """Open the Lab in its first state with the panel in front."""
        self.page.goto(url, wait_until="domcontentloaded")
        self.wait_until_restored()
        tab = self.page.locator('[data-id="lakebook-panel"]')
        tab.wait_for(timeout=SLOW)
        if not self.side.is_visible():
            tab.click()
        expect(self.side).to_be_visible()

    def wait_until_restored(self) -> None:
        """Wait until the Lab has put everything where it was: a click before that is undone by it."""
        self.page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)", timeout=SLOW)

    def hover(self, name: str, text: str, event: str = "dragenter") -> None:
        """Carry a file of the computer over the panel, or drop it there."""
        carried = self.page.evaluate_handle(
            """([name, text]) => {
                const carried = new DataTransfer();
                carried.items.add(new File([text], name, { type: 'text/csv' }));
                return carried;
            }""",
            [name, text],
        )
        self.side.dispatch_event(event, {"dataTransfer": carried})

    def drop(self, name: str, text: str) -> None:
        """Drop a file on the panel."""
        self.hover(name, text)
        self.hover(name, text, "drop")

    def dataset(self, name: str) -> Locator:
        """The line of a table in the sidebar."""
        return self.side.get_by_role("button", name=name).and_(self.page.locator(".lb-dataset-row"))

    def load(self, name: str, text: str) -> None:
        """Drop a file and wait for its table, unless it is there already."""
        if self.dataset(name).count() == 0:
            self.drop(f"{name}.csv", text)
        expect(self.dataset(name)).to_be_visible(timeout=SLOW)

    def ask(self, question: str) -> Locator:
        """Ask in the sidebar's box; the answer."""
        box = self.side.get_by_role("searchbox")
        box.fill(question)
        box.press("Enter")
        answer = self.page.get_by_role("article", name=question)
        expect(answer).not_to_have_attribute("aria-busy", "true", timeout=SLOW)
        return answer

    def choose_command(self, name: str) -> None:
        """Run a command by the palette, with keys alone; while the Lab starts it closes the palette again."""
        wanted = self.page.locator(".lm-CommandPalette-item.lm-mod-active", has_text=name)
        for _ in range(20):
            self.page.keyboard.press("Control+Shift+C")
            self.page.wait_for_timeout(500)
            if self.page.locator(".jp-ModalCommandPalette input").is_visible():
                self.page.keyboard.type(name)
                self.page.wait_for_timeout(500)
            if wanted.is_visible():
                break
        expect(wanted).to_be_visible()
        self.page.keyboard.press("Enter")

    def choose_theme(self, name: str) -> None:
        """Switch the Lab's theme by its menu, and wait until its colours are there."""
        self.page.get_by_role("menuitem", name="Settings").click()
        self.page.locator(".lm-Menu-item", has_text="Theme").first.hover()
        self.page.locator(".lm-Menu-item", has_text=name).first.click()
        light = "false" if "Dark" in name else "true"
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light)

    def picture(self, name: str) -> bytes:
        """A screenshot; kept in the pictures' folder where one is named."""
        path = self.pictures / f"{name}.png" if self.pictures else None
        return self.page.screenshot(path=path)
