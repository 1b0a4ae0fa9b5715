"""Named points of a job at which a test may have the process killed, once, to see that nothing is lost."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import Literal

Point = Literal[
    "claimed", "mid-read", "after-parquet", "after-rejected", "after-delta", "after-metadata", "before-relay"
]


def reached(point: Point) -> None:
    """Die here where `LAKEBOOK_CRASH_AT` is `<point>:<marker file>` and the marker does not exist yet."""
    wanted, _, marker = os.environ.get("LAKEBOOK_CRASH_AT", "").partition(":")
    if wanted == point and marker:
        with suppress(FileExistsError):
            os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
            os.kill(os.getpid(), signal.SIGKILL)
