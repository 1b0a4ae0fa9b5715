"""Live tiles: a socket is subscribed to its topic, hears every message of it, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.websocket import websocket_connect

from lakebook.runtime import Runtime, open_runtime
from lakebook_server.broadcast import Broadcast
from tests.live_server import LiveServer, live_server
from tests.properties.in_process import fresh

PATIENCE = 30

words = st.text(st.characters(codec="utf-8"), max_size=6)
payloads = st.dictionaries(words, st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), words), max_size=3)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server for all examples."""
    with live_server(tmp_path_factory.mktemp("lab"), LAKEBOOK_WORKERS="0") as server:
        yield server


@pytest.fixture(scope="module")
def servers_home(server: LiveServer) -> Iterator[Runtime]:
    """The server's home, opened beside it."""
    opened = open_runtime(server.home)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    """The threads in which the home is looked at."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


async def heard(socket: Any) -> dict[str, Any]:
    """The next message."""
    said: dict[str, Any] = json.loads(str(await asyncio.wait_for(socket.read_message(), PATIENCE)))
    return said


# Feature: ai-analytics-platform, Property 27: WebSocket connection and subscription. For any WebSocket connection to a dashboard, the Platform should accept the connection and subscribe to the corresponding Kafka topic.
@given(word=st.from_regex(r"[A-Za-z0-9_.\-]{1,20}", fullmatch=True), row=payloads, seed=st.booleans())
def test_a_socket_is_accepted_and_subscribed_to_its_dashboard(
    server: LiveServer, servers_home: Runtime, word: str, row: dict[str, Any], seed: bool
) -> None:
    topic, path = fresh(word), "ws/analytics" if seed else "lakebook/ws/analytics"

    async def follow() -> tuple[dict[str, Any], dict[str, Any]]:
        socket = await websocket_connect(server.socket_url(f"{path}/{topic}"))
        await socket.write_message(json.dumps({"action": "subscribe"}))
        subscribed = await heard(socket)
        servers_home.topics.publish(f"{topic}.other", [{"of": "another"}])
        servers_home.topics.publish(topic, [row])
        update = await heard(socket)
        socket.close()
        return subscribed, update

    subscribed, update = asyncio.run(follow())
    assert (subscribed["type"], subscribed["topic"]) == ("subscribed", topic)
    assert (update["type"], update["data"]) == ("update", row)


@asynccontextmanager
async def broadcasting(runtime: Runtime, pool: Executor) -> AsyncIterator[Broadcast]:
    """A broadcast that looks without pause; stopped at the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook_server.broadcast.LOOK_SECONDS", 0)
        broadcast = Broadcast(runtime, pool)
        try:
            yield broadcast
        finally:
            broadcast.stop()


async def until(true: Callable[[], bool]) -> None:
    """Let the loop run until this is so."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0)


# Feature: ai-analytics-platform, Property 28: Message forwarding. For any message received on a subscribed Kafka topic, the Platform should forward the message to all connected WebSocket clients for that topic.
@given(
    clients=st.lists(st.integers(0, 2), min_size=1, max_size=8),
    batches=st.lists(st.tuples(st.integers(0, 2), st.lists(payloads, max_size=6)), min_size=1, max_size=4),
    at_once=st.integers(1, 5),
)
def test_every_message_reaches_every_client_of_its_topic(
    runtime: Runtime, pool: Executor, clients: list[int], batches: list[tuple[int, list[dict[str, Any]]]], at_once: int
) -> None:
    topics = [fresh("topic") for _ in range(3)]
    published: list[list[dict[str, Any]]] = [[], [], []]
    boxes: list[list[dict[str, Any]]] = [[] for _ in clients]
    read = runtime.topics.read

    async def forward() -> None:
        async with broadcasting(runtime, pool) as broadcast:
            for client, box in zip(clients, boxes, strict=True):
                await broadcast.follow_topic(topics[client], box.append)
            for number, rows in batches:
                runtime.topics.publish(topics[number], rows)
                published[number].extend(rows)
            await until(lambda: all(len(box) >= len(published[c]) for c, box in zip(clients, boxes, strict=True)))

    for topic in topics:
        runtime.topics.publish(topic, [{"from": "before"}])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime.topics, "read", lambda topic, after: read(topic, after, at_once))
        asyncio.run(forward())
    for client, box in zip(clients, boxes, strict=True):
        assert [message["data"] for message in box] == published[client]
        assert all(message["type"] == "update" and message["timestamp"] for message in box)


# Feature: ai-analytics-platform, Property 30: Connection cleanup. For any WebSocket disconnection, the Platform should close the associated Kafka consumer and release all related resources.
@given(
    clients=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), min_size=1, max_size=6),
    rows=st.integers(0, 6),
    follows_jobs=st.booleans(),
)
def test_closed_sockets_leave_nothing_behind(
    runtime: Runtime, pool: Executor, clients: list[tuple[int, int]], rows: int, follows_jobs: bool
) -> None:
    """Each client hangs up on hearing its so-manieth row, or at the end; one may hang up in the midst of a batch."""
    topics = [fresh("topic") for _ in range(3)]

    async def come_and_go() -> None:
        async with broadcasting(runtime, pool) as broadcast:
            connected = [await connect(broadcast, topics[topic], patience) for topic, patience in clients]
            if follows_jobs:
                connected.append(broadcast.follow_jobs(lambda _message: None))
            for topic in topics:
                runtime.topics.publish(topic, [{"row": number} for number in range(rows)])
            task = broadcast.task
            assert task is not None
            for _ in range(20):
                await asyncio.sleep(0.0005)
            for stop in connected:
                stop()
            await until(task.done)
            assert task.exception() is None
            assert (broadcast.topics, broadcast.marks, broadcast.jobs) == ({}, {}, set())
            assert asyncio.all_tasks() == {asyncio.current_task()}

    async def connect(broadcast: Broadcast, topic: str, patience: int) -> Callable[[], None]:
        stops: list[Callable[[], None]] = []
        messages: list[dict[str, Any]] = []

        def listen(message: dict[str, Any]) -> None:
            assert len(messages) < patience, "a client that has hung up was told more"
            messages.append(message)
            if len(messages) == patience:
                stops[0]()

        stops.append(await broadcast.follow_topic(topic, listen if patience else lambda _message: None))
        return stops[0]

    asyncio.run(come_and_go())
