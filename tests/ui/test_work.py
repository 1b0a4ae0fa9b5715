"""Work under way: the count in the status bar, the word at its end, and the Lab's own doors to it."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.ui.lab_process import Lab
from tests.ui.panel import SLOW, Panel, orders_csv


def test_a_running_job_is_counted_and_its_end_is_said(panel: Panel) -> None:
    panel.drop("counted.csv", orders_csv(40))
    status = panel.page.locator(".lb-status")
    expect(status).to_have_text("lakebook: 1 job", timeout=SLOW)
    expect(panel.page.locator(".Toastify__toast", has_text="counted: 40 rows, 6 columns")).to_be_visible(timeout=SLOW)
    expect(status).to_be_hidden()


def test_jobs_are_seen_without_a_socket_too(panel: Panel, lab: Lab) -> None:
    panel.page.route_web_socket(re.compile("lakebook/ws/jobs"), lambda socket: socket.close())
    panel.open(f"{lab.url}lab?reset")
    panel.load("polled", orders_csv(30))
    expect(panel.page.get_by_role("article", name="polled")).to_be_visible(timeout=SLOW)


def test_a_server_that_refuses_is_quoted_with_its_hint(panel: Panel) -> None:
    error = {
        "code": "disk_full", "message": "No room left for the upload.", "hint": "Free some space, then retry.",
        "details": {}, "request_id": "request-7", "timestamp": "2026-01-01T00:00:00Z",
    }  # fmt: skip

    def refuse(route: Route) -> None:
        route.fulfill(status=507, json={"error": error})

    panel.page.route(re.compile("/uploads"), refuse)
    panel.drop("large.csv", orders_csv(10))
    alert = panel.side.get_by_role("alert")
    expect(alert).to_contain_text("No room left for the upload.")
    expect(alert).to_contain_text("Free some space, then retry.")
    expect(alert.get_by_text("Details")).to_have_attribute("title", "Request request-7")
    panel.page.unroute(re.compile("/uploads"))
    alert.get_by_role("button", name="Try again").click()
    expect(panel.dataset("large")).to_be_visible(timeout=SLOW)


def test_the_file_browser_ingests_and_the_viewer_opens(panel: Panel, lab: Lab) -> None:
    (lab.folder / "from_browser.csv").write_text(orders_csv(50))
    panel.page.get_by_role("tab", name=re.compile("File Browser")).click()
    panel.page.get_by_role("button", name=re.compile("Refresh the file browser|Refresh File List")).first.click()
    panel.page.locator(".jp-DirListing-item", has_text="from_browser.csv").click(button="right")
    panel.page.get_by_role("menuitem", name="Ingest").click()
    expect(panel.dataset("from_browser")).to_be_visible(timeout=SLOW)
    expect(panel.page.get_by_role("article", name="from_browser")).to_be_visible(timeout=SLOW)


def test_the_launcher_and_the_palette_lead_here(panel: Panel) -> None:
    card = panel.page.locator(".jp-LauncherCard", has_text="Ask a question")
    card.click()
    expect(panel.page.get_by_role("textbox", name="Question")).to_be_focused()
    panel.choose_command("Show or hide deleted tables")
    expect(panel.side.get_by_role("region", name="Deleted")).to_be_visible(timeout=SLOW)
