"""What a source meets on the way that is out of the ordinary: each counted by its kind, the first ones kept."""

from __future__ import annotations

from collections import Counter
from typing import Any


class Notes:
    """Deviations as they are met; of each kind the first hundred are kept, all are counted."""

    SHOWN = 100

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget what was noted, for the next table."""
        self.first: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()

    def note(self, kind: str, column: str | None, raw: str | None, reason: str, *, line: int | None = None) -> None:
        """Keep one; `line` counts from 1."""
        self.counts[kind] += 1
        if self.counts[kind] <= self.SHOWN:
            self.first.append({"kind": kind, "line": line, "column": column, "raw": raw, "reason": reason})
