"""Named leases in the metadata database: one holder at a time, with an epoch that only grows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lakebook.ids import now, rfc3339

if TYPE_CHECKING:
    from lakebook.metadata.database import Database


def hold(database: Database, name: str, holder: str, seconds: float) -> int | None:
    """Take or renew the lease for so many seconds; returns its epoch, or None while another holds it."""
    from lakebook.metadata import schema

    table, instant = schema.lease, now()
    until = rfc3339(instant + timedelta(seconds=seconds))
    with database.write() as connection:
        row = connection.execute(table.select().where(table.c.name == name)).mappings().first()
        if row is None:
            connection.execute(table.insert().values(name=name, holder=holder, epoch=1, until=until))
            return 1
        if row["holder"] != holder and row["until"] > rfc3339(instant):
            return None
        epoch = int(row["epoch"]) + (row["holder"] != holder)
        change = table.update().where(table.c.name == name, table.c.epoch == row["epoch"])
        done = connection.execute(change.values(holder=holder, epoch=epoch, until=until)).rowcount
    return epoch if done else None


def release(database: Database, name: str, holder: str) -> None:
    """Give the lease back."""
    from lakebook.metadata import schema

    table = schema.lease
    with database.write() as connection:
        connection.execute(
            table.update().where(table.c.name == name, table.c.holder == holder).values(until=rfc3339(now()))
        )
