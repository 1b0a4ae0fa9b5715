"""What the written SQL gives is what the reading means: no sum doubled, no group lost, no row counted wrongly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from lakebook.errors import NotConnected
from lakebook.query.guard.guarded import guard
from lakebook.query.reading import (
    Aggregate,
    Among,
    Beside,
    Compare,
    Condition,
    Difference,
    Either,
    Every,
    Figure,
    Has,
    Having,
    Missing,
    OfTotal,
    Order,
    OverGroups,
    Period,
    Ratio,
    Reading,
    Within,
)
from lakebook.query.tables import Table
from lakebook.query.terms import Combined, Part, Scaled, Term, Thing
from lakebook.query.write import write
from tests.properties.plain_reading import Meaning, is_row, same
from tests.properties.small_shop import (
    BUYER,
    COUNTRY,
    DAY,
    DOMAIN,
    KIND,
    LINE,
    NAME,
    NAMED_BUYER,
    ORDER,
    PAID,
    PIECES,
    PRICE,
    TABLES,
    TAG,
    Shop,
    field,
    shops,
)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """An ordinary connection, for one shop after the other."""
    return duckdb.connect()


PRODUCT = Thing(TABLES["products"], (field("products.id"),), (KIND,))

things = st.sampled_from([BUYER, PRODUCT, ORDER, LINE])
texts = st.sampled_from([(COUNTRY, "DE"), (KIND, "toy"), (TAG, "sale"), (NAME, "Ann")])
numbers = st.sampled_from([(PAID, Decimal("2.50")), (PIECES, 1), (PRICE, Decimal("1.00"))])
signs = st.sampled_from(["<", "<=", ">", ">=", "=", "<>"])
simple: st.SearchStrategy[Condition] = st.one_of(
    st.builds(lambda pair, no, too: Among(pair[0], (pair[1],), no, no and too), texts, st.booleans(), st.booleans()),
    st.builds(lambda term, no: Missing(term, no), st.sampled_from([COUNTRY, KIND, PAID, PIECES]), st.booleans()),
    st.builds(lambda pair, sign: Compare(pair[0], sign, pair[1]), numbers, signs),
    st.builds(
        lambda start, end, no: Within(DAY, Period(start, end, ""), no),
        st.sampled_from([None, date(2024, 1, 31)]),
        st.sampled_from([date(2024, 2, 1), date(2025, 1, 1)]),
        st.booleans(),
    ),
)
either = st.builds(lambda one, other: Either((one, other)), simple, simple)
beside = st.builds(
    lambda pair, sign: Beside(pair[0], sign, Aggregate("avg", pair[0].table, pair[0])), numbers, st.sampled_from("<>")
)
having_rows = st.builds(
    lambda of, where, no, only: Has(of, where, no, only and where is not None),
    things, st.one_of(st.none(), simple), st.booleans(), st.booleans(),
)  # fmt: skip


def conditions(*, has: bool) -> st.SearchStrategy[Condition | None]:
    """Nothing, one condition, or several that all must hold."""
    one: st.SearchStrategy[Condition] = st.one_of(simple, simple, either, beside, *([having_rows] * 2 if has else []))
    return st.one_of(st.none(), one, st.lists(one, min_size=2, max_size=3).map(lambda found: Every(tuple(found))))


kinds = st.sampled_from(["sum", "avg", "min", "max", "distinct", "median"])
values: st.SearchStrategy[tuple[str, Table, Term | Thing | None]] = st.one_of(
    st.sampled_from(["customers", "orders", "lines", "products", "tags"]).map(
        lambda name: ("rows", TABLES[name], None)
    ),
    st.tuples(kinds, st.sampled_from([PAID, PIECES, PRICE])).map(lambda pair: (pair[0], pair[1].table, pair[1])),
    kinds.map(lambda kind: (kind, TABLES["lines"], Scaled(PIECES, 10, "tens"))),
    st.tuples(kinds, st.sampled_from([PRICE, Combined("*", PIECES, PRICE)])).map(
        lambda pair: (pair[0], TABLES["lines"], pair[1])
    ),
    st.sampled_from([(TABLES["orders"], BUYER), (TABLES["lines"], PRODUCT), (TABLES["orders"], NAMED_BUYER)]).map(
        lambda pair: ("distinct", *pair)
    ),
)
aggregates: st.SearchStrategy[Aggregate] = st.builds(
    lambda value, such: Aggregate(value[0], value[1], value[2], where=such),
    values,
    st.one_of(st.none(), st.none(), simple),
)
composed: st.SearchStrategy[Figure] = st.one_of(
    st.builds(Ratio, aggregates, aggregates, st.booleans()),
    st.builds(lambda one, other: Difference(one, other), aggregates, aggregates),
    st.builds(lambda one, percent: OfTotal(one, percent), aggregates, st.booleans()),
    st.builds(
        lambda kind, one, by: OverGroups(kind, one, (by,)),
        st.sampled_from(["avg", "max", "sum", "median"]),
        aggregates,
        st.sampled_from([COUNTRY, KIND, ORDER, BUYER]),
    ),
)
figures: st.SearchStrategy[tuple[Figure, ...]] = st.one_of(
    st.lists(aggregates, min_size=1, max_size=2).map(tuple), composed.map(lambda one: (one,))
)
_groups: st.SearchStrategy[Term | Thing] = st.sampled_from(
    [COUNTRY, KIND, TAG, Part(DAY, "year"), Part(DAY, "month"), BUYER, PRODUCT]
)
# A product is shown by its kind: by both it would be shown once.
groups: st.SearchStrategy[tuple[Term | Thing, ...]] = (
    st.lists(_groups, unique=True, max_size=2).filter(lambda found: not {PRODUCT, KIND} <= set(found)).map(tuple)
)


def rows_of(connection: duckdb.DuckDBPyConnection, shop: Shop, reading: Reading) -> list[tuple[Any, ...]]:
    """What the written statement gives, guarded as every statement is."""
    shop.fill(connection)
    return connection.execute(statement(reading)).fetchall()


def statement(reading: Reading) -> str:
    """The guarded SQL; a reading is passed over where one of two conditions is of a group's rows, the other is not."""
    try:
        return guard(write(reading, DOMAIN), DOMAIN.tables).sql
    except NotConnected as error:
        if "at once" not in error.message:
            raise
        reject()


