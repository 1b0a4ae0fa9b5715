"""What the native pass does not tell of a table: found once, when it is loaded, within bounds of time and memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.lake.bounded import bounded
from lakebook.profile.date_gaps import FEWEST_DAYS, date_gaps
from lakebook.profile.patterns import patterns_of
from lakebook.profile.sample import sampled
from lakebook.profile.spelling import lesser_spellings, spelling_variants
from lakebook.profile.ties import correlations, dependencies, pair_keys, single_keys
from lakebook.sql_text import quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Column = dict[str, Any]

TEXTS_SEEN = 1_000
MOST_VALUES = 20_000
MOST_COLUMNS = 64
LONGEST_TEXT = 4_096
MOST_DAYS = 40_000
# Nested values and bytes have neither forms nor an order.
PLAIN = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "DATE", "TIMESTAMP",
         "VARCHAR")  # fmt: skip


def findings_of(
    parquet: Path, columns: list[Column], *, row_count: int, duplicate_rows: int, temporary: Path
) -> dict[str, Any]:
    """Keys, dependencies and correlations of the table; forms, spellings and gaps of its columns, by name.

    `columns` are as the native pass gave them. Plain data, so that it can be kept with the profile.
    """
    plain = [one for one in columns if _is_plain(one)][:MOST_COLUMNS]
    keys = single_keys(plain, row_count)
    found: dict[str, Any] = {"keys": keys, "dependencies": [], "correlations": [], "columns": {}}
    if row_count < 2 or not plain:
        return found
    sample = sampled(parquet, [one["name"] for one in plain])
    with bounded([parquet], temporary) as connection:
        if not keys and not duplicate_rows:
            found["keys"] = pair_keys(connection, sample, plain, row_count)
        found["dependencies"] = dependencies(connection, sample, plain, row_count)
        found["correlations"] = correlations(connection, sample, plain, row_count)
        for one in plain:
            told = _of_column(connection, sample, one)
            if told:
                found["columns"][one["name"]] = told
    return found


def _is_plain(column: Column) -> bool:
    kind = column["data_type"]
    return kind.startswith(PLAIN) and not kind.endswith("]") and (column.get("max_length") or 0) <= LONGEST_TEXT


def _of_column(connection: duckdb.DuckDBPyConnection, sample: pa.Table, column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if column["data_type"] == "VARCHAR":
        patterns, exact = _patterns(sample, column)
        told = {"patterns": patterns, "patterns_exact": exact} if patterns else {}
        variants = _variants(connection, sample, column)
        return {**told, "spelling_variants": variants} if variants else told
    if column["data_type"].startswith(("DATE", "TIMESTAMP")):
        gaps = _gaps(connection, sample, column)
        return {"date_gaps": gaps} if gaps else {}
    return told


def _patterns(sample: pa.Table, column: Column) -> tuple[list[tuple[str, float]], bool]:
    """The forms, and whether they are those of all values and not of a sample's."""
    top = [(str(value), int(count)) for value, count in column.get("top_values", [])]
    if top and len(top) == column["unique_count"]:
        return patterns_of(top), True
    values = sample.column(column["name"]).drop_null()
    step = max(1, len(values) // TEXTS_SEEN)
    seen = values.combine_chunks()[::step].to_pylist() if len(values) else []
    return patterns_of((str(value), 1) for value in seen), len(values) == len(seen) == sample.num_rows


def _variants(connection: duckdb.DuckDBPyConnection, sample: pa.Table, column: Column) -> dict[str, Any] | None:
    if not 1 < column["unique_count"] <= MOST_VALUES or lesser_spellings({"top_values": [], **column}):
        return None
    top = [(str(value), int(count)) for value, count in column.get("top_values", [])]
    if len(top) == column["unique_count"]:
        return spelling_variants(top)
    seen = _every_value(sample, column)
    if seen is not None and spelling_variants((str(value), 1) for value in seen) is None:
        return None
    name = quoted(column["name"])
    counted = connection.execute(f"SELECT {name}, count(*) FROM whole WHERE {name} IS NOT NULL GROUP BY {name}")
    return spelling_variants(counted.fetchall())


def _gaps(connection: duckdb.DuckDBPyConnection, sample: pa.Table, column: Column) -> dict[str, Any] | None:
    if column["unique_count"] < FEWEST_DAYS:
        return None
    seen = _every_value(sample, column) if column["data_type"] == "DATE" else None
    if seen is not None:
        return date_gaps(seen)
    name = quoted(column["name"])
    days = connection.execute(
        f"SELECT DISTINCT CAST({name} AS DATE) FROM whole WHERE {name} IS NOT NULL LIMIT {MOST_DAYS + 1}"
    ).fetchall()
    return None if len(days) > MOST_DAYS else date_gaps([day for (day,) in days if hasattr(day, "year")])


def _every_value(sample: pa.Table, column: Column) -> list[Any] | None:
    """The distinct values of a column, where the sample has them all."""
    if not column.get("unique_exact", True) or column["unique_count"] > sample.num_rows:
        return None
    seen = sample.column(column["name"]).drop_null().unique()
    return list(seen.to_pylist()) if len(seen) == column["unique_count"] else None
