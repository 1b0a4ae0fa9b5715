"""Kafka behind the same protocols as the metadata database: topics for live tiles, the broker of the relay."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from lakebook.errors import InvalidRequest
from lakebook.ids import rfc3339
from lakebook.rows import json_rows
from lakebook.streaming.kafka_link import KafkaLink
from lakebook.streaming.topics import Message

NAME = re.compile(r"[A-Za-z0-9._-]{1,249}")


class KafkaTopics:
    """Topics in Kafka; a row's number is its place in the topic's one partition, counted from 1."""

    def __init__(self, address: str) -> None:
        self.link = KafkaLink(address)

    def publish(self, topic: str, rows: list[dict[str, Any]]) -> None:
        """Send rows in order and wait until the broker keeps them all."""
        name, values = _named(topic), [_packed(row) for row in json_rows(rows)]
        if values:
            self.link.send(name, [(None, value) for value in values])

    def newest(self, topic: str) -> int:
        """Number of the topic's newest row, 0 where there is none."""
        return self.link.end(_named(topic))

    def read(self, topic: str, after: int, limit: int = 500) -> list[Message]:
        """The rows after this number, oldest first; what the broker no longer keeps is passed over."""
        found = self.link.fetch(_named(topic), after, limit)
        return [(offset + 1, _unpacked(value), _moment(stamp)) for offset, value, stamp in found]

    def close(self) -> None:
        """Close the connection."""
        self.link.close()


class KafkaBroker:
    """Where the relay sends events: each under its dedupe key, kept by every replica before the next goes out."""

    def __init__(self, address: str) -> None:
        self.link = KafkaLink(address)

    def send(self, topic: str, key: str, payload: dict[str, Any]) -> None:
        """Send one event and wait until it is kept; Unavailable where it is not, and it may be sent again."""
        self.link.send(_named(topic), [(key.encode(), _packed(payload))])

    def close(self) -> None:
        """Close the connection."""
        self.link.close()


def _named(topic: str) -> str:
    if not NAME.fullmatch(topic) or topic in (".", ".."):
        raise InvalidRequest(
            f"Kafka has no topic of the name {topic!r}.", hint="Use letters from a to z, digits, dots, - and _."
        )
    return topic


def _packed(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def _unpacked(value: bytes | None) -> dict[str, Any]:
    """The row; what somebody else sent in another form is one column, `value`."""
    try:
        row = json.loads(value or b"null")
    except ValueError:
        row = (value or b"").decode("utf-8", "replace")
    return row if isinstance(row, dict) else {"value": row}


def _moment(milliseconds: int) -> str:
    return rfc3339(datetime.fromtimestamp(milliseconds / 1000, UTC))
