"""The pipeline: a day run again changes nothing, a corrected day arrives, a broken file stops before silver."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lakebook.client import Lakebook
from lakebook.errors import NotebookFailed

NOTEBOOK = "pipelines/daily_sales.ipynb"
DAY_A, DAY_B = "2026-02-25", "2026-02-26"
FILE_A, FILE_B = (f"days/orders_{day}.csv" for day in (DAY_A, DAY_B))
CORRECTED_A = f"days/corrections/orders_{DAY_A}.csv"

Sale = tuple[str, int, str, str, str, int, Decimal]


def sales_of(folder: Path, files: Iterable[str]) -> list[Sale]:
    """One computation over the files, in plain Python: each distinct line once, trimmed, guests named so."""
    found = []
    for file in files:
        with (folder / file).open(newline="", encoding="utf-8") as lines:
            rows = dict.fromkeys(tuple(value.strip() for value in row.values()) for row in csv.DictReader(lines))
        for number, day, customer, product, quantity, price, country, _channel in rows:
            found.append((day, int(number), customer or "guest", product, country, int(quantity), Decimal(price)))
    return sorted(found)


def gold_sales(lb: Lakebook) -> list[Sale]:
    """The same facts as gold has them."""
    columns = ["day", "order_id", "customer_id", "product_id", "country", "quantity", "unit_price"]
    rows = lb.table("gold.fact_sale").polars().select(columns).iter_rows()
    return sorted((str(day), *rest) for day, *rest in rows)


def daily(sales: list[Sale]) -> dict[str, tuple[int, int, Decimal]]:
    """Lines, orders and revenue of each day."""
    days: dict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        days[sale[0]].append(sale)
    return {
        day: (len(lines), len({line[1] for line in lines}), sum((line[5] * line[6] for line in lines), Decimal()))
        for day, lines in days.items()
    }


def gold_daily(lb: Lakebook) -> dict[str, tuple[int, int, Decimal]]:
    """The same figures as gold has them."""
    frame = lb.table("gold.daily_sales").polars().select("day", "lines", "orders", "revenue")
    return {str(day): (lines, orders, revenue) for day, lines, orders, revenue in frame.iter_rows()}


def everything(lb: Lakebook) -> dict[str, Any]:
    """All of silver and gold, free of the order of rows."""
    names = ("silver.order_lines", "gold.fact_sale", "gold.daily_sales", "gold.dim_customer", "gold.dim_product",
             "gold.dim_date")  # fmt: skip
    return {name: sorted(map(str, lb.table(name).polars().rows())) for name in names}


@pytest.fixture(scope="module")
def ran(lb: Lakebook, demo_folder: Path) -> dict[str, Any]:
    """Day A, day B, day A again, a broken file, day A corrected: what gold held after each."""
    del demo_folder
    first = lb.run(NOTEBOOK, parameters={"source": FILE_A})
    lb.run(NOTEBOOK, parameters={"source": FILE_B})
    after_b = everything(lb)
    lb.run(NOTEBOOK, parameters={"source": FILE_A, "day": DAY_A})
    found = {
        "first": first,
        "after b": after_b,
        "again": everything(lb),
        "sales": gold_sales(lb),
        "daily": gold_daily(lb),
    }
    broken = lb.run(NOTEBOOK, parameters={"source": FILE_B, "day": DAY_A}, background=True)
    with pytest.raises(NotebookFailed) as refused:
        broken.wait()
    found |= {"refused": refused.value, "after refusal": everything(lb)}
    found["corrected"] = lb.run(NOTEBOOK, parameters={"source": CORRECTED_A})
    return {**found, "sales corrected": gold_sales(lb), "daily corrected": gold_daily(lb)}


def test_a_day_run_again_changes_nothing(ran: dict[str, Any]) -> None:
    assert ran["again"] == ran["after b"]


def test_gold_is_one_computation_over_both_days(ran: dict[str, Any], demo_folder: Path) -> None:
    expected = sales_of(demo_folder, [FILE_A, FILE_B])
    assert len(expected) > 400
    assert ran["sales"] == expected
    assert ran["daily"] == daily(expected)


def test_a_late_correction_arrives(ran: dict[str, Any], demo_folder: Path) -> None:
    expected = sales_of(demo_folder, [CORRECTED_A, FILE_B])
    assert ran["sales corrected"] == expected
    assert ran["daily corrected"] == daily(expected)
    assert ran["daily"][DAY_A][2] > 5 * ran["daily corrected"][DAY_A][2]
    assert ran["daily"][DAY_B] == ran["daily corrected"][DAY_B]


def test_the_run_keeps_what_the_notebook_reported(ran: dict[str, Any]) -> None:
    lines, _, revenue = ran["daily corrected"][DAY_A]
    assert ran["corrected"].status == "completed"
    assert ran["corrected"].results == {"day": DAY_A, "rows": lines, "revenue": str(revenue), "days_in_gold": 2}
    assert ran["first"].results["days_in_gold"] == 1


def test_a_file_that_breaks_the_contract_stops_before_silver(ran: dict[str, Any]) -> None:
    said = str(ran["refused"])
    assert f"breaks its contract: a line of another day than {DAY_A} (" in said
    assert ran["refused"].details["cell"] == 9
    assert ran["after refusal"] == ran["again"]


def test_the_dimensions_fit_the_facts(ran: dict[str, Any], lb: Lakebook) -> None:
    assert ran["corrected"].status == "completed"
    facts = lb.table("gold.fact_sale").polars()
    for name, key in (
        ("gold.dim_customer", "customer_id"),
        ("gold.dim_product", "product_id"),
        ("gold.dim_date", "date_key"),
    ):
        keys = lb.table(name).polars()[key]
        assert keys.n_unique() == keys.len()
        assert set(facts[key]) <= set(keys)
    customers = lb.table("gold.dim_customer").polars()
    assert customers["revenue"].sum() == facts["revenue"].sum()
    assert facts.select("order_id", "line").is_duplicated().sum() == 0


def test_returns_stay_returns(ran: dict[str, Any], lb: Lakebook) -> None:
    assert ran["corrected"].status == "completed"
    facts = lb.table("gold.fact_sale").polars()
    returned = facts.filter(facts["is_return"])
    assert returned.height > 0
    assert (returned["quantity"] < 0).all()
    assert (returned["revenue"] < 0).all()
    assert lb.table("gold.daily_sales").polars()["returned_lines"].sum() == returned.height
