"""Topics against a model of them, filters against their meaning said another way."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.metadata import schema
from lakebook.runtime import Runtime, open_runtime
from lakebook.streaming.filters import matches
from lakebook.streaming.topics import TableTopics

KEPT = 5
COLUMNS = ("a", "b", "c")

scalars = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", "1", "x", "2.50", "2011-12-09"]))
rows = st.dictionaries(st.sampled_from(COLUMNS), scalars, max_size=3)
bounds = st.one_of(st.none(), st.integers(-3, 3))
ranges = st.fixed_dictionaries({}, optional={"min": bounds, "max": bounds}).filter(bool)
wanted = st.one_of(scalars, st.lists(scalars, max_size=3), ranges)
filters = st.dictionaries(st.sampled_from(COLUMNS), wanted, max_size=3)
sends = st.lists(st.tuples(st.sampled_from(["x", "y"]), st.integers(0, 9)), max_size=8)


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    """One home for all examples."""
    return open_runtime(Path(tempfile.mkdtemp(prefix="lb-")) / "home", upgrade=True)


@given(sends=sends, limit=st.integers(1, 4))
def test_topics_are_lists_that_forget_their_beginning(
    runtime: Runtime, sends: list[tuple[str, int]], limit: int
) -> None:
    with runtime.database.write() as connection:
        connection.execute(schema.stream_message.delete())
    topics = TableTopics(runtime.database, kept=KEPT)
    model: dict[str, list[dict[str, Any]]] = {"x": [], "y": []}
    count = 0
    for topic, size in sends:
        batch = [{"n": count + offset} for offset in range(size)]
        count += size
        topics.publish(topic, batch)
        model[topic] = (model[topic] + batch)[-KEPT:]
    for topic, expected in model.items():
        found, after = list[dict[str, Any]](), 0
        while batch_read := topics.read(topic, after, limit):
            numbers = [number for number, _, _ in batch_read]
            assert numbers == sorted(set(numbers))
            assert numbers[0] > after
            assert len(numbers) <= limit
            found += [row for _, row, _ in batch_read]
            after = numbers[-1]
        assert found == expected
        assert topics.newest(topic) == after


@given(filters, rows)
def test_filters_are_the_conjunction_of_their_columns(filters: dict[str, Any], row: dict[str, Any]) -> None:
    one_by_one = [matches({name: value}, row) for name, value in filters.items()]
    assert matches(filters, row) == all(one_by_one)


@given(st.lists(scalars, max_size=4), rows, st.sampled_from(COLUMNS))
def test_a_list_is_any_of_its_values(values: list[Any], row: dict[str, Any], name: str) -> None:
    assert matches({name: values}, row) == any(matches({name: value}, row) for value in values)


@given(rows)
def test_every_row_passes_a_filter_for_itself(row: dict[str, Any]) -> None:
    assert matches(dict(row), row)


@given(bounds, bounds, rows, st.sampled_from(COLUMNS))
def test_a_range_is_both_of_its_ends(least: int | None, most: int | None, row: dict[str, Any], name: str) -> None:
    both = matches({name: {"min": least, "max": most}}, row)
    assert both == (matches({name: {"min": least}}, row) and matches({name: {"max": most}}, row))
    if both and isinstance(value := row[name], int):
        assert least is None or least <= value
        assert most is None or value <= most
