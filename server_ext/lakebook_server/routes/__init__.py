"""Every route of lakebook: the verbs' own, uploads, sockets, pages; and what answers where nothing is."""

from __future__ import annotations

from typing import Any

from lakebook_server.routes import agents, document, downloads, missing, pages, sockets, tus, uploads, verbs

PREFIXES = ("/lakebook/api/v1", "/api/v1")
SOCKETS = ("/lakebook/ws", "/ws")
PUBLIC = (r"/lakebook/p/([\w-]{20,100})",)


def handlers() -> list[tuple[str, type[Any]]]:
    """Pairs of address pattern and handler, most special first."""
    api = [*tus.routes(), *uploads.routes(), *document.routes(), *downloads.routes(), *verbs.routes()]
    return [
        *((prefix + pattern, handler) for prefix in PREFIXES for pattern, handler in api),
        *((prefix + pattern, handler) for prefix in SOCKETS for pattern, handler in sockets.routes()),
        *agents.routes(),
        (PUBLIC[0], pages.PageHandler),
        (r"/lakebook/.*", missing.MissingHandler),
        (r"/api/v1/.*", missing.MissingHandler),
    ]
