"""A real Lab and a real browser; every request that leaves the Lab's address fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.ui.lab_process import TOKEN, Lab, start_lab
from tests.ui.panel import Panel, orders_csv

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
SIZE = {"width": 1280, "height": 800}
HERE = ("data:", "blob:", "about:")

# Two cores may be shared with a whole test run.
expect.set_options(timeout=15_000)


@pytest.fixture(autouse=True)
def jp_asyncio_loop() -> None:
    """None: a loop of pytest-jupyter's would clash with Playwright's."""


@pytest.fixture(autouse=True)
def jp_server_cleanup() -> None:
    """Nothing to clean up: the Lab is a process of its own."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where it is missing, the line that installs it."""
    named = os.environ.get("LAKEBOOK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    executable = named or (MAC_CHROME if Path(MAC_CHROME).exists() else None)
    if executable is None:
        pytest.fail("Chromium is missing: sudo apt-get install chromium (macOS: brew install --cask google-chrome)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A Lab with an empty home."""
    running = start_lab(tmp_path_factory.mktemp("lab"))
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser, lab: Lab) -> Iterator[BrowserContext]:
    """A browser that is logged in to nothing yet."""
    yield from guarded(browser, lab)


def guarded(browser: Browser, lab: Lab) -> Iterator[BrowserContext]:
    """A context that notes requests to other addresses and errors of the page, and fails the test for them."""
    strays: list[str] = []
    errors: list[str] = []
    made = browser.new_context(viewport=SIZE)

    def note(url: str) -> None:
        at_home = (lab.origin, lab.origin.replace("http:", "ws:"))
        if not url.startswith((*at_home, *HERE)):
            strays.append(url)

    def watch(page: Page) -> None:
        page.on("websocket", lambda opened: note(opened.url))
        page.on("pageerror", lambda error: errors.append(str(error)))

    made.on("page", watch)
    made.on("request", lambda request: note(request.url))
    yield made
    made.close()
    assert strays == [], "a page asked something of another host"
    assert errors == [], "a page's script failed"


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of that browser."""
    return context.new_page()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where screenshots are kept: the folder that LAKEBOOK_PICTURES names, or nowhere."""
    named = os.environ.get("LAKEBOOK_PICTURES")
    if not named:
        return None
    folder = Path("docs" if named == "1" else named)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def panel_of(page: Page, lab: Lab, pictures: Path | None) -> Panel:
    """The panel of a Lab, in its first state."""
    panel = Panel(page, pictures)
    panel.open(f"{lab.url}lab?token={TOKEN}&reset")
    return panel


@pytest.fixture
def panel(page: Page, lab: Lab, pictures: Path | None) -> Panel:
    """The panel, open and in front."""
    return panel_of(page, lab, pictures)


@pytest.fixture
def orders(panel: Panel) -> Panel:
    """The panel with the table `orders` loaded."""
    panel.load("orders", orders_csv())
    return panel
