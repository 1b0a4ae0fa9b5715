"""Topics: numbered rows that live tiles listen to, kept in the metadata database or in Kafka by address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from lakebook.ids import now, rfc3339
from lakebook.rows import json_rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lakebook.metadata.database import Database

KEPT = 10_000

Message = tuple[int, dict[str, Any], str]
"""A row with its number, which only grows within its topic, and the time it came (RFC 3339, UTC)."""


class Topics(Protocol):
    """Somewhere rows are sent to and read from, in order."""

    def publish(self, topic: str, rows: list[dict[str, Any]]) -> None:
        """Send rows and wait until they are kept; Unavailable where they cannot be."""

    def newest(self, topic: str) -> int:
        """Number of the topic's newest row, 0 where there is none."""

    def read(self, topic: str, after: int, limit: int = 500) -> list[Message]:
        """The rows after this number, oldest first."""

    def close(self) -> None:
        """Let go of what was opened."""


class TableTopics:
    """Topics in the metadata database; each keeps its newest 10,000 rows."""

    def __init__(self, database: Database, kept: int = KEPT) -> None:
        self.database, self.kept = database, kept

    def publish(self, topic: str, rows: list[dict[str, Any]]) -> None:
        """Keep the rows in one transaction, and forget the topic's oldest."""
        if not rows:
            return
        table, stamp = _messages(), rfc3339(now())
        messages = [{"topic": topic, "payload": row, "created_at": stamp} for row in json_rows(rows)]
        with self.database.write() as connection:
            connection.execute(table.insert(), messages)
            self._forget(connection, topic)

    def newest(self, topic: str) -> int:
        """Number of the topic's newest row, 0 where there is none."""
        from sqlalchemy import func, select

        table = _messages()
        statement = select(func.coalesce(func.max(table.c.seq), 0)).where(table.c.topic == topic)
        with self.database.read() as connection:
            return int(connection.execute(statement).scalar_one())

    def read(self, topic: str, after: int, limit: int = 500) -> list[Message]:
        """The rows after this number, oldest first."""
        table = _messages()
        statement = table.select().where(table.c.topic == topic, table.c.seq > after).order_by(table.c.seq).limit(limit)
        with self.database.read() as connection:
            found = list(connection.execute(statement).mappings())
        return [(row["seq"], row["payload"], row["created_at"]) for row in found]

    def close(self) -> None:
        """Nothing to let go of: the database is its owner's."""

    def _forget(self, connection: Connection, topic: str) -> None:
        from sqlalchemy import select

        table = _messages()
        newest_first = select(table.c.seq).where(table.c.topic == topic).order_by(table.c.seq.desc())
        oldest = connection.execute(newest_first.offset(self.kept).limit(1)).scalar_one_or_none()
        if oldest is not None:
            connection.execute(table.delete().where(table.c.topic == topic, table.c.seq <= oldest))


def _messages() -> Any:
    from lakebook.metadata import schema

    return schema.stream_message
