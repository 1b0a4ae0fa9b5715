"""Migrations: made by a server's or worker's start, one at a time, after a copy; newer data is refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lakebook.errors import Conflict, HomeUnusable

if TYPE_CHECKING:
    from alembic.config import Config

    from lakebook.metadata.database import Database

HEAD = "0005"


def bring_up(database: Database, *, upgrade: bool) -> None:
    """Bring the database to this code's version, or say in one line why it cannot be used."""
    present = current_version(database)
    if present == HEAD:
        return
    if present is not None and present > HEAD:
        raise HomeUnusable(
            f"This home was written by a newer lakebook (its metadata is at {present}, this one knows {HEAD}).",
            hint="Upgrade lakebook: `pip install --upgrade lakebook`.",
        )
    if present is not None and not upgrade:
        raise Conflict(
            f"This home's metadata is at {present} and must be brought to {HEAD}.",
            hint="Start the server or `lakebook worker` once: only they migrate.",
        )
    _migrate(database, present)


def current_version(database: Database) -> str | None:
    """The migration the database stands at, or None where it is empty."""
    from sqlalchemy import inspect, text

    from lakebook.metadata.database import VERSION_TABLE

    with database.read() as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return None if found is None else str(found)


def _migrate(database: Database, present: str | None) -> None:
    from alembic import command

    if not database.is_sqlite:
        _migrate_postgresql(database)
        return
    from filelock import FileLock

    path = Path(database.engine.url.database or "")
    with FileLock(path.with_suffix(".migrating"), timeout=120):
        present = current_version(database)
        if present == HEAD:
            return
        if present is not None:
            database.copy_to(path.with_suffix(f".before-{HEAD}"))
        with database.write() as connection:
            command.upgrade(_config(connection), HEAD)


def _migrate_postgresql(database: Database) -> None:
    from alembic import command
    from sqlalchemy import text

    with database.write() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(7230911)"))
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS lakebook"))
        command.upgrade(_config(connection), HEAD)


def _config(connection: object) -> Config:
    from alembic.config import Config

    from lakebook.metadata.database import MIGRATIONS

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
