"""The processes of the soak: a server and its workers on a home of its own, armed, killed and started again."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil

from lakebook.jobs.staff import living
from lakebook.runtime import Runtime, open_runtime
from tests.live_server import LiveServer, live_server

LEASE_SECONDS = 2.0
PATIENCE = 60.0
POINTS = ("upload-kept", "claimed", "mid-read", "after-parquet", "after-rejected", "after-delta", "before-tidy",
          "after-metadata", "before-relay")  # fmt: skip
# Extensions beside lakebook are left out of its many starts.
OFF = dict.fromkeys(("voila.server_extension", "jupysql_plugin", "jupyter_lsp", "jupyter_server_terminals"), False)


class Broken(AssertionError):
    """Something that must never happen has happened."""


def until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait for something that must come; Broken where it does not."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not true():
        if time.monotonic() > end:
            raise Broken(f"waited {seconds:.0f} s for {what}")
        pause.wait(0.05)


class Scene:
    """A home, its server and its workers; `folder` holds everything and goes with the soak."""

    def __init__(self, folder: Path, workers: int = 1) -> None:
        self.folder, self.home, self.workers = folder, folder / "home", workers
        self.armed = folder / "armed"
        self.armed.mkdir()
        self.stack, self.starts = ExitStack(), 0
        self.started = threading.Event()
        self.runtime: Runtime = open_runtime(self.home, upgrade=True)
        self.runtime.jobs.lease_seconds = LEASE_SECONDS

    def start(self) -> None:
        """Start a server on the home; it starts its workers."""
        root = self.folder / f"server-{self.starts}"
        root.mkdir()
        self.starts += 1
        options = [f"--ServerApp.jpserver_extensions={ {'lakebook_server': True, **OFF} }"]
        self.live = self.stack.enter_context(
            live_server(
                root, home=self.home, workers=self.workers, options=options,
                LAKEBOOK_LEASE_SECONDS=str(LEASE_SECONDS), LAKEBOOK_CRASH_AT=f":{self.armed}",
            )
        )  # fmt: skip
        self.started.set()

    def server(self) -> LiveServer:
        """The server that stands, waited for where it was killed."""
        if not self.started.wait(PATIENCE):
            raise Broken("the server did not come back")
        return self.live

    def arm(self, point: str) -> Path:
        """Have the next process that reaches the point killed; returns the mark, which is gone once that happened."""
        mark = self.armed / point
        mark.touch()
        return mark

    def disarm(self) -> None:
        """Let every point be passed again."""
        for mark in self.armed.iterdir():
            mark.unlink(missing_ok=True)

    def kill(self, target: str) -> None:
        """`kill -9` the `worker`s, the `server`, or `both`."""
        workers = [] if target == "server" else [int(row["pid"]) for row in living(self.runtime)]
        if target != "worker":
            self.started.clear()
            self.live.process.kill()
            self.live.process.wait()
        for pid in workers:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def revive(self) -> None:
        """Start another server where the last one was killed."""
        if not self.started.is_set():
            self.stack.close()
            self.start()

    def processes(self) -> Iterator[psutil.Process]:
        """Everything that runs for this home, the soak itself left out."""
        for process in psutil.process_iter():
            try:
                mine = process.environ().get("LAKEBOOK_HOME") == str(self.home)
                named = str(self.home) in " ".join(process.cmdline())
            except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                continue
            if (mine or named) and process.pid != os.getpid():
                yield process

    def close(self) -> None:
        """End the server in order, then the workers that outlived a killed one."""
        self.started.clear()
        self.stack.close()
        for process in list(self.processes()):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.runtime.close()
