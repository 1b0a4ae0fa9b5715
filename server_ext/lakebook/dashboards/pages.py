"""From a link to the page behind it; whoever has the link needs no account."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook.dashboards.store import dashboards, digest, links

if TYPE_CHECKING:
    from lakebook.runtime import Runtime

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def page_for(runtime: Runtime, token: str) -> Path | None:
    """The newest page behind this link, or None; only hashes are compared, so timing tells nothing of a token."""
    from sqlalchemy import select

    if not TOKEN.fullmatch(token):
        return None
    table, link = dashboards(), links()
    statement = (
        select(table.c.page).join(link, link.c.dashboard_id == table.c.dashboard_id)
        .where(link.c.token_hash == digest(token))
    )  # fmt: skip
    with runtime.database.read() as connection:
        page = connection.execute(statement).scalar_one_or_none()
    path = runtime.settings.home / "pages" / page if page else None
    return path if path is not None and path.is_file() else None
