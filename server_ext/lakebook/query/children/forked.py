"""Processes forked from the one program that has loaded all: how they are started, watched and ended from here."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import socket
import subprocess
import threading
import weakref

from lakebook import piped
from lakebook.query.children.fork_server import ENDED

STOP_SECONDS = 5.0


class ForkServer:
    """The program that forks, as this process sees it; after a fault it is gone and another takes its place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self.usable = True
        self._talk, theirs = socket.socketpair()
        # numpy, which Arrow loads, would start threads, and what has threads should not fork.
        self._process = piped.start(
            "lakebook.query.children.fork_server", [], cwd=os.sep, stdin=theirs.fileno(),
            environment={"OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        theirs.close()
        self._end = weakref.finalize(self, _stop, self._process, self._talk, os.getpid())

    @property
    def mine(self) -> bool:
        """Whether it may be asked: a process forked from its owner must not."""
        return self.usable and self._owner == os.getpid()

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    def fork(self, memory_limit: int, threads: int) -> Forked:
        """A child, at once; it need not have started yet. OSError where the program is gone."""
        number = next(_numbers)
        ours, theirs = socket.socketpair()
        request = {"do": "fork", "number": number, "memory_limit": memory_limit, "threads": threads}
        with self._lock, theirs:
            try:
                socket.send_fds(self._talk, [json.dumps(request).encode() + b"\n"], [theirs.fileno()])
            except OSError:
                ours.close()
                self.stop()
                raise
        return Forked(self, number, ours)

    def ask(self, what: str, number: int) -> bool:
        """Kill a child, or say whether it has ended; without the program its children are gone."""
        with self._lock:
            if not self.mine:
                return True
            try:
                self._talk.sendall(json.dumps({"do": what, "number": number}).encode() + b"\n")
                answer = self._talk.recv(1)
            except OSError:
                answer = b""
            if not answer:
                self.stop()
            return answer in (ENDED, b"")

    def stop(self) -> None:
        """End the program and its children."""
        self.usable = False
        self._end()


class Forked:
    """One child: a socket to speak to it, and its end."""

    def __init__(self, server: ForkServer, number: int, talk: socket.socket) -> None:
        self._server, self.number, self.talk = server, number, talk

    def ended(self) -> bool:
        """Whether it is gone."""
        return self._server.ask("ended", self.number)

    def kill(self) -> None:
        """End it at once, with all that it has started, and close the socket."""
        self._server.ask("kill", self.number)
        self.talk.close()


_lock = threading.Lock()
_servers: list[ForkServer] = []
_numbers = itertools.count(1)


def fork(memory_limit: int, threads: int) -> Forked:
    """A child of the one program of this process, which is started where there is none; Unavailable where it cannot."""
    with _lock:
        _servers[:] = [server for server in _servers if server.mine] or [ForkServer()]
        try:
            return _servers[0].fork(memory_limit, threads)
        except OSError:
            _servers[:] = [ForkServer()]
            return _servers[0].fork(memory_limit, threads)


def _stop(process: subprocess.Popen[bytes], talk: socket.socket, owner: int) -> None:
    """Closed, the program ends its children before itself; a fork of the owner's process must leave it alone."""
    with contextlib.suppress(OSError):
        talk.close()
    if os.getpid() == owner:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        piped.stop(process)
