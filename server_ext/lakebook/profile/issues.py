"""What is wrong with a table, from its column statistics: worst first, then by what it would spoil."""

from __future__ import annotations

import re
from typing import Any

from lakebook.profile.spelling import lesser_spellings

LOW_QUALITY_NULLS = 50
OUTLIER_DEVIATIONS = 10.0
WORST_FIRST = {"high": 0, "medium": 1, "low": 2}
SPOILED = ("sums", "counts", "joins", "groups", "models")
SPOILS = {
    "duplicates": ("sums", "counts", "joins", "models"),
    "rejected_rows": ("sums", "counts"),
    "outer_blanks": ("joins", "groups"),
    "case_variants": ("joins", "groups"),
    "spelling_variants": ("joins", "groups"),
    "repeated_keys": ("joins", "counts"),
    "date_gaps": ("sums", "models"),
    "constant": ("models",),
    "outliers": ("sums", "models"),
}
MISSING_NUMBERS = ("sums", "models")
MISSING_WORDS = ("joins", "groups", "models")
# `order_id`, `Id`, `KEY`, `customerNo`; not `paid` or `casino`.
KEY_WORDS = "id|uuid|key|code|nr|no|number"
KEY_NAME = re.compile(rf"(?i:(^|[_\W])({KEY_WORDS})$)|[a-z](?:Id|ID|Key|Code|Nr|No|Number)$")
MOST_REPEATED = 0.01
# How a column came to its type is said with the column.
NOTED = "column_note"
LOOKS_LIKE = {
    "iban": "account numbers (IBAN)",
    "card_number": "card numbers",
    "email": "e-mail addresses",
    "ip_address": "internet addresses",
    "phone": "phone numbers",
    "person_name": "names of people",
}


def issues_of(
    columns: list[dict[str, Any]],
    raw: list[dict[str, Any]],
    *,
    row_count: int,
    duplicates: tuple[int, int],
    rejected: int,
    deviation_counts: dict[str, int],
) -> list[dict[str, Any]]:
    """The issues; `columns` as shown, `raw` as the native pass gave them, `duplicates` as rows and groups."""
    found = [*_duplicates(row_count, *duplicates), *_deviations(deviation_counts, rejected)]
    for column, given in zip(columns, raw, strict=True):
        found += [*_column_issues(column, given, row_count), *_repeated(column, row_count, duplicates[0])]
    return sorted(found, key=_rank)


def _rank(issue: dict[str, Any]) -> tuple[int, int, int]:
    spoiled = min((SPOILED.index(what) for what in issue["spoils"]), default=len(SPOILED))
    return WORST_FIRST[issue["severity"]], spoiled, -issue["count"]


def _issue(column: str, kind: str, severity: str, count: int, description: str, **more: Any) -> dict[str, Any]:
    spoils = list(more.get("spoils", SPOILS.get(kind, ())))
    return {"column": column, "issue_type": kind, "severity": severity, "count": count, "description": description,
            "spoils": spoils}  # fmt: skip


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
        if kind == NOTED:
            continue
        places = "1 place" if count == 1 else f"{count:,} places"
        text = f"{places} in the file: {kind.replace('_', ' ')}."
        found.append(_issue("", kind, "low", count, text))
    return found


def _column_issues(column: dict[str, Any], raw: dict[str, Any], row_count: int) -> list[dict[str, Any]]:
    name, found = column["name"], _missing(column, row_count)
    padded = int(raw.get("blank_padded_count", 0))
    if padded:
        text = f"{padded:,} values begin or end with blanks, so equal ones look different."
        found.append(_issue(name, "outer_blanks", "low", padded, text))
    if column["unique_count"] == 1 and column["null_count"] == 0:
        found.append(_issue(name, "constant", "low", 0, "Every row has the same value."))
    found += [_issue(name, NOTED, "low", 0, f"{note[:1].upper()}{note[1:]}.") for note in column["notes"]]
    return [*found, *_spellings(column), *_variants(column), *_gaps(column), *_outliers(column), *_personal(column)]


def _missing(column: dict[str, Any], row_count: int) -> list[dict[str, Any]]:
    name, nulls, share = column["name"], column["null_count"], column["null_percentage"]
    spoils = MISSING_WORDS if column["mean"] is None else MISSING_NUMBERS
    # From the counts: the percentage is rounded, and one row past the half must not be lost.
    if int(nulls) * 100 > LOW_QUALITY_NULLS * row_count:
        text = f"Low quality: {share:.1f} % of the values are missing."
        return [_issue(name, "high_nulls", "high", nulls, text, spoils=spoils)]
    if share > 5:
        text = f"{share:.1f} % of the values are missing."
        return [_issue(name, "missing_values", "medium", nulls, text, spoils=spoils)]
    return []


def _spellings(column: dict[str, Any]) -> list[dict[str, Any]]:
    lesser = lesser_spellings(column)
    if not lesser:
        return []
    counts = dict(map(tuple, column["top_values"]))
    rows = sum(counts[value] for value in lesser)
    text = f"{rows:,} values differ from another only by capitals: {', '.join(map(repr, sorted(lesser)[:3]))}."
    return [_issue(column["name"], "case_variants", "medium", rows, text)]


def _variants(column: dict[str, Any]) -> list[dict[str, Any]]:
    found = column.get("spelling_variants")
    if not found:
        return []
    usual, value, _ = found["examples"][0]
    text = (
        f"{found['rows']:,} values differ from another only by capitals and blanks "
        f"({found['values']:,} spellings, such as {value!r} for {usual!r})."
    )
    return [_issue(column["name"], "spelling_variants", "medium", found["rows"], text)]


def _gaps(column: dict[str, Any]) -> list[dict[str, Any]]:
    found = column.get("date_gaps")
    if not found or not found["missing"]:
        return []
    first, last, _ = found["gaps"][0]
    longest = first if first == last else f"{first} to {last}"
    days = "1 date is" if found["missing"] == 1 else f"{found['missing']:,} dates are"
    text = f"{days} missing from a {found['beat']} series; the longest gap is {longest}."
    return [_issue(column["name"], "date_gaps", "medium", found["missing"], text)]


def _repeated(column: dict[str, Any], row_count: int, duplicates: int) -> list[dict[str, Any]]:
    """A column that looks like a key and is one but for a few rows; rows that repeat as a whole are told already."""
    repeated = row_count - column["null_count"] - column["unique_count"]
    likely = KEY_NAME.search(column["label"]) is not None and column["unique_exact"]
    if not likely or not duplicates < repeated <= MOST_REPEATED * row_count:
        return []
    text = f"{repeated:,} rows repeat a value of what is otherwise a key: a join by it doubles rows."
    return [_issue(column["name"], "repeated_keys", "medium", repeated, text)]


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


def _personal(column: dict[str, Any]) -> list[dict[str, Any]]:
    found = column.get("personal")
    if not found:
        return []
    text = f"Looks like {LOOKS_LIKE[found['kind']]}: {found['reason']}"
    return [_issue(column["name"], "personal_data", "low", 0, text)]