def alike(found: Sequence[tuple[Any, ...]], meant: Sequence[tuple[Any, ...]]) -> bool:
    """Whether both are the same rows, in whatever order."""
    left = list(meant)
    for row in found:
        twin = next((each for each in left if len(each) == len(row) and all(map(same, row, each))), None)
        if twin is None:
            return False
        left.remove(twin)
    return not left


def has_itself(condition: Condition | None, thing: Thing) -> bool:
    """Whether the condition says that a thing has things of its own kind, where rows do not name one another."""
    if isinstance(condition, Every):
        return any(has_itself(each, thing) for each in condition.conditions)
    own = isinstance(condition, Has) and condition.of.table is thing.table
    return own and is_row(thing) and thing.table.name != "customers"


def keys_of(reading: Reading, *, needed: bool) -> tuple[list[Term], list[bool], list[int]]:
    """What the groups come down to, which of it must be known, and which of it is shown."""
    terms: list[Term] = []
    musts: list[bool] = []
    shown: list[int] = []
    for group in reading.groups:
        parts = [*group.key, *group.labels] if isinstance(group, Thing) else [group]
        for number, part in enumerate(parts):
            hidden = isinstance(group, Thing) and number < len(group.key)
            shown += [] if hidden else [len(terms)]
            musts.append(needed if not isinstance(group, Thing) else hidden)
            terms.append(part)
    return terms, musts, shown


def meant(shop: Shop, reading: Reading, *, needed: bool = False) -> list[tuple[Any, ...]]:
    """The groups and their figures as they should be."""
    terms, musts, shown = keys_of(reading, needed=needed)
    found = Meaning(shop, reading.subject).grouped(reading.figures, terms, reading.where, needed=musts)
    return [(*(group[place] for place in shown), *values) for group, values in found.items()]


