"""The rows of dashboards and their links; a link is known only by its hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.dashboards.models import Dashboard
from lakebook.errors import NotFound

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, RowMapping

    from lakebook.runtime import Runtime


def rows(runtime: Runtime) -> list[RowMapping]:
    """Every dashboard, by name, with how many links it has."""
    from sqlalchemy import func, select

    table, link = dashboards(), links()
    shared = select(func.count()).where(link.c.dashboard_id == table.c.dashboard_id).scalar_subquery()
    statement = select(table, shared.label("link_count")).order_by(table.c.name_key)
    with runtime.database.read() as connection:
        return list(connection.execute(statement).mappings())


def row(runtime: Runtime, reference: str) -> RowMapping:
    """The dashboard of this id or name, or NotFound with the nearest name."""
    known, key = rows(runtime), names.key(reference)
    for found in known:
        if found["dashboard_id"] == reference or found["name_key"] == key:
            return found
    raise NotFound.named("dashboard", reference, [found["name"] for found in known])


def called(runtime: Runtime, name: str) -> RowMapping | None:
    """The dashboard of this name, or None."""
    key = names.key(name)
    return next((found for found in rows(runtime) if found["name_key"] == key), None)


def add_link(connection: Connection, token: str, dashboard_id: str, stamp: str) -> None:
    """Keep a link's hash in the caller's transaction."""
    connection.execute(links().insert().values(token_hash=digest(token), dashboard_id=dashboard_id, created_at=stamp))


def page_file(runtime: Runtime, dashboard_id: str, version: int) -> Path:
    """Where a dashboard's page of this version is kept; its folder is made if missing."""
    folder = runtime.settings.folder("pages") / dashboard_id
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{version}.html"


def as_dashboard(found: RowMapping) -> Dashboard:
    """The row as people and programs see it."""
    config = found["config"]
    return Dashboard(
        dashboard_id=found["dashboard_id"], name=found["name"], notebook=found["notebook"], user_id=found["user_id"],
        visualizations=config.get("visualizations", []), layout=config.get("layout", {}), version=found["version"],
        shared=found["version"] > 0 and found["link_count"] > 0, created_at=found["created_at"],
        updated_at=found["updated_at"],
    )  # fmt: skip


def digest(token: str) -> str:
    """The only form in which a link's token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def dashboards() -> Any:
    """The table of dashboards."""
    from lakebook.metadata import schema

    return schema.dashboard


def links() -> Any:
    """The table of links."""
    from lakebook.metadata import schema

    return schema.page_link
