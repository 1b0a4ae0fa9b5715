"""The verbs over dashboards: list, show, store a configuration, delete."""

from __future__ import annotations

import shutil
from typing import Any

from lakebook import names
from lakebook.call import Call
from lakebook.dashboards import store
from lakebook.dashboards.models import Dashboard, DashboardCreate, DashboardRequest, DashboardsRequest
from lakebook.errors import InvalidRequest, NameTaken
from lakebook.ids import new_id, now, rfc3339
from lakebook.verb import Listing


def list_dashboards(call: Call, _request: DashboardsRequest) -> Listing[Dashboard]:
    """The dashboards, by name."""
    return Listing[Dashboard](items=[store.as_dashboard(row) for row in store.rows(call.runtime)])


def show_dashboard(call: Call, request: DashboardRequest) -> Dashboard:
    """One dashboard, by id or name."""
    return store.as_dashboard(store.row(call.runtime, request.dashboard))


def create_dashboard(call: Call, request: DashboardCreate) -> Dashboard:
    """Store a dashboard's configuration; NameTaken where its name is in use."""
    from sqlalchemy.exc import IntegrityError

    _check(request.config)
    name, stamp, dashboard_id = names.checked(request.name), rfc3339(now()), new_id()
    with call.runtime.database.write() as connection:
        try:
            connection.execute(
                store.dashboards().insert().values(
                    dashboard_id=dashboard_id, name=name, name_key=names.key(name), config=request.config, version=0,
                    user_id=call.principal.user_id, created_at=stamp, updated_at=stamp,
                )
            )  # fmt: skip
        except IntegrityError as error:
            raise NameTaken(f"A dashboard is already called {name!r}.", hint="Choose another name.") from error
        call.runtime.audit.record_in(connection, call, "dashboards.create", f"dashboard:{dashboard_id}", {"name": name})
    return store.as_dashboard(store.row(call.runtime, dashboard_id))


def delete_dashboard(call: Call, request: DashboardRequest) -> Dashboard:
    """Delete a dashboard with its pages; its links stop working."""
    row = store.row(call.runtime, request.dashboard)
    dashboard_id, table, link = row["dashboard_id"], store.dashboards(), store.links()
    with call.runtime.database.write() as connection:
        connection.execute(link.delete().where(link.c.dashboard_id == dashboard_id))
        connection.execute(table.delete().where(table.c.dashboard_id == dashboard_id))
        call.runtime.audit.record_in(
            connection, call, "dashboards.delete", f"dashboard:{dashboard_id}", {"name": row["name"]}
        )
    shutil.rmtree(call.runtime.settings.folder("pages") / dashboard_id, ignore_errors=True)
    return store.as_dashboard(row)


def _check(config: dict[str, Any]) -> None:
    visualizations, layout = config.get("visualizations", []), config.get("layout", {})
    if not isinstance(visualizations, list) or not all(isinstance(item, dict) for item in visualizations):
        raise InvalidRequest("A dashboard's `visualizations` are a list of objects.")
    if not isinstance(layout, dict):
        raise InvalidRequest("A dashboard's `layout` is an object.")
