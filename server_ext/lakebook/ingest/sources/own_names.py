"""What the tables of one source are called here: each by its own name, and no two alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lakebook import names
from lakebook.errors import InvalidRequest


def own_name(part: str, named: str | None) -> str:
    """The checked name of one part of a source, after the name that was given for all; InvalidRequest without one."""
    own = names.from_file(part)
    return names.for_table(f"{named}_{own}" if named else own)


def own_names(parts: Iterable[str], named: str | None) -> dict[str, str]:
    """The checked name of every part that can have one; of two alike the second ends in `_2`."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for part in parts:
        try:
            bare = name = own_name(part, named)
        except InvalidRequest:
            # Said when this part's turn comes; the others keep their names.
            continue
        number = 1
        while names.key(name) in taken:
            number += 1
            name = f"{bare[:190]}_{number}"
        taken.add(names.key(name))
        found[part] = name
    return found


def renamed(part: str, named: str | None, name: str | None) -> list[dict[str, Any]]:
    """The deviation of a part that could not have its own name; none where it has."""
    if name is None or name == own_name(part, named):
        return []
    reason = f"another table of the source is called {own_name(part, named)} too: this one is {name}"
    return [{"kind": "renamed_table", "line": None, "column": None, "raw": part, "reason": reason}]
