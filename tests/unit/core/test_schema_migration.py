"""A home of the first release, brought to the second: nothing is lost, and its schemas are in the registry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from lakebook.catalog.schemas import types_of, versions_of
from lakebook.metadata import upgrade
from lakebook.metadata.database import Database

STAMP = "2026-01-01T00:00:00.000000Z"
FIRST = [{"name": "id", "data_type": "BIGINT"}]
SECOND = [{"name": "id", "data_type": "BIGINT"}, {"name": "note", "data_type": "VARCHAR"}]


@pytest.fixture
def released(tmp_path: Path) -> Iterator[Database]:
    """The metadata as the first release wrote it: a dataset of three versions, the columns changed in the last."""
    database = Database(f"sqlite:///{tmp_path / 'metadata.sqlite'}")
    with database.write() as connection:
        command.upgrade(upgrade._config(connection), "0001")
        connection.execute(
            text("INSERT INTO dataset VALUES ('d', 'bronze', 'orders', 'orders', 'csv', 'bronze/d', 3, 'ada', :at, "
                 ":at, NULL)"), {"at": STAMP},
        )  # fmt: skip
        for version, columns in ((1, FIRST), (2, FIRST), (3, SECOND)):
            connection.execute(
                text("INSERT INTO dataset_version VALUES ('d', :v, 0, :load, 1, 1, 1, '[]', 's', NULL, '{}', 'ada', "
                     ":at)"), {"v": version, "load": f"load {version}", "at": STAMP},
            )  # fmt: skip
            connection.execute(
                text("INSERT INTO profile VALUES ('d', :v, 1.0, :profile, :at)"),
                {"v": version, "profile": json.dumps({"columns": columns}), "at": STAMP},
            )
    yield database
    database.close()


def test_the_schemas_so_far_are_registered(released: Database) -> None:
    released.prepare(upgrade=True)
    found = versions_of(released, "d")
    assert [(one["number"], one["version"], one["user_id"]) for one in found] == [(2, 3, "ada"), (1, 1, "ada")]
    assert types_of(released, "d") == {"id": "BIGINT", "note": "VARCHAR"}
    assert {one["change"] for one in found} == {"as it stood when schemas began to be kept"}


def test_datasets_take_every_change_as_before(released: Database) -> None:
    released.prepare(upgrade=True)
    with released.read() as connection:
        row = connection.execute(text("SELECT name, version, compatibility FROM dataset")).one()
    assert tuple(row) == ("orders", 3, "none")


def test_the_first_release_was_copied_before(released: Database, tmp_path: Path) -> None:
    released.prepare(upgrade=True)
    copy = Database(f"sqlite:///{tmp_path / f'metadata.before-{upgrade.HEAD}'}")
    assert upgrade.current_version(copy) == "0001"
    copy.close()


def test_a_home_without_datasets_has_an_empty_registry(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'metadata.sqlite'}")
    database.prepare(upgrade=True)
    assert versions_of(database, "d") == []
    assert types_of(database, "d") == {}
    database.close()
