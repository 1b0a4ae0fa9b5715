"""The lakebook that the cells of this kernel speak to, opened when first needed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lakebook.client import Lakebook

_open: dict[tuple[str, str], Lakebook] = {}


def lakebook_of_kernel() -> Lakebook:
    """The home or server that `LAKEBOOK_HOME` or `LAKEBOOK_URL` names now, else the nearest home."""
    import lakebook

    named = os.environ.get("LAKEBOOK_URL", ""), os.environ.get("LAKEBOOK_HOME", "")
    if named not in _open:
        _open[named] = lakebook.open()
    return _open[named]
