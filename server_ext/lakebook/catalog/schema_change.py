"""What changed between two schemas, and which changes a dataset's compatibility lets pass; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Compatibility = Literal["none", "backward", "forward", "full"]
Types = dict[str, tuple[str, str]]

# What each type's every value can be said as without a loss.
WIDER = {
    "BOOLEAN": {"VARCHAR"},
    "TINYINT": {"SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "FLOAT", "DOUBLE", "VARCHAR"},
    "SMALLINT": {"INTEGER", "BIGINT", "DECIMAL", "FLOAT", "DOUBLE", "VARCHAR"},
    "INTEGER": {"BIGINT", "DECIMAL", "DOUBLE", "VARCHAR"},
    "BIGINT": {"DECIMAL", "DOUBLE", "VARCHAR"},
    "FLOAT": {"DOUBLE", "VARCHAR"},
    "DECIMAL": {"DECIMAL", "DOUBLE", "VARCHAR"},
    "DOUBLE": {"VARCHAR"},
    "DATE": {"TIMESTAMP", "VARCHAR"},
    "TIMESTAMP": {"VARCHAR"},
    "TIMESTAMPTZ": {"VARCHAR"},
}
# backward: what is written for the new schema can read the old versions; forward: what was written for the old
# schema can read the new version; a missing column reads as null where it was always allowed to be null.
REFUSED: dict[Compatibility, tuple[str, ...]] = {
    "none": (),
    "backward": ("narrowed", "retyped"),
    "forward": ("dropped", "widened", "retyped"),
    "full": ("dropped", "widened", "narrowed", "retyped"),
}


@dataclass(frozen=True)
class SchemaChange:
    """Columns by what happened to them; types as before and after."""

    added: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    widened: Types = field(default_factory=dict)
    narrowed: Types = field(default_factory=dict)
    retyped: Types = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.added, self.dropped, self.widened, self.narrowed, self.retyped))

    def sentences(self, kinds: tuple[str, ...] = ("added", "dropped", "widened", "narrowed", "retyped")) -> list[str]:
        """One for each kind of change that there is, naming the columns."""
        said = []
        for kind in kinds:
            columns: Mapping[str, Any] = getattr(self, kind)
            if columns:
                said.append(f"{kind} {', '.join(_named(name, types) for name, types in columns.items())}")
        return said


def change_between(before: Mapping[str, str], after: Mapping[str, str]) -> SchemaChange:
    """From one schema (column to type) to another."""
    found = SchemaChange(
        {name: kind for name, kind in after.items() if name not in before},
        {name: kind for name, kind in before.items() if name not in after},
    )
    for name in before:
        if name in after and before[name] != after[name]:
            pair = (before[name], after[name])
            where = found.widened if widens(*pair) else found.narrowed if widens(*reversed(pair)) else found.retyped
            where[name] = pair
    return found


def widens(before: str, after: str) -> bool:
    """Whether every value of the one type is a value of the other."""
    old, new = _family(before), _family(after)
    if new not in WIDER.get(old, {"VARCHAR"}):
        return False
    if new != "DECIMAL":
        return True
    (digits, places), (new_digits, new_places) = _decimal(before), _decimal(after)
    # What came to be a DECIMAL was seen to fit it: of two DECIMALs the one that tells more apart is the wider.
    return old != "DECIMAL" or (new_places >= places and new_digits >= digits)


def refused(mode: Compatibility, change: SchemaChange) -> list[str]:
    """What the mode does not let pass, as sentences that name the columns; empty where all may pass."""
    return change.sentences(REFUSED[mode])


def _named(name: str, types: str | tuple[str, str]) -> str:
    return f"{name} ({types if isinstance(types, str) else ' → '.join(types)})"


def _family(kind: str) -> str:
    return "TIMESTAMPTZ" if kind.startswith("TIMESTAMP ") else kind.partition("(")[0]


def _decimal(kind: str) -> tuple[int, int]:
    found = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", kind)
    return (int(found[1]), int(found[2])) if found else (18, 0)
