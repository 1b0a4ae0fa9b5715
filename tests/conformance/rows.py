"""The same small tables for every engine: text with case and without, decimals, negatives, nulls, days and times."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from lakebook.query.tables import Column, Table

Value = str | int | float | Decimal | date | datetime | bool | None
FOLDER = Path(__file__).parent

ITEMS: tuple[tuple[Value, ...], ...] = tuple(
    (
        number,
        ("Ada", "Bob", "Chloé", None)[number % 4],
        ("UK", "FR", "DE", "us", "Us")[number % 5],
        Decimal(number * 137 % 1000) / 100 if number % 7 else None,
        number * 37 % 11 - 5,
        round(number * 0.37 - 3, 3) if number % 6 else None,
        date(2023, 12, 25) + timedelta(days=number * 9),
        datetime(2024, 1, 1, 22, 30) + timedelta(hours=number * 13, minutes=number * 7),
        number % 3 == 0,
    )
    for number in range(40)
)
PEOPLE: tuple[tuple[Value, ...], ...] = (
    ("Ada", "gold", Decimal("10.50")),
    ("Bob", "silver", None),
    ("Zed", "gold", Decimal("3.25")),
)
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "items": (
        ("id", "BIGINT"), ("name", "VARCHAR"), ("country", "VARCHAR"), ("price", "DECIMAL(12,2)"), ("qty", "INTEGER"),
        ("score", "DOUBLE"), ("day", "DATE"), ("seen", "TIMESTAMP"), ("paid", "BOOLEAN"),
    ),
    "people": (("name", "VARCHAR"), ("segment", "VARCHAR"), ("credit", "DECIMAL(12,2)")),
}  # fmt: skip
ROWS = {"items": ITEMS, "people": PEOPLE}
# How each engine calls DuckDB's types.
TYPES = {
    "duckdb": {},
    "snowflake": {"DECIMAL(12,2)": "NUMBER(12,2)", "TIMESTAMP": "TIMESTAMP_NTZ", "DOUBLE": "FLOAT"},
    "spark": {"VARCHAR": "STRING", "INTEGER": "INT", "TIMESTAMP": "TIMESTAMP_NTZ"},
}  # fmt: skip


def tables(engine: str) -> list[Table]:
    """The tables as the guard sees them on an engine: Snowflake keeps names in capitals."""
    stored = str.upper if engine == "snowflake" else str
    layer = {"duckdb": "bronze", "snowflake": "CONFORMANCE", "spark": "conformance"}[engine]
    return [
        Table(stored(name), layer, name, 1, len(ROWS[name]), (),
              tuple(Column(stored(column), kind) for column, kind in columns), engine)
        for name, columns in COLUMNS.items()
    ]  # fmt: skip


def rows_as_query(name: str, engine: str) -> str:
    """A SELECT that gives the rows of one of the tables, in the engine's own types."""
    columns = COLUMNS[name]
    rows = ", ".join(f"({', '.join(map(_literal, row))})" for row in ROWS[name])
    casts = ", ".join(f"CAST({column} AS {TYPES[engine].get(kind, kind)}) AS {column}" for column, kind in columns)
    return f"SELECT {casts} FROM (VALUES {rows}) AS t({', '.join(column for column, _ in columns)})"


def _literal(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float | Decimal):
        return str(value)
    return f"'{value}'"


def statements() -> list[str]:
    """Statements that every engine can run with the same answer."""
    return (FOLDER / "statements.txt").read_text(encoding="utf-8").splitlines()