@settings(max_examples=25)
@given(shop=shops, figures=figures, groups=groups, where=conditions(has=False))
def test_figures_are_what_they_are_over_their_own_rows(
    shop: Shop,
    figures: tuple[Figure, ...],
    groups: tuple[Term | Thing, ...],
    where: Condition | None,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    reading = Reading("", figures=figures, groups=groups, where=where)
    found = rows_of(connection, shop, reading)
    assert alike(found, meant(shop, reading)), (found, meant(shop, reading))


@settings(max_examples=25)
@given(shop=shops, thing=st.sampled_from([BUYER, PRODUCT, ORDER, NAMED_BUYER]), where=conditions(has=True))
def test_things_are_counted_that_have_such_rows(
    shop: Shop, thing: Thing, where: Condition | None, connection: duckdb.DuckDBPyConnection
) -> None:
    assume(not has_itself(where, thing))
    kind = "rows" if is_row(thing) else "distinct"
    counted = Aggregate(kind, thing.table, None if is_row(thing) else thing)
    reading = Reading("", subject=thing, figures=(counted,), where=where)
    assert alike(rows_of(connection, shop, reading), meant(shop, reading))


@settings(max_examples=25)
@given(shop=shops, thing=st.sampled_from([BUYER, PRODUCT, ORDER]), where=conditions(has=True), data=st.data())
def test_rows_are_listed_once_each(
    shop: Shop, thing: Thing, where: Condition | None, data: st.DataObject, connection: duckdb.DuckDBPyConnection
) -> None:
    assume(not has_itself(where, thing))
    own = {"customers": [NAME, COUNTRY, field("customers.name", "friend")], "products": [KIND, PRICE],
           "orders": [DAY, PAID, NAME, COUNTRY]}[thing.table.name]  # fmt: skip
    columns = tuple(data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=2, unique=True)))
    reading = Reading("", subject=thing, columns=columns, where=where, distinct=data.draw(st.booleans()))
    found = rows_of(connection, shop, reading)
    assert alike(found, Meaning(shop, thing).listed(reading))


@settings(max_examples=25)
@given(shop=shops, figure=aggregates, groups=groups, sign=signs, limit=st.integers(0, 3))
def test_groups_are_chosen_by_their_figures(
    shop: Shop,
    figure: Aggregate,
    groups: tuple[Term | Thing, ...],
    sign: str,
    limit: int,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    groups = groups or (COUNTRY,)
    having = (Having(figure, sign, limit),)
    reading = Reading("", figures=(figure,), groups=groups, having=having)
    found = rows_of(connection, shop, reading)
    every = meant(shop, reading, needed=True)
    assert alike(found, [row for row in every if row[-1] is not None and _holds(row[-1], sign, limit)])
    counted = rows_of(connection, shop, replace(reading, figures=(), count_groups=True))
    assert counted == [(len(found),)]


@settings(max_examples=25)
@given(shop=shops, figure=aggregates, groups=groups, limit=st.integers(1, 3), down=st.booleans())
def test_the_first_of_a_ranking_are_the_first(
    shop: Shop,
    figure: Aggregate,
    groups: tuple[Term | Thing, ...],
    limit: int,
    down: bool,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    reading = Reading("", figures=(figure,), groups=groups or (KIND,), order=(Order(figure, down),), limit=limit)
    found = rows_of(connection, shop, reading)
    every = meant(shop, reading, needed=True)
    ranked = sorted((float(row[-1]) for row in every if row[-1] is not None), reverse=down)
    values = [row[-1] for row in found]
    assert len(found) == min(limit, len(every))
    assert all(map(same, values, [*ranked, *[None] * len(every)]))
    assert not Counter(map(repr, found)) - Counter(map(repr, rows_of(connection, shop, replace(reading, limit=99))))


def _holds(value: float, sign: str, limit: int) -> bool:
    return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit, "=": value == limit,
            "<>": value != limit}[sign]  # fmt: skip
