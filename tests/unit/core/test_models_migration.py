"""A home of the release before, brought to this one: the tables of models in use are made, and empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from lakebook.metadata import schema, upgrade
from lakebook.metadata.database import Database

BEFORE = "0004"
ADDED = ("model_answer", "model_day", "model_route")
STAMP = "2026-01-01T00:00:00.000000Z"


@pytest.fixture
def earlier(home: Path) -> Iterator[Database]:
    """The metadata as the release before wrote it, with one entry of its audit log."""
    home.mkdir(parents=True)
    database = Database(f"sqlite:///{home / 'metadata.sqlite'}")
    with database.write() as connection:
        command.upgrade(upgrade._config(connection), BEFORE)
        connection.execute(
            text("INSERT INTO audit (at, user_id, action, resource, details, request_id) "
                 "VALUES (:at, 'ada', 'train', 'model:m', '{}', 'r')"), {"at": STAMP},
        )  # fmt: skip
    yield database
    database.close()


def test_the_tables_are_made_and_what_was_there_stays(earlier: Database) -> None:
    earlier.prepare(upgrade=True)
    assert upgrade.current_version(earlier) == upgrade.HEAD
    with earlier.read() as connection:
        assert set(ADDED) <= set(inspect(connection).get_table_names())
        for name in ADDED:
            assert connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0
        assert connection.execute(text("SELECT user_id FROM audit")).scalars().all() == ["ada"]


def test_a_name_has_one_route_in_force(earlier: Database) -> None:
    earlier.prepare(upgrade=True)

    def set_route(route_id: str, ended_at: str | None) -> None:
        with earlier.write() as connection:
            connection.execute(
                schema.model_route.insert().values(
                    route_id=route_id, name="m", name_key="m", test_id="t", arms=[], shadows=[], user_id="ada",
                    created_at=STAMP, ended_at=ended_at,
                )
            )  # fmt: skip

    set_route("1", STAMP)
    set_route("2", STAMP)
    set_route("3", None)
    with pytest.raises(IntegrityError):
        set_route("4", None)
