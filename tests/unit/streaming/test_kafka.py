"""Kafka where there is no broker: refused in seconds and in words, never a hang."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from lakebook.errors import InvalidRequest, MissingExtra, Unavailable
from lakebook.runtime import open_runtime
from lakebook.streaming import kafka, kafka_link
from lakebook.streaming.kafka import KafkaBroker, KafkaTopics


@pytest.fixture
def nobody() -> str:
    """The address of a port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"kafka://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of somebody who accepts and never says a word; patience is one second."""
    monkeypatch.setattr(kafka_link, "ANSWER_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"kafka://127.0.0.1:{server.getsockname()[1]}"


def kafka_threads() -> int:
    return sum(thread.name == "kafka" for thread in threading.enumerate())


def test_the_settings_choose_kafka(nobody: str, home: object) -> None:
    runtime = open_runtime(upgrade=True, events=nobody)
    before = kafka_threads()
    assert isinstance(runtime.topics, KafkaTopics)
    assert isinstance(runtime.broker, KafkaBroker)
    assert kafka_threads() == before + 2
    runtime.close()
    assert kafka_threads() == before
    assert str(runtime.settings.home) == str(home)


def test_a_broker_that_is_down_is_said_at_once(nobody: str) -> None:
    topics, broker = KafkaTopics(nobody), KafkaBroker(nobody)
    began = time.monotonic()
    for ask in (
        lambda: topics.publish("t", [{"n": 1}]),
        lambda: topics.newest("t"),
        lambda: topics.read("t", 0),
        lambda: broker.send("t", "k", {}),
    ):
        with pytest.raises(Unavailable, match=r"Kafka at 127\.0\.0\.1:\d+ does not answer"):
            ask()
    assert time.monotonic() - began < 10
    topics.close()
    broker.close()


def test_a_broker_that_says_nothing_is_given_up(mute: str) -> None:
    topics = KafkaTopics(mute)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        topics.newest("t")
    assert time.monotonic() - began < 8
    topics.close()


def test_a_closed_connection_says_so_and_closes_twice(nobody: str) -> None:
    topics = KafkaTopics(nobody)
    topics.close()
    topics.close()
    with pytest.raises(Unavailable, match="closed"):
        topics.newest("t")


def test_nothing_to_send_asks_nobody(nobody: str) -> None:
    topics = KafkaTopics(nobody)
    topics.publish("t", [])
    assert topics.link.producer is None
    topics.close()


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, nobody: str) -> None:
    monkeypatch.setattr(kafka_link, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match="aiokafka is not installed") as refused:
        KafkaTopics(nobody)
    assert "lakebook[kafka]" in refused.value.hint


@pytest.mark.parametrize("topic", ["", "größe", "a b", ".", "..", "x" * 250])
def test_a_name_that_kafka_cannot_have_is_refused_before_asking(nobody: str, topic: str) -> None:
    topics = KafkaTopics(nobody)
    for ask in (lambda: topics.publish(topic, [{"n": 1}]), lambda: topics.read(topic, 0)):
        with pytest.raises(InvalidRequest, match="Kafka has no topic"):
            ask()
    topics.close()


@pytest.mark.parametrize(
    ("address", "servers"),
    [
        ("kafka://a:9092", "a:9092"),
        ("kafka://a:9092/", "a:9092"),
        ("kafka://a:9092,b:9092", "a:9092,b:9092"),
        ("a:9092", "a:9092"),
    ],
)
def test_addresses(address: str, servers: str) -> None:
    topics = KafkaTopics(address)
    assert topics.link.servers == servers
    topics.close()


@pytest.mark.parametrize("address", ["", "kafka://", "redis://a:1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidRequest, match=r"kafka|no address"):
        KafkaTopics(address)


@pytest.mark.parametrize(
    ("value", "row"),
    [
        (b'{"n": 1}', {"n": 1}),
        (b"[1, 2]", {"value": [1, 2]}),
        (b"not json", {"value": "not json"}),
        (b"\xff\xfe", {"value": "\ufffd\ufffd"}),
        (None, {"value": None}),
        (b"", {"value": None}),
    ],
)
def test_what_others_send_is_a_row_too(value: bytes | None, row: dict[str, object]) -> None:
    assert kafka._unpacked(value) == row


def test_rows_are_packed_as_compact_utf_8() -> None:
    packed = kafka._packed({"name": "Zoë", "n": 1})
    assert packed == '{"name":"Zoë","n":1}'.encode()
    assert json.loads(packed) == {"name": "Zoë", "n": 1}
