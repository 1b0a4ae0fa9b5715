"""One sentence about a result; a number that is not in the result never appears in it."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from lakebook.query.understand.reading import Measure, Reading

if TYPE_CHECKING:
    import pyarrow as pa

MOST_DECIMALS = 4

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def sentence(reading: Reading, table: pa.Table) -> str:
    """What the result says, or an empty text where nothing short and true can be said."""
    if table.num_rows == 0:
        return "No rows match."
    said = _said(reading, table)
    return said if said and grounded(said, table) else ""


def grounded(said: str, table: pa.Table) -> bool:
    """Whether every number in the sentence is a value of the result, at the precision shown, or part of one's text."""
    cells = [value for row in table.to_pylist() for value in row.values()]
    texts = [written(cell) for cell in cells if not _is_number(cell)]
    texts += [str(cell) for cell in cells if isinstance(cell, str)] + list(table.column_names)
    rest = said
    for text in sorted(set(texts), key=len, reverse=True):
        if any(character.isdigit() for character in text):
            rest = rest.replace(text, "")
    numbers = {written(cell) for cell in cells if _is_number(cell)}
    return all(found.rstrip(",") in numbers for found in _NUMBER.findall(rest))


def written(value: object) -> str:
    """A value as people write it: thousands separated, at most four decimals, days without a midnight."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value:,.{MOST_DECIMALS}f}" if value != round(value, MOST_DECIMALS) else f"{value:,f}"
    if isinstance(value, float):
        short = f"{value:,.{MOST_DECIMALS}f}"
        return (short.rstrip("0").rstrip(".") if "." in short else short) or "0"
    if isinstance(value, datetime):
        plain = value.isoformat(sep=" ", timespec="seconds")
        return plain.removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, date) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _said(reading: Reading, table: pa.Table) -> str:
    rows = table.slice(0, 2).to_pylist()
    match reading.shape:
        case "total":
            return _total(reading, list(rows[0].values()))
        case "ranking" | "groups" if len(reading.groups) == 1 and len(reading.measures) == 1:
            return _leader(reading, [list(row.values()) for row in rows], table.num_rows)
        case "values" if table.num_rows == 1:
            return f"There is only one: {written(next(iter(rows[0].values())))}."
        case _:
            return ""


def _total(reading: Reading, values: list[object]) -> str:
    said = [_one_total(measure, value, reading) for measure, value in zip(reading.measures, values, strict=True)]
    return " ".join(said)


def _one_total(measure: Measure, value: object, reading: Reading) -> str:
    if value is None:
        return "No rows match."
    if measure.kind == "rows":
        one = value == 1
        return f"There {'is' if one else 'are'} {written(value)} {'row' if one else 'rows'}{_where(reading)}."
    if measure.kind == "distinct":
        one = value == 1
        return f"There {'is' if one else 'are'} {written(value)} different {measure.operand[0].name}{_where(reading)}."
    return f"The {measure.text}{_where(reading)} is {written(value)}."


def _where(reading: Reading) -> str:
    """Filters that hold no number are said; those that do would put numbers beside the result's."""
    return f" in {reading.table.name}" if not reading.conditions else " that match" if _counts(reading) else ""


def _counts(reading: Reading) -> bool:
    return all(measure.kind in ("rows", "distinct") for measure in reading.measures)


def _leader(reading: Reading, rows: list[list[object]], number: int) -> str:
    if reading.order not in ("asc", "desc") or rows[0][0] is None or rows[0][1] is None:
        return ""
    name, value = written(rows[0][0]), written(rows[0][1])
    if number == 1:
        return f"{name}: {value}."
    if len(rows) > 1 and rows[1][1] == rows[0][1]:
        return f"{name} and others share the {'lowest' if reading.order == 'asc' else 'highest'} value, {value}."
    if reading.order == "asc":
        return f"{name} comes last with {value}."
    return f"{name} leads with {value}."
