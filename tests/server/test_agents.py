"""Agents reach the same verbs by a program's standard streams and by the server, each under the caller's own name."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import types
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

import lakebook
from tests.live_server import LiveServer, live_server

ROWS = "city,guests\nOslo,3\nBergen,4\nOslo,5\n"
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server whose home holds one small table."""
    folder = tmp_path_factory.mktemp("agents")
    (folder / "stays.csv").write_text(ROWS)
    with live_server(folder) as server, lakebook.open(server.home) as lb:
        lb.ingest(folder / "stays.csv")
        yield server


def by_streams(home: Path, talk: Talk, *words: str) -> Any:
    """What comes of a talk with `lakebook mcp`."""

    async def run() -> Any:
        program = StdioServerParameters(
            command=sys.executable, args=["-m", "lakebook_cli", "mcp", "--home", str(home), *words], env={**os.environ}
        )
        async with Client(program) as client:
            return await talk(client)

    return asyncio.run(run())


def by_http(server: LiveServer, talk: Talk) -> Any:
    """What comes of a talk with the server."""

    async def run() -> Any:
        headers = {"Authorization": f"token {server.token}"}
        async with httpx2.AsyncClient(headers=headers, trust_env=False, timeout=30) as http:
            transport = streamable_http_client(f"{server.url}lakebook/mcp", http_client=http)
            async with Client(transport) as client:
                return await talk(client)

    return asyncio.run(run())


def text(result: Any) -> str:
    block = result.content[0]
    assert isinstance(block, types.TextContent)
    return block.text


async def asks(client: Client) -> Any:
    return await client.call_tool("ask", {"question": "total guests by city"})


async def names(client: Client) -> set[str]:
    return {tool.name for tool in (await client.list_tools()).tools}


async def resources(client: Client) -> tuple[list[str], str]:
    listed = [str(one.uri) for one in (await client.list_resources()).resources]
    content = (await client.read_resource("lakebook://profile/bronze.stays")).contents[0]
    assert isinstance(content, types.TextResourceContents)
    return listed, content.text


def test_an_agent_asks_by_either_way_and_reads_what_people_read(server: LiveServer) -> None:
    found = [by_streams(server.home, asks), by_http(server, asks)]
    with lakebook.open(server.home) as lb:
        people = lb.ask("total guests by city").wire()
    for answer in found:
        assert answer.structured_content["status"] == "answered"
        assert answer.structured_content["results"] == people.results
        assert answer.structured_content["sql"] == people.sql


def test_reading_alone_unless_more_is_allowed(server: LiveServer) -> None:
    reading = by_streams(server.home, names)
    assert {"ask", "query", "profile", "datasets_list"} <= reading
    assert not {"ingest", "datasets_delete", "train"} & reading
    assert reading == by_http(server, names)
    more = by_streams(server.home, names, "--allow", "write", "--allow", "execute")
    assert {"ingest", "datasets_delete", "train"} <= more


def test_the_guard_stands_before_agents_too(server: LiveServer) -> None:
    async def runs(client: Client) -> list[Any]:
        statements = ("DROP TABLE stays", "SELECT * FROM read_csv('/etc/passwd')", "SELECT 1; SELECT 2")
        return [await client.call_tool("query", {"sql": statement}) for statement in statements]

    for result, words in zip(by_http(server, runs), ("Only a SELECT", "READ_CSV", "2 statements"), strict=True):
        assert result.is_error
        assert words.casefold() in text(result).casefold()


def test_resources_are_profiles(server: LiveServer) -> None:
    for listed, profile in (by_streams(server.home, resources), by_http(server, resources)):
        assert "lakebook://profile/bronze.stays" in listed
        assert [column["name"] for column in json.loads(profile)["columns"]] == ["city", "guests"]


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 403), ({"Authorization": "token wrong"}, 403)], ids=["nobody", "wrong-token"]
)
def test_nobody_is_served_without_a_token(server: LiveServer, headers: dict[str, str], status: int) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    answer = httpx2.post(f"{server.url}lakebook/mcp", json=message, headers=headers, trust_env=False)
    assert answer.status_code in (status, 401)
    assert "error" in answer.json()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--allow", "everything"], 2, "invalid choice"),
        (["--url", "http://127.0.0.1:1"], 0, ""),
        (["--help"], 0, "Serve agents"),
    ],
    ids=["unknown-action", "server-not-there-until-asked", "help"],
)
def test_the_shell_says_what_is_wrong(words: list[str], status: int, said: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "lakebook_cli", "mcp", *words], capture_output=True, text=True, input="", check=False
    )
    assert ended.returncode == status
    assert said in ended.stdout + ended.stderr
