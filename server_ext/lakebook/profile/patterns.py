"""The forms of a text column's values: digits as 9, letters as A, everything else as it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

SHOWN = 5
LONGEST = 40
# Fewer forms than that would stand for most values of free text: it has none that is worth showing.
LEAST_COVERED = 0.5


def pattern_of(text: str) -> str:
    """The form of one value; what is longer than `LONGEST` characters is cut."""
    marked = re.sub(r"\d", "9", text[:LONGEST])
    return re.sub(r"[^\W\d_]", "A", marked) + ("…" if len(text) > LONGEST else "")


def patterns_of(values: Iterable[tuple[str, int]]) -> list[tuple[str, float]]:
    """The most frequent forms with their shares (0 to 1), of values with their counts; empty for free text."""
    counts: Counter[str] = Counter()
    for value, count in values:
        counts[pattern_of(value)] += count
    total = sum(counts.values())
    top = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    if not total or sum(count for _, count in top) < LEAST_COVERED * total:
        return []
    return [(pattern, round(count / total, 4)) for pattern, count in top]
