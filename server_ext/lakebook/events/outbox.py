"""The outbox: events are written in the transaction that causes them, once per dedupe key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.ids import new_id, now, rfc3339

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lakebook.metadata.database import Database

INGESTED = "data.ingestion"
COMPLETED = "data.processing.complete"


def emit(connection: Connection, topic: str, dedupe_key: str, payload: dict[str, Any]) -> None:
    """Write one event in the caller's transaction; a second one with the same key is not written."""
    from sqlalchemy import select

    from lakebook.metadata import schema

    table, key = schema.event, f"{topic}:{dedupe_key}"
    if connection.execute(select(table.c.seq).where(table.c.dedupe_key == key)).first():
        return
    stamp, event_id = rfc3339(now()), new_id()
    body = {**payload, "event_id": event_id, "timestamp": stamp}
    connection.execute(
        table.insert().values(event_id=event_id, topic=topic, dedupe_key=key, payload=body, created_at=stamp)
    )


class EventLog:
    """Reads the events and marks those that were relayed."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def after(self, seq: int, limit: int = 500) -> list[dict[str, Any]]:
        """The events after this one, oldest first."""
        from lakebook.metadata import schema

        statement = schema.event.select().where(schema.event.c.seq > seq).order_by(schema.event.c.seq).limit(limit)
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def newest(self) -> int:
        """The number of the newest event, 0 where there is none."""
        from sqlalchemy import func, select

        from lakebook.metadata import schema

        with self.database.read() as connection:
            return int(connection.execute(select(func.coalesce(func.max(schema.event.c.seq), 0))).scalar_one())

    def waiting(self, limit: int = 100) -> list[dict[str, Any]]:
        """Events that were not relayed yet, oldest first."""
        from lakebook.metadata import schema

        table = schema.event
        statement = table.select().where(table.c.relayed_at.is_(None)).order_by(table.c.seq).limit(limit)
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def mark_relayed(self, seqs: list[int]) -> None:
        """Keep that these events went out."""
        from lakebook.metadata import schema

        table = schema.event
        with self.database.write() as connection:
            connection.execute(table.update().where(table.c.seq.in_(seqs)).values(relayed_at=rfc3339(now())))
