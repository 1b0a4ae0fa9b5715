"""The audit log: every change, with who, what, which and under which request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.ids import now, rfc3339

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lakebook.call import Call
    from lakebook.metadata.database import Database


class Audit:
    """Appends to the audit log and reads it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def record(self, call: Call, action: str, resource: str, details: dict[str, Any]) -> None:
        """Append one entry in a transaction of its own."""
        with self.database.write() as connection:
            self.record_in(connection, call, action, resource, details)

    def record_in(
        self, connection: Connection, call: Call, action: str, resource: str, details: dict[str, Any]
    ) -> None:
        """Append one entry in the caller's transaction."""
        from lakebook.metadata import schema

        connection.execute(
            schema.audit.insert().values(
                at=rfc3339(now()),
                user_id=call.principal.user_id,
                action=action,
                resource=resource,
                details=details,
                request_id=call.request_id,
            )
        )

    def entries(self, limit: int = 100) -> list[dict[str, Any]]:
        """The newest entries first."""
        from lakebook.metadata import schema

        statement = schema.audit.select().order_by(schema.audit.c.seq.desc()).limit(limit)
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]
