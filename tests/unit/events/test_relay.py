"""The relay: oldest first, what the broker kept is not sent again, what it refused waits."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.errors import Unavailable
from lakebook.events.outbox import emit
from lakebook.events.relay import relay
from lakebook.runtime import Runtime


class Remembers:
    """A broker that keeps what it is sent, and fails at its `fails_at`th event."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.fails_at = fails_at
        self.kept: list[tuple[str, str, Any]] = []

    def send(self, topic: str, key: str, payload: dict[str, Any]) -> None:
        """Keep one event."""
        if self.fails_at is not None and len(self.kept) == self.fails_at:
            raise Unavailable("away")
        self.kept.append((topic, key, payload["n"]))

    def close(self) -> None:
        """Nothing is open."""


def happen(runtime: Runtime, count: int, start: int = 0) -> None:
    with runtime.database.write() as connection:
        for number in range(start, start + count):
            emit(connection, "things", str(number), {"n": number})


def test_without_a_broker_events_are_marked_as_gone(runtime: Runtime) -> None:
    happen(runtime, 3)
    assert relay(runtime) == 3
    assert relay(runtime) == 0
    assert runtime.events.waiting() == []


def test_events_go_out_in_order_under_their_keys(runtime: Runtime) -> None:
    runtime.__dict__["broker"] = broker = Remembers()
    happen(runtime, 3)
    assert relay(runtime) == 3
    assert broker.kept == [("things", f"things:{number}", number) for number in range(3)]


def test_a_broker_that_fails_half_way_gets_only_the_rest(runtime: Runtime) -> None:
    runtime.__dict__["broker"] = broker = Remembers(fails_at=2)
    happen(runtime, 5)
    with pytest.raises(Unavailable):
        relay(runtime)
    assert [event["payload"]["n"] for event in runtime.events.waiting()] == [2, 3, 4]
    broker.fails_at = None
    happen(runtime, 1, start=5)
    assert relay(runtime) == 4
    assert [number for _, _, number in broker.kept] == [0, 1, 2, 3, 4, 5]
