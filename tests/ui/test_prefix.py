"""Under `base_url=/user/x/`, as behind JupyterHub: load, live progress, ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.ui.conftest import LoggedIn, log_in
from tests.ui.lab_process import Lab, start_lab
from tests.ui.panel import SLOW, Panel, orders_csv


@pytest.fixture(scope="module")
def prefixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A Lab whose every address begins with /user/x/."""
    running = start_lab(tmp_path_factory.mktemp("hub"), "/user/x/")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def prefixed_owner(browser: Browser, prefixed: Lab) -> Iterator[LoggedIn]:
    """The browser of that Lab's owner."""
    yield from log_in(browser, prefixed)


def test_all_of_it_works_under_a_prefix(prefixed: Lab, prefixed_owner: LoggedIn) -> None:
    asked: list[str] = []
    sockets: list[str] = []
    page = prefixed_owner.context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda opened: sockets.append(opened.url))
    panel = Panel(page, None)
    panel.open(f"{prefixed.url}lab")
    expect(panel.side.get_by_role("button", name="Drop a file here, or choose one")).to_be_visible(timeout=SLOW)
    panel.load("orders", orders_csv())
    expect(page.get_by_role("article", name="orders")).to_be_visible(timeout=SLOW)
    answer = panel.ask("number of rows in orders")
    expect(answer.get_by_role("region", name="Rows of the answer")).to_contain_text("900")
    ours = [url for url in asked if "/lakebook/" in url]
    assert ours
    assert all(url.startswith(prefixed.url) for url in ours)
    assert f"{prefixed.url.replace('http', 'ws')}lakebook/ws/jobs" in sockets
    page.close()
    prefixed_owner.watch.settle()
