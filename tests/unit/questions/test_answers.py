"""How often answers are right: on part of the questions it was made with and of what other people asked.

`lakebook evaluate tests/questions/shop.jsonl` asks the whole of a set.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from lakebook.call import Call
from lakebook.query.measure.models import Evaluation
from lakebook.query.measure.text import percent
from tests.questions import worlds
from tests.unit.questions.conftest import SETS, evaluated

PRECISION = 0.98
COLUMNS_BESIDES = 0.05
# What is reached, rounded down: it may rise, it may not fall.
COVERAGE = {
    "worlds": 0.72, "shop": 0.80, "music": 0.70, "penguins": 0.70, "weather": 0.85, "kinds": 0.50,
    "strangers_1": 0.65, "strangers_2": 0.65, "strangers_3": 0.55, "strangers_4": 0.50, "strangers_5": 0.45,
    "strangers_6": 0.55, "strangers_7": 0.70, "strangers_8": 0.45,
    "strangers_9": 0.25, "strangers_10": 0.30,
    "dev": 0.85, "dev, no scope": 0.35,
}  # fmt: skip


STRANGERS = tuple(f"strangers_{number}" for number in range(1, 11))


@pytest.fixture(scope="module")
def figures() -> Iterator[dict[str, Evaluation]]:
    """The evaluations so far; their figures are printed when the last one is there."""
    made: dict[str, Evaluation] = {}
    yield made
    print("\nset             coverage  precision  answered  right  besides")
    for name, each in made.items():
        said = f"{percent(each.coverage):>8}  {percent(each.precision):>9}  {each.answered:>8}  {each.right:>5}"
        print(f"{name:<14}  {said}  {each.right_with_columns_besides:>7}")


def wrong(result: Evaluation) -> list[str]:
    """What was answered wrongly, with how it was read."""
    return [f"{each.id} {each.question} -> {each.reading}" for each in result.verdicts if each.verdict == "wrong"]


def test_made_worlds(made: Call, figures: dict[str, Evaluation]) -> None:
    figures["worlds"] = evaluated(made, SETS / "worlds.jsonl", every=2)
    _holds(figures["worlds"], "worlds")


@pytest.mark.parametrize("name", ["shop", "music", "penguins", "weather", "kinds", *STRANGERS])
def test_questions_of_other_people(known: Call, figures: dict[str, Evaluation], name: str) -> None:
    figures[name] = evaluated(known, SETS / f"{name}.jsonl", every=3)
    _holds(figures[name], name)


@pytest.mark.parametrize("name", ["dev", "dev, no scope"])
def test_questions_that_it_was_made_with(known: Call, shared: Path, figures: dict[str, Evaluation], name: str) -> None:
    scoped = name == "dev"
    result = evaluated(known, shared / "data/questions/dev.jsonl", no_scope=not scoped, every=2 if scoped else 6)
    figures[name] = result
    _holds(result, name)
    assert result.right_with_columns_besides <= COLUMNS_BESIDES * result.right


def _holds(result: Evaluation, name: str) -> None:
    assert result.unchecked == 0
    assert result.unanswerable_answered == 0, wrong(result)
    assert result.precision is not None
    assert result.precision >= PRECISION or result.wrong <= 1, wrong(result)
    assert (result.coverage or 0) >= COVERAGE[name]


@pytest.mark.parametrize("path", sorted(SETS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_sets_are_whole(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({line["id"] for line in lines}) == len(lines) > 30
    without = [line for line in lines if not line["answerable"]]
    assert 0.1 <= len(without) / len(lines) <= 0.3
    for line in lines:
        assert line["tables"]
        assert line["tags"]
        assert line["answerable"] == bool(line["gold"]) == ("why" not in line) == ("unanswerable" not in line["tags"])


def test_statements_of_the_made_worlds_give_what_is_written() -> None:
    connection = duckdb.connect()
    worlds.register(connection)
    for line in (SETS / "worlds.jsonl").read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        counts = [len(connection.execute(sql).fetchall()) for sql in question["gold"]]
        assert counts[:1] == [question["n_rows"]] or not counts


def test_worlds_are_the_same_every_time() -> None:
    assert all(worlds.rows(table) == worlds.rows(table) for table in worlds.TABLES)
    assert [len(worlds.rows(table)) for table in worlds.TABLES] == [7, 160, 600, 9, 1500, 96, 7, 376]
