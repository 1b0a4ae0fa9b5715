"""The metadata database: tables equal to the migrations, one migrator at a time, errors in our own words."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError

from lakebook.errors import Conflict, DiskFull, HomeUnusable, LakebookError, Unavailable
from lakebook.metadata import schema, upgrade
from lakebook.metadata.database import MIGRATIONS, VERSION_TABLE, Database, _write_ahead, translated
from lakebook.runtime import Runtime
from tests.unit.core.core_home import taken_back

HEAD = upgrade.HEAD
NEXT = f"{int(HEAD) + 1:04d}"
EARLIER_DATA = "INSERT INTO lease (name, holder, epoch, until) VALUES ('kept', 'h', 7, '2026')"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database that was never prepared."""
    opened = Database(f"sqlite:///{tmp_path / 'metadata.sqlite'}")
    yield opened
    opened.close()


def at_version(database: Database, version: str) -> None:
    """Claim that the data was written by this version."""
    with database.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :version"), {"version": version})


def test_migrations_make_what_the_code_expects(runtime: Runtime) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with runtime.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_unique_names_hold_for_the_living_only(runtime: Runtime) -> None:
    """The partial index is what keeps two loads from taking one name; autogenerate does not compare its condition."""
    with runtime.database.read() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'dataset_live_name'")).scalar_one()
    assert re.search(r"UNIQUE INDEX.*deleted_at IS NULL", str(made))


def test_head_is_the_last_migration() -> None:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert names[-1].partition("_")[0] == upgrade.HEAD


def test_every_table_of_things_has_an_owner() -> None:
    """Owner columns are there from the first migration."""
    for name in ("dataset", "dataset_version", "job", "run", "schedule", "dashboard", "query", "audit", "token"):
        assert "user_id" in schema.metadata.tables[name].columns


def test_an_empty_database_is_prepared_by_anybody(database: Database) -> None:
    assert upgrade.current_version(database) is None
    database.prepare(upgrade=False)
    assert upgrade.current_version(database) == upgrade.HEAD
    with database.read() as connection:
        assert set(schema.metadata.tables) | {VERSION_TABLE} == set(inspect(connection).get_table_names())


def test_preparing_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    database.prepare(upgrade=True)
    with database.write() as connection:
        connection.execute(text(EARLIER_DATA))
    database.prepare(upgrade=True)
    with database.read() as connection:
        assert connection.execute(text("SELECT epoch FROM lease")).scalar_one() == 7
    assert not list(tmp_path.glob("*.before-*"))


class Contended:
    """A connection to a file that another switches to WAL mode at the same moment."""

    def __init__(self, refusals: int, message: str) -> None:
        self.refusals, self.message, self.said = refusals, message, 0

    def execute(self, _statement: str) -> None:
        self.said += 1
        if self.said <= self.refusals:
            raise sqlite3.OperationalError(self.message)


def test_the_switch_to_wal_mode_waits_for_another_who_switches() -> None:
    connection = Contended(3, "database is locked")
    _write_ahead(connection)
    assert connection.said == 4


def test_the_switch_to_wal_mode_waits_for_nothing_else_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        _write_ahead(Contended(1, "attempt to write a readonly database"))
    monkeypatch.setattr("lakebook.metadata.database.BUSY_SECONDS", 0.03)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _write_ahead(Contended(10**6, "database is locked"))


def test_two_who_start_together_migrate_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrated: list[str] = []
    real = command.upgrade

    def counted(config: Config, revision: str) -> None:
        migrated.append(revision)
        real(config, revision)

    monkeypatch.setattr(command, "upgrade", counted)
    errors: list[BaseException] = []
    together = threading.Barrier(2)

    def start() -> None:
        database = Database(f"sqlite:///{tmp_path / 'metadata.sqlite'}")
        try:
            together.wait(10)
            database.prepare(upgrade=True)
        except BaseException as error:
            errors.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert migrated == [upgrade.HEAD]


