"""A large file over a line that breaks: what has come is not sent again, and the table is whole."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.ui.panel import Panel

ROWS = 1_200_000
PART = 16 * 2**20


def test_an_upload_that_is_cut_goes_on_where_it_stood(panel: Panel, tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    with path.open("w") as file:
        file.write("id,word\n")
        for start in range(0, ROWS, 50_000):
            file.write("".join(f"{row},a word of the row {row % 97}\n" for row in range(start, start + 50_000)))
    assert path.stat().st_size > 2 * PART
    offsets: list[int] = []
    cuts: list[int] = []

    def send(route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        offset = int(route.request.headers["upload-offset"])
        offsets.append(offset)
        if offset >= PART and not cuts:
            cuts.append(offset)
            route.abort("connectionreset")
        else:
            route.continue_()

    panel.page.route(re.compile("/uploads/"), send)
    with panel.page.expect_file_chooser() as chooser:
        panel.side.get_by_role("button", name="Load files…").click()
    chooser.value.set_files(path)
    expect(panel.dataset("cut")).to_be_visible(timeout=120_000)
    page = panel.page.get_by_role("article", name="cut")
    expect(page.locator(".lb-headline")).to_contain_text(f"{ROWS:,} rows", timeout=30_000)
    assert cuts == [PART]
    assert offsets.count(0) == 1
    assert sorted(set(offsets)) == sorted(set(range(0, path.stat().st_size, PART)))
    panel.page.unroute(re.compile("/uploads/"))
