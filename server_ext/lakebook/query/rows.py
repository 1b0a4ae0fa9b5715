"""Rows as JSON can hold them without loss."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lakebook.rows import json_value

if TYPE_CHECKING:
    import pyarrow as pa

# The engine's 128-bit integers travel as decimals of this width without fraction.
WIDE_INTEGER = (38, 0)


def rows_json(table: pa.Table, limit: int | None = None) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Columns as name and type, rows as dicts; DECIMAL and integers past 2^53 are strings, times are ISO 8601."""
    columns = [{"name": field.name, "type": sql_type(field.type)} for field in table.schema]
    part = table if limit is None else table.slice(0, limit)
    wide = {field.name for field in part.schema if is_wide_integer(field.type)}
    rows = [
        {name: _wide(value) if name in wide else json_value(value) for name, value in row.items()}
        for row in part.to_pylist()
    ]
    return columns, rows


def is_wide_integer(data_type: pa.DataType) -> bool:
    """Whether the column holds 128-bit integers."""
    import pyarrow as pa

    return isinstance(data_type, pa.Decimal128Type) and (data_type.precision, data_type.scale) == WIDE_INTEGER


def _wide(value: object) -> Any:
    return json_value(int(value)) if isinstance(value, Decimal) else json_value(value)


def sql_type(data_type: pa.DataType) -> str:
    """The SQL name of an Arrow type, as DuckDB writes it."""
    import pyarrow as pa

    if is_wide_integer(data_type):
        return "HUGEINT"
    if pa.types.is_decimal(data_type):
        return f"DECIMAL({data_type.precision},{data_type.scale})"
    if pa.types.is_timestamp(data_type):
        return "TIMESTAMPTZ" if data_type.tz else "TIMESTAMP"
    if pa.types.is_dictionary(data_type):
        return sql_type(data_type.value_type)
    if pa.types.is_list(data_type) or pa.types.is_large_list(data_type):
        return f"{sql_type(data_type.value_type)}[]"
    for check, name in (
        (pa.types.is_boolean, "BOOLEAN"), (pa.types.is_int8, "TINYINT"), (pa.types.is_int16, "SMALLINT"),
        (pa.types.is_int32, "INTEGER"), (pa.types.is_int64, "BIGINT"), (pa.types.is_uint8, "UTINYINT"),
        (pa.types.is_uint16, "USMALLINT"), (pa.types.is_uint32, "UINTEGER"), (pa.types.is_uint64, "UBIGINT"),
        (pa.types.is_float32, "FLOAT"), (pa.types.is_floating, "DOUBLE"), (pa.types.is_date, "DATE"),
        (pa.types.is_time, "TIME"), (pa.types.is_binary, "BLOB"), (pa.types.is_struct, "STRUCT"),
        (pa.types.is_map, "MAP"), (pa.types.is_interval, "INTERVAL"),
    ):  # fmt: skip
        if check(data_type):
            return name
    return "VARCHAR"
