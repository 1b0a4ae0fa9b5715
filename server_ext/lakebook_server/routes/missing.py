"""Addresses under lakebook that are nothing: 404 in the one shape of errors."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from lakebook.errors import NotFound
from lakebook_server.base import Base


class MissingHandler(Base):
    """Answers every method with 404."""

    def _nothing(self) -> None:
        raise NotFound("There is nothing at this address.", hint="See `/lakebook/api/v1/openapi` for what there is.")

    @web.authenticated
    @authorized("read", resource="lakebook")
    async def get(self) -> None:
        """404."""
        self._nothing()

    @web.authenticated
    @authorized("read", resource="lakebook")
    async def post(self) -> None:
        """404."""
        self._nothing()

    @web.authenticated
    @authorized("read", resource="lakebook")
    async def put(self) -> None:
        """404."""
        self._nothing()

    @web.authenticated
    @authorized("read", resource="lakebook")
    async def patch(self) -> None:
        """404."""
        self._nothing()

    @web.authenticated
    @authorized("read", resource="lakebook")
    async def delete(self) -> None:
        """404."""
        self._nothing()
