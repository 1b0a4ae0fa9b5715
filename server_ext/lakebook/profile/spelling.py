"""Values that differ only by capitals or blanks: which spelling is the usual one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

SHOWN_CHARACTERS = 1_000
# What the native pass counts as a blank at the ends of a text.
BLANKS = " \t\n\f\r"
SHOWN = 5


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


def spelling_variants(counted: Iterable[tuple[str, int]]) -> dict[str, Any] | None:
    """Values that are another's but for capitals and blanks inside: how many, in how many rows, and the first ones.

    The more frequent spelling is the usual one; blanks at the ends alone are no spelling.
    """
    usual: dict[str, str] = {}
    lesser: list[tuple[str, str, int]] = []
    for value, count in sorted(counted, key=lambda pair: (-pair[1], pair[0])):
        known = usual.setdefault(re.sub(f"[{BLANKS}]+", " ", value).strip(" ").lower(), value)
        if known.strip(BLANKS) != value.strip(BLANKS):
            lesser.append((known, value, count))
    if not lesser:
        return None
    return {"values": len(lesser), "rows": sum(count for *_, count in lesser),
            "examples": [list(one) for one in lesser[:SHOWN]]}  # fmt: skip
