"""A real Lab and a real browser; every request that leaves the Lab's address fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.ui.lab_process import ROOT, TOKEN, Lab, start_lab
from tests.ui.panel import Panel, orders_csv

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
HERE = ("data:", "blob:", "about:")

# Two cores are shared with other groups of a whole test run.
expect.set_options(timeout=30_000)


@pytest.fixture(autouse=True)
def jp_asyncio_loop() -> None:
    """None: a loop of pytest-jupyter's would clash with Playwright's."""


@pytest.fixture(autouse=True)
def jp_server_cleanup() -> None:
    """Nothing to clean up: the Lab is a process of its own."""


@dataclass
class Watch:
    """What the pages of a browser did that they must not: ask another host, fail in a script."""

    lab: Lab
    strays: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of this browser."""
        context.on("request", lambda request: self.note(request.url))
        context.on("page", self.page)

    def page(self, page: Page) -> None:
        """Watch one page's sockets and scripts."""
        page.on("websocket", lambda opened: self.note(opened.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def note(self, url: str) -> None:
        """Keep an address that is not the Lab's."""
        at_home = (self.lab.origin, self.lab.origin.replace("http:", "ws:"))
        if not url.startswith((*at_home, *HERE)):
            self.strays.append(url)

    def settle(self) -> None:
        """Fail for what was seen since the last time."""
        strays, errors, self.strays, self.errors = self.strays, self.errors, [], []
        assert strays == [], "a page asked something of another host"
        assert errors == [], "a page's script failed"


@dataclass(frozen=True)
class LoggedIn:
    """A browser that is logged in to a Lab, and who watches it."""

    context: BrowserContext
    watch: Watch


def log_in(browser: Browser, lab: Lab) -> Iterator[LoggedIn]:
    """A browser with the Lab's cookie; its cache is kept, so that later pages open soon."""
    context, watch = browser.new_context(viewport={"width": 1280, "height": 800}), Watch(lab)
    watch.over(context)
    context.request.get(f"{lab.url}lab?token={TOKEN}")
    yield LoggedIn(context, watch)
    context.close()


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


@pytest.fixture(scope="session")
def owner(browser: Browser, lab: Lab) -> Iterator[LoggedIn]:
    """The browser of the Lab's owner."""
    yield from log_in(browser, lab)


@pytest.fixture
def page(owner: LoggedIn) -> Iterator[Page]:
    """A page of the owner's browser; what it must not do fails the test."""
    page = owner.context.new_page()
    yield page
    page.close()
    owner.watch.settle()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where screenshots are kept: `docs` with LAKEBOOK_PICTURES=1, another folder that it names, else nowhere."""
    named = os.environ.get("LAKEBOOK_PICTURES")
    if not named:
        return None
    folder = ROOT / "docs" if named == "1" else Path(named)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def panel(page: Page, lab: Lab, pictures: Path | None) -> Panel:
    """The panel, open and in front, in its first state."""
    panel = Panel(page, pictures)
    panel.open(f"{lab.url}lab?reset")
    return panel


@pytest.fixture
def orders(panel: Panel) -> Panel:
    """The panel with the table `orders` loaded."""
    panel.load("orders", orders_csv())
    return panel
