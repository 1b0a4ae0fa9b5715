"""Under `base_url=/user/x/`, as behind JupyterHub: load, live progress, ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.ui.conftest import log_in
from tests.ui.lab_process import Lab, start_lab
from tests.ui.panel import SLOW, Panel, orders_csv


@pytest.fixture(scope="module")
def prefixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A Lab whose every address begins with /user/x/."""
    running = start_lab(tmp_path_factory.mktemp("hub"), "/user/x/")
    yield running
    running.stop()


def test_all_of_it_works_under_a_prefix(browser: Browser, prefixed: Lab) -> None:
    for owner in log_in(browser, prefixed):
        outside: list[str] = []
        sockets: list[str] = []
        page = owner.context.new_page()
        page.on("request", lambda request: outside.append(request.url))
        page.on("websocket", lambda opened: sockets.append(opened.url))
        panel = Panel(page, None)
        panel.open(f"{prefixed.url}lab")
        expect(panel.side.get_by_role("button", name="Drop a file here, or choose one")).to_be_visible(timeout=SLOW)
        panel.load("orders", orders_csv())
        expect(page.get_by_role("article", name="orders")).to_be_visible(timeout=SLOW)
        answer = panel.ask("number of rows")
        expect(answer.get_by_role("region", name="Rows of the answer")).to_contain_text("900")
        ours = [url for url in outside if "/lakebook/" in url and url.startswith("http")]
        assert ours
        assert all(url.startswith(prefixed.url) for url in ours)
        assert f"{prefixed.url.replace('http', 'ws')}lakebook/ws/jobs" in sockets
        page.close()
        owner.watch.settle()
