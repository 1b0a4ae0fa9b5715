"""Structured logs: one JSON object a line with time, level, logger, message, request id and the rest."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lakebook.settings import Settings


def configure(settings: Settings) -> None:
    """Send the lakebook loggers to standard error as JSON lines."""
    from pythonjsonlogger.json import JsonFormatter

    logger = logging.getLogger("lakebook")
    if any(getattr(handler, "lakebook", False) for handler in logger.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.lakebook = True  # type: ignore[attr-defined]
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "timestamp", "levelname": "level", "name": "logger"},
            datefmt="%Y-%m-%dT%H:%M:%S%z",
        )
    )
    logger.addHandler(handler)
    logger.setLevel(settings.log_level)
    logger.propagate = False
