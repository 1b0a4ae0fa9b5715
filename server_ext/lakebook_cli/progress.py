"""One line of progress on a terminal, wiped when the work is done."""

from __future__ import annotations

import sys
from typing import Any

from lakebook.display import printable
from lakebook.jobs.models import Job

WIDTH = 24


class Line:
    """Shows a job's progress on standard error where that is a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet or not sys.stderr.isatty()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_error: Any) -> None:
        if not self.quiet:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, job: Job) -> None:
        """Draw the job's state over the line before."""
        if not self.quiet:
            full = round(WIDTH * job.progress / 100)
            bar = "▓" * full + "░" * (WIDTH - full)
            said = printable(f"{job.title} {bar} {job.progress} % {job.message}")
            print(f"\r\x1b[K{said}", end="", file=sys.stderr, flush=True)
