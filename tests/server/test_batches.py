"""Chunks of a body are taken in order, one call at a time, together where they came meanwhile, and errors are said."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from lakebook_server.batches import MOST, Batches


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as made:
        yield made


class Taker:
    """Takes blocks, when it is let."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.go = threading.Event()
        self.go.set()

    def __call__(self, block: bytes) -> None:
        assert self.go.wait(30)
        if block == b"bad":
            raise OSError("the disk is gone")
        self.blocks.append(block)


async def test_everything_comes_in_order(pool: ThreadPoolExecutor) -> None:
    taker = Taker()
    batches = Batches(taker, pool)
    for number in range(500):
        await batches.add(b"%d," % number)
    await batches.end()
    await batches.end()
    assert b"".join(taker.blocks) == b"".join(b"%d," % number for number in range(500))


async def test_what_comes_meanwhile_is_taken_together(pool: ThreadPoolExecutor) -> None:
    taker = Taker()
    taker.go.clear()
    batches = Batches(taker, pool)
    for block in (b"a", b"b", b"c"):
        await batches.add(block)
    taker.go.set()
    await batches.end()
    assert taker.blocks == [b"a", b"bc"]


async def test_receiving_waits_where_too_much_is_on_its_way(pool: ThreadPoolExecutor) -> None:
    taker = Taker()
    taker.go.clear()
    batches = Batches(taker, pool)
    await batches.add(b"a")
    await batches.add(bytes(MOST - 1))
    full = asyncio.ensure_future(batches.add(b"b"))
    done, _ = await asyncio.wait([full], timeout=0.1)
    assert not done
    taker.go.set()
    await full
    await batches.end()
    assert taker.blocks == [b"a", bytes(MOST - 1) + b"b"]


async def test_an_error_is_said_at_the_end(pool: ThreadPoolExecutor) -> None:
    batches = Batches(Taker(), pool)
    await batches.add(b"bad")
    with pytest.raises(OSError, match="the disk is gone"):
        await batches.end()


async def test_an_error_is_said_to_who_sends_on(pool: ThreadPoolExecutor) -> None:
    async def send_on() -> None:
        while True:
            await batches.add(b"more")

    batches = Batches(Taker(), pool)
    await batches.add(b"bad")
    with pytest.raises(OSError, match="the disk is gone"):
        await send_on()


async def test_an_error_that_nobody_waits_for_is_no_news(pool: ThreadPoolExecutor) -> None:
    """The connection was lost: nothing may be said of it later either."""
    said: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: said.append(context))
    batches = Batches(Taker(), pool)
    await batches.add(b"bad")
    pool.shutdown(wait=True)
    await asyncio.sleep(0)
    del batches
    await asyncio.sleep(0)
    assert said == []
