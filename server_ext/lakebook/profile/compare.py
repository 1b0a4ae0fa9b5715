"""What changed between two stored profiles, in words, worst first."""

from __future__ import annotations

from typing import Any

from lakebook.profile.shift import stability_index

NULLS_POINTS = 5.0
MEAN_DEVIATIONS = 0.5
MOVED = 0.25
DISTINCT_FACTOR = 2.0
FEWEST_DISTINCT = 10
NAMED = 5
WORST_FIRST = {"high": 0, "medium": 1, "low": 2}


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, str]]:
    """Changes from one profile (as `profile_of` gives it) to the next: column, kind, severity, description."""
    old = {column["name"]: column for column in before["columns"]}
    new = {column["name"]: column for column in after["columns"]}
    changes = [_change(name, "column_dropped", "high", "The column is gone.") for name in old if name not in new]
    changes += [_change(name, "column_added", "medium", "The column is new.") for name in new if name not in old]
    for name in new:
        if name in old:
            changes += _column(name, old[name], new[name])
    if before["row_count"] != after["row_count"]:
        text = f"{before['row_count']:,} rows became {after['row_count']:,}."
        changes.append(_change("", "row_count", "low", text))
    return sorted(changes, key=lambda change: WORST_FIRST[change["severity"]])


def _column(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
    changes = []
    if old["data_type"] != new["data_type"]:
        text = f"{old['data_type']} became {new['data_type']}."
        changes.append(_change(name, "type_changed", "high", text))
    points = new["null_percentage"] - old["null_percentage"]
    if abs(points) >= NULLS_POINTS:
        text = f"Missing values went from {old['null_percentage']:.1f} % to {new['null_percentage']:.1f} %."
        changes.append(_change(name, "nulls_changed", "high" if points > 0 else "low", text))
    moved = _mean(name, old, new) or _distribution(name, old, new)
    return [*changes, *moved, *(_categories(name, old, new) or _distinct(name, old, new))]


def _mean(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
    if old["mean"] is None or new["mean"] is None or not old["std_dev"]:
        return []
    shift = (new["mean"] - old["mean"]) / old["std_dev"]
    if abs(shift) < MEAN_DEVIATIONS:
        return []
    text = f"The mean went from {old['mean']:,.4g} to {new['mean']:,.4g} ({shift:+.1f} of the earlier deviations)."
    return [_change(name, "mean_shift", "medium", text)]


def _distribution(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
    index = stability_index(old.get("histogram", ()), new.get("histogram", ()))
    if index is None or index < MOVED:
        return []
    text = f"The values are spread otherwise than before (population stability index {index:.2f})."
    return [_change(name, "distribution_shift", "medium", text)]


def _distinct(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
    fewer, more = sorted((old["unique_count"], new["unique_count"]))
    if more < FEWEST_DISTINCT or more < DISTINCT_FACTOR * fewer:
        return []
    text = f"{old['unique_count']:,} distinct values became {new['unique_count']:,}."
    return [_change(name, "distinct_changed", "medium", text)]


def _categories(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
    """Only where the top values are all the values: of a part nobody can say what vanished."""
    if any(len(column["top_values"]) != column["unique_count"] for column in (old, new)):
        return []
    earlier, later = ({value for value, _ in column["top_values"]} for column in (old, new))
    sides = (
        ("values_new", later - earlier, "New values"),
        ("values_vanished", earlier - later, "Values no longer seen"),
    )
    return [
        _change(name, kind, "medium", f"{what} ({len(values):,}): {', '.join(sorted(map(str, values))[:NAMED])}.")
        for kind, values, what in sides
        if values
    ]


def _change(column: str, kind: str, severity: str, description: str) -> dict[str, str]:
    return {"column": column, "kind": kind, "severity": severity, "description": description}
