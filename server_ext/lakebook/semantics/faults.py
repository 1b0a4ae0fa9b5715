"""What is wrong with a semantic model: one line for each fault, with the line of the file it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from lakebook.errors import BadModel

SHOWN = 10


@dataclass(frozen=True)
class Fault:
    """A fault in a model's file; `line` counts from 1. A note is worth knowing and keeps nothing from working."""

    line: int
    message: str
    is_note: bool = False

    def text(self) -> str:
        """The fault in one line."""
        return f"Line {self.line}: {self.message}"


def refused(faults: Sequence[Fault]) -> BadModel:
    """The error that says these faults, the first ones in words and every one in its details."""
    ordered = sorted(faults, key=lambda fault: fault.line)
    said = " ".join(fault.text() for fault in ordered[:SHOWN])
    more = len(ordered) - SHOWN
    return BadModel(
        said if more <= 0 else f"{said} And {more} more.",
        details={"faults": [{"line": one["line"], "message": one["message"]} for one in map(asdict, ordered)]},
    )
