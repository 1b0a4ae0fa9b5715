"""The names of classes: as JSON spells them, and as what was answered is held against what came true."""

from __future__ import annotations

from typing import Any


def spelled(label: Any) -> str:
    """A class's name as JSON spells it."""
    return str(label).lower() if isinstance(label, bool) else str(label)


def compared(label: Any) -> str:
    """A class as it is told from others: 1.0 is 1, ` True ` is true, whatever a file or a person wrote it as."""
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    name = spelled(label).strip()
    return name.lower() if name.lower() in ("true", "false") else name
