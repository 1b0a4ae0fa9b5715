"""The relay: sends what waits in the outbox to the broker, in order, and marks it; the leader does this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from lakebook.jobs import crash_points

if TYPE_CHECKING:
    from lakebook.runtime import Runtime


class Broker(Protocol):
    """Somewhere events go; sending the same event twice must be recognisable by its `event_id`."""

    def send(self, topic: str, key: str, payload: dict[str, Any]) -> None:
        """Send one event and wait until it is kept."""

    def close(self) -> None:
        """Let go of the connection."""


def relay(runtime: Runtime) -> int:
    """Relay the events that wait, oldest first; returns how many went out."""
    waiting = runtime.events.waiting()
    if not waiting:
        return 0
    crash_points.reached("before-relay")
    gone: list[int] = []
    try:
        for event in waiting:
            if runtime.broker is not None:
                runtime.broker.send(event["topic"], event["dedupe_key"], event["payload"])
            gone.append(event["seq"])
    finally:
        # Also where the broker fails half way: what it has kept is not sent again.
        if gone:
            runtime.events.mark_relayed(gone)
    return len(gone)
