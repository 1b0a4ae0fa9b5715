"""Half a million real order lines: the figures that everything else is measured against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import lakebook
from lakebook.client import Lakebook

TOP_FIVE = [("United Kingdom", 495_478), ("Germany", 9_495), ("France", 8_557), ("EIRE", 8_196), ("Spain", 2_533)]


@pytest.fixture(scope="module")
def lb(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lakebook]:
    with lakebook.open(tmp_path_factory.mktemp("retail") / "home") as opened:
        yield opened


@pytest.fixture(scope="module")
def orders(lb: Lakebook, shared: Path) -> Lakebook:
    done = lb.ingest(shared / "data" / "retail" / "online_retail.parquet", name="orders")
    assert (done.rows, done.columns, done.duplicate_rows, done.rejected_rows) == (541_909, 8, 5_268, 0)
    return lb


def test_profile(orders: Lakebook) -> None:
    profile = orders.profile("orders")
    assert (profile.duplicate_rows, profile.duplicate_groups) == (5_268, 4_879)
    columns = {column.name: column for column in profile.columns}
    assert columns["CustomerID"].null_count == 135_080
    assert columns["CustomerID"].null_percentage == pytest.approx(24.93, abs=0.01)
    assert columns["CustomerID"].unique_count == 4_372
    assert columns["StockCode"].unique_count == 4_070
    assert columns["Country"].unique_count == 38
    assert columns["InvoiceNo"].unique_count == 25_900
    assert columns["UnitPrice"].data_type.startswith("DECIMAL(")
    assert columns["UnitPrice"].money
    assert (columns["Quantity"].min_value, columns["Quantity"].max_value) == (-80_995, 80_995)
    assert float(columns["UnitPrice"].min_value) == -11_062.06


def test_thirty_sums_are_one(orders: Lakebook) -> None:
    """The exact total, to the last digit, every time."""
    sql = "select sum(Quantity*UnitPrice) as total from orders"
    totals = {str(orders.query(sql).arrow()["total"][0].as_py()) for _ in range(30)}
    assert totals == {"9747747.934"}


def test_top_five_countries(orders: Lakebook) -> None:
    answer = orders.ask("top 5 countries by number of rows")
    assert answer.status == "answered"
    assert [tuple(row.values()) for row in answer.arrow().to_pylist()] == TOP_FIVE
    assert answer.chart is not None
    assert "495,478" in answer.sentence
    assert answer.datasets == (("orders", 1),)


def test_revenue_without_the_largest(orders: Lakebook) -> None:
    answer = orders.ask("top 5 countries by revenue without United Kingdom")
    found = {row["Country"]: f"{row['revenue']:.2f}" for row in answer.arrow().to_pylist()}
    assert list(found) == ["Netherlands", "EIRE", "Germany", "France", "Australia"]
    assert found["Netherlands"] == "284661.54"


@pytest.mark.parametrize(("name", "rows"), [("orders_2011_12", 25_525), ("orders_2011_12_09", 1_632)])
def test_slices_are_the_same_rows(orders: Lakebook, shared: Path, name: str, rows: int) -> None:
    """What was read from CSV is what the Parquet holds of those days."""
    orders.ingest(shared / "data" / "retail" / f"{name}.csv", mode="replace")
    slice_, whole = orders.table(name).polars(), orders.table("orders").polars()
    first = slice_["InvoiceDate"].min()
    expected = whole.filter(pl.col("InvoiceDate") >= first)
    assert slice_.height == expected.height == rows
    order = ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "Description", "CustomerID", "Country"]
    same = [frame.select(pl.col(order).cast(pl.String)).sort(order) for frame in (_exact(slice_), _exact(expected))]
    assert same[0].equals(same[1])


def _exact(frame: pl.DataFrame) -> pl.DataFrame:
    """Prices at one scale, so that 2.5 and 2.500 are the same text."""
    return frame.with_columns(pl.col("UnitPrice").cast(pl.Decimal(18, 4)))
