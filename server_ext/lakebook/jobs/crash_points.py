"""Named points of a job at which a test may have the process killed, once, to see that nothing is lost."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import Literal

Point = Literal[
    "upload-kept", "claimed", "mid-read", "after-parquet", "after-rejected", "after-delta", "before-tidy",
    "after-metadata", "before-relay",
]  # fmt: skip


def reached(point: Point) -> None:
    """Die here where `LAKEBOOK_CRASH_AT` says so, once.

    `<point>:<marker file>`: here, unless the marker exists; it is made. `:<folder>`: at whichever point the folder
    holds a file of the name; it is removed.
    """
    wanted, _, marker = os.environ.get("LAKEBOOK_CRASH_AT", "").partition(":")
    if not marker:
        return
    if not wanted:
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(marker, point))
            os.kill(os.getpid(), signal.SIGKILL)
    elif wanted == point:
        with suppress(FileExistsError):
            os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
            os.kill(os.getpid(), signal.SIGKILL)
