"""A Python module as a process group of its own that is spoken to by pipes: how it is started and how it is stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from lakebook.errors import Unavailable

# What it inherits of the environment: enough to start Python, nothing that says who or where.
INHERITED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "PATH")


def start(
    module: str, arguments: Sequence[str], *, cwd: str | None = None, environment: Mapping[str, str] | None = None,
    stdin: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:  # fmt: skip
    """Start the module; `environment` is added to the little that it inherits. Unavailable without a Python.

    Where `stdin` is an open file's number it hears by that and not by a pipe.
    """
    if not sys.executable:
        raise Unavailable("There is no Python to start a process with.", hint="Run lakebook from a normal Python.")
    given = {name: os.environ[name] for name in INHERITED if name in os.environ}
    given["PYTHONPATH"] = os.pathsep.join(os.path.abspath(path) for path in sys.path if path)
    given["PYTHONDONTWRITEBYTECODE"] = "1"
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=cwd,
        env={**given, **(environment or {})},
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the process and all that it has started at once, reap it and close its pipes."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
