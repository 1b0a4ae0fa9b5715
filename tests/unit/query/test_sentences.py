"""Sentences of readings of every form, and what is said of a reading in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from lakebook.charts import spec_for
from lakebook.query.explain import Said, Saying
from lakebook.query.reading import (
    Aggregate,
    Along,
    Among,
    Beside,
    Compare,
    Difference,
    Either,
    Every,
    Has,
    Having,
    Like,
    Missing,
    OfTotal,
    Order,
    OverGroups,
    Period,
    Ratio,
    Reading,
    Within,
)
from lakebook.query.sentences import sentence
from lakebook.query.shape import shape
from lakebook.query.terms import Bands, Bin, Field, Part, Scaled, Thing
from lakebook.query.wording import wording
from tests.properties.grounding import traced
from tests.properties.small_shop import BUYER, COUNTRY, DAY, KIND, NAME, PAID, PIECES, PRICE, TABLES, field

ROWS = Aggregate("rows", TABLES["orders"])
TOTAL = Aggregate("sum", TABLES["orders"], PAID)
MONTH = Part(DAY, "month")
GERMAN = Among(COUNTRY, ("DE",))
IN_2024 = Within(DAY, Period(date(2024, 1, 1), date(2025, 1, 1), "in 2024"))
JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)


def of(kind: str, term: Field) -> Aggregate:
    return Aggregate(kind, term.table, term)


def reading(*figures: Any, **more: Any) -> Reading:
    return Reading("", figures=figures, **more)


@pytest.mark.parametrize(
    ("asked", "rows", "said"),
    [
        (reading(ROWS), {"n": [1204]}, "There are 1,204 rows of orders."),
        (reading(ROWS, where=GERMAN), {"n": [1]}, "There is 1 row of orders where country = DE."),
        (reading(ROWS, where=IN_2024), {"n": [3]}, "There are 3 rows of orders that match."),
        (reading(TOTAL), {"t": [Decimal("9.50")]}, "The total paid is 9.50."),
        (reading(TOTAL, where=GERMAN), {"t": [None]}, "There is no total paid where country = DE."),
        (reading(TOTAL), {"t": []}, "No rows match."),
        (reading(of("min", DAY), of("max", DAY)), {"a": [JANUARY], "b": [FEBRUARY]},
         "The least day is 2024-01-01. The greatest day is 2024-02-01."),
        (reading(Ratio(Aggregate("rows", TABLES["orders"], where=GERMAN), ROWS, True)), {"p": [12.5]},
         "Rows of orders (country = DE) are 12.5 % of rows of orders."),
        (reading(TOTAL, groups=(COUNTRY,)), {"c": ["DE", "FR", None], "t": [2, 3, 1]},
         "FR is the highest with 3; unknown is the lowest with 1."),
        (reading(TOTAL, groups=(COUNTRY,)), {"c": ["DE", "FR"], "t": [2, 2]}, "It is the same everywhere: 2."),
        (reading(TOTAL, groups=(COUNTRY,)), {"c": ["DE", "ES", "FR"], "t": [2, 2, 1]},
         "DE and others are the highest with 2; FR is the lowest with 1."),
        (reading(OfTotal(TOTAL), groups=(COUNTRY,)), {"c": ["DE"], "t": [100.0]}, "DE: 100 %."),
        (reading(TOTAL, groups=(COUNTRY,), order=(Order(TOTAL, True),), limit=2), {"c": ["DE", "FR"], "t": [5, 4]},
         "DE leads with 5."),
        (reading(TOTAL, groups=(COUNTRY,), order=(Order(TOTAL),), limit=2), {"c": ["DE", "FR"], "t": [4, 5]},
         "DE comes last with 4."),
        (reading(TOTAL, groups=(COUNTRY,), order=(Order(TOTAL, True),), limit=2), {"c": ["DE", "FR"], "t": [5, 5]},
         "DE and others share the highest value, 5."),
        (reading(TOTAL, groups=(MONTH,), along=Along("difference")), {"m": [JANUARY, FEBRUARY], "c": [4, -2]},
         "The most it rose by is 4 in 2024-01-01, the least -2 in 2024-02-01."),
        (reading(TOTAL, groups=(MONTH,), along=Along("growth")), {"m": [JANUARY, FEBRUARY], "c": [-4.0, -2.0]},
         "It never rose; best is -2 % in 2024-02-01, the least -4 % in 2024-01-01."),
        (reading(TOTAL, groups=(MONTH,), along=Along("running")), {"m": [JANUARY, FEBRUARY], "c": [4, 6]},
         "By 2024-02-01 it comes to 6."),
        (reading(groups=(BUYER,), count_groups=True), {"n": [12]}, "There are 12 customers for which this holds."),
        (Reading("", columns=(field("customers.id"),), distinct=True), {"id": [12370, 12394]}, "12370 and 12394."),
        (Reading("", columns=(NAME, PAID), limit=1), {"n": ["Ann"], "p": [2.5]}, "Ann, 2.5."),
        (Reading("", columns=(NAME,), distinct=True), {"n": ["Ann"]}, "There is only one: Ann."),
        (Reading("", columns=(NAME,)), {"n": list("abcdefghi")}, ""),
        (reading(TOTAL, ROWS, groups=(COUNTRY,)), {"c": ["a", "b"], "t": [1, 2], "n": [1, 1]}, ""),
    ],
)  # fmt: skip
def test_what_a_result_says(asked: Reading, rows: dict[str, list[Any]], said: str) -> None:
    table = pa.table(rows)
    found = sentence(asked, table)
    assert found.text == said
    assert traced(found, table)


def test_a_number_of_no_cell_drops_the_sentence() -> None:
    saying = Saying([{"n": 4}]).say("There are ").cell(0, "n").say(" of 5.")
    assert saying.done() == Said("")
    table = pa.table({"n": [4, 5]})
    assert traced(Said("It is 4.", ((6, 7, 0, "n"),)), table)
    assert not traced(Said("It is 4.", ((6, 7, 1, "n"),)), table)
    assert not traced(Said("It is 4 of 5.", ((6, 7, 0, "n"),)), table)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (reading(TOTAL, groups=(COUNTRY,), where=Among(COUNTRY, ("UK",), True), order=(Order(TOTAL, True),), limit=5),
         "total paid by country, without UK, top 5"),
        (reading(TOTAL, groups=(COUNTRY, BUYER), order=(Order(TOTAL),), limit=1, each=(COUNTRY,)),
         "total paid by country and customers, bottom 1 for each country"),
        (reading(ROWS, where=IN_2024), "rows of orders, day in 2024"),
        (reading(ROWS, where=Within(DAY, Period(JANUARY, None, ""), True)), "rows of orders, day not from 2024-01-01"),
        (reading(Aggregate("avg", TABLES["lines"], Scaled(PIECES, 12, "dozens"))), "average pieces in dozens"),
        (reading(Aggregate("quantile", TABLES["products"], PRICE, fraction=0.9)), "90 % quantile of price"),
        (reading(Aggregate("corr", TABLES["lines"], PIECES, PRICE)), "correlation of pieces and price"),
        (reading(OverGroups("avg", ROWS, (BUYER,))), "average rows of orders per customers"),
        (reading(OfTotal(TOTAL), groups=(KIND,)), "share of total paid in percent by kind"),
        (reading(Difference(of("avg", PRICE), of("median", PRICE))), "average price less median price"),
        (reading(ROWS, groups=(Part(DAY, "weekday"),), having=(Having(ROWS, ">=", 2),)),
         "rows of orders by weekday, rows of orders at least 2"),
        (reading(ROWS, groups=(Bin(PRICE, Decimal("0.50")),)), "rows of orders by price in steps of 0.5"),
        (reading(ROWS, groups=(Bands(PRICE, (Decimal(2),), ("low", "high")),)),
         "rows of orders by low / high by price"),
        (reading(TOTAL, groups=(MONTH,), along=Along("growth")), "growth in percent of total paid by month"),
        (reading(groups=(BUYER,), having=(Having(TOTAL, ">", ROWS),), count_groups=True),
         "how many customers, total paid above rows of orders"),
        (Reading("", BUYER, columns=(NAME, COUNTRY), order=(Order(COUNTRY),), limit=3),
         "customers, country of customers, by country, lowest first, first 3"),
        (Reading("", columns=(KIND,), distinct=True, where=Missing(KIND, True)), "different kind, kind is known"),
        (Reading("", BUYER, columns=(NAME,), where=Has(Thing(TABLES["orders"], ()), IN_2024, negated=True)),
         "customers, without any orders where day in 2024"),
        (Reading("", BUYER, columns=(NAME,), where=Has(Thing(TABLES["orders"], ()), IN_2024, only=True)),
         "customers, only with orders where day in 2024"),
        (reading(ROWS, where=Beside(PAID, ">", of("avg", PAID))), "rows of orders, paid > the overall average paid"),
        (reading(ROWS, where=Every((Like(KIND, "contains", "x"), Either((GERMAN, Compare(PAID, "<=", 2)))))),
         'rows of orders, kind contains "x", (country = DE or paid ≤ 2)'),
    ],
)  # fmt: skip
def test_a_reading_in_words(asked: Reading, words: str) -> None:
    assert wording(asked) == words


YEARS = {"year": [2023, 2024], "t": [1, 2]}
CHARTS: list[tuple[Reading, dict[str, list[Any]], str, str]] = [
    (reading(TOTAL, groups=(MONTH,)), {"month": [JANUARY, FEBRUARY], "t": [1, 2]}, "time", "line"),
    (reading(TOTAL, groups=(Part(DAY, "year"),)), YEARS, "time", "line"),
    (reading(TOTAL, groups=(COUNTRY,)), {"c": ["DE", "FR"], "t": [1, 2]}, "groups", "bar"),
    (reading(TOTAL, groups=(Part(DAY, "weekday"),)), {"w": ["Monday", "Sunday"], "t": [1, 2]}, "ordered", "bar"),
    (reading(ROWS, groups=(Bin(PRICE, Decimal(2)),)), {"from": [0, 2], "n": [1, 2]}, "bins", "bar"),
    (reading(TOTAL, groups=(COUNTRY, KIND)), {"c": ["a", "b"], "k": ["x", "y"], "t": [1, 2]}, "pairs", "bar"),
    (reading(TOTAL), {"t": [1]}, "none", ""),
    (Reading("", columns=(NAME, PAID)), {"n": ["a", "b"], "p": [1, 2]}, "none", ""),
    (reading(TOTAL, ROWS, groups=(COUNTRY,)), {"c": ["a", "b"], "t": [1, 2], "n": [1, 1]}, "none", ""),
    (reading(groups=(COUNTRY,), count_groups=True), {"n": [1]}, "none", ""),
]


@pytest.mark.parametrize(("asked", "rows", "form", "mark"), CHARTS)
def test_a_chart_fits_the_reading(asked: Reading, rows: dict[str, list[Any]], form: str, mark: str) -> None:
    assert shape(asked) == form
    spec = spec_for(pa.table(rows), "title", form)
    assert (spec["mark"]["type"] if spec else "") == mark
    if spec and form == "groups":
        assert spec["encoding"]["y"]["sort"] == "-x"
    if spec and form == "bins":
        assert [value["from until"] for value in spec["data"]["values"]] == [2, 4]
