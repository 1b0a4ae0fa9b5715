"""PostgreSQL's types as Arrow's: what each column is read as, and values that Arrow has no place for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lakebook.ingest.sources.notes import Notes

if TYPE_CHECKING:
    import pyarrow as pa

BOOL, BYTES, NUMERIC, MONEY, DATE, TIME_STAMP, INSTANT = 16, 17, 1700, 790, 1082, 1114, 1184
INT2, INT4, INT8, OID, FLOAT4, FLOAT8 = 21, 23, 20, 26, 700, 701
TEXTS = frozenset({18, 19, 25, 1042, 1043})
MOST_DIGITS = 38


@dataclass(frozen=True)
class Column:
    """A column: its name, the expression that reads it, and its Arrow type; None until its digits are measured."""

    name: str
    expression: Any
    type: Any


def columns_of(description: Sequence[Any]) -> list[Column]:
    """The columns of a described statement; types without a counterpart are read as the text the server shows."""
    return [_column(one.name, one.type_code, one.precision, one.scale) for one in description]


def _column(name: str, oid: int, precision: int | None, scale: int | None) -> Column:
    import pyarrow as pa

    sql = import_module("psycopg.sql")
    itself = sql.Identifier(name)
    plain: dict[int, Any] = {BOOL: pa.bool_(), BYTES: pa.binary(), DATE: pa.date32(), TIME_STAMP: pa.timestamp("us"),
             INSTANT: pa.timestamp("us", tz="UTC"), INT2: pa.int16(), INT4: pa.int32(), INT8: pa.int64(),
             OID: pa.int64(), FLOAT4: pa.float32(), FLOAT8: pa.float64()}  # fmt: skip
    if oid in plain:
        return Column(name, itself, plain[oid])
    if oid == MONEY:
        return Column(name, sql.SQL("{}::numeric").format(itself), pa.decimal128(MOST_DIGITS // 2, 2))
    if oid == NUMERIC:
        fits = precision is not None and scale is not None and 0 <= scale <= precision <= MOST_DIGITS
        return Column(name, itself, pa.decimal128(precision, scale) if fits else None)
    if oid in TEXTS:
        return Column(name, itself, pa.string())
    array = getattr(import_module("psycopg").adapters.types.get(oid), "array_oid", None) == oid
    said = "array_to_json({})::text" if array else "{}::text"
    return Column(name, sql.SQL(said).format(itself), pa.string())


def measured(connection: Any, relation: Any, columns: list[Column]) -> list[Column]:
    """Give every numeric column of no stated size the digits that its values need; past 38 it stays text."""
    import pyarrow as pa

    sql = import_module("psycopg.sql")
    open_ones = [column for column in columns if column.type is None]
    if not open_ones:
        return columns
    asked = sql.SQL(", ").join(
        sql.SQL("max(scale({0})), max(length(trunc(abs({0}))::text)) FILTER (WHERE scale({0}) IS NOT NULL)").format(
            column.expression
        )
        for column in open_ones
    )
    found = connection.execute(sql.SQL("SELECT {} FROM {}").format(asked, relation)).fetchone()
    made: dict[str, Column] = {}
    for column, scale, whole in zip(open_ones, found[::2], found[1::2], strict=True):
        scale, whole = scale or 0, whole or 1
        if scale + whole <= MOST_DIGITS:
            made[column.name] = replace(column, type=pa.decimal128(max(18, scale + whole), scale))
        else:
            text = sql.SQL("{}::text").format(column.expression)
            made[column.name] = replace(column, expression=text, type=pa.string())
    return [made.get(column.name, column) for column in columns]


def array_of(column: Column, values: Sequence[Any], notes: Notes) -> pa.Array[Any]:
    """The values as Arrow; NaN and infinity in a DECIMAL become null and are reported."""
    import pyarrow as pa

    if pa.types.is_decimal(column.type):
        kept: list[Decimal | None] = []
        for value in values:
            if value is not None and not value.is_finite():
                notes.note("out_of_range", column.name, str(value), "DECIMAL has no such value: read as null")
                kept.append(None)
            else:
                kept.append(value)
        values = kept
    made: pa.Array[Any] = pa.array(values, column.type)
    return made


def noted_loaders(cursor: Any, notes: Notes) -> None:
    """Let the cursor read times that Python has none for (infinity, years past 9999) as null, and report them."""
    loaders, error = import_module("psycopg.types.datetime"), import_module("psycopg").DataError
    for oid, name in ((DATE, "DateBinaryLoader"), (TIME_STAMP, "TimestampBinaryLoader"),
                      (INSTANT, "TimestamptzBinaryLoader")):  # fmt: skip
        base = getattr(loaders, name)

        def load(self: Any, data: Any, base: Any = base) -> Any:
            try:
                return base.load(self, data)
            except error as fault:
                notes.note("out_of_range", None, str(fault), "The calendar has no such time: read as null")
                return None

        cursor.adapters.register_loader(oid, type(f"Noted{name}", (base,), {"load": load}))
