"""lakebook: the AI analytics platform that lives in JupyterLab.

`lakebook.open()` gives every verb on the home here; `lakebook.open("http://…")` the same on a server.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lakebook.client import Lakebook

__version__ = "0.1.0"
__all__ = ["__version__", "load_ipython_extension", "open"]


def open(address: str | os.PathLike[str] | None = None, **settings: Any) -> Lakebook:
    """Open a home (a folder; without one, the nearest) or a server (an `http(s)://` address)."""
    from lakebook.client import Lakebook, open_place

    return Lakebook(open_place(address, **settings))


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext lakebook`: hand over to the magics."""
    from lakebook_magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext lakebook`: take the magics away."""
    from lakebook_magics import unload

    unload(shell)
