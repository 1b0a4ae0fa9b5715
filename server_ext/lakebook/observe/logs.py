"""Structured logs: one JSON object a line with time, level, logger, message, request id and the rest."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from lakebook.settings import Settings


class JsonLines(logging.StreamHandler[TextIO]):
    """The handler that lakebook adds, to be known again."""


def configure(settings: Settings) -> None:
    """Send the lakebook loggers to standard error as JSON lines."""
    from pythonjsonlogger.json import JsonFormatter

    logger = logging.getLogger("lakebook")
    if any(isinstance(handler, JsonLines) for handler in logger.handlers):
        return
    handler = JsonLines(sys.stderr)
    formatter = JsonFormatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s",
        rename_fields={"asctime": "timestamp", "levelname": "level", "name": "logger"},
        datefmt="%Y-%m-%dT%H:%M:%SZ",
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    logger.setLevel(settings.log_level)
    logger.propagate = False
