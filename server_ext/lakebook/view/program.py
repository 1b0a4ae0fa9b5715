"""A process of the viewer's own as its parent sees it: lines of JSON in and out, killed when it is not wanted."""

from __future__ import annotations

import json
import os
import selectors
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

from lakebook import piped
from lakebook.errors import QueryCancelled, QueryTimedOut, Unavailable
from lakebook.received_error import from_dict

LOOK_SECONDS = 0.02
READ_BYTES = 1 << 20


class Program:
    """A Python module that runs as a process group of its own; after a fault it is dead and stays so."""

    def __init__(self, module: str, arguments: Sequence[str]) -> None:
        # One thread each: numpy would start as many as there are processors for nothing.
        environment = {"OPENBLAS_NUM_THREADS": "1", "TMPDIR": tempfile.gettempdir()}
        self._process = piped.start(module, arguments, environment=environment)
        self._selector = selectors.DefaultSelector()
        self._pending = b""
        if self._process.stdout is not None:
            os.set_blocking(self._process.stdout.fileno(), False)
            self._selector.register(self._process.stdout, selectors.EVENT_READ)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def send(self, request: dict[str, Any]) -> None:
        """Send one request; Unavailable where the process has ended."""
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise _ended() from error

    def receive(self, seconds: float, is_cancelled: Callable[[], bool]) -> dict[str, Any]:
        """The next answer; what it says of an error is raised, and a late, lost or unwanted answer kills."""
        last = time.monotonic() + seconds
        try:
            while (answer := self.said()) is None:
                if is_cancelled():
                    raise QueryCancelled("The rows are not wanted any more.")
                if time.monotonic() > last:
                    raise QueryTimedOut(f"The file was not read in {seconds:g} s.", hint="Try again.")
                self._selector.select(LOOK_SECONDS)
        except BaseException:
            self.kill()
            raise
        if "error" in answer:
            raise from_dict(answer["error"])
        return answer

    def said(self) -> dict[str, Any] | None:
        """The next answer that is there already, or None; Unavailable where the process has ended."""
        while b"\n" not in self._pending:
            try:
                assert self._process.stdout is not None
                read = os.read(self._process.stdout.fileno(), READ_BYTES)
            except BlockingIOError:
                return None
            if not read:
                raise _ended()
            self._pending += read
        line, _, self._pending = self._pending.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def kill(self) -> None:
        """Stop the process at once and reap it."""
        if self._process.stdin is None or self._process.stdin.closed:
            return
        self._selector.close()
        piped.stop(self._process)


def _ended() -> Unavailable:
    return Unavailable("The process that reads the file has ended.", hint="Open the file again.")
