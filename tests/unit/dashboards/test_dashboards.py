"""Dashboards as stored things, and the way from a link to its page."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.call import Call
from lakebook.dashboards import store
from lakebook.dashboards.models import DashboardCreate, DashboardRequest, DashboardsRequest
from lakebook.dashboards.pages import page_for
from lakebook.dashboards.verbs import create_dashboard, delete_dashboard, list_dashboards, show_dashboard
from lakebook.errors import InvalidRequest, NameTaken, NotFound
from lakebook.runtime import Runtime
from tests.local_home import USER

TOKEN = "a" * 43


def made(call: Call, name: str, config: dict[str, Any] | None = None) -> str:
    return create_dashboard(call, DashboardCreate(name=name, config=config or {})).dashboard_id


def with_page(call: Call, runtime: Runtime, token: str = TOKEN) -> str:
    """A dashboard with one page and one link."""
    dashboard_id = made(call, "sales")
    store.page_file(runtime, dashboard_id, 1).write_text("page")
    table = store.dashboards()
    with runtime.database.write() as connection:
        connection.execute(
            table.update().where(table.c.dashboard_id == dashboard_id).values(version=1, page=f"{dashboard_id}/1.html")
        )
        store.add_link(connection, token, dashboard_id, "2026-01-01T00:00:00.000000Z")
    return dashboard_id


def test_a_configuration_is_kept_as_given(call: Call) -> None:
    config = {"visualizations": [{"type": "bar", "x": "day"}], "layout": {"columns": 2}, "theme": "dark"}
    found = show_dashboard(call, DashboardRequest(dashboard=made(call, "Sales", config)))
    assert (found.name, found.user_id, found.notebook) == ("Sales", USER, None)
    assert (found.visualizations, found.layout) == (config["visualizations"], config["layout"])
    assert (found.version, found.shared) == (0, False)


@pytest.mark.parametrize("config", [{"visualizations": {}}, {"visualizations": ["bar"]}, {"layout": []}])
def test_a_configuration_of_another_shape_is_refused(call: Call, config: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        made(call, "Sales", config)
    assert list_dashboards(call, DashboardsRequest()).items == []


def test_names_are_unique_under_case(call: Call) -> None:
    made(call, "Straße")
    with pytest.raises(NameTaken, match="already called 'STRASSE'"):
        made(call, "STRASSE")
    assert [found.name for found in list_dashboards(call, DashboardsRequest()).items] == ["Straße"]


def test_dashboards_are_listed_by_name_and_ids_differ(call: Call) -> None:
    ids = [made(call, name) for name in ("b", "A", "c")]
    found = list_dashboards(call, DashboardsRequest()).items
    assert [one.name for one in found] == ["A", "b", "c"]
    assert len({one.dashboard_id for one in found} & set(ids)) == 3


def test_a_missing_dashboard_names_the_nearest(call: Call) -> None:
    made(call, "weekly sales")
    with pytest.raises(NotFound, match="No dashboard is called 'weekly sale'") as refused:
        show_dashboard(call, DashboardRequest(dashboard="weekly sale"))
    assert "'weekly sales'" in refused.value.hint


def test_a_link_leads_to_its_page(call: Call, runtime: Runtime) -> None:
    dashboard_id = with_page(call, runtime)
    page = page_for(runtime, TOKEN)
    assert page == runtime.settings.home / "pages" / dashboard_id / "1.html"
    assert show_dashboard(call, DashboardRequest(dashboard="sales")).shared


@pytest.mark.parametrize(
    "token", ["", "b" * 43, "a" * 42, "a" * 44, "a" * 42 + "\n", "../" * 14 + "a", "a" * 42 + "é", "%" * 43, "A" * 43]
)
def test_any_other_link_leads_nowhere(call: Call, runtime: Runtime, token: str) -> None:
    with_page(call, runtime)
    assert page_for(runtime, token) is None


def test_a_hash_is_no_link(call: Call, runtime: Runtime) -> None:
    with_page(call, runtime)
    assert page_for(runtime, store.digest(TOKEN)) is None
    assert page_for(runtime, store.digest(TOKEN)[:43]) is None


def test_a_page_that_went_is_none(call: Call, runtime: Runtime) -> None:
    dashboard_id = with_page(call, runtime)
    store.page_file(runtime, dashboard_id, 1).unlink()
    assert page_for(runtime, TOKEN) is None


def test_a_deleted_dashboard_takes_links_and_pages_with_it(call: Call, runtime: Runtime) -> None:
    dashboard_id = with_page(call, runtime)
    assert delete_dashboard(call, DashboardRequest(dashboard="SALES")).dashboard_id == dashboard_id
    assert page_for(runtime, TOKEN) is None
    assert not (runtime.settings.home / "pages" / dashboard_id).exists()
    with runtime.database.read() as connection:
        assert connection.execute(store.links().select()).all() == []
    with pytest.raises(NotFound):
        delete_dashboard(call, DashboardRequest(dashboard=dashboard_id))


def test_what_is_done_to_dashboards_is_audited(call: Call, runtime: Runtime) -> None:
    dashboard_id = made(call, "sales")
    delete_dashboard(call, DashboardRequest(dashboard="sales"))
    kept = [(entry["action"], entry["resource"], entry["user_id"]) for entry in runtime.audit.entries()]
    resource = f"dashboard:{dashboard_id}"
    assert kept == [("dashboards.delete", resource, USER), ("dashboards.create", resource, USER)]
