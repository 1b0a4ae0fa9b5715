"""Published pages: open to everyone who has the link, sandboxed, without a look at any cookie."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

SECURITY = {
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; font-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
GONE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>No such page</title>"
    "<body style='font-family:system-ui;max-width:40em;margin:4em auto;padding:0 1em'>"
    "<h1>No such page</h1><p>The link is wrong, or the page was taken back. Ask whoever sent it for a new one.</p>"
)


class PageHandler(web.RequestHandler):
    """A page by its token; on the PUBLIC list, so it inherits nothing that reads who is logged in."""

    @allow_unauthenticated
    async def get(self, token: str) -> None:
        """The newest version of the page."""
        page = await asyncio.get_running_loop().run_in_executor(self.settings["lakebook_pool"], self._read, token)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if page is None:
            self.set_status(404)
        self.finish(page or GONE)

    def set_default_headers(self) -> None:
        """The headers that keep the page in its sandbox."""
        for name, value in SECURITY.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **_details: Any) -> None:
        """Viewers read pages, also when something is wrong."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_status(status_code)
        self.finish(GONE)

    def _read(self, token: str) -> bytes | None:
        from lakebook.dashboards.pages import page_for

        path = page_for(self.settings["lakebook_runtime"], token)
        return Path(path).read_bytes() if path else None
