"""The shared data: figures that are known from elsewhere, and the messy files."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lakebook_native import NativeError, process_dataset

from tests.unit.native.ingested import Ingest, query

# Entries of the manifest with figures, read as it says: a floor that only rises.
MESSY_FLOOR = 109


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


def family(data_type: pa.DataType) -> str:
    """The word of the manifest for a type; decimals count as floats."""
    if pa.types.is_integer(data_type):
        return "int64"
    if pa.types.is_floating(data_type) or pa.types.is_decimal(data_type):
        return "float64"
    if pa.types.is_boolean(data_type):
        return "bool"
    if pa.types.is_date(data_type):
        return "date32"
    if pa.types.is_timestamp(data_type):
        return "timestamp(tz)" if data_type.tz else "timestamp"
    return "utf8"


def troubles(entry: dict[str, Any], folder: Path, output: Path) -> list[str]:
    """What is not as the manifest says."""
    try:
        result = process_dataset(str(folder / entry["file"]), str(output))
    except NativeError as error:
        return [] if entry["rows"] in (None, 0) else [str(error)]
    found = []
    if entry["rows"] not in (None, result.row_count):
        found.append(f"{result.row_count} rows for {entry['rows']}")
    if entry["cols"] is not None and result.column_count not in (entry["cols"], entry.get("cols_alt")):
        found.append(f"{result.column_count} columns for {entry['cols']}")
    got = [family(field.type) for field in pq.read_schema(output)]
    for have, want in zip(got, entry.get("types") or [], strict=False):
        if have not in want.split("|"):
            found.append(f"{got} for {entry['types']}")
    return found


def test_messy_files_are_read_as_the_manifest_says(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data/messy"
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    bad = {entry["file"]: troubles(entry, folder, tmp_path / "out.parquet") for entry in entries}
    wrong = {name: found for name, found in bad.items() if found}
    assert len(entries) - len(wrong) >= MESSY_FLOOR, wrong


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
