"""A sentence holds no number that is not in the result, and says of each which cell it is from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakebook.query.explain import Said, written
from lakebook.query.reading import Aggregate, Along, Condition, Figure, Order, Reading
from lakebook.query.sentences import sentence
from lakebook.query.terms import Bin, Part, Term, Thing
from lakebook.query.wording import wording
from tests.properties.grounding import grounded, traced
from tests.properties.small_shop import COUNTRY, DAY, PRICE, Shop, field, shops
from tests.properties.test_ask_truth import conditions, figures, groups, statement

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
ANSWERS = 25

alongs = st.sampled_from([Along("difference"), Along("growth", True), Along("running")])
more_groups: st.SearchStrategy[tuple[Term | Thing, ...]] = st.one_of(
    groups, st.sampled_from([(), (Bin(PRICE, Decimal(2)),), (COUNTRY, Part(DAY, "month"))])
)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Readings of every form."""
    chosen: tuple[Figure, ...] = draw(figures)
    by: tuple[Term | Thing, ...] = draw(more_groups)
    where: Condition | None = draw(conditions(has=False))
    reading = Reading("", figures=chosen, groups=by, where=where)
    form = draw(st.sampled_from(["plain", "ranking", "along", "list", "count"]))
    if form == "ranking" and by:
        return replace(reading, order=(Order(chosen[0], draw(st.booleans())),), limit=draw(st.integers(1, 3)))
    if form == "along":
        return replace(reading, groups=(Part(DAY, draw(st.sampled_from(["month", "year"]))),), along=draw(alongs))
    if form == "list":
        return Reading("", columns=(draw(st.sampled_from([COUNTRY, DAY, field("customers.id")])),), distinct=True)
    return replace(reading, count_groups=True, figures=()) if form == "count" and by else reading


def answer(shop: Shop, reading: Reading, connection: duckdb.DuckDBPyConnection) -> tuple[Said, pa.Table]:
    """What is said of a reading, and the rows that it is said of."""
    shop.fill(connection)
    table = connection.sql(statement(reading)).to_arrow_table()
    return sentence(reading, table), table


def strangers(said: Said, table: pa.Table) -> list[str]:
    """The numbers of a sentence that are in no cell, looked for in the text alone."""
    cells = [value for row in table.to_pylist() for value in row.values()]
    known = " ".join(f"{written(value)} {value}" for value in cells)
    return [found for found in NUMBER.findall(said.text) if found.rstrip(",.") not in known]


@settings(max_examples=ANSWERS)
@given(shop=shops, reading=readings())
def test_numbers_of_a_sentence_are_cells(shop: Shop, reading: Reading, connection: duckdb.DuckDBPyConnection) -> None:
    said, table = answer(shop, reading, connection)
    assert strangers(said, table) == []
    assert traced(said, table)
    assert grounded(said.text, table)
    assert wording(reading)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """An ordinary connection, for one shop after the other."""
    return duckdb.connect()


numbers = st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), st.decimals(-1000, 1000, places=2))
changes: st.SearchStrategy[Callable[[Any], Any]] = st.sampled_from(
    [lambda value: value + 1, lambda value: value * 10 + 7]
)


@settings(max_examples=ANSWERS)
@given(values=st.lists(numbers, min_size=2, max_size=5), change=changes)
def test_a_sentence_about_other_rows_is_found_out(values: list[Any], change: Callable[[Any], Any]) -> None:
    values = [float(value) for value in values]
    table = pa.table({"name": [f"n{place}" for place in range(len(values))], "total": values})
    reading = Reading("", figures=(Aggregate("sum", PRICE.table, PRICE),), groups=(COUNTRY,))
    said = sentence(reading, table)
    other = table.set_column(1, "total", pa.array([change(value) for value in values]))
    shown = {written(change(value)) == written(value) for value in values}
    assert traced(said, table)
    assert not traced(said, other) or True in shown
