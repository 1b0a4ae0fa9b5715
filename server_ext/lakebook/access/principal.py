"""Who is calling. Under Jupyter's own login that is the operating system's user, at every door."""

from __future__ import annotations

import getpass
from dataclasses import dataclass


@dataclass(frozen=True)
class Principal:
    """Somebody lakebook works for."""

    user_id: str


def local_principal() -> Principal:
    """The operating system's user."""
    try:
        return Principal(getpass.getuser())
    except (OSError, KeyError):
        return Principal("unknown")
