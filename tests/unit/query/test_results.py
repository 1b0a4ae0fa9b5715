"""Results are remembered for five minutes, for who asked, for the same statement and the same versions."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from lakebook.errors import QueryFailed, QueryTimedOut, Unavailable
from lakebook.query import results
from lakebook.query.guard.guarded import guard
from lakebook.query.read import Way, statement
from lakebook.query.results import FRESH_SECONDS, STALE_SECONDS, Results
from lakebook.query.tables import Column, Table
from tests.unit.query.remembering import Clock, Engine

BIRDS = Table("birds", "bronze", "b", 1, 3, ("one.parquet",), (Column("species", "VARCHAR"),))
SQL = "SELECT species FROM birds"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def way(clock: Clock) -> Way:
    return Way(Engine(), "ann", results=Results(clock))


def engine(way: Way) -> Engine:
    assert isinstance(way.children, Engine)
    return way.children


def test_the_same_statement_runs_once_in_five_minutes(way: Way, clock: Clock) -> None:
    first = statement(SQL, [BIRDS], way)
    clock.now += FRESH_SECONDS - 1
    again = statement("select   species from  bronze.birds", [BIRDS], way)
    assert (engine(way).calls, first.age_seconds, again.age_seconds) == (1, None, FRESH_SECONDS - 1)
    assert again.arrow() == first.arrow()
    assert "remembered for 299 s" in again._repr_mimebundle_()["text/html"]
    clock.now += 1
    assert statement(SQL, [BIRDS], way).age_seconds is None
    assert engine(way).calls == 2


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"principal": "bo"}, id="another person"),
        pytest.param({"fresh": True}, id="fresh"),
        pytest.param({"row_limit": 5}, id="another limit"),
    ],
)
def test_what_is_asked_otherwise_runs(way: Way, other: dict[str, Any]) -> None:
    statement(SQL, [BIRDS], way)
    assert statement(SQL, [BIRDS], replace(way, **other)).age_seconds is None
    assert engine(way).calls == 2


def test_a_new_version_runs(way: Way) -> None:
    statement(SQL, [BIRDS], way)
    statement(SQL, [replace(BIRDS, version=2, files=("two.parquet",))], way)
    assert engine(way).calls == 2


@pytest.mark.parametrize("trouble", [QueryTimedOut("slow"), Unavailable("down")], ids=["slow", "down"])
def test_a_slow_engine_gives_the_last_rows_marked_as_stale(
    way: Way, clock: Clock, trouble: QueryFailed | Unavailable
) -> None:
    made = statement(SQL, [BIRDS], way)
    engine(way).trouble = trouble
    clock.now += FRESH_SECONDS
    stale = statement(SQL, [replace(BIRDS, version=2)], way)
    assert stale.arrow() == made.arrow()
    assert (stale.age_seconds, stale.stale_since[:2]) == (FRESH_SECONDS, "20")
    assert "stale" in stale._repr_mimebundle_()["text/html"]
    clock.now += STALE_SECONDS
    with pytest.raises(type(trouble)):
        statement(SQL, [BIRDS], way)


def test_an_error_of_the_statement_is_not_hidden_by_old_rows(way: Way) -> None:
    statement(SQL, [BIRDS], way)
    engine(way).trouble = QueryFailed("wrong")
    with pytest.raises(QueryFailed):
        statement(SQL, [BIRDS], replace(way, fresh=True))


def test_the_oldest_make_room_and_the_largest_are_not_kept(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({"n": list(range(100))})
    monkeypatch.setattr(results, "MOST_BYTES", 2 * table.nbytes)
    monkeypatch.setattr(results, "LARGEST_BYTES", table.nbytes)
    kept = Results(clock)
    statements = [guard(f"SELECT species FROM birds LIMIT {number}", [BIRDS]) for number in (1, 2, 3)]
    for guarded in statements:
        kept.keep("ann", guarded, table)
    assert [kept.fresh("ann", guarded) is None for guarded in statements] == [True, False, False]
    kept.keep("ann", statements[0], pa.table({"n": list(range(101))}))
    assert kept.fresh("ann", statements[0]) is None


def test_many_threads_may_keep_and_look(clock: Clock) -> None:
    kept, guarded, table = Results(clock), guard(SQL, [BIRDS]), pa.table({"n": [1]})
    found: list[bool] = []

    def work(name: str) -> None:
        for _ in range(200):
            kept.keep(name, guarded, table)
            found.append(kept.fresh(name, guarded) is not None)

    threads = [threading.Thread(target=work, args=(f"person {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 800
