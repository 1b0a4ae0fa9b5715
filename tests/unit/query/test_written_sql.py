"""Readings as SQL, pair by pair; what the SQL gives is held by the properties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lakebook.errors import NotConnected, SeveralWays
from lakebook.query.domain import Domain, Relationship
from lakebook.query.guard.guarded import guard
from lakebook.query.reading import (
    Aggregate,
    Along,
    Among,
    Beside,
    Condition,
    Every,
    Has,
    Having,
    Like,
    Metric,
    Missing,
    OfTotal,
    Order,
    OverGroups,
    Period,
    Ratio,
    Reading,
    Within,
)
from lakebook.query.tables import Column, Table
from lakebook.query.terms import Bands, Bin, Field, Part, Term
from lakebook.query.write import write
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
    field,
)

FIXTURE = Path(__file__).parent / "fixtures" / "written.sql"

SALES = Metric("sales", "SUM(lines.pieces * products.price)", (TABLES["lines"], TABLES["products"]))
TOYS = Among(KIND, ("toy",))
IN_2024 = Within(DAY, Period(date(2024, 1, 1), date(2025, 1, 1), "in 2024"))


def rows(name: str, where: Condition | None = None) -> Aggregate:
    return Aggregate("rows", TABLES[name], where=where)


def of(kind: str, term: Field) -> Aggregate:
    return Aggregate(kind, term.table, term)


READINGS: dict[str, Reading] = {
    "rows of one table": Reading("", figures=(rows("orders"),)),
    "a group of a far table": Reading("", figures=(of("sum", PIECES),), groups=(COUNTRY,)),
    "a filter past a fan": Reading("", figures=(of("sum", PAID),), where=TOYS),
    "a group past a fan": Reading("", figures=(of("sum", PAID),), groups=(KIND,)),
    "figures of two tables": Reading("", figures=(rows("orders"), of("sum", PIECES)), groups=(COUNTRY,)),
    "totals of two tables": Reading("", figures=(rows("orders"), rows("lines"))),
    "a metric over two tables": Reading("", figures=(SALES,), groups=(KIND,), where=IN_2024),
    "a share": Reading("", figures=(Ratio(rows("orders", IN_2024), rows("orders"), True),)),
    "a share of the whole": Reading("", figures=(OfTotal(of("sum", PAID)),), groups=(BUYER,)),
    "a mean of counts": Reading("", figures=(OverGroups("avg", rows("lines"), (ORDER,)),)),
    "a ranking": Reading(
        "", figures=(of("sum", PAID),), groups=(COUNTRY,), order=(Order(of("sum", PAID), True),), limit=3
    ),
    "the first of each": Reading(
        "",
        figures=(of("sum", PAID),),
        groups=(COUNTRY, BUYER),
        order=(Order(of("sum", PAID), True),),
        limit=1,
        each=(COUNTRY,),
    ),
    "groups by a figure": Reading("", groups=(BUYER,), having=(Having(rows("orders"), ">", 1),)),
    "how many groups": Reading("", groups=(BUYER,), having=(Having(rows("orders"), ">", 1),), count_groups=True),
    "never": Reading("", subject=BUYER, columns=(NAME,), where=Has(LINE, TOYS, negated=True)),
    "only": Reading(
        "",
        subject=NAMED_BUYER,
        figures=(Aggregate("distinct", TABLES["orders"], NAMED_BUYER),),
        where=Has(ORDER, IN_2024, only=True),
    ),
    "a table beside itself": Reading("", subject=BUYER, columns=(NAME, field("customers.name", "friend"))),
    "above the mean": Reading("", figures=(rows("products"),), where=Beside(PRICE, ">", of("avg", PRICE))),
    "different values": Reading("", columns=(KIND,), distinct=True, where=Missing(KIND, True)),
    "growth with the month before": Reading(
        "",
        figures=(of("sum", PAID),),
        groups=(Part(DAY, "month"),),
        where=Within(DAY, Period(date(2024, 2, 1), None, "since February")),
        along=Along("growth"),
    ),
    "a running total": Reading(
        "", figures=(of("sum", PAID),), groups=(Part(DAY, "day"),), along=Along("running", True)
    ),
    "bins": Reading("", figures=(rows("products"),), groups=(Bin(PRICE, Decimal("0.5")),)),
    "bands": Reading("", figures=(rows("products"),), groups=(Bands(PRICE, (Decimal(2),), ("cheap", "dear")),)),
    "middle values": Reading("", figures=(of("median", PRICE), of("quantile", PRICE))),
    "weekdays": Reading("", figures=(rows("orders"),), groups=(Part(DAY, "weekday"),)),
    "texts": Reading(
        "",
        figures=(rows("customers"),),
        where=Every((Like(NAME, "contains", "50%_"), Among(COUNTRY, ("FR", "DE"), True, True))),
    ),
}


def expected() -> dict[str, str]:
    """The statements of the fixture by their names."""
    parts = FIXTURE.read_text(encoding="utf-8").strip().split("-- ")[1:]
    return {name: sql.strip() for name, _, sql in (part.partition("\n") for part in parts)}


@pytest.mark.parametrize("name", READINGS)
def test_a_reading_is_written(name: str) -> None:
    written = write(READINGS[name], DOMAIN)
    assert written == expected()[name]
    assert write(READINGS[name], DOMAIN) == written
    assert guard(written, DOMAIN.tables).sql


def test_every_statement_of_the_fixture_has_its_reading() -> None:
    assert list(expected()) == list(READINGS)


def table(name: str, *columns: str) -> Table:
    return Table(name, "bronze", name, 1, 1, (), tuple(Column(each, "INTEGER") for each in columns))


FLIGHTS, PORTS, ALONE = table("flights", "id", "origin", "target"), table("ports", "code", "runs"), table("alone", "x")
AIR = Domain(
    (FLIGHTS, PORTS, ALONE),
    tuple(Relationship(FLIGHTS, (column,), PORTS, ("code",)) for column in ("origin", "target")),
)


def flown(role: str, to: Table = PORTS) -> Reading:
    group: Term = Field(to, to.columns[-1], role)
    return Reading("", figures=(Aggregate("rows", FLIGHTS),), groups=(group,))


def test_two_ways_are_said_and_none_is_guessed() -> None:
    with pytest.raises(SeveralWays) as caught:
        write(flown(""), AIR)
    assert caught.value.details["ways"] == ["ports by origin", "ports by target"]
    assert 'ports."code" = flights."target"' in write(flown("target"), AIR)


def test_tables_that_nothing_ties_are_said() -> None:
    with pytest.raises(NotConnected, match="flights to rows of alone"):
        write(flown("", ALONE), AIR)


def test_what_is_declared_goes_before_what_is_inferred() -> None:
    ties = (
        Relationship(FLIGHTS, ("origin",), PORTS, ("code",), declared=False),
        Relationship(FLIGHTS, ("target",), PORTS, ("code",)),
    )
    assert 'flights."target"' in write(flown(""), Domain(AIR.tables, ties))
    assert 'flights."origin"' in write(flown(""), Domain(AIR.tables, ties[:1]))


def test_a_tie_said_twice_is_one() -> None:
    ties = tuple(Relationship(FLIGHTS, ("target",), PORTS, ("code",), declared=each) for each in (False, True))
    assert 'flights."target"' in write(flown(""), Domain(AIR.tables, ties))


def test_odd_names_are_quoted() -> None:
    odd = Table('a "b" c', "bronze", "o", 1, 1, (), (Column('x"; DROP', "VARCHAR"),))
    reading = Reading("", figures=(Aggregate("rows", odd),), groups=(Field(odd, odd.columns[0]),))
    written = write(reading, Domain((odd,)))
    assert 'bronze."a ""b"" c"' in written
    assert guard(written, [odd]).tables == (odd,)


def test_rounded_figures_keep_the_order_of_the_exact_ones() -> None:
    """Two of three are alike when rounded, and still the larger one is first."""
    paid = Aggregate("avg", TABLES["lines"], PIECES)
    reading = Reading("?", figures=(paid,), groups=(KIND,), order=(Order(paid, descending=True),), limit=1, digits=0)
    statement = write(reading, DOMAIN)
    ordered = statement.split("ORDER BY")[1]
    assert "ROUND(" in statement.split("FROM")[0]
    assert "ROUND(" not in ordered
    assert "AVG(" in ordered
