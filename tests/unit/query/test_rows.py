"""Rows as JSON: nothing is lost, and it is JSON for every reader."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from lakebook.query.children.pool import Children
from lakebook.query.guard.guarded import guard
from lakebook.query.rows import rows_json, sql_type
from lakebook.query.tables import Table


@pytest.mark.parametrize(
    ("data_type", "name"),
    [
        (pa.int8(), "TINYINT"),
        (pa.int32(), "INTEGER"),
        (pa.int64(), "BIGINT"),
        (pa.uint64(), "UBIGINT"),
        (pa.float32(), "FLOAT"),
        (pa.float64(), "DOUBLE"),
        (pa.decimal128(18, 2), "DECIMAL(18,2)"),
        (pa.decimal128(38, 0), "HUGEINT"),
        (pa.string(), "VARCHAR"),
        (pa.bool_(), "BOOLEAN"),
        (pa.date32(), "DATE"),
        (pa.time64("us"), "TIME"),
        (pa.timestamp("us"), "TIMESTAMP"),
        (pa.timestamp("us", tz="UTC"), "TIMESTAMPTZ"),
        (pa.binary(), "BLOB"),
        (pa.list_(pa.int32()), "INTEGER[]"),
        (pa.struct([("a", pa.int32())]), "STRUCT"),
        (pa.map_(pa.string(), pa.int32()), "MAP"),
        (pa.dictionary(pa.int8(), pa.string()), "VARCHAR"),
        (pa.null(), "VARCHAR"),
    ],
)
def test_a_type(data_type: pa.DataType, name: str) -> None:
    assert sql_type(data_type) == name


def test_money_and_sums_of_the_engine(children: Children, shop: dict[str, Table]) -> None:
    text = "select sum(Quantity) as units, sum(Quantity * UnitPrice) as revenue, max(InvoiceDate) as last from orders"
    columns, rows = rows_json(children.run(guard(text, [shop["orders"]]), principal="a"), 10)
    assert columns == [
        {"name": "units", "type": "HUGEINT"},
        {"name": "revenue", "type": "DECIMAL(38,2)"},
        {"name": "last", "type": "TIMESTAMP"},
    ]
    assert rows == [{"units": 140, "revenue": "816.77", "last": "2011-04-08T12:00:00"}]


def test_at_most_the_limit() -> None:
    table = pa.table({"a": list(range(10))})
    assert len(rows_json(table, 3)[1]) == 3
    assert len(rows_json(table)[1]) == 10


def test_wide_integers_past_the_safe_ones_are_text() -> None:
    table = pa.table({"n": pa.array([Decimal(2**60), Decimal(5), None], pa.decimal128(38, 0))})
    assert [row["n"] for row in rows_json(table)[1]] == [str(2**60), 5, None]
