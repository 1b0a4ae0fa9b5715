"""Published pages: open to who has the link, without a login, and powerless even in their owner's browser."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import LoggedIn, Watch
from tests.ui.lab_process import Lab
from tests.ui.panel import SLOW, Panel

PROBE = """
from IPython.display import HTML
HTML('''<p id="seen">quiet</p><script>
fetch("{url}api/kernels", {{method: "POST", credentials: "include"}})
  .then(answer => {{ document.getElementById("seen").textContent = "got " + answer.status; }})
  .catch(() => {{ document.getElementById("seen").textContent = "refused"; }});
</script>''')
"""


def write_notebook(folder: Path, name: str, *cells: str) -> None:
    """A notebook of one heading and these code cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_markdown_cell(f"# {name}"), *map(nbformat.v4.new_code_cell, cells)]
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / f"{name}.ipynb")


def publish(panel: Panel, name: str) -> str:
    """Publish a notebook by the file browser's context menu; the link that the panel opens."""
    panel.page.get_by_role("tab", name=re.compile("File Browser")).click()
    item = panel.page.locator(".jp-DirListing-item", has_text=f"{name}.ipynb")
    panel.page.get_by_role("button", name=re.compile("Refresh the file browser|Refresh File List")).first.click()
    item.click(button="right")
    panel.page.get_by_role("menuitem", name="Publish").click()
    job = panel.side.get_by_role("list", name="Jobs").get_by_role("listitem").filter(has_text=name)
    opening = job.get_by_role("button", name="Open page")
    expect(opening).to_be_visible(timeout=90_000)
    with panel.page.context.expect_page() as opened:
        opening.click()
    link: str = opened.value.url
    opened.value.close()
    return link


@pytest.fixture
def stranger(browser: Browser, lab: Lab) -> Page:
    """A page in a private window, logged in to nothing."""
    context, watch = browser.new_context(viewport={"width": 360, "height": 640}), Watch(lab)
    watch.over(context)
    return context.new_page()


def test_a_page_opens_in_a_private_window_without_login(panel: Panel, lab: Lab, stranger: Page) -> None:
    write_notebook(lab.folder, "greeting", "from IPython.display import Markdown", "Markdown('The answer is **42**.')")
    link = publish(panel, "greeting")
    assert link.startswith(f"{lab.url}lakebook/p/")
    strays: list[str] = []
    stranger.on("request", lambda request: strays.append(request.url))
    answer = stranger.goto(link)
    assert answer is not None
    assert answer.status == 200
    expect(stranger.get_by_text("The answer is 42.")).to_be_visible()
    assert stranger.context.cookies() == []
    assert [url for url in strays if not url.startswith((link, "data:", "blob:"))] == []
    wider = stranger.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    stranger.context.close()


def test_a_page_cannot_use_its_owners_login(panel: Panel, lab: Lab, owner: LoggedIn) -> None:
    write_notebook(lab.folder, "probe", PROBE.format(url=lab.url))
    link = publish(panel, "probe")
    allowed = owner.context.request.get(f"{lab.url}api/kernels")
    assert allowed.status == 200
    before = len(allowed.json())
    visit = owner.context.new_page()
    visit.goto(link)
    expect(visit.locator("#seen")).to_have_text(re.compile("refused|quiet"))
    visit.wait_for_timeout(1_000)
    expect(visit.locator("#seen")).not_to_contain_text("got")
    assert len(owner.context.request.get(f"{lab.url}api/kernels").json()) == before
    visit.close()


def test_a_link_that_leads_nowhere_says_so(stranger: Page, lab: Lab) -> None:
    answer = stranger.goto(f"{lab.url}lakebook/p/{'x' * 43}")
    assert answer is not None
    assert answer.status == 404
    expect(stranger.get_by_role("heading", name="No such page")).to_be_visible(timeout=SLOW)
    stranger.context.close()
