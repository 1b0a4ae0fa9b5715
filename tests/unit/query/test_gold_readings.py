"""Readings written by hand for questions of the shared set; what their SQL gives is the gold statements' result."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from lakebook.query.guard.guarded import guard
from lakebook.query.reading import (
    Along,
    Among,
    Beside,
    Difference,
    Every,
    Has,
    Having,
    Metric,
    Missing,
    Order,
    Period,
    Ratio,
    Reading,
    Within,
)
from lakebook.query.terms import Bands, Bin, Combined, Part, Scaled, Thing
from lakebook.query.write import write
from tests.unit.query.shared_tables import (
    DOMAIN,
    ORDERS,
    TH,
    A,
    F,
    G,
    P,
    T,
    aov,
    cancelled,
    client,
    country,
    cust,
    emp,
    idate,
    inv,
    lrev,
    mass,
    odate,
    orders_n,
    rev,
    sex,
    sp,
    wd,
    year,
)

READINGS = {
    "d001": Reading("", figures=(orders_n,)),
    "d002": Reading("", figures=(rev,)),
    "d004": Reading(
        "",
        figures=(rev,),
        groups=(country,),
        where=Among(country, ("United Kingdom",), True),
        order=(Order(rev, True),),
        limit=5,
    ),
    "d007": Reading("", figures=(aov,), groups=(country,), where=Among(country, ("Germany", "France"))),
    "d008": Reading(
        "",
        subject=Thing(ORDERS, ()),
        columns=(F("orders", "StockCode"), F("orders", "UnitPrice")),
        order=(Order(F("orders", "UnitPrice"), True),),
        limit=1,
    ),
    "d010": Reading("", figures=(Ratio(A("distinct", "orders", inv, where=cancelled), orders_n, True),)),
    "d014": Reading("", groups=(Part(odate, "hour"),), order=(Order(orders_n, True),), limit=1),
    "d015": Reading("", groups=(cust,), having=(Having(A("distinct", "orders", country), ">", 1),)),
    "d016": Reading(
        "", subject=cust, figures=(A("distinct", "orders", cust),), where=Has(Thing(ORDERS, ()), cancelled, only=True)
    ),
    "d020": Reading("", figures=(rev,), groups=(inv,), order=(Order(rev, True),), limit=1),
    "d021": Reading(
        "",
        subject=Thing(ORDERS, ()),
        columns=tuple(F("orders", c) for c in ("StockCode", "Description", "Quantity")),
        where=Among(inv, ("536370",)),
    ),
    "d025": Reading(
        "",
        figures=(rev,),
        groups=(Part(odate, "month"),),
        where=Within(odate, P("2011-02-01", "2011-12-01")),
        along=Along("difference"),
    ),
    "d026": Reading("", figures=(Ratio(A("rows", "orders"), orders_n),)),
    "d030": Reading(
        "",
        figures=(
            Ratio(Metric("revenue", rev.sql, rev.tables, where=Among(country, ("United Kingdom",), True)), rev, True),
        ),
    ),
    "d032": Reading(
        "",
        figures=(A("rows", "orders"),),
        groups=(Bands(F("orders", "UnitPrice"), (Decimal(2), Decimal(10)), ("cheap", "middle", "dear")),),
    ),
    "d034": Reading("", figures=(A("min", "orders", odate), A("max", "orders", odate))),
    "d036": Reading(
        "",
        figures=(A("rows", "orders"),),
        groups=(F("orders", "Description"),),
        order=(Order(A("rows", "orders"), True),),
        limit=1,
    ),
    "d038": Reading(
        "", figures=(aov,), groups=(country,), having=(Having(orders_n, ">=", 100),), order=(Order(aov, True),)
    ),
    "d039": Reading(
        "",
        figures=(rev,),
        groups=(country, cust),
        where=Among(country, ("Germany", "France", "EIRE")),
        order=(Order(rev, True),),
        limit=1,
        each=(country,),
    ),
    "d041": Reading(
        "",
        subject=cust,
        figures=(A("distinct", "orders", cust),),
        where=Every(
            (
                Has(Thing(ORDERS, ()), Within(odate, P("2010-12-01", "2011-01-01"))),
                Has(Thing(ORDERS, ()), Within(odate, Period(date(2011, 1, 1), None, "")), negated=True),
            )
        ),
    ),
    "d043": Reading("", groups=(inv,), having=(Having(A("rows", "orders"), ">", 200),), count_groups=True),
    "d057": Reading("", figures=(A("avg", "Track", Scaled(F("Track", "Milliseconds"), 60000, "minutes")),)),
    "d058": Reading(
        "",
        figures=(A("median", "Invoice", F("Invoice", "Total")),),
        where=Among(F("Invoice", "BillingCountry"), ("USA",)),
    ),
    "d059": Reading("", groups=(F("Playlist", "Name"),), having=(Having(A("rows", "Playlist"), ">", 1),)),
    "d064": Reading("", figures=(lrev,), groups=(TH("Artist", "Name"),), order=(Order(lrev, True),), limit=5),
    "d065": Reading("", figures=(A("rows", "Track"),), groups=(TH("Genre", "Name"),)),
    "d066": Reading("", subject=TH("Genre", "Name"), columns=(G,), where=Has(TH("InvoiceLine"), negated=True)),
    "d069": Reading("", figures=(A("sum", "Invoice", F("Invoice", "Total")),), groups=(emp,)),
    "d070": Reading(
        "", figures=(Ratio(Metric("revenue", lrev.sql, lrev.tables, where=Among(G, ("Rock",))), lrev, True),)
    ),
    "d072": Reading(
        "",
        figures=(A("rows", "Track"),),
        groups=(TH("Album", "Title"),),
        having=(Having(A("rows", "Track"), ">=", 25),),
    ),
    "d074": Reading(
        "", subject=TH("Playlist", "Name"), columns=(F("Playlist", "Name"),), where=Has(TH("Track"), negated=True)
    ),
    "d075": Reading(
        "",
        subject=emp,
        columns=(
            F("Employee", "FirstName"),
            F("Employee", "LastName"),
            F("Employee", "FirstName", "boss"),
            F("Employee", "LastName", "boss"),
        ),
    ),
    "d076": Reading("", subject=client, figures=(A("rows", "Customer"),), where=Has(TH("Track"), Among(G, ("Jazz",)))),
    "d077": Reading(
        "", subject=client, columns=client.labels, where=Has(TH("InvoiceLine"), Among(G, ("Latin",)), negated=True)
    ),
    "d078": Reading(
        "",
        figures=(A("sum", "Invoice", F("Invoice", "Total")),),
        groups=(client,),
        columns=(F("Customer", "Country"),),
        order=(Order(A("sum", "Invoice", F("Invoice", "Total")), True),),
        limit=1,
    ),
    "d080": Reading(
        "",
        figures=(A("sum", "Track", Scaled(F("Track", "Milliseconds"), 3600000, "hours")),),
        groups=(TH("Album", "Title"),),
        order=(Order(A("sum", "Track", Scaled(F("Track", "Milliseconds"), 3600000, "hours")), True),),
        limit=1,
    ),
    "d081": Reading(
        "",
        groups=(TH("Genre", "Name"),),
        having=(
            Having(
                Metric("revenue", lrev.sql, lrev.tables, where=Within(idate, P("2025-01-01", "2026-01-01"))),
                ">",
                Metric("revenue", lrev.sql, lrev.tables, where=Within(idate, P("2024-01-01", "2025-01-01"))),
            ),
        ),
    ),
    "d088": Reading("", columns=(sp,), distinct=True, where=Among(F("penguins", "island"), ("Dream",))),
    "d090": Reading("", figures=(A("corr", "penguins", F("penguins", "flipper_length_mm"), other=mass),)),
    "d092": Reading(
        "",
        figures=(Ratio(A("rows", "penguins", where=Among(sex, ("female",))), A("rows", "penguins"), True),),
        groups=(sp,),
        where=Missing(sex, True),
    ),
    "d094": Reading("", figures=(A("rows", "penguins"),), groups=(Bin(mass, Decimal(500)),), where=Missing(mass, True)),
    "d096": Reading(
        "",
        figures=(
            Difference(
                A("avg", "penguins", mass, where=Among(sex, ("male",))),
                A("avg", "penguins", mass, where=Among(sex, ("female",))),
            ),
        ),
        where=Among(sp, ("Chinstrap",)),
    ),
    "d099": Reading("", figures=(A("rows", "penguins"),), where=Beside(mass, ">", A("avg", "penguins", mass))),
    "d100": Reading(
        "",
        figures=(A("avg", "penguins", Combined("/", F("penguins", "bill_length_mm"), F("penguins", "bill_depth_mm"))),),
        groups=(sp,),
        order=(
            Order(
                A("avg", "penguins", Combined("/", F("penguins", "bill_length_mm"), F("penguins", "bill_depth_mm"))),
                True,
            ),
        ),
    ),
    "d108": Reading(
        "",
        subject=Thing(T["weather"], ()),
        columns=(wd, Combined("-", F("weather", "temp_max"), F("weather", "temp_min"), "gap")),
        order=(Order(Combined("-", F("weather", "temp_max"), F("weather", "temp_min"), "gap"), True),),
        limit=1,
    ),
    "d116": Reading(
        "", figures=(A("avg", "weather", F("weather", "temp_max")),), groups=(year(wd),), along=Along("difference")
    ),
}


@pytest.fixture(scope="module")
def data(shared: Path) -> Data:
    return Data(shared / "data")


class Data:
    """The shared tables, the questions about them, and when a result is right."""

    def __init__(self, folder: Path) -> None:
        self.score = module(folder / "questions" / "score.py")
        self.connection = duckdb.connect()
        module(folder / "questions" / "load.py").load(self.connection, folder)
        lines = (folder / "questions" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
        self.questions = {question["id"]: question for question in map(json.loads, lines)}
        self.connection.execute("CREATE SCHEMA bronze")
        for name, table in T.items():
            casts = ", ".join(f'"{each.name}"::{each.data_type} AS "{each.name}"' for each in table.columns)
            self.connection.execute(f"CREATE VIEW bronze.{name} AS SELECT {casts} FROM main.{name}")

    def left_over(self, question: dict[str, Any], rows: list[Any]) -> list[int | None]:
        """How many columns are left over beside each gold result that the rows equal; None where they do not."""
        loose = self.score.LOOSE_TAGS & set(question["tags"])
        tolerance = self.score.LOOSE if loose else self.score.TOLERANCE
        golds = (self.connection.execute(sql).fetchall() for sql in question["gold"])
        return [self.score.equal(gold, rows, question["ordered"], tolerance) for gold in golds]


def module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.mark.parametrize("name", READINGS)
def test_the_sql_of_a_reading_gives_the_gold_result(name: str, data: Data) -> None:
    sql = guard(write(READINGS[name], DOMAIN), DOMAIN.tables).sql
    rows = [list(row) for row in data.connection.execute(sql).fetchall()]
    assert 0 in data.left_over(data.questions[name], rows)