def test_older_data_is_copied_before_it_is_migrated(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.prepare(upgrade=True)
    with database.write() as connection:
        connection.execute(text(EARLIER_DATA))
    monkeypatch.setattr(upgrade, "HEAD", NEXT)
    steps: list[bool] = []

    def to_second(_config: object, revision: str) -> None:
        steps.append((tmp_path / f"metadata.before-{NEXT}").exists())
        assert revision == NEXT

    monkeypatch.setattr("alembic.command.upgrade", to_second)
    database.prepare(upgrade=True)
    assert steps == [True]
    with sqlite3.connect(tmp_path / f"metadata.before-{NEXT}") as copy:
        assert copy.execute("SELECT name, epoch FROM lease").fetchall() == [("kept", 7)]
    copy.close()


def test_a_failed_migration_leaves_the_data_as_it_was(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    database.prepare(upgrade=True)
    with database.write() as connection:
        connection.execute(text(EARLIER_DATA))
    monkeypatch.setattr(upgrade, "HEAD", NEXT)
    monkeypatch.setattr("alembic.command.upgrade", lambda config, _to: _half_way(config.attributes["connection"]))
    with pytest.raises(RuntimeError, match="half way"):
        database.prepare(upgrade=True)
    with database.read() as connection:
        assert connection.execute(text("SELECT epoch FROM lease")).scalar_one() == 7
    assert upgrade.current_version(database) == HEAD


def _half_way(connection: Connection) -> None:
    connection.execute(text("UPDATE lease SET epoch = 8"))
    raise RuntimeError("half way")


@pytest.mark.parametrize("may_upgrade", [True, False])
def test_newer_data_is_refused_by_older_code(database: Database, may_upgrade: bool) -> None:
    database.prepare(upgrade=True)
    at_version(database, "0099")
    with pytest.raises(HomeUnusable, match=f"newer lakebook.*0099.*{HEAD}") as refused:
        database.prepare(upgrade=may_upgrade)
    assert "pip install --upgrade lakebook" in refused.value.hint
    assert upgrade.current_version(database) == "0099"


def test_older_data_is_migrated_by_servers_and_workers_only(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.prepare(upgrade=True)
    monkeypatch.setattr(upgrade, "HEAD", NEXT)
    with pytest.raises(Conflict, match=f"{HEAD}.*{NEXT}") as refused:
        database.prepare(upgrade=False)
    assert "lakebook worker" in refused.value.hint


def test_a_write_is_all_or_nothing(runtime: Runtime) -> None:
    with taken_back(runtime) as connection:
        connection.execute(text(EARLIER_DATA))
    with runtime.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM lease")).scalar_one() == 0


def test_writers_wait_for_each_other(runtime: Runtime) -> None:
    """Ten threads that read, add one and write lose none of their steps."""
    with runtime.database.write() as connection:
        connection.execute(text(EARLIER_DATA))

    def add() -> None:
        for _ in range(5):
            with runtime.database.write() as connection:
                epoch = connection.execute(text("SELECT epoch FROM lease")).scalar_one()
                connection.execute(text("UPDATE lease SET epoch = :epoch"), {"epoch": epoch + 1})

    threads = [threading.Thread(target=add) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with runtime.database.read() as connection:
        assert connection.execute(text("SELECT epoch FROM lease")).scalar_one() == 57


def test_a_reader_is_not_held_up_by_a_writer(runtime: Runtime) -> None:
    with runtime.database.write() as writer:
        writer.execute(text(EARLIER_DATA))
        with runtime.database.read() as reader:
            assert reader.execute(text("SELECT count(*) FROM lease")).scalar_one() == 0


def test_a_copy_holds_what_is_still_in_the_write_ahead_log(runtime: Runtime, tmp_path: Path) -> None:
    with runtime.database.write() as connection:
        connection.execute(text(EARLIER_DATA))
    runtime.database.copy_to(tmp_path / "copy.sqlite")
    copy = sqlite3.connect(tmp_path / "copy.sqlite")
    assert copy.execute("SELECT epoch FROM lease").fetchall() == [(7,)]
    copy.close()


def driver(message: str) -> Callable[[], None]:
    def fail() -> None:
        raise OperationalError("SELECT secret", {}, sqlite3.OperationalError(message))

    return fail


@pytest.mark.parametrize(
    ("message", "kind", "said"),
    [
        ("database or disk is full", DiskFull, "full"),
        ("No space left on device", DiskFull, "full"),
        ("attempt to write a readonly database", HomeUnusable, "cannot be written"),
        ("unable to open database file", HomeUnusable, "cannot be written"),
        ("database is locked", Unavailable, "locked for 30 seconds"),
        ("server closed the connection", Unavailable, "does not answer"),
    ],
)
def test_the_drivers_errors_become_ours(message: str, kind: type[LakebookError], said: str) -> None:
    with pytest.raises(LakebookError, match=said) as raised, translated():
        driver(message)()
    assert type(raised.value) is kind
    assert "secret" not in str(raised.value)
    assert message not in str(raised.value)


def test_other_errors_pass(runtime: Runtime) -> None:
    with runtime.database.write() as connection:
        connection.execute(text(EARLIER_DATA))
        with pytest.raises(IntegrityError), translated():
            connection.execute(text(EARLIER_DATA))
    with pytest.raises(KeyError), translated():
        raise KeyError("x")


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "metadata.sqlite").write_bytes(b"no database at all, none " * 100)
    database = Database(f"sqlite:///{tmp_path / 'metadata.sqlite'}")
    with pytest.raises(HomeUnusable, match="damaged or no database"):
        database.prepare(upgrade=True)
    database.close()


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)], ids=["durable", "not durable"])
def test_a_durable_write_waits_for_the_disk(runtime: Runtime, durable: bool, level: int) -> None:
    """SQLite's own numbers: 2 is FULL, 1 is NORMAL; a connection that is used again begins anew."""
    for _ in range(2):
        with runtime.database.write(durable=not durable):
            pass
        with runtime.database.write(durable=durable) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == level
