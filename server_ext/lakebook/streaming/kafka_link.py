"""One connection to Kafka with an event loop in a thread of its own, so that callers wait as for anything else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from lakebook.errors import InvalidRequest, MissingExtra, Unavailable

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

Answer = TypeVar("Answer")
Keyed = tuple[bytes | None, bytes]
Fetched = tuple[int, bytes | None, int]

ANSWER_SECONDS = 5.0
REQUEST_MILLISECONDS = 4000
POLL_MILLISECONDS = 1000
FETCH_MILLISECONDS = 50
CLOSE_SECONDS = 3.0


class KafkaLink:
    """Sends and fetches; connects at the first need and anew after every failure."""

    def __init__(self, address: str) -> None:
        if find_spec("aiokafka") is None:
            raise MissingExtra.named("aiokafka", "kafka")
        self.servers = _servers(address)
        self.loop = asyncio.new_event_loop()
        self.producer: AIOKafkaProducer | None = None
        self.consumer: AIOKafkaConsumer | None = None
        self.order = threading.Lock()
        self.thread = threading.Thread(target=self.loop.run_forever, name="kafka", daemon=True)
        self.thread.start()

    def send(self, topic: str, messages: list[Keyed]) -> None:
        """Send in order and wait until all are kept; Unavailable within seconds otherwise."""
        self._ask(self._send(topic, messages))

    def end(self, topic: str) -> int:
        """Offset after the newest message."""
        return self._ask(self._end(topic))

    def fetch(self, topic: str, offset: int, limit: int) -> list[Fetched]:
        """Messages from this offset on: offset, value, timestamp in milliseconds."""
        return self._ask(self._fetch(topic, offset, limit))

    def close(self) -> None:
        """Close the connections and end the thread."""
        with self.order:
            if self.loop.is_closed():
                return
            asyncio.run_coroutine_threadsafe(self._drop(), self.loop).result(3 * CLOSE_SECONDS + 1)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
            self.loop.close()

    def _ask(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """One request at a time: a second sender could otherwise overtake one that is sent again."""
        with self.order:
            if self.loop.is_closed():
                work.close()
                raise Unavailable("The connection to Kafka is closed.")
            return asyncio.run_coroutine_threadsafe(self._answered(work), self.loop).result()

    async def _answered(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        from aiokafka.errors import KafkaError

        try:
            return await asyncio.wait_for(work, ANSWER_SECONDS)
        except (KafkaError, OSError, TimeoutError) as error:
            # What is left in a producer after a failure must not arrive behind the next try.
            await self._drop()
            raise Unavailable(
                f"Kafka at {self.servers} does not answer.", hint="Check that it runs; what was not sent is sent again."
            ) from error

    async def _send(self, topic: str, messages: list[Keyed]) -> None:
        from aiokafka import AIOKafkaProducer

        if self.producer is None:
            self.producer = AIOKafkaProducer(
                bootstrap_servers=self.servers, acks="all", enable_idempotence=True,
                request_timeout_ms=REQUEST_MILLISECONDS,
            )  # fmt: skip
            await self.producer.start()
        waiting = [await self.producer.send(topic, value, key=key, partition=0) for key, value in messages]
        await asyncio.gather(*waiting)

    async def _end(self, topic: str) -> int:
        consumer, partition = await self._listening(topic)
        return int((await consumer.end_offsets([partition]))[partition])

    async def _fetch(self, topic: str, offset: int, limit: int) -> list[Fetched]:
        consumer, partition = await self._listening(topic)
        first = (await consumer.beginning_offsets([partition]))[partition]
        end = (await consumer.end_offsets([partition]))[partition]
        at, found = max(offset, first), list[Fetched]()
        if at >= end:
            return found
        consumer.seek(partition, at)
        while at < end and len(found) < limit:
            records = await consumer.getmany(partition, timeout_ms=POLL_MILLISECONDS, max_records=limit - len(found))
            taken = records.get(partition, [])
            if not taken:
                break
            found += [(record.offset, record.value, record.timestamp) for record in taken]
            at = taken[-1].offset + 1
        return found

    async def _listening(self, topic: str) -> tuple[AIOKafkaConsumer, Any]:
        from aiokafka import AIOKafkaConsumer, TopicPartition

        partition = TopicPartition(topic, 0)
        if self.consumer is None:
            self.consumer = AIOKafkaConsumer(
                bootstrap_servers=self.servers, enable_auto_commit=False, auto_offset_reset="earliest",
                request_timeout_ms=REQUEST_MILLISECONDS, fetch_max_wait_ms=FETCH_MILLISECONDS,
            )  # fmt: skip
            await self.consumer.start()
        if self.consumer.assignment() != {partition}:
            self.consumer.assign([partition])
        return self.consumer, partition

    async def _drop(self) -> None:
        """Let go of both connections; what does not close in time is cancelled."""
        for open_one in (self.producer, self.consumer):
            if open_one is not None:
                with suppress(Exception):
                    await asyncio.wait_for(open_one.stop(), CLOSE_SECONDS)
        self.producer = self.consumer = None
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*left, return_exceptions=True), CLOSE_SECONDS)


def _servers(address: str) -> str:
    """`kafka://a:9092,b:9092` as the list that Kafka's clients take."""
    servers = address.removeprefix("kafka://").strip("/")
    if not servers or "://" in servers:
        raise InvalidRequest(f"{address!r} is no address of Kafka.", hint="Write it as `kafka://host:port`.")
    return servers
