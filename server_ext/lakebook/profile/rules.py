"""Rules that a contract may hold tomorrow's rows to: what follows from an issue, and what holds in the rows so far."""

from __future__ import annotations

import math
from typing import Any

from lakebook.profile.issues import OUTLIER_DEVIATIONS
from lakebook.profile.spelling import lesser_spellings

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL")
TIMES = ("DATE", "TIMESTAMP")
KEY_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "VARCHAR")
MOST_VALUES = 20

Rule = dict[str, Any]
Column = dict[str, Any]


def rule_of_issue(profile: dict[str, Any], issue: dict[str, Any]) -> Rule | None:
    """The rule that tomorrow's rows must keep for the issue not to come again; None where there is no such rule."""
    kind, name = issue["issue_type"], issue["column"]
    column: Column = next((one for one in profile["columns"] if one["name"] == name), {})
    match kind:
        case "duplicates":
            return _rule("duplicates", "", "no row repeats another in every column")
        case "rejected_rows":
            return _rule("rejected", "", "every row can be read")
        case "missing_values" | "high_nulls":
            return _nulls(column)
        case "outer_blanks":
            return _rule("blanks", name, f"no value of {name} begins or ends with blanks")
        case "case_variants" | "constant":
            return _values(column, lesser_spellings(column))
        case "repeated_keys":
            return _unique(name)
        case "outliers":
            far = OUTLIER_DEVIATIONS * column["std_dev"]
            return _range(column, column["mean"] - far, column["mean"] + far)
    if not name:
        said = f"the file has no place of the kind: {kind.replace('_', ' ')}"
        return _rule("deviation", kind, said) | {"column": "", "deviation": kind}
    return None


def suggested_rules(profile: dict[str, Any]) -> list[Rule]:
    """The rules that the rows of the profile keep: types, missing values, uniqueness, ranges and values."""
    rows, found = profile["row_count"], []
    for column in profile["columns"]:
        name = column["name"]
        found.append(_rule("type", name, f"{name} is {column['data_type']}") | {"data_type": column["data_type"]})
        if rows and column["null_count"] < rows:
            found.append(_nulls(column))
        if _tells_apart(column, rows):
            found.append(_unique(name))
        if column["data_type"].startswith((*NUMBERS, *TIMES)) and column["min_value"] is not None:
            found.append(_range(column, column["min_value"], column["max_value"]))
        if _few(column) and 0 < column["unique_count"] < rows:
            found.append(_values(column, {}))
    for pair in profile.get("keys", []):
        if len(pair) > 1:
            said = f"no two rows have the same {' and '.join(pair)}"
            found.append(_rule("unique", "+".join(pair), said) | {"column": "", "columns": list(pair)})
    return found


def _tells_apart(column: Column, rows: int) -> bool:
    """Only what may be a key by its type: that measures differ from each other promises nothing."""
    exact = column["null_count"] == 0 and column["unique_count"] == rows and column["unique_exact"]
    return bool(rows > 1 and exact and column["data_type"] in KEY_TYPES)


def _few(column: Column) -> bool:
    known = len(column["top_values"]) == column["unique_count"]
    return bool(column["data_type"] == "VARCHAR" and known and column["unique_count"] <= MOST_VALUES)


def _rule(kind: str, name: str, description: str) -> Rule:
    return {"rule_id": f"{kind}:{name}" if name else kind, "kind": kind, "column": name, "description": description}


def _unique(name: str) -> Rule:
    return _rule("unique", name, f"no value of {name} comes twice") | {"columns": [name]}


def _nulls(column: Column) -> Rule:
    """At most as many as now; rounded up, for what stands must keep its own rule."""
    most = math.ceil(column["null_percentage"] * 100) / 100
    said = f"at most {most:g} % of {column['name']} is missing" if most else f"{column['name']} is never missing"
    return _rule("nulls", column["name"], said) | {"most": most}


def _range(column: Column, low: Any, high: Any) -> Rule:
    name = column["name"]
    shown = [f"{bound:,.4g}" if isinstance(bound, float) else str(bound) for bound in (low, high)]
    bounds = {"low": low, "high": high, "data_type": column["data_type"]}
    return _rule("range", name, f"{name} lies from {shown[0]} to {shown[1]}") | bounds


def _values(column: Column, lesser: dict[str, str]) -> Rule:
    values = sorted(str(value) for value, _ in column["top_values"] if str(value) not in lesser)
    shown = ", ".join(values[:5]) + (" …" if len(values) > 5 else "")
    return _rule("values", column["name"], f"{column['name']} is one of: {shown}") | {"values": values}
