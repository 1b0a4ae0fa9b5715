"""The pool of sealed children: warm spares, one principal and one set of table versions a child."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Required, TypedDict, Unpack

from lakebook.errors import QueryCancelled, QueryTimedOut, Unavailable
from lakebook.query.children.child import Child, Limits
from lakebook.query.guard.guarded import Guarded
from lakebook.query.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

MOST_THREADS = 4
RESULT_LIMIT_BYTES = 512 << 20
# A child that has grown past this part of its limit starts the next statement too near to it.
RETIRE_SHARE = 0.5
_QUEUE_LOOK_SECONDS = 0.05

_Key = tuple[object, ...]


class Terms(TypedDict, total=False):
    """For whom a statement runs, and what it may take."""

    principal: Required[str]
    memory_limit_bytes: int | None
    time_limit: float | None
    cancel: threading.Event | None


class Children:
    """Runs guarded statements in sealed child processes, `size` of them warm, `most` of them at once."""

    def __init__(
        self, size: int = 2, memory_limit_bytes: int = 1 << 30, time_limit: float = 30.0, *, most: int = 4
    ) -> None:
        self._size = max(1, size)
        self._memory_limit_bytes = memory_limit_bytes
        self._time_limit = time_limit
        self._threads = max(1, min(MOST_THREADS, os.cpu_count() or 1))
        self._lock = threading.Lock()
        self._places = threading.Semaphore(max(1, most))
        self._blank: list[Child] = []
        self._kept: OrderedDict[int, Child] = OrderedDict()
        self._all: set[Child] = set()
        self._closed = False
        self._end = weakref.finalize(self, _kill_all, self._all, os.getpid())

    def tables_elsewhere(self) -> list[Table]:
        """Tables that lie on no disk here; a pool alone has none."""
        return []

    def warm(self) -> None:
        """Start the spares now rather than after the first statement; returns at once."""
        with self._lock:
            while not self._closed and len(self._blank) < self._size:
                self._blank.append(self._spawn())

    def run(self, guarded: Guarded, **terms: Unpack[Terms]) -> pa.Table:
        """The rows of a guarded statement; raises QueryTimedOut, QueryMemoryExceeded, QueryCancelled, QueryFailed."""
        seconds, memory_bytes = terms.get("time_limit"), terms.get("memory_limit_bytes")
        limits = Limits(
            started=time.monotonic(),
            seconds=self._time_limit if seconds is None else seconds,
            memory_bytes=self._memory_limit_bytes if memory_bytes is None else memory_bytes,
            result_bytes=RESULT_LIMIT_BYTES,
        )
        tables = tuple(sorted(guarded.tables, key=lambda table: table.full_name))
        return self._run(guarded.sql, tables, terms["principal"], limits, terms.get("cancel"))

    def read(self, sql: str, files: Sequence[str], *, principal: str, is_cancelled: Callable[[], bool]) -> pa.Table:
        """The rows of a statement of lakebook's own over Parquet files; nothing that a person wrote comes here."""
        limits = Limits(time.monotonic(), self._time_limit, self._memory_limit_bytes, RESULT_LIMIT_BYTES)
        seen = Table("rows", "bronze", "", 0, 0, tuple(files), ())
        return self._run(sql, (seen,), principal, limits, _Asked(is_cancelled))

    def _run(
        self,
        sql: str,
        tables: tuple[Table, ...],
        principal: str,
        limits: Limits,
        cancel: threading.Event | None,
    ) -> pa.Table:
        self._wait_for_place(limits, cancel)
        child = None
        try:
            key = _key(principal, tables)
            child = self._take(key)
            if child.key is None:
                child.seal(tables, limits, cancel)
                child.key = key
            return child.run(sql, limits, cancel)
        finally:
            self._give_back(child)
            self._places.release()

    def close(self) -> None:
        """Stop every child; later calls of `run` are refused."""
        with self._lock:
            self._closed = True
            self._blank.clear()
            self._kept.clear()
        self._end()

    def _wait_for_place(self, limits: Limits, cancel: threading.Event | None) -> None:
        while not self._places.acquire(timeout=_QUEUE_LOOK_SECONDS):
            if cancel is not None and cancel.is_set():
                raise QueryCancelled("The statement was cancelled before it ran.")
            if time.monotonic() >= limits.started + limits.seconds:
                raise QueryTimedOut(
                    f"Other statements kept every query process busy for {limits.seconds:g} s.",
                    hint="Ask again in a moment.",
                )

    def _take(self, key: _Key) -> Child:
        with self._lock:
            if self._closed:
                raise Unavailable("The query processes are closed.", hint="Open lakebook again.")
            for number, child in list(self._kept.items()):
                if child.key == key:
                    del self._kept[number]
                    if child.alive():
                        return child
                    self._drop(child)
            while self._blank:
                child = self._blank.pop(0)
                if child.alive():
                    return child
                self._drop(child)
            return self._spawn()

    def _give_back(self, child: Child | None) -> None:
        """Keep a healthy child for its principal and tables, bury any other, and top the spares up."""
        if child is not None and child.alive():
            grown = child.resident_bytes() > RETIRE_SHARE * self._memory_limit_bytes
            with self._lock:
                if self._closed or grown or child.key is None:
                    self._drop(child)
                else:
                    self._kept[child.number] = child
                while len(self._kept) > self._size:
                    self._drop(self._kept.popitem(last=False)[1])
        elif child is not None:
            with self._lock:
                self._drop(child)
        self.warm()

    def _spawn(self) -> Child:
        child = Child(memory_limit_bytes=self._memory_limit_bytes, threads=self._threads)
        self._all.add(child)
        return child

    def _drop(self, child: Child) -> None:
        child.kill()
        self._all.discard(child)


class _Asked(threading.Event):
    """An event that is set once whoever waits says so."""

    def __init__(self, is_cancelled: Callable[[], bool]) -> None:
        super().__init__()
        self._is_cancelled = is_cancelled

    def is_set(self) -> bool:
        """Whether the wait is over."""
        return self._is_cancelled()


def _key(principal: str, tables: tuple[Table, ...]) -> _Key:
    versions = tuple((table.full_name, table.dataset_id, table.version, table.files) for table in tables)
    return (principal, versions)


def _kill_all(children: set[Child], owner: int) -> None:
    """Runs at close, at collection and at exit; a fork of the owner's process must not kill the owner's children."""
    if os.getpid() != owner:
        return
    for child in list(children):
        child.kill()
    children.clear()
