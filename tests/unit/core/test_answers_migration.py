"""A home of the release before, brought to this one: its questions stay, and nothing is said of them yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.errors import Conflict
from lakebook.metadata import upgrade
from lakebook.metadata.database import Database
from lakebook.query.history import list_questions, pin_question
from lakebook.query.history_models import QuestionPin, QuestionsRequest
from lakebook.runtime import Runtime
from lakebook.settings import settings_of

STAMP = "2026-01-01T00:00:00.000000Z"
BEFORE = "0003"
ADDED = ("consent", "egress", "semantic_model", "verified_question")


@pytest.fixture
def earlier(home: Path) -> Iterator[Database]:
    """The metadata as the release before wrote it: a table, a question, and one that was declined."""
    home.mkdir(parents=True)
    database = Database(f"sqlite:///{home / 'metadata.sqlite'}")
    with database.write() as connection:
        command.upgrade(upgrade._config(connection), BEFORE)
        connection.execute(
            text("INSERT INTO dataset (dataset_id, layer, name, name_key, source_type, s3_key, version, user_id, "
                 "created_at, updated_at) VALUES ('d', 'bronze', 'orders', 'orders', 'csv', 'k', 1, 'ada', :at, :at)"),
            {"at": STAMP},
        )  # fmt: skip
        for query_id, sql, status in (("q1", "SELECT 1", "answered"), ("q2", None, "declined")):
            connection.execute(
                text("INSERT INTO query (query_id, user_id, question, generated_sql, status, source, explanation, "
                     "row_count, execution_time_ms, created_at) VALUES (:id, 'ada', 'how many?', :sql, :status, "
                     "'parser', '', 1, 5, :at)"), {"id": query_id, "sql": sql, "status": status, "at": STAMP},
            )  # fmt: skip
    yield database
    database.close()


def test_an_old_home_waits_for_a_server(earlier: Database) -> None:
    with pytest.raises(Conflict, match=rf"{BEFORE}.*{upgrade.HEAD}"):
        earlier.prepare(upgrade=False)
    assert upgrade.current_version(earlier) == BEFORE


def test_the_tables_are_made_and_empty(earlier: Database) -> None:
    earlier.prepare(upgrade=True)
    with earlier.read() as connection:
        assert set(ADDED) <= set(inspect(connection).get_table_names())
        for name in ADDED:
            assert connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0


def test_no_value_leaves_by_itself(earlier: Database) -> None:
    earlier.prepare(upgrade=True)
    with earlier.read() as connection:
        assert connection.execute(text("SELECT values_may_leave FROM dataset")).scalar_one() == 0


def test_questions_asked_before_are_the_history(earlier: Database, home: Path) -> None:
    earlier.prepare(upgrade=True)
    runtime = Runtime(settings_of(home))
    call = Call(runtime, Principal("ada"))
    items = list_questions(call, QuestionsRequest()).items
    assert [(one.query_id, one.status, one.is_pinned, one.is_shared, one.verdict) for one in items] == [
        ("q2", "declined", False, False, None), ("q1", "answered", False, False, None),
    ]  # fmt: skip
    assert items[1].datasets == []
    pin_question(call, QuestionPin(question="q1"))
    assert [one.query_id for one in list_questions(call, QuestionsRequest()).items] == ["q1", "q2"]
    runtime.close()


def test_the_release_before_was_copied(earlier: Database, home: Path) -> None:
    earlier.prepare(upgrade=True)
    copy = Database(f"sqlite:///{home / f'metadata.before-{upgrade.HEAD}'}")
    assert upgrade.current_version(copy) == BEFORE
    copy.close()
