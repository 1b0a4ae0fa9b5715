"""`lakebook mcp`: the protocol over standard input and output, for an agent that starts lakebook itself."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from mcp.server.stdio import stdio_server

import lakebook
from lakebook.verb import Action
from lakebook_mcp.desk import PlaceDesk
from lakebook_mcp.server import server_of


def serve(address: str | None, allowed: Collection[Action]) -> None:
    """Serve the home or server at this address until the input ends."""
    with lakebook.open(address) as lb:
        desk = PlaceDesk(lb.place)
        server = server_of(lambda _context: desk, allowed)

        async def run() -> None:
            async with stdio_server() as (incoming, outgoing):
                await server.run(incoming, outgoing, server.create_initialization_options())

        asyncio.run(run())
