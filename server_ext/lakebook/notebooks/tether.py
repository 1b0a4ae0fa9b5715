"""Runs as a script beside a kernel: when whoever started both is gone, it kills the kernel's whole group.

It reads the kernel's process id and the folder of its sockets from its standard input, then waits for the end of that
stream. The stream ends when its writer dies, however it dies; a writer that ends well says `done` first.
"""

import os
import shutil
import signal
import sys
from contextlib import suppress


def hold() -> None:
    """Wait for the end, then act on it."""
    lines = sys.stdin.read().splitlines()
    if len(lines) < 2 or lines[-1] == "done":
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(int(lines[0]), signal.SIGKILL)
    shutil.rmtree(lines[1], ignore_errors=True)


if __name__ == "__main__":
    hold()
