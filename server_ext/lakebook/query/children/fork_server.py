"""The program that sealed children are forked from: it has loaded DuckDB and Arrow, so that a child starts at once.

It is told by lines of JSON over the socket that is its standard input, in the order of the lines:
`{"do": "fork", "number", "memory_limit", "threads"}` with the child's end of a socket beside it, which is not answered;
`{"do": "kill", "number"}`, answered when the child is gone; `{"do": "ended", "number"}`, answered by 1 or 0.
When the other side is closed, every child is killed.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
from collections import deque
from typing import Any

from lakebook.query.children import sealed

LOADED = ("duckdb", "pyarrow")
MOST_BYTES = 4096
# The other side may be gone while a process forked from it holds the socket open.
LOOK_SECONDS = 0.5
ENDED, RUNS = b"1", b"0"


class Family:
    """The children that run, by the numbers that the other side gave them."""

    def __init__(self) -> None:
        self._pids: dict[int, int] = {}

    def fork(self, number: int, talk: socket.socket, end: int, memory_limit: int, threads: int) -> None:
        """Start a child that speaks over `end`; the socket to the other side is none of its business."""
        pid = os.fork()
        if pid:
            self._pids[number] = pid
            return
        try:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            talk.close()
            os.dup2(end, 0)
            os.dup2(end, 1)
            sealed.serve(memory_limit, threads)
        finally:
            os._exit(0)

    def kill(self, number: int) -> None:
        """End a child and all that it has started, and reap it."""
        pid = self._pids.pop(number, None)
        if pid is None:
            return
        for end in (os.killpg, os.kill):  # a child that was just forked leads no group yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                end(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def ended(self, number: int) -> bool:
        """Whether a child is gone."""
        self.reap()
        return number not in self._pids

    def reap(self, *_signal: object) -> None:
        """Forget the children that have ended by themselves."""
        for number, pid in list(self._pids.items()):
            with contextlib.suppress(ChildProcessError):
                if os.waitpid(pid, os.WNOHANG)[0]:
                    self._pids.pop(number, None)

    def close(self) -> None:
        """Kill all."""
        for number in list(self._pids):
            self.kill(number)


def main() -> None:
    """Load what children need, then do what is asked until the other side is closed."""
    for module in LOADED:
        importlib.import_module(module)
    talk, family = _socket(), Family()
    signal.signal(signal.SIGCHLD, family.reap)
    pending, ends, parent = b"", deque[int](), os.getppid()
    talk.settimeout(LOOK_SECONDS)
    while os.getppid() == parent:
        try:
            data, came, _flags, _address = socket.recv_fds(talk, MOST_BYTES, 8)
        except TimeoutError:
            continue
        if not data:
            break
        ends.extend(came)
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            _do(json.loads(line), talk, family, ends)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    family.close()


def _do(request: dict[str, Any], talk: socket.socket, family: Family, ends: deque[int]) -> None:
    number = request["number"]
    if request["do"] == "fork":
        end = ends.popleft()
        family.fork(number, talk, end, request["memory_limit"], request["threads"])
        os.close(end)
    elif request["do"] == "kill":
        family.kill(number)
        talk.sendall(ENDED)
    else:
        talk.sendall(ENDED if family.ended(number) else RUNS)


def _socket() -> socket.socket:
    """The socket, moved away from 0, which a child has for its own."""
    talk = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    return talk


if __name__ == "__main__":
    main()
