"""From column statistics to a profile: columns, quality score with its parts, and issues worst first."""

from __future__ import annotations

from typing import Any

from lakebook.profile.issues import issues_of
from lakebook.profile.personal import personal_data
from lakebook.profile.score import Counts, score_of

# What the native pass may tell besides, shown as it is.
BESIDES = (
    "zero_count", "negative_count", "quantiles", "lengths", "patterns", "case_variants", "outlier_count",
    "outlier_bounds",
)  # fmt: skip
NUMBERS_FOR_CARDS = 5


def profile_of(
    *,
    row_count: int,
    columns: list[dict[str, Any]],
    duplicate_rows: int,
    duplicate_groups: int,
    rejected_rows: int,
    deviation_counts: dict[str, int],
    findings: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The profile as plain data, without the names that the catalogue adds; `findings` as `findings_of` gives them."""
    told = findings or {}
    by_name = told.get("columns", {})
    shaped = [_column(column, row_count) | by_name.get(column["name"], {}) for column in columns]
    score, parts = score_of(
        Counts(
            rows=row_count,
            duplicates=duplicate_rows,
            rejected=rejected_rows,
            missing=[column["null_count"] for column in shaped],
            padded=[int(column.get("blank_padded_count", 0)) for column in columns],
        )
    )
    issues = issues_of(
        shaped,
        columns,
        row_count=row_count,
        duplicates=(duplicate_rows, duplicate_groups),
        rejected=rejected_rows,
        deviation_counts=deviation_counts,
    )
    return {
        "row_count": row_count,
        "column_count": len(shaped),
        "duplicate_rows": duplicate_rows,
        "duplicate_groups": duplicate_groups,
        "columns": shaped,
        "quality_score": score,
        "score_parts": parts,
        "issues": issues,
        **{name: told[name] for name in ("keys", "dependencies", "correlations") if told.get(name)},
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
        **{name: raw[name] for name in BESIDES if raw.get(name) is not None},
        **_personal(raw),
    }


def _personal(raw: dict[str, Any]) -> dict[str, Any]:
    """Looked for in text; of whole numbers only many together can be card numbers by more than chance."""
    values = [str(value) for value, _ in raw.get("top_values", [])]
    if raw["data_type"] != "VARCHAR" and not (raw["data_type"] == "BIGINT" and len(values) >= NUMBERS_FOR_CARDS):
        return {}
    found = personal_data(raw.get("label") or raw["name"], values)
    return {"personal": found} if found else {}
