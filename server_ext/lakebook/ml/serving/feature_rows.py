"""Rows to predict, held against the model's signature: each field has its type, or is named in one error."""

from __future__ import annotations

import numbers
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lakebook.errors import InvalidRequest
from lakebook.ml.columns import travel_column, travel_schema
from lakebook.ml.model_version import Feature, FeatureType

if TYPE_CHECKING:
    import pyarrow as pa

WANTED: dict[FeatureType, str] = {
    "integer": "a number",
    "number": "a number",
    "boolean": "true or false",
    "text": "text",
    "date": "a date such as 2026-01-31",
    "timestamp": "a time such as 2026-01-31T12:00:00",
}
LONGEST_VALUE = 60
SPELLED = {"true": True, "false": False, "1": True, "0": False}
Columns = dict[str, list[Any]]


def from_rows(
    rows: Sequence[Mapping[str, Any]], features: Sequence[Feature], known: Collection[str] = ()
) -> tuple[pa.Table, list[str]]:
    """The rows as a table of exactly these features, and what to warn of; `known` fields may be there in silence."""
    columns, warnings = columns_of(rows, features, known)
    return table_of(columns, features), warnings


def columns_of(
    rows: Sequence[Mapping[str, Any]], features: Sequence[Feature], known: Collection[str] = ()
) -> tuple[Columns, list[str]]:
    """The rows' values by feature, each in the type that travels to the models, and what to warn of."""
    columns: Columns = {feature.name: [] for feature in features}
    missing: Counter[str] = Counter()
    unknown: dict[str, None] = {}
    for position, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise InvalidRequest(
                f"Row {position + 1} is {_shown(row)}, not fields with values.",
                hint='Give each row as an object, such as {"age": 22}.',
            )
        for feature in features:
            value = row.get(feature.name)
            columns[feature.name].append(None if value is None else _value(value, feature, position))
            if value is None and feature.name not in row:
                missing[feature.name] += 1
        unknown |= {str(name): None for name in row if name not in columns and name not in known}
    return columns, _warnings(missing, list(unknown), len(rows))


def typed_rows(rows: Sequence[Mapping[str, Any]], features: Sequence[Feature]) -> list[dict[str, Any]]:
    """Rows of words, each word read in its field's type; what does not fit stays a word, and is refused by name."""
    types = {feature.name: feature.type for feature in features}
    return [{name: _typed(word, types.get(name)) for name, word in row.items()} for row in rows]


def _typed(word: Any, kind: str | None) -> Any:
    if not isinstance(word, str):
        return word
    if word == "":
        return None
    if kind in ("integer", "number"):
        try:
            return float(word)
        except ValueError:
            return word
    return SPELLED.get(word.lower(), word) if kind == "boolean" else word


def table_of(columns: Columns, features: Sequence[Feature]) -> pa.Table:
    """Values by feature as a table."""
    import pyarrow as pa

    return pa.table(columns, schema=travel_schema(features))


def from_table(table: pa.Table, features: Sequence[Feature], known: Collection[str] = ()) -> tuple[pa.Table, list[str]]:
    """The table's columns as exactly these features, and what to warn of."""
    import pyarrow as pa

    schema = travel_schema(features)
    columns = []
    for feature in features:
        if feature.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, schema.field(feature.name).type))
            continue
        column = table.column(feature.name)
        if not _fits(column.type, feature.type):
            raise _wrong_type(feature, str(column.type))
        columns.append(travel_column(column, feature.type))
    names = [feature.name for feature in features]
    missing = Counter({name: table.num_rows for name in names if name not in table.column_names})
    unknown = [name for name in table.column_names if name not in names and name not in known]
    return pa.table(columns, schema=schema), _warnings(missing, unknown, table.num_rows)


def travelled(table: pa.Table, features: Sequence[Feature]) -> pa.Table:
    """Of a table that travelled to another model, the columns of these features; those it did not read are null."""
    import pyarrow as pa

    schema = travel_schema(features)
    columns = [
        table.column(field.name) if field in table.schema else pa.nulls(table.num_rows, field.type) for field in schema
    ]
    return pa.table(columns, schema=schema)


def _value(value: Any, feature: Feature, position: int) -> Any:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    converted = _CONVERTERS[feature.type](value)
    if converted is None:
        raise _wrong_type(feature, _shown(value), position)
    return None if converted != converted else converted


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, Decimal)):
        return None
    try:
        converted = float(value)
    except (OverflowError, ValueError):
        return None
    return None if converted in (float("inf"), float("-inf")) else converted


def _boolean(value: Any) -> float | None:
    is_boolean = isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")
    return float(value) if is_boolean else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return datetime.combine(value, time()) if isinstance(value, date) else None


_CONVERTERS: dict[FeatureType, Any] = {
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "text": _text,
    "date": _instant,
    "timestamp": _instant,
}


def _fits(given: pa.DataType, wanted: FeatureType) -> bool:
    from pyarrow import types

    if types.is_null(given):
        return True
    if types.is_dictionary(given):
        given = given.value_type
    if wanted in ("integer", "number"):
        return types.is_integer(given) or types.is_floating(given) or types.is_decimal(given)
    if wanted == "boolean":
        return types.is_boolean(given)
    if wanted == "text":
        return types.is_string(given) or types.is_large_string(given) or types.is_string_view(given)
    return types.is_date(given) or types.is_timestamp(given)


def _wrong_type(feature: Feature, got: str, position: int | None = None) -> InvalidRequest:
    where = "" if position is None else f" (row {position + 1})"
    return InvalidRequest(
        f"The field {feature.name!r} wants {WANTED[feature.type]}, but got {got}{where}.",
        hint="Give the value in the type the model learned from, or leave the field out.",
        details={"field": feature.name, "wanted": feature.type, "got": got},
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _warnings(missing: Mapping[str, int], unknown: Sequence[str], rows: int) -> list[str]:
    warnings = []
    if everywhere := [name for name, count in missing.items() if count == rows]:
        warnings.append(f"Fields not given, taken as null: {', '.join(everywhere)}.")
    if partly := [f"{name} ({count} of {rows} rows)" for name, count in missing.items() if count < rows]:
        warnings.append(f"Fields not given in some rows, taken as null: {', '.join(partly)}.")
    if unknown:
        warnings.append(f"Fields the model does not know, ignored: {', '.join(unknown)}.")
    return warnings
