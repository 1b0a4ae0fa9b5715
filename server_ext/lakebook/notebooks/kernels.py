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
    from jupyter_client.manager import AsyncKernelManager

    from lakebook.runtime import Runtime

FALLBACKS = ("lakebook", "python3")
LONGEST_SOCKET_FOLDER = 80


def choose(content: dict[str, Any]) -> str:
    """Name of the kernel: the notebook's own where it is installed, else `lakebook`, else `python3`."""
    from jupyter_client.kernelspec import KernelSpecManager

    installed = KernelSpecManager().find_kernel_specs()
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
    return {**inherited, **runtime.addresses(), "LAKEBOOK_RUN_ID": run_id}


class Kernel:
    """A started kernel with its tether; use it as a context."""

    def __init__(self, name: str, *, folder: Path, env: dict[str, str]) -> None:
        self.name, self.folder, self.env = name, folder, env
        self.sockets = Path(tempfile.mkdtemp(prefix="lb-kernel-"))
        self.group: int | None = None
        self._manager: AsyncKernelManager | None = None
        self._tether: subprocess.Popen[str] | None = None

    @property
    def manager(self) -> AsyncKernelManager:
        """Jupyter's manager of the kernel."""
        if self._manager is None:
            raise RuntimeError("the kernel was not started")
        return self._manager

    def __enter__(self) -> Kernel:
        from jupyter_client.manager import AsyncKernelManager
        from jupyter_core.utils import run_sync

        self._tether = subprocess.Popen(
            [sys.executable, "-I", "-S", tether.__file__],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
        )  # fmt: skip
        self._manager = AsyncKernelManager(
            kernel_name=self.name, connection_file=str(self.sockets / "kernel.json"), **self._address()
        )
        # Kept in memory: runs side by side would otherwise queue for one history file.
        history = ["--HistoryManager.hist_file=:memory:"] if self._manager.ipykernel else []
        try:
            run_sync(self._manager.start_kernel)(cwd=str(self.folder), env=self.env, extra_arguments=history)
        except BaseException:
            self.__exit__()
            raise
        self.group = getattr(self._manager.provisioner, "pid", None)
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

    def _address(self) -> dict[str, str]:
        """Sockets in a private folder; loopback ports where that folder's path is too long for a socket's."""
        if len(str(self.sockets)) <= LONGEST_SOCKET_FOLDER:
            return {"transport": "ipc", "ip": str(self.sockets / "channel")}
        return {"transport": "tcp", "ip": "127.0.0.1"}

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
