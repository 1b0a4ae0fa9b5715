"""From column statistics to a profile: quality score with its parts, and issues worst first."""

from __future__ import annotations

from typing import Any

LOW_QUALITY_NULLS = 50
OUTLIER_DEVIATIONS = 10.0
WORST_FIRST = {"high": 0, "medium": 1, "low": 2}


def profile_of(
    *,
    row_count: int,
    columns: list[dict[str, Any]],
    duplicate_rows: int,
    duplicate_groups: int,
    rejected_rows: int,
    deviation_counts: dict[str, int],
) -> dict[str, Any]:
    """The profile as plain data, without the names that the catalogue adds."""
    shaped = [_column(column, row_count) for column in columns]
    issues = [
        *_duplicates(row_count, duplicate_rows, duplicate_groups),
        *_deviations(deviation_counts, rejected_rows),
        *(
            issue
            for column, raw in zip(shaped, columns, strict=True)
            for issue in _column_issues(column, raw, row_count)
        ),
    ]
    parts = _score_parts(shaped, row_count, duplicate_rows, rejected_rows, columns)
    return {
        "row_count": row_count,
        "column_count": len(shaped),
        "duplicate_rows": duplicate_rows,
        "duplicate_groups": duplicate_groups,
        "columns": shaped,
        "quality_score": round(max(0.0, 1.0 - sum(taken for _, taken in parts)), 4),
        "score_parts": parts,
        "issues": sorted(issues, key=lambda issue: (WORST_FIRST[issue["severity"]], -issue["count"])),
    }


def _column(raw: dict[str, Any], row_count: int) -> dict[str, Any]:
    nulls = int(raw["null_count"])
    return {
        "name": raw["name"],
        "label": raw.get("label") or raw["name"],
        "data_type": raw["data_type"],
        "null_count": nulls,
        "null_percentage": round(100.0 * nulls / row_count, 4) if row_count else 0.0,
        "unique_count": int(raw["unique_count"]),
        "unique_exact": bool(raw.get("unique_exact", True)),
        "min_value": raw.get("min"),
        "max_value": raw.get("max"),
        "mean": raw.get("mean"),
        "std_dev": raw.get("std_dev"),
        "top_values": [list(pair) for pair in raw.get("top_values", [])],
        "histogram": [list(bin_) for bin_ in raw.get("histogram", [])],
        "money": raw.get("money"),
        "notes": list(raw.get("notes", [])),
    }


def _score_parts(
    columns: list[dict[str, Any]], row_count: int, duplicates: int, rejected: int, raw: list[dict[str, Any]]
) -> list[tuple[str, float]]:
    if not row_count or not columns:
        return [("no rows", 1.0)]
    missing = sum(column["null_count"] for column in columns) / (row_count * len(columns))
    padded = sum(int(column.get("blank_padded_count", 0)) for column in raw) / (row_count * len(columns))
    parts = [
        ("missing values", 0.5 * missing),
        ("columns mostly empty", 0.2 * sum(_mostly_null(c, row_count) for c in columns) / len(columns)),
        ("duplicate rows", 0.3 * duplicates / row_count),
        ("rejected rows", rejected / (row_count + rejected)),
        ("text with outer blanks", 0.1 * padded),
    ]
    return [(what, round(taken, 4)) for what, taken in parts if round(taken, 4) > 0]


def _issue(column: str, kind: str, severity: str, count: int, description: str) -> dict[str, Any]:
    return {"column": column, "issue_type": kind, "severity": severity, "count": count, "description": description}


def _duplicates(row_count: int, rows: int, groups: int) -> list[dict[str, Any]]:
    if not rows:
        return []
    severity = "high" if rows > row_count / 10 else "medium"
    text = f"{rows:,} rows repeat an earlier row in every column ({groups:,} groups); sums count them twice."
    return [_issue("", "duplicates", severity, rows, text)]


def _deviations(counts: dict[str, int], rejected: int) -> list[dict[str, Any]]:
    found = []
    if rejected:
        text = f"{rejected:,} rows could not be read and were set aside."
        found.append(_issue("", "rejected_rows", "high", rejected, text))
    for kind, count in counts.items():
        text = f"{count:,} places in the file: {kind.replace('_', ' ')}."
        found.append(_issue("", kind, "low", count, text))
    return found


def _mostly_null(column: dict[str, Any], row_count: int) -> bool:
    """From the counts: the percentage is rounded, and one row past the half must not be lost."""
    return int(column["null_count"]) * 100 > LOW_QUALITY_NULLS * row_count


def _column_issues(column: dict[str, Any], raw: dict[str, Any], row_count: int) -> list[dict[str, Any]]:
    name, found = column["name"], []
    share = column["null_percentage"]
    if _mostly_null(column, row_count):
        text = f"Low quality: {share:.1f} % of the values are missing."
        found.append(_issue(name, "high_nulls", "high", column["null_count"], text))
    elif share > 5:
        text = f"{share:.1f} % of the values are missing."
        found.append(_issue(name, "missing_values", "medium", column["null_count"], text))
    padded = int(raw.get("blank_padded_count", 0))
    if padded:
        text = f"{padded:,} values begin or end with blanks, so equal ones look different."
        found.append(_issue(name, "outer_blanks", "low", padded, text))
    if column["unique_count"] == 1 and column["null_count"] == 0:
        found.append(_issue(name, "constant", "low", 0, "Every row has the same value."))
    return [*found, *_outliers(column)]


def _outliers(column: dict[str, Any]) -> list[dict[str, Any]]:
    mean, spread = column["mean"], column["std_dev"]
    if mean is None or not spread:
        return []
    far = [
        value
        for value in (column["min_value"], column["max_value"])
        if isinstance(value, int | float | str) and _distance(value, mean) > OUTLIER_DEVIATIONS * spread
    ]
    if not far:
        return []
    text = f"Values far from the rest: {' and '.join(map(str, far))} (mean {mean:,.2f}, deviation {spread:,.2f})."
    return [_issue(column["name"], "outliers", "medium", len(far), text)]


def _distance(value: float | str, mean: float) -> float:
    try:
        return abs(float(value) - mean)
    except ValueError:
        return 0.0
