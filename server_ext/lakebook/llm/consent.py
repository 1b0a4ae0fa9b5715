"""Who allowed what to be sent where: one consent for each person and address, and a yes for each dataset's values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.ids import now, rfc3339

if TYPE_CHECKING:
    from lakebook.metadata.database import Database


class Consents:
    """Reads and keeps consents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def given(self, user_id: str, address: str) -> bool:
        """Whether the person allows questions to be sent to the address."""
        from lakebook.metadata import schema

        table = schema.consent
        statement = table.select().where(
            table.c.user_id == user_id, table.c.address == address, table.c.revoked_at.is_(None)
        )
        with self._database.read() as connection:
            return connection.execute(statement).first() is not None

    def give(self, user_id: str, address: str) -> None:
        """Keep the person's yes."""
        from lakebook.metadata import schema

        table = schema.consent
        with self._database.write() as connection:
            connection.execute(table.delete().where(table.c.user_id == user_id, table.c.address == address))
            connection.execute(table.insert().values(user_id=user_id, address=address, granted_at=rfc3339(now())))

    def take_back(self, user_id: str, address: str) -> None:
        """From now on nothing is sent there for the person."""
        from lakebook.metadata import schema

        table = schema.consent
        with self._database.write() as connection:
            connection.execute(
                table.update()
                .where(table.c.user_id == user_id, table.c.address == address, table.c.revoked_at.is_(None))
                .values(revoked_at=rfc3339(now()))
            )

    def datasets_with_values(self) -> frozenset[str]:
        """The ids of the datasets whose values may be sent."""
        from lakebook.metadata import schema

        table = schema.dataset
        statement = table.select().with_only_columns(table.c.dataset_id).where(table.c.values_may_leave)
        with self._database.read() as connection:
            return frozenset(connection.execute(statement).scalars())

    def let_values_leave(self, dataset_id: str, allowed: bool) -> None:
        """Say whether values of the dataset's rows may be sent."""
        from lakebook.metadata import schema

        table = schema.dataset
        with self._database.write() as connection:
            connection.execute(table.update().where(table.c.dataset_id == dataset_id).values(values_may_leave=allowed))
