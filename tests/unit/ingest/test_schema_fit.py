"""Values on their way to the type that stands: the same value there, or said to have none; never another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakebook.catalog.schema_change import change_between, refused, widens
from lakebook.ingest.schema_fit import DAY_FIRST, MONTH_FIRST, days_of, fit

D = Decimal
JAN = date(2024, 1, 2)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB, with nothing in it."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone='UTC'")
        yield connection


def fitted(engine: Any, value: Any, given_type: str, wanted: str, days: tuple[str, ...] = ()) -> tuple[Any, bool]:
    """The value in the wanted type, and whether it has none there."""
    found = fit("x", given_type, wanted, days)
    ((there, broken),) = engine.execute(
        f"SELECT {found.value}, {found.broken} FROM (SELECT CAST($1 AS {given_type}) AS x)", [value]
    ).fetchall()
    return there, bool(broken)


FITS = [
    ("7", "VARCHAR", "BIGINT", 7), (" 7 ", "VARCHAR", "BIGINT", 7), ("7.0", "VARCHAR", "BIGINT", 7),
    ("-9223372036854775808", "VARCHAR", "BIGINT", -(2**63)), (7.0, "DOUBLE", "BIGINT", 7),
    (D("7.00"), "DECIMAL(18,2)", "BIGINT", 7), ("1.5", "VARCHAR", "DECIMAL(18,2)", D("1.50")),
    (7, "BIGINT", "DECIMAL(18,2)", D("7.00")), (D("1.500"), "DECIMAL(18,3)", "DECIMAL(18,2)", D("1.50")),
    (7, "BIGINT", "DOUBLE", 7.0), ("1e3", "VARCHAR", "DOUBLE", 1000.0), (7, "BIGINT", "VARCHAR", "7"),
    ("Yes", "VARCHAR", "BOOLEAN", True), (" f ", "VARCHAR", "BOOLEAN", False), (True, "BOOLEAN", "VARCHAR", "true"),
    ("2024-01-02", "VARCHAR", "DATE", JAN), (JAN, "DATE", "TIMESTAMP", datetime(2024, 1, 2)),
    (datetime(2024, 1, 2), "TIMESTAMP", "DATE", JAN), ("2024-01-02 03:04", "VARCHAR", "TIMESTAMP",
                                                       datetime(2024, 1, 2, 3, 4)),
    (None, "VARCHAR", "BIGINT", None), (None, "VARCHAR", "TIMESTAMP", None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "given_type", "wanted", "there"), FITS, ids=[f"{a}-{b}-{c}" for a, b, c, _ in FITS])
def test_what_fits_is_the_same_value(engine: Any, value: Any, given_type: str, wanted: str, there: Any) -> None:
    assert fitted(engine, value, given_type, wanted) == (there, False)


BREAKS = [
    ("7.5", "VARCHAR", "BIGINT"), ("x", "VARCHAR", "BIGINT"), ("", "VARCHAR", "BIGINT"), ("1,234", "VARCHAR", "BIGINT"),
    ("9223372036854775808", "VARCHAR", "BIGINT"), (7.5, "DOUBLE", "BIGINT"), (D("7.01"), "DECIMAL(18,2)", "BIGINT"),
    ("1.005", "VARCHAR", "DECIMAL(18,2)"), (D("1.005"), "DECIMAL(18,3)", "DECIMAL(18,2)"),
    (0.123456, "DOUBLE", "DECIMAL(18,2)"), ("one", "VARCHAR", "DOUBLE"), ("1", "VARCHAR", "BOOLEAN"),
    ("perhaps", "VARCHAR", "BOOLEAN"), ("24-01-02", "VARCHAR", "DATE"),
    ("soon", "VARCHAR", "DATE"), ("02/01/2024", "VARCHAR", "DATE"),
    (datetime(2024, 1, 2, 3), "TIMESTAMP", "DATE"), ("2024-01-02T03:04:05+02:00", "VARCHAR", "TIMESTAMP"),
    ("2024-01-02 03:04:05Z", "VARCHAR", "TIMESTAMP"), (datetime(2024, 1, 2), "TIMESTAMP WITH TIME ZONE", "TIMESTAMP"),
    (datetime(2024, 1, 2), "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "given_type", "wanted"), BREAKS, ids=[f"{a}-{b}-{c}" for a, b, c in BREAKS])
def test_what_does_not_fit_is_neither_rounded_nor_guessed(
    engine: Any, value: Any, given_type: str, wanted: str
) -> None:
    assert fitted(engine, value, given_type, wanted)[1]


@given(st.one_of(st.integers(-(2**70), 2**70).map(str), st.text(max_size=8), st.decimals(-100, 100, places=3).map(str)))
@settings(max_examples=200, deadline=None)
def test_a_text_is_a_whole_number_exactly_where_it_reads_as_one(engine: Any, text: str) -> None:
    there, broken = fitted(engine, text.replace("\x00", ""), "VARCHAR", "BIGINT")
    if broken:
        assert not re.fullmatch(r"[0-9]+", text, re.ASCII) or int(text) >= 2**63
    else:
        assert there == D(text.strip().replace("_", ""))


@pytest.mark.parametrize("kind", ["DATE", "TIMESTAMP"])
@pytest.mark.parametrize(
    ("text", "days", "day"),
    [("02/01/2024", DAY_FIRST, JAN), ("02.01.24", DAY_FIRST, JAN), ("01/02/2024", MONTH_FIRST, JAN),
     ("2024-01-02", DAY_FIRST, JAN), ("31/12/2024", MONTH_FIRST, None)],
)  # fmt: skip
def test_dates_of_a_known_order_are_read_in_it(
    engine: Any, kind: str, text: str, days: tuple[str, ...], day: date | None
) -> None:
    there, broken = fitted(engine, text, "VARCHAR", kind, days)
    assert broken is (day is None)
    assert (there.date() if isinstance(there, datetime) else there) == day


ORDERS = [
    (["13/04/2024", "01/05/2024"], DAY_FIRST), (["04/13/2024", "05/01/2024"], MONTH_FIRST),
    (["2024-04-13"], ()), (["soon", "2024-04-13"], ()), ([], ()), (["01/02/2024"], None), (["02/02/2024"], DAY_FIRST),
    (["13/04/2024", "04/13/2024"], None), (["13/04/2024", "14/04/2024", "04/13/2024"], DAY_FIRST),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "order"), ORDERS, ids=["-".join(texts) or "none" for texts, _ in ORDERS])
def test_the_order_of_day_and_month_is_the_one_that_reads_more(
    engine: Any, texts: list[str], order: tuple[str, ...] | None
) -> None:
    engine.execute("CREATE OR REPLACE TABLE own AS SELECT unnest($1::VARCHAR[]) AS x", [texts])
    assert days_of(engine, "own", "x") == order


WIDER = [
    ("BIGINT", "DOUBLE", True), ("BIGINT", "DECIMAL(18,2)", True), ("BIGINT", "BOOLEAN", False),
    ("DOUBLE", "BIGINT", False), ("DECIMAL(18,2)", "DECIMAL(38,4)", True), ("DECIMAL(18,4)", "DECIMAL(18,2)", False),
    ("DECIMAL(38,4)", "DECIMAL(18,4)", False), ("DATE", "TIMESTAMP", True), ("TIMESTAMP", "DATE", False),
    ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE", False), ("TIMESTAMP WITH TIME ZONE", "VARCHAR", True),
    ("INTEGER", "BIGINT", True), ("FLOAT", "DOUBLE", True), ("STRUCT(a BIGINT)", "VARCHAR", True),
    ("VARCHAR", "BIGINT", False), ("BIGINT[]", "DOUBLE[]", False),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "wider"), WIDER, ids=[f"{a}-{b}" for a, b, _ in WIDER])
def test_which_types_hold_which(before: str, after: str, wider: bool) -> None:
    assert widens(before, after) is wider


def test_every_kind_of_change_is_told_apart() -> None:
    before = {"same": "BIGINT", "wide": "BIGINT", "narrow": "VARCHAR", "other": "DATE", "gone": "DOUBLE"}
    after = {"same": "BIGINT", "wide": "DOUBLE", "narrow": "BIGINT", "other": "BOOLEAN", "new": "DATE"}
    change = change_between(before, after)
    assert change.sentences() == [
        "added new (DATE)", "dropped gone (DOUBLE)", "widened wide (BIGINT → DOUBLE)",
        "narrowed narrow (VARCHAR → BIGINT)", "retyped other (DATE → BOOLEAN)",
    ]  # fmt: skip
    assert not change_between(before, before)
    assert refused("none", change) == []
    assert [line.split()[0] for line in refused("backward", change)] == ["narrowed", "retyped"]
    assert [line.split()[0] for line in refused("forward", change)] == ["dropped", "widened", "retyped"]
    assert len(refused("full", change)) == 4


TYPES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["BIGINT", "DOUBLE", "DATE", "VARCHAR"]))


@given(TYPES, TYPES)
def test_what_is_undone_is_the_change_the_other_way(before: dict[str, str], after: dict[str, str]) -> None:
    there, back = change_between(before, after), change_between(after, before)
    assert (there.added, set(there.widened)) == (back.dropped, set(back.narrowed))
    assert bool(there) is (before != after)
    assert bool(refused("full", there)) >= bool(refused("backward", there))
    assert bool(refused("full", there)) >= bool(refused("forward", there))
