"""The shared data: figures that are known from elsewhere, and the messy files."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.native.ingested import Ingest, query


def test_online_retail_has_its_known_figures(ingest: Ingest, shared: Path) -> None:
    source = shared / "data/retail/online_retail.parquet"
    golden = json.loads((shared / "data/retail/golden.json").read_text(encoding="utf-8"))
    table = ingest(source)
    result = table.result
    assert (result.row_count, result.column_count) == (golden["rows"], golden["columns"])
    assert (result.duplicate_rows, result.duplicate_groups) == (
        golden["duplicate_rows_excess"],
        golden["duplicate_groups"],
    )
    assert table.types["UnitPrice"] == "DECIMAL(18,3)"
    revenue = query(f"select sum(Quantity * UnitPrice) from '{table.path}'")
    assert revenue == [(Decimal("9747747.934"),)]
    assert table.column("CustomerID")["null_count"] == golden["null_customer_id"]
    assert table.column("Description")["blank_padded_count"] == golden["rows_description_outer_whitespace"]
    unique = {column["name"]: column["unique_count"] for column in result.columns}
    assert unique["InvoiceNo"] == golden["invoices"]
    assert unique["StockCode"] == golden["stock_codes"]
    assert unique["CustomerID"] == golden["customers"]
    assert unique["Country"] == golden["countries"]
    assert (table.column("Quantity")["min"], table.column("Quantity")["max"]) == (
        golden["quantity_min"],
        golden["quantity_max"],
    )
    changed = query(
        f"select count(*) from (select * replace (UnitPrice::double as UnitPrice) from '{table.path}' "
        f"except all from '{source}')"
    )
    assert changed == [(0,)]


@pytest.mark.parametrize("name", ["orders_2011_12", "orders_2011_12_09"])
def test_the_csv_slices_hold_the_rows_of_the_parquet(ingest: Ingest, shared: Path, name: str) -> None:
    golden = json.loads((shared / "data/retail/golden.json").read_text(encoding="utf-8"))
    table = ingest(shared / f"data/retail/{name}.csv")
    assert table.result.row_count == golden[name.replace("orders", "rows")]
    columns = (
        "InvoiceNo, StockCode, Description, Quantity::int, InvoiceDate, UnitPrice::double, CustomerID::int, Country"
    )
    parquet = shared / "data/retail/online_retail.parquet"
    rows = query(
        f"select count(*) from (select {columns} from '{table.path}' except all select {columns} from '{parquet}')"
    )
    assert rows == [(0,)]
    distinct = query(f"select count(*) from (select distinct * from '{table.path}')")[0][0]
    assert table.result.duplicate_rows == table.result.row_count - distinct


def test_penguins_without_a_sex_have_none(ingest: Ingest, shared: Path) -> None:
    table = ingest(shared / "data/penguins/penguins.csv")
    assert table.column("sex")["null_count"] == 11
    assert set(table.values("sex")) == {"male", "female", None}


def test_namibia_is_a_country(ingest: Ingest, shared: Path) -> None:
    table = ingest(shared / "data/reference/countries.csv")
    assert ("NA", "NAM", "Namibia") in [row[:3] for row in table.rows]
    assert table.column("iso2")["null_count"] == 0


SPECTRUM = [
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
    "quotes_and_newlines", "simple", "simple_crlf", "utf8",
]  # fmt: skip


@pytest.mark.parametrize("name", SPECTRUM)
def test_the_spectrum_is_equal_cell_by_cell(ingest: Ingest, shared: Path, name: str) -> None:
    source = shared / f"data/messy/spectrum/{name}.csv"
    with source.open(encoding="utf-8", newline="") as lines:
        expected = list(csv.reader(lines))
    table = ingest(source)
    assert list(table.types) == expected[0]
    shown = [["" if cell is None else str(cell) for cell in row] for row in table.rows]
    assert shown == expected[1:]
