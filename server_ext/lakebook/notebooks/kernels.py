"""A kernel for one notebook: chosen, given the home, heard by its owner alone, gone when its owner is gone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.errors import InvalidRequest
from lakebook.notebooks import tether
from lakebook.notebooks.source import is_python

if TYPE_CHECKING:
    from lakebook.runtime import Runtime

FALLBACKS = ("lakebook", "python3")
LONGEST_SOCKET_FOLDER = 80


def choose(content: dict[str, Any], installed: frozenset[str]) -> str:
    """Name of the kernel: the notebook's own where it is installed, else `lakebook`, else `python3`."""
    own = str(content.get("metadata", {}).get("kernelspec", {}).get("name", ""))
    if own in installed:
        return own
    if not is_python(content):
        raise InvalidRequest(f"The notebook needs the kernel {own!r}.", hint="Install that kernel on this machine.")
    for name in FALLBACKS:
        if name in installed:
            return name
    raise InvalidRequest("No Python kernel is installed.", hint="Install one: `pip install ipykernel`.")


def environment(runtime: Runtime, run_id: str) -> dict[str, str]:
    """The kernel's environment: this process's own, the home's addresses, and the run it works for."""
    inherited = {name: value for name, value in os.environ.items() if name != "LAKEBOOK_URL"}
    return {**inherited, **runtime.settings.addresses(), "LAKEBOOK_RUN_ID": run_id}


class Kernel:
    """The kernel of a papermill client, started with a tether; use it as a context."""

    def __init__(self, client: Any, *, folder: Path, env: dict[str, str]) -> None:
        self.client, self.folder, self.env = client, folder, env
        self.sockets = Path(tempfile.mkdtemp(prefix="lb-kernel-"))
        self.group: int | None = None
        self._tether: subprocess.Popen[str] | None = None

    def __enter__(self) -> Kernel:
        self._tether = subprocess.Popen(
            [sys.executable, "-I", "-S", tether.__file__],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            manager = self.client.create_kernel_manager()
            manager.connection_file = str(self.sockets / "kernel.json")
            # Private sockets; loopback ports where their folder's path is too long for a socket's.
            short = len(str(self.sockets)) <= LONGEST_SOCKET_FOLDER
            manager.transport, manager.ip = ("ipc", str(self.sockets / "channel")) if short else ("tcp", "127.0.0.1")
            self.client.start_new_kernel(cwd=str(self.folder), env=self.env)
        except BaseException:
            self.__exit__()
            raise
        self.group = getattr(manager.provisioner, "pid", None)
        self._tell(f"{self.group}\n{self.sockets}\n")
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()
        self._tell("done\n")
        if self._tether is not None and self._tether.stdin is not None:
            with suppress(BrokenPipeError):
                self._tether.stdin.close()
            self._tether.wait()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the cell at work."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """Kill the kernel and what it started."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.group is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.group, number)

    def _tell(self, text: str) -> None:
        if self._tether is not None and self._tether.stdin is not None and self.group is not None:
            with suppress(BrokenPipeError):
                self._tether.stdin.write(text)
                self._tether.stdin.flush()
