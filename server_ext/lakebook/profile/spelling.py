"""Values that differ only by capitals: which spelling is the usual one."""

from __future__ import annotations

from typing import Any

SHOWN_CHARACTERS = 1_000


def lesser_spellings(column: dict[str, Any]) -> dict[str, str]:
    """Each lesser spelling and the most frequent one of the same letters; empty where not every value is known."""
    values = [(str(value), int(count)) for value, count in column["top_values"]]
    known = column["data_type"] == "VARCHAR" and len(values) == column["unique_count"]
    if not known or any(len(value) >= SHOWN_CHARACTERS for value, _ in values):
        return {}
    usual: dict[str, str] = {}
    for value, _ in sorted(values, key=lambda pair: (-pair[1], pair[0])):
        usual.setdefault(value.lower(), value)
    return {value: usual[value.lower()] for value, _ in values if usual[value.lower()] != value}
