"""A SQLite table's columns, typed by the values they hold: what is declared there is a hint, not a promise."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull
from lakebook.ingest.sources.packed import SPARE_DISK
from lakebook.sql_text import quoted

BATCH = 20_000
# A double tells apart fifteen digits: a decimal of no more than those comes back exactly.
EXACT_DIGITS = 15
EXACT_INTEGER = 1 << 53
TIMES = """sum(typeof({c})='text' AND datetime({c},'+0 days')=replace(substr({c},1,19),'T',' ') AND (length({c})=19 OR
    (substr({c},20,1)='.' AND length({c}) BETWEEN 21 AND 26 AND substr({c},21) NOT GLOB '*[^0-9]*')))"""
# Without a modifier SQLite takes 30 February for a day. How each column is looked at, in one scan over the table.
LOOKS = (
    "count({c})", "sum(typeof({c})='integer')", "sum(typeof({c})='real')", "sum(typeof({c})='text')",
    "sum(typeof({c})='blob')", "min(CASE WHEN typeof({c})='integer' THEN {c} END)",
    "max(CASE WHEN typeof({c})='integer' THEN {c} END)",
    "sum(typeof({c})='text' AND length({c})=10 AND date({c},'+0 days')={c})",
    TIMES,
    "max(CASE WHEN typeof({c}) IN ('integer','real') THEN abs({c}+0.0) END)",
    "sum(typeof({c}) IN ('integer','real') AND round({c},2)<>{c})",
    "sum(typeof({c}) IN ('integer','real') AND round({c},{s})<>{c})",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column as it is declared; `key` is its place in the primary key, from 1, or 0."""

    name: str
    declared: str
    key: int


@dataclass(frozen=True)
class Found:
    """What one column holds.

    `dates` and `times` count its texts that are such, `cents` and `finer` the numbers that lose by rounding.
    """

    values: int
    integers: int
    reals: int
    texts: int
    blobs: int
    least: int | None
    most: int | None
    dates: int
    times: int
    largest: float | None
    cents: int
    finer: int


@dataclass(frozen=True)
class Typed:
    """The Arrow type of a column, how its values become it, and what was out of the ordinary."""

    type: Any
    made_of: Callable[[list[Any]], Any]
    reason: str | None = None


def columns_of(database: sqlite3.Connection, table: str) -> list[Column]:
    """The table's columns, generated ones too, in their order."""
    rows = database.execute(f"PRAGMA table_xinfo({quoted(table)})")
    return [Column(row[1], str(row[2]).upper(), row[5]) for row in rows if row[6] != 1]


