"""Columns whose names say that they are filled in only once the target is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lakebook.ml.model_version import Finding

# Whole words of a name, between underscores, blanks and changes of case.
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
LAST = frozenset({"after", "afterwards", "outcome", "outcomes", "actual", "resolution", "verdict"})
PAIRS = frozenset({"date", "at", "time", "reason", "day", "on", "code", "amount", "status"})
EVENTS = frozenset({
    "refund", "refunded", "cancellation", "cancelled", "canceled", "churn", "churned", "closed", "closing", "death",
    "discharge", "discharged", "default", "defaulted", "return", "returned", "resolved", "termination", "terminated",
    "chargeback", "writeoff", "settlement", "exit", "dropout",
})  # fmt: skip


def known_afterwards(columns: Sequence[str], target: str) -> list[Finding]:
    """The columns that by their names are known only after the target is, such as `price_after` or `refund_date`."""
    return [
        Finding(
            code="leak_afterwards",
            column=name,
            message=f"is by its name known only after {target!r} is",
        )
        for name in columns
        if is_afterwards(name)
    ]


def is_afterwards(name: str) -> bool:
    """Whether the name says so."""
    words = [word.casefold() for word in WORDS.findall(name)]
    if not words:
        return False
    if words[-1] in LAST or words[0] == "outcome" or words[:2] == ["post", "event"]:
        return True
    return any(first in EVENTS and second in PAIRS for first, second in pairwise(words))
