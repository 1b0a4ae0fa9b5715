"""The Jupyter Server face of lakebook."""

from __future__ import annotations

from typing import Any

__all__ = ["_jupyter_server_extension_points"]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from lakebook_server.app import LakebookApp

    return [{"module": "lakebook_server", "app": LakebookApp}]