def write(
    call: Call, database: sqlite3.Connection, table: str, columns: list[Column], plain: Path, filename: str
) -> list[dict[str, Any]]:
    """Copy the table's rows to one Parquet file, batch by batch; returns the deviations that were found."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    broken = [0]

    def text(raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            broken[0] += 1
            return raw.decode(errors="replace")

    database.text_factory = text
    typed = [_typed(column, found) for column, found in zip(columns, _looked(database, table, columns), strict=True)]
    schema = pa.schema([(column.name, one.type) for column, one in zip(columns, typed, strict=True)])
    rows = database.execute(f"SELECT {', '.join(quoted(one.name) for one in columns)} FROM {quoted(table)}")
    try:
        with pq.ParquetWriter(plain, schema, store_schema=False) as writer:
            done = 0
            while batch := rows.fetchmany(BATCH):
                if shutil.disk_usage(plain.parent).free < SPARE_DISK:
                    raise DiskFull(f"No room left to read {filename}.")
                arrays = [
                    one.made_of(list(values)) for one, values in zip(typed, zip(*batch, strict=True), strict=True)
                ]
                writer.write_batch(pa.record_batch(arrays, schema=schema))
                done += len(batch)
                call.report(0.1, f"reading {table}", rows=done)
    except BaseException as error:
        plain.unlink(missing_ok=True)
        if isinstance(error, pa.ArrowException):
            raise BadFile(f"The table {table} holds values that cannot be kept.", hint="Export it as CSV.") from error
        raise
    said = [_deviation(column.name, "mixed_types", one.reason)
            for column, one in zip(columns, typed, strict=True) if one.reason]  # fmt: skip
    if broken[0]:
        said.append(_deviation(None, "encoding", f"{broken[0]} texts are not UTF-8: other bytes became `�`."))
    return said


def _looked(database: sqlite3.Connection, table: str, columns: list[Column]) -> list[Found]:
    """One scan for a few columns at a time: SQLite gives no more than 2,000 values a row."""
    found: list[Found] = []
    for at in range(0, len(columns), 100):
        part = columns[at : at + 100]
        looks = [look.format(c=quoted(one.name), s=_scale(one.declared) or 4) for one in part for look in LOOKS]
        row = database.execute(f"SELECT {', '.join(looks)} FROM {quoted(table)}").fetchone()
        for place in range(0, len(row), len(LOOKS)):
            values = row[place : place + len(LOOKS)]
            found.append(
                Found(*(0 if value is None and n not in (5, 6, 9) else value for n, value in enumerate(values)))
            )
    return found


def _typed(column: Column, found: Found) -> Typed:
    """The narrowest type that keeps every value exactly."""
    import pyarrow as pa

    def plain(kind: Any) -> Typed:
        return Typed(kind, lambda values: pa.array(values, kind))

    numbers = found.integers + found.reals
    if not found.values:
        return plain(_empty(column.declared))
    if found.blobs == found.values:
        return plain(pa.binary())
    if found.texts == found.values:
        return _text(column, found)
    if numbers == found.values and (decimal := _decimal(column, found)) is not None:
        return Typed(decimal, lambda values: pa.array(values, pa.float64()).cast(decimal))
    if found.integers == found.values:
        truth = column.declared.startswith("BOOL") and (found.least or 0) >= 0 and (found.most or 0) <= 1
        if not truth:
            return plain(pa.int64())
        return Typed(pa.bool_(), lambda values: pa.array(values, pa.int64()).cast(pa.bool_()))
    if numbers == found.values and max(-(found.least or 0), found.most or 0) <= EXACT_INTEGER:
        return plain(pa.float64())
    return Typed(pa.string(), lambda values: pa.array([_said(value) for value in values], pa.string()), _mixed(found))


def _text(column: Column, found: Found) -> Typed:
    """Text as it is; as a day or a moment where the column is declared so and every value is one."""
    import pyarrow as pa

    kind: Any = pa.string()
    if re.match(r"DATE|TIMESTAMP|SMALLDATE", column.declared):
        kind = pa.date32() if found.dates == found.texts else kind
        kind = pa.timestamp("us") if found.times == found.texts else kind
        if kind == pa.string():
            return Typed(kind, lambda values: pa.array(values, kind),
                         f"declared {column.declared.lower()}, but not every value is one: kept as text")  # fmt: skip
    return Typed(kind, lambda values: pa.array(values, pa.string()).cast(kind))


def _decimal(column: Column, found: Found) -> Any:
    """The exact decimal of a column that is declared as one, where no value has more places than it; else None."""
    import pyarrow as pa

    if not re.match(r"NUMERIC|DECIMAL|MONEY", column.declared):
        return None
    scale = _scale(column.declared)
    if scale is None:
        if not found.reals:
            return None
        scale = 4 if found.cents else 2
    lost = found.cents if scale == 2 else found.finer
    if scale == 0 or lost or found.largest is None or found.largest >= 10 ** (EXACT_DIGITS - scale):
        return None
    return pa.decimal128(18, scale)


def _scale(declared: str) -> int | None:
    """The places after the point that a declaration names: 2 of `NUMERIC(10,2)`; None where it names none."""
    found = re.search(r"\(\s*\d+\s*,\s*(\d+)\s*\)", declared)
    return min(int(found.group(1)), 10) if found else None


def _empty(declared: str) -> Any:
    """The type of a column without values, by SQLite's own rules of affinity."""
    import pyarrow as pa

    if "INT" in declared:
        return pa.int64()
    return pa.float64() if re.search("REAL|FLOA|DOUB", declared) else pa.string()


def _said(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.hex()
    return None if value is None else str(value)


def _mixed(found: Found) -> str:
    kinds = {"whole numbers": found.integers, "numbers": found.reals, "texts": found.texts, "bytes": found.blobs}
    return "holds " + ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count) + ": kept as text"


def _deviation(column: str | None, kind: str, reason: str) -> dict[str, Any]:
    return {"kind": kind, "line": None, "column": column, "raw": None, "reason": reason}
