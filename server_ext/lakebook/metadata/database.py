"""Opening the metadata database: SQLite in WAL mode or PostgreSQL, migrated under a lock after a copy."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.errors import DiskFull, HomeUnusable, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

VERSION_TABLE = "lakebook_version"
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
WAL_AGAIN_SECONDS = 0.01


class Database:
    """The metadata database of one home; every write is one short transaction."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.engine: Engine = _engine(address)
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    def prepare(self, *, upgrade: bool) -> None:
        """Create what is missing; migrate older data only where `upgrade` (a server's or worker's start)."""
        from lakebook.metadata.upgrade import bring_up

        with translated():
            bring_up(self, upgrade=upgrade)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading."""
        with translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction that is committed at the end, or rolled back on an error.

        Any outlives a kill; a `durable` one is on the disk when this returns, and outlives a power cut.
        """
        with translated(), self.engine.connect() as connection, connection.begin():
            if self.is_sqlite:
                connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
                # Taken at once: a read that turns into a write later could not wait for another writer.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def copy_to(self, target: Path) -> None:
        """A consistent copy of an SQLite database, made before a migration."""
        path = self.engine.url.database
        if self.is_sqlite and path and Path(path).exists():
            with self.read() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy2(path, target)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(address: str) -> Engine:
    from sqlalchemy import create_engine, event, make_url

    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        try:
            return create_engine(url, pool_pre_ping=True, connect_args={"options": "-csearch_path=lakebook,public"})
        except ModuleNotFoundError as error:
            raise Unavailable(
                "PostgreSQL needs the `psycopg` package.", hint="Install it: `pip install 'psycopg[binary]'`."
            ) from error
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        _write_ahead(connection)
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS}000"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _write_ahead(connection: Any) -> None:
    """Put the file into WAL mode; where two do so at once, SQLite refuses one at once instead of letting it wait."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= until:
                raise
        time.sleep(WAL_AGAIN_SECONDS)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into lakebook's own, without its text."""
    from sqlalchemy.exc import DatabaseError, OperationalError

    try:
        yield
    except OperationalError as error:
        said = str(error.orig).lower()
        if "full" in said or "no space" in said:
            raise DiskFull("The disk that holds the metadata is full.") from error
        if "readonly" in said or "read-only" in said or "unable to open" in said:
            raise HomeUnusable("The home cannot be written: it is read-only or belongs to somebody else.") from error
        if "locked" in said:
            raise Unavailable(
                f"The metadata stayed locked for {BUSY_SECONDS} seconds.", hint="Try again in a moment."
            ) from error
        raise Unavailable("The metadata database does not answer.") from error
    except DatabaseError as error:
        said = str(error.orig).lower()
        if "not a database" in said or "malformed" in said:
            raise HomeUnusable(
                "The metadata in this home is damaged or no database.",
                hint="Put `metadata.sqlite` back from a copy, or choose another folder with `--home`.",
            ) from error
        raise
