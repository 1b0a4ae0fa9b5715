"""A real Kafka: topics go there and back, and the relay loses nothing while the broker is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.errors import Unavailable
from lakebook.events.outbox import emit
from lakebook.events.relay import relay
from lakebook.runtime import Runtime, open_runtime
from lakebook.streaming.kafka import KafkaBroker, KafkaTopics
from lakebook.streaming.models import StreamRequest
from lakebook.streaming.verbs import stream
from tests.local_home import until
from tests.services.conftest import Kafka

DONE = "data.processing.complete"


@pytest.fixture
def topics(kafka: Kafka) -> Iterator[KafkaTopics]:
    """A connection to the broker's topics."""
    opened = KafkaTopics(kafka.address)
    yield opened
    opened.close()


@pytest.fixture
def streaming_home(kafka: Kafka, home: object) -> Iterator[Runtime]:
    """A home whose events go to the broker."""
    opened = open_runtime(str(home), upgrade=True, events=kafka.address)
    yield opened
    opened.close()


def rows(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [{"n": number, "name": "Zoë"} for number in range(start, start + count)]


def happen(runtime: Runtime, *keys: str) -> None:
    """Write one event for each key, as a finished ingest does."""
    with runtime.database.write() as connection:
        for key in keys:
            emit(connection, DONE, key, {"job_id": key})


def arrived(kafka: Kafka) -> list[dict[str, Any]]:
    """The events in the broker, in its order."""
    topics = KafkaTopics(kafka.address)
    found = [row for _, row, _ in topics.read(DONE, 0, 10_000)]
    topics.close()
    return found


def keys_of(kafka: Kafka, topic: str, count: int) -> list[bytes | None]:
    """The keys of a topic's first messages, as another program sees them."""
    from aiokafka import AIOKafkaConsumer

    async def read() -> list[bytes | None]:
        servers = kafka.address.removeprefix("kafka://")
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest")
        await consumer.start()
        try:
            return [(await asyncio.wait_for(consumer.getone(), 20)).key for _ in range(count)]
        finally:
            await consumer.stop()

    return asyncio.run(read())


def test_rows_go_there_and_back_in_order(topics: KafkaTopics, kafka: Kafka) -> None:
    assert topics.newest("sales") == 0
    assert topics.read("sales", 0) == []
    topics.publish("sales", rows(700))
    topics.publish("sales", rows(50, 700))
    assert topics.newest("sales") == 750
    other = KafkaTopics(kafka.address)
    first, second = other.read("sales", 0), other.read("sales", 500)
    other.close()
    assert [row for _, row, _ in first + second] == rows(750)
    assert [number for number, _, _ in first + second] == list(range(1, 751))
    assert all(stamp.endswith("Z") for _, _, stamp in first)
    assert topics.read("sales", 748, limit=1)[0][1] == {"n": 748, "name": "Zoë"}


def test_reading_goes_back_and_forth_between_topics(topics: KafkaTopics) -> None:
    topics.publish("a", rows(3))
    topics.publish("b", rows(2, 10))
    for _ in range(3):
        assert [row["n"] for _, row, _ in topics.read("a", 1)] == [1, 2]
        assert [row["n"] for _, row, _ in topics.read("b", 0)] == [10, 11]
    assert topics.read("a", topics.newest("a")) == []


def test_a_reader_at_the_end_is_answered_quickly(topics: KafkaTopics) -> None:
    topics.publish("idle", rows(1))
    topics.read("idle", 0)
    began = time.monotonic()
    for _ in range(10):
        assert topics.read("idle", 1) == []
    assert time.monotonic() - began < 2


def test_a_file_is_streamed_to_the_broker(call: Call, topics: KafkaTopics, shared: Any) -> None:
    call.runtime.__dict__["topics"] = KafkaTopics(f"kafka://{topics.link.servers}")
    source = shared / "data" / "retail" / "orders_2011_12_09.csv"
    done = stream(call, StreamRequest.model_validate({"topic": "today", "source": str(source)}))
    assert done.sent == 1632
    assert topics.newest("today") == 1632
    ((_, row, _),) = topics.read("today", 0, limit=1)
    assert row["Description"] == "BAG 500g SWIRLY MARBLES"


def test_an_event_is_kept_under_its_dedupe_key(kafka: Kafka) -> None:
    broker = KafkaBroker(kafka.address)
    broker.send("data.ingestion", "data.ingestion:j1", {"job_id": "j1"})
    broker.close()
    assert keys_of(kafka, "data.ingestion", 1) == [b"data.ingestion:j1"]


def test_the_relay_loses_nothing_while_the_broker_is_away(kafka: Kafka, streaming_home: Runtime) -> None:
    happen(streaming_home, *(f"before-{number}" for number in range(5)))
    assert relay(streaming_home) == 5
    kafka.stop()
    happen(streaming_home, *(f"while-{number}" for number in range(5)))
    for _ in range(2):
        began = time.monotonic()
        with pytest.raises(Unavailable):
            relay(streaming_home)
        assert time.monotonic() - began < 15
    assert len(streaming_home.events.waiting()) == 5
    happen(streaming_home, "before-0", "after-0")
    kafka.start()
    until(lambda: relayed(streaming_home), seconds=60)
    expected = [event["payload"] for event in streaming_home.events.after(0)]
    once = {event["event_id"]: event for event in arrived(kafka)}
    assert list(once.values()) == expected
    assert [event["job_id"] for event in expected][-1] == "after-0"
    assert len(expected) == 11
    assert relay(streaming_home) == 0


def relayed(runtime: Runtime) -> bool:
    """Try as the leading worker does each second: a failure is tried again."""
    try:
        relay(runtime)
    except Unavailable:
        return False
    return not runtime.events.waiting()
