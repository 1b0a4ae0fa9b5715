"""The metadata on a real PostgreSQL: migrated from the first release, made anew by many at once, worked with."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.catalog.models import DatasetRequest, ProfileRequest
from lakebook.catalog.schemas import types_of, versions_of
from lakebook.catalog.verbs import delete_dataset, profile
from lakebook.errors import Conflict
from lakebook.metadata import schema, upgrade
from lakebook.metadata.database import VERSION_TABLE, Database
from lakebook.runtime import open_runtime
from tests.services.conftest import Server
from tests.services.remote import loaded, rows_of

STAMP = "2026-01-01T00:00:00.000000Z"


@pytest.fixture
def address(postgres: Server) -> str:
    """The address of a database with nothing in it."""
    name = f"metadata{time.monotonic_ns()}"
    with psycopg.connect(postgres.address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
    return f"{postgres.address.rsplit('/', 1)[0]}/{name}"


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """That database, opened and not prepared."""
    opened = Database(address)
    yield opened
    opened.close()


def differences(database: Database) -> list[object]:
    """What the tables that stand lack of those that the code knows, or have besides."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return list(compare_metadata(context, schema.metadata))


def test_what_the_first_release_wrote_is_brought_up_and_nothing_is_lost(database: Database) -> None:
    columns = [{"name": "id", "data_type": "BIGINT"}]
    with database.write() as connection:
        connection.execute(text("CREATE SCHEMA lakebook"))
        command.upgrade(upgrade._config(connection), "0001")
        connection.execute(
            text("INSERT INTO dataset VALUES ('d', 'bronze', 'orders', 'orders', 'csv', 'bronze/d', 1, 'ada', :at, "
                 ":at, NULL)"), {"at": STAMP},
        )  # fmt: skip
        connection.execute(
            text("INSERT INTO dataset_version VALUES ('d', 1, 0, 'load', 1, 1, 1, '[]', 's', NULL, '{}', 'ada', :at)"),
            {"at": STAMP},
        )
        connection.execute(
            text("INSERT INTO profile VALUES ('d', 1, 1.0, :profile, :at)"),
            {"profile": json.dumps({"columns": columns}), "at": STAMP},
        )
    with pytest.raises(Conflict, match=upgrade.HEAD):
        database.prepare(upgrade=False)
    database.prepare(upgrade=True)
    assert upgrade.current_version(database) == upgrade.HEAD
    assert differences(database) == []
    assert [(one["number"], one["version"]) for one in versions_of(database, "d")] == [(1, 1)]
    assert types_of(database, "d") == {"id": "BIGINT"}
    with database.read() as connection:
        row = connection.execute(text("SELECT name, version, compatibility FROM dataset")).one()
        unique = text("SELECT indexdef FROM pg_indexes WHERE indexname = 'dataset_live_name'")
        condition = str(connection.execute(unique).scalar_one())
    assert tuple(row) == ("orders", 1, "none")
    assert "UNIQUE INDEX" in condition
    assert "deleted_at IS NULL" in condition


def test_who_comes_at_once_makes_it_once(address: str) -> None:
    def made(_number: int) -> str | None:
        database = Database(address)
        try:
            database.prepare(upgrade=True)
            return upgrade.current_version(database)
        finally:
            database.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(made, range(4))) == [upgrade.HEAD] * 4
    database = Database(address)
    assert differences(database) == []
    database.close()


def test_a_home_works_with_it(address: str, tmp_path: Path) -> None:
    runtime = open_runtime(tmp_path / "home", metadata=address, upgrade=True)
    call = Call(runtime, Principal("tester"), folder=tmp_path)
    (tmp_path / "orders.csv").write_text("id,name\n1,a\n2,\n2,\n")
    made = loaded(call, "orders.csv")
    assert (made.rows, made.duplicate_rows) == (3, 1)
    (tmp_path / "orders.csv").write_text("id,name,note\n3,c,x\n")
    assert loaded(call, "orders.csv", mode="append").version == 2
    assert [row["id"] for row in rows_of(call, "orders")] == [1, 2, 2, 3]
    found = profile(call, ProfileRequest(dataset="orders", against=1))
    assert (found.row_count, found.against) == (4, 1)
    assert versions_of(runtime.database, made.dataset_id)[0]["change"] == "added note (VARCHAR)"
    delete_dataset(call, DatasetRequest(dataset="orders"))
    assert runtime.catalog.datasets() == []
    assert len(runtime.events.after(0)) > 2
    runtime.close()
