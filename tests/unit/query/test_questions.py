"""The shared questions: no wrong answer, and no fewer right ones than before."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from lakebook.query.guard import guard
from lakebook.query.tables import Column, Table
from lakebook.query.understand.parse import understand
from lakebook.query.understand.reading import Reading
from lakebook.query.write import write

LEAST_RIGHT = 13
LEAST_RIGHT_AMONG_ALL = 9


def module(folder: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"questions_{name}", folder / f"{name}.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(loaded)
    finally:
        sys.dont_write_bytecode = bytecode
    return loaded


class Bench:
    """The fourteen tables, their values and the scorer."""

    def __init__(self, data: Path) -> None:
        self.score = module(data / "questions", "score")
        self.connection = duckdb.connect()
        names = module(data / "questions", "load").load(self.connection, data)
        self.questions = self.score.by_id(self.score.read_lines(data / "questions" / "dev.jsonl"), "questions")
        self.tables = {name: self._table(name) for name in names}
        self._values: dict[tuple[str, str], list[str]] = {}
        self.connection.execute("CREATE SCHEMA bronze")
        for name in names:
            money = "* REPLACE (UnitPrice::DECIMAL(18,3) AS UnitPrice)" if name == "orders" else "*"
            self.connection.execute(f'CREATE VIEW bronze."{name}" AS SELECT {money} FROM main."{name}"')

    def _table(self, name: str) -> Table:
        columns = []
        for row in self.connection.execute(f'DESCRIBE "{name}"').fetchall():
            figures = self.connection.execute(f'SELECT count(DISTINCT "{row[0]}"), count(*) FROM "{name}"')
            unique, rows = figures.fetchone() or (0, 0)
            money = name == "orders" and row[0] == "UnitPrice"
            columns.append(Column(row[0], "DECIMAL(18,3)" if money else row[1], unique_count=unique))
        return Table(name, "bronze", name, 1, rows, (), tuple(columns))

    def values(self, table: Table, column: Column) -> list[str]:
        key = (table.name, column.name)
        if key not in self._values:
            text = f'SELECT DISTINCT "{column.name}" FROM bronze."{table.name}" WHERE "{column.name}" IS NOT NULL'
            self._values[key] = [row[0] for row in self.connection.execute(text).fetchall()]
        return self._values[key]

    def figures(self, choose: Callable[[dict[str, Any]], tuple[list[Table], str | None]]) -> dict[str, Any]:
        answers = {}
        for name, question in self.questions.items():
            tables, dataset = choose(question)
            reading = understand(question["question"], tables, dataset, self.values)
            if isinstance(reading, Reading):
                cursor = self.connection.execute(guard(write(reading), tables).sql)
                columns = [described[0] for described in cursor.description or ()]
                rows = [list(row) for row in cursor.fetchall()]
                answers[name] = {"id": name, "status": "answered", "columns": columns, "rows": rows}
        figures, verdicts = self.score.score(self.questions, answers, self.connection)
        wrong = [name for name, verdict in verdicts.items() if verdict.startswith("wrong")]
        return {**figures, "names_of_wrong": wrong}


@pytest.fixture(scope="module")
def bench(shared: Path) -> Bench:
    return Bench(shared / "data")


def test_no_wrong_answer_over_the_tables_of_each_question(bench: Bench) -> None:
    figures = bench.figures(lambda question: ([bench.tables[name] for name in question["tables"]], None))
    assert figures["names_of_wrong"] == []
    assert figures["right"] >= LEAST_RIGHT


def test_no_wrong_answer_among_all_tables(bench: Bench) -> None:
    """With fourteen tables in sight many questions have two readings: fewer answers, none of them wrong."""
    figures = bench.figures(lambda question: (list(bench.tables.values()), None))
    assert figures["names_of_wrong"] == []
    assert figures["right"] >= LEAST_RIGHT_AMONG_ALL
