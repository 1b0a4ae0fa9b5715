"""The OpenAPI document, as this server serves it."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from lakebook_server.base import Base
from lakebook_server.openapi import document


class DocumentHandler(Base):
    """The OpenAPI 3.1 document."""

    @web.authenticated
    @authorized("read", resource="lakebook")
    async def get(self) -> None:
        """The document as JSON."""
        self.send(document())


def routes() -> list[tuple[str, type[Any]]]:
    """Pattern and handler."""
    return [(r"/openapi", DocumentHandler)]
