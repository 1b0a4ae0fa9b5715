"""The outbox holds each event once, in order; the relay sends what waits, and sends it again when it failed."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.events.outbox import COMPLETED, EventLog, emit
from lakebook.events.relay import relay
from lakebook.ids import is_id
from lakebook.runtime import Runtime
from tests.unit.core.core_home import taken_back


class Spy:
    """A broker that keeps what it was sent and fails on some events."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.fails_on: str | None = None
        self.closed = False

    def send(self, topic: str, key: str, payload: dict[str, Any]) -> None:
        if key == self.fails_on:
            raise ConnectionError("the broker is down")
        self.sent.append((topic, key, payload))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def log(runtime: Runtime) -> EventLog:
    """The event log of the test's home."""
    return runtime.events


@pytest.fixture
def broker(runtime: Runtime) -> Spy:
    """A broker under the test's home."""
    spy = Spy()
    runtime.__dict__["broker"] = spy
    return spy


def put(runtime: Runtime, *keys: str, topic: str = "t") -> None:
    """Emit an event for each key, in one transaction."""
    with runtime.database.write() as connection:
        for key in keys:
            emit(connection, topic, key, {"key": key})


def test_an_event_is_its_payload_with_an_id_and_a_time(runtime: Runtime, log: EventLog) -> None:
    put(runtime, "a", topic=COMPLETED)
    (event,) = log.after(0)
    assert event["topic"] == COMPLETED
    assert event["dedupe_key"] == f"{COMPLETED}:a"
    assert event["payload"] == {"key": "a", "event_id": event["event_id"], "timestamp": event["created_at"]}
    assert is_id(event["event_id"])
    assert event["relayed_at"] is None


def test_the_same_key_is_written_once(runtime: Runtime, log: EventLog) -> None:
    put(runtime, "a", "a")
    put(runtime, "a", "b")
    assert [event["payload"]["key"] for event in log.after(0)] == ["a", "b"]


def test_keys_are_those_of_their_topic(runtime: Runtime, log: EventLog) -> None:
    put(runtime, "a", topic="one")
    put(runtime, "a", topic="two")
    assert [event["topic"] for event in log.after(0)] == ["one", "two"]


def test_an_event_goes_with_its_transaction(runtime: Runtime, log: EventLog) -> None:
    with taken_back(runtime) as connection:
        emit(connection, "t", "a", {})
    assert log.after(0) == []
    assert log.newest() == 0


def test_events_are_read_on_from_a_mark(runtime: Runtime, log: EventLog) -> None:
    put(runtime, *"abcde")
    first = log.after(0, limit=2)
    assert [event["payload"]["key"] for event in first] == ["a", "b"]
    assert [event["payload"]["key"] for event in log.after(first[-1]["seq"])] == ["c", "d", "e"]
    assert log.after(log.newest()) == []


def test_waiting_are_those_not_marked(runtime: Runtime, log: EventLog) -> None:
    put(runtime, *"abc")
    first, second, third = log.waiting()
    log.mark_relayed([second["seq"]])
    assert [event["seq"] for event in log.waiting()] == [first["seq"], third["seq"]]
    assert [event["seq"] for event in log.waiting(limit=1)] == [first["seq"]]


def test_the_relay_sends_in_order_and_once(runtime: Runtime, broker: Spy) -> None:
    put(runtime, *"abc")
    assert relay(runtime) == 3
    assert [key for _, key, _ in broker.sent] == ["t:a", "t:b", "t:c"]
    assert [payload["key"] for _, _, payload in broker.sent] == ["a", "b", "c"]
    assert relay(runtime) == 0
    assert len(broker.sent) == 3


def test_what_the_broker_did_not_keep_waits(runtime: Runtime, broker: Spy, log: EventLog) -> None:
    put(runtime, *"abc")
    broker.fails_on = "t:b"
    with pytest.raises(ConnectionError):
        relay(runtime)
    assert [key for _, key, _ in broker.sent] == ["t:a"]
    assert [event["payload"]["key"] for event in log.waiting()] == ["b", "c"]
    with pytest.raises(ConnectionError):
        relay(runtime)
    assert len(broker.sent) == 1
    broker.fails_on = None
    assert relay(runtime) == 2
    assert [key for _, key, _ in broker.sent] == ["t:a", "t:b", "t:c"]


def test_without_a_broker_events_are_marked_all_the_same(runtime: Runtime, log: EventLog) -> None:
    put(runtime, *"ab")
    assert runtime.broker is None
    assert relay(runtime) == 2
    assert log.waiting() == []
    assert len(log.after(0)) == 2


def test_many_events_go_out_in_several_rounds(runtime: Runtime, broker: Spy) -> None:
    put(runtime, *(f"{n:03}" for n in range(250)))
    assert [relay(runtime) for _ in range(4)] == [100, 100, 50, 0]
    assert [key for _, key, _ in broker.sent] == [f"t:{n:03}" for n in range(250)]


def test_the_broker_is_let_go_with_the_home(runtime: Runtime, broker: Spy) -> None:
    runtime.close()
    assert broker.closed
