"""The different values of text columns: asked once, in any name, and not at all where there are too many."""

from __future__ import annotations

import threading
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from lakebook.query import seen
from lakebook.query.children.pool import Children
from lakebook.query.guard.guarded import Guarded, guard
from lakebook.query.seen import distinct_values, values_from
from lakebook.query.tables import Column, Table


class Engine(Children):
    """Gives as many values as it is told, and counts how often."""

    def __init__(self, values: int) -> None:
        super().__init__()
        self.values, self.calls = values, 0

    def run(self, guarded: Guarded, *, principal: str, **_limits: Any) -> pa.Table:
        self.calls += 1
        return pa.table({"word": [f"w{number}" for number in range(self.values)]})


def table(name: str, version: int = 1, column: str = "word") -> Table:
    return Table(name, "bronze", name, version, 9, (), (Column(column, "VARCHAR"),))


@pytest.mark.parametrize("name", ['we"ird', "select", "a b", "数量", "x;--", "'"])
def test_values_of_a_column_of_any_name(name: str) -> None:
    odd = table(name, column=name)
    connection, quoted = duckdb.connect(), '"' + name.replace('"', '""') + '"'
    connection.execute(f"CREATE SCHEMA bronze; CREATE TABLE bronze.{quoted} ({quoted} VARCHAR)")
    connection.execute(f"INSERT INTO bronze.{quoted} VALUES ('a'), ('a'), (NULL), ('b')")
    found = connection.execute(guard(distinct_values(odd, odd.columns[0], 5), [odd]).sql).fetchall()
    assert sorted(found) == [("a",), ("b",)]


def test_a_version_is_looked_at_once_for_each_person() -> None:
    engine, first = Engine(3), table("once")
    for principal in ("ann", "ann", "bo"):
        assert values_from(engine, principal=principal)(first, first.columns[0]) == ["w0", "w1", "w2"]
    assert engine.calls == 2
    newer = table("once", version=2)
    values_from(engine, principal="ann")(newer, newer.columns[0])
    assert engine.calls == 3


def test_free_text_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MOST_VALUES", 2)
    engine, prose = Engine(3), table("prose")
    look = values_from(engine, principal="ann")
    assert (look(prose, prose.columns[0]), look(prose, prose.columns[0]), engine.calls) == ([], [], 1)


def test_the_columns_looked_up_longest_ago_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_seen", seen._Seen(2))
    engine = Engine(1)
    look = values_from(engine, principal="ann", cancel=threading.Event())
    tables = [table(f"room {number}") for number in range(3)]
    for each in (*tables[:2], tables[0], tables[2], tables[0], tables[1]):
        look(each, each.columns[0])
    assert engine.calls == 4
