"""One sealed child process as its parent sees it: start, seal, ask, watch, kill."""

from __future__ import annotations

import json
import selectors
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.errors import QueryCancelled, QueryFailed, QueryMemoryExceeded, QueryTimedOut
from lakebook.query.children.forked import fork
from lakebook.query.children.frames import DATA, END, READY, FrameReader
from lakebook.query.tables import Table, find_table

if TYPE_CHECKING:
    import psutil
    import pyarrow as pa

LOOK_SECONDS = 0.005
READ_BYTES = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one statement may take: seconds of wall time from `started`, bytes of resident memory, bytes of result."""

    started: float
    seconds: float
    memory_bytes: int
    result_bytes: int


class Child:
    """A process that answers statements over one set of files; after a fault it is dead and stays so."""

    def __init__(self, *, memory_limit_bytes: int, threads: int) -> None:
        self._answers = FrameReader()
        self._gauge: psutil.Process | None = None
        self._pid = 0
        self.key: object = None
        self.usable = True
        self._process = fork(memory_limit_bytes, threads)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.talk, selectors.EVENT_READ)

    @property
    def number(self) -> int:
        """What tells it from all other children of this process."""
        return self._process.number

    @property
    def pid(self) -> int:
        """The process id, as soon as it has started; 0 where it has ended before."""
        while not self._pid and self.alive():
            self._hear()
        return self._pid

    def alive(self) -> bool:
        """Whether the process runs and may be asked."""
        return self.usable and not self._process.ended()

    def resident_bytes(self) -> int:
        """The resident memory now; 0 where the process has ended."""
        import psutil

        if not self._pid:
            return 0
        try:
            self._gauge = self._gauge or psutil.Process(self.pid)
            return int(self._gauge.memory_info().rss)
        except psutil.Error:
            return 0

    def seal(self, tables: Sequence[Table], limits: Limits, cancel: threading.Event | None) -> None:
        """Let the child see these tables' files and nothing else, for good."""
        views = [
            {
                "layer": table.layer,
                "name": table.name,
                "bare": find_table(tables, table.name) is table,
                "files": list(table.files),
                "columns": [(column.name, column.data_type) for column in table.columns],
            }
            for table in tables
        ]
        try:
            self._ask({"do": "seal", "views": views}, limits, cancel)
        except BaseException:
            self.kill()  # half sealed is not sealed: nothing may ever run here
            raise

    def run(self, sql: str, limits: Limits, cancel: threading.Event | None) -> pa.Table:
        """The statement's rows; raises QueryFailed and its kinds."""
        import pyarrow as pa

        pieces = self._ask({"do": "run", "sql": sql}, limits, cancel)
        return pa.ipc.open_stream(pa.py_buffer(b"".join(pieces))).read_all()

    def kill(self) -> None:
        """Stop the process at once and reap it; a second call does nothing."""
        if not self.usable:
            return
        self.usable = False
        self._selector.close()
        self._process.kill()

    def _ask(self, request: dict[str, object], limits: Limits, cancel: threading.Event | None) -> list[bytes]:
        pieces: list[bytes] = []
        try:
            self._send(request)
            end = self._receive(pieces, limits, cancel)
        except BaseException:
            self.kill()
            raise
        kind, message = end.get("kind"), end.get("message", "")
        if kind is None:
            return pieces
        if kind == "memory":
            self.kill()
            raise _memory_exceeded(limits)
        if kind == "fault":
            self.kill()
        raise QueryFailed(f"The statement could not be run: {message}")

    def _send(self, request: dict[str, object]) -> None:
        try:
            self._process.talk.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise QueryFailed("The query process has ended.", hint="Ask again.") from error

    def _receive(self, pieces: list[bytes], limits: Limits, cancel: threading.Event | None) -> dict[str, str]:
        """Gather the data frames until the end frame, watching time, memory and cancel at every look."""
        size = 0
        while True:
            self._watch(limits, cancel)
            for kind, payload in self._hear():
                if kind == DATA:
                    pieces.append(payload)
                    size += len(payload)
                elif kind == END:
                    end: dict[str, str] = json.loads(payload)
                    return end
            if size > limits.result_bytes:
                raise QueryMemoryExceeded(f"The result is larger than {limits.result_bytes >> 20} MiB.")

    def _watch(self, limits: Limits, cancel: threading.Event | None) -> None:
        if cancel is not None and cancel.is_set():
            raise QueryCancelled("The statement was cancelled.")
        if time.monotonic() >= limits.started + limits.seconds:
            raise QueryTimedOut(f"The statement ran longer than {limits.seconds:g} s and was stopped.")
        if self.resident_bytes() > limits.memory_bytes:
            raise _memory_exceeded(limits)

    def _hear(self) -> list[tuple[bytes, bytes]]:
        frames = self._arrived()
        for kind, payload in frames:
            if kind == READY:
                self._pid = int(payload)
        return frames

    def _arrived(self) -> list[tuple[bytes, bytes]]:
        if not self._selector.select(LOOK_SECONDS):
            return []
        try:
            data = self._process.talk.recv(READ_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            raise QueryFailed("The query process ended in the middle of the statement.", hint="Ask again.")
        return self._answers.feed(data)


def _memory_exceeded(limits: Limits) -> QueryMemoryExceeded:
    return QueryMemoryExceeded(f"The statement needed more than {limits.memory_bytes >> 20} MiB and was stopped.")
