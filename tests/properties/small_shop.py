"""A shop of five tables with all that makes joins go wrong: nulls, orphans, many-to-many, a table that names itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
from hypothesis import strategies as st

from lakebook.query.domain import Domain, Relationship
from lakebook.query.tables import Column, Table
from lakebook.query.terms import Field, Thing

Row = dict[str, Any]
Rows = dict[str, list[Row]]

_COLUMNS = {
    "customers": {"id": "INTEGER", "name": "VARCHAR", "country": "VARCHAR", "friend": "INTEGER"},
    "orders": {"id": "INTEGER", "customer": "INTEGER", "day": "DATE", "paid": "DECIMAL(10,2)"},
    "lines": {"id": "INTEGER", "order_id": "INTEGER", "product": "INTEGER", "pieces": "INTEGER"},
    "products": {"id": "INTEGER", "kind": "VARCHAR", "price": "DECIMAL(10,2)"},
    "tags": {"product": "INTEGER", "tag": "VARCHAR"},
}
TABLES = {
    name: Table(name, "bronze", name, 1, 0, (), tuple(Column(*each) for each in columns.items()))
    for name, columns in _COLUMNS.items()
}
# From many rows to one: the columns that are equal.
TIES = {
    ("orders", "customers"): ("customer", "id"),
    ("lines", "orders"): ("order_id", "id"),
    ("lines", "products"): ("product", "id"),
    ("tags", "products"): ("product", "id"),
    ("customers", "customers"): ("friend", "id"),
}
DOMAIN = Domain(
    tuple(TABLES.values()),
    tuple(Relationship(TABLES[many], (column,), TABLES[one], (key,)) for (many, one), (column, key) in TIES.items()),
    (),
    {f"bronze.{name}": ("id",) for name in ("customers", "orders", "lines", "products")},
)


def field(name: str, role: str = "") -> Field:
    """The field called `table.column`."""
    table, column = name.split(".")
    return Field(TABLES[table], next(each for each in TABLES[table].columns if each.name == column), role)


COUNTRY, NAME, KIND, TAG = map(field, ("customers.country", "customers.name", "products.kind", "tags.tag"))
DAY, PAID, PIECES, PRICE = map(field, ("orders.day", "orders.paid", "lines.pieces", "products.price"))
BUYER = Thing(TABLES["customers"], (field("customers.id"),), (NAME,))
ORDER = Thing(TABLES["orders"], (field("orders.id"),))
LINE = Thing(TABLES["lines"], (field("lines.id"),))
NAMED_BUYER = Thing(TABLES["orders"], (field("orders.customer"),))


@dataclass(frozen=True)
class Shop:
    """The rows of every table."""

    rows: Rows

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {[tuple(row.values()) for row in rows]}" for name, rows in self.rows.items())

    def fill(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put the rows into the tables of a connection, in place of those that were there."""
        script = ["CREATE SCHEMA IF NOT EXISTS bronze"]
        for name, columns in _COLUMNS.items():
            described = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            script.append(f"CREATE TABLE IF NOT EXISTS bronze.{name} ({described})")
            script.append(f"TRUNCATE bronze.{name}")
            rows = ", ".join(f"({', '.join(map(_literal, row.values()))})" for row in self.rows[name])
            script += [f"INSERT INTO bronze.{name} VALUES {rows}"] if rows else []
        connection.execute("; ".join(script))


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int | Decimal) else f"'{value}'"


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values, values, values)


def _table(*columns: st.SearchStrategy[Any], names: str, most: int, keyed: bool = True) -> st.SearchStrategy[list[Row]]:
    called = names.split()

    def rows(found: list[tuple[Any, ...]]) -> list[Row]:
        made = [(number, *values) if keyed else values for number, values in enumerate(found, 1)]
        return [dict(zip(called, values, strict=True)) for values in made]

    return st.lists(st.tuples(*columns), max_size=most).map(rows)


_ids = st.integers(1, 4)
_cents = st.integers(-300, 900).map(lambda cents: Decimal(cents) / 100)
_days = st.sampled_from([date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 1), date(2025, 2, 28)])
shops = st.builds(
    lambda *tables: Shop(dict(zip(_COLUMNS, tables, strict=True))),
    _table(st.sampled_from(["Ann", "Bo"]), _maybe(st.sampled_from(["DE", "FR"])), _maybe(_ids),
           names="id name country friend", most=3),
    _table(_maybe(_ids), _maybe(_days), _maybe(_cents), names="id customer day paid", most=5),
    _table(_maybe(_ids), _maybe(_ids), _maybe(st.integers(-2, 5)), names="id order_id product pieces", most=6),
    _table(_maybe(st.sampled_from(["toy", "book"])), _cents, names="id kind price", most=3),
    _table(_maybe(_ids), st.sampled_from(["new", "sale"]), names="product tag", most=5, keyed=False),
)  # fmt: skip
