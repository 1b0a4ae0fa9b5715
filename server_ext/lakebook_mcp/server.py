"""The protocol's server: tools from verbs, resources from the catalogue, every error in one sentence and a hint."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError

import lakebook
from lakebook.arguments import validated
from lakebook.errors import LakebookError, NotFound
from lakebook.jobs.child import broken
from lakebook.verb import Action, Verb, wire
from lakebook_mcp import resources
from lakebook_mcp.desk import Desk
from lakebook_mcp.tools import described, tools_of

Context = ServerRequestContext[Any, Any]
READING: frozenset[Action] = frozenset({"read"})
INSTRUCTIONS = (
    "Answers about the tables of a data lake that can be checked. Prefer `ask` with the question in words: it answers "
    "with rows and the SQL it ran, or declines and names the words it did not understand. `query` runs one read-only "
    "SELECT. Never present a declined or unverified answer as a fact."
)


def server_of(desk_of: Callable[[Context], Desk], allowed: Collection[Action] = READING) -> Server[Any]:
    """A server of the verbs whose action is allowed; each call is carried out at the desk of its request."""
    tools = tools_of(allowed)

    async def list_tools(_context: Context, _params: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[described(name, verb) for name, verb in tools.items()])

    async def call_tool(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        work = partial(_called, desk_of(context), tools, params.name, params.arguments or {})
        return await asyncio.to_thread(work)

    async def list_resources(context: Context, _params: object) -> types.ListResourcesResult:
        found = await asyncio.to_thread(resources.resources_of, desk_of(context))
        return types.ListResourcesResult(resources=found)

    async def read_resource(context: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        uri = str(params.uri)
        try:
            text = await asyncio.to_thread(resources.read, desk_of(context), uri)
        except LakebookError as error:
            raise MCPError(code=types.INVALID_PARAMS, message=str(error)) from None
        content = types.TextResourceContents(uri=uri, mime_type="application/json", text=text)
        return types.ReadResourceResult(contents=[content])

    return Server(
        "lakebook",
        version=lakebook.__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def _called(desk: Desk, tools: dict[str, Verb], name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    try:
        verb = tools.get(name)
        if verb is None:
            raise NotFound(f"There is no tool {name!r} here.", hint="The list of tools names those that are allowed.")
        result = desk.carry_out(verb, validated(verb.request, arguments))
        plain = wire(result).model_dump(mode="json")
    except LakebookError as error:
        return _refused(error)
    except Exception as error:
        logging.getLogger("lakebook.mcp").critical("the tool broke", exc_info=True)
        return _refused(broken(error))
    text = types.TextContent(type="text", text=json.dumps(plain, ensure_ascii=False))
    return types.CallToolResult(content=[text], structured_content=plain)


def _refused(error: LakebookError) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=str(error))], is_error=True)
