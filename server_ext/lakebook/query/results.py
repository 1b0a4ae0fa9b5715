"""Results kept for five minutes, by who asked, the statement and the versions of its tables."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lakebook.query.guard.guarded import Guarded

if TYPE_CHECKING:
    import pyarrow as pa

FRESH_SECONDS = 300.0
# Past this an old result is no stand-in for a slow engine either.
STALE_SECONDS = 24 * 3600.0
MOST_BYTES = 256 << 20
LARGEST_BYTES = 32 << 20

_Versions = tuple[tuple[str, str, int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Kept:
    """A result with its age in seconds and when it was made."""

    table: pa.Table
    age_seconds: float
    made_at: datetime


@dataclass(frozen=True)
class _Entry:
    table: pa.Table
    versions: _Versions
    made: float
    made_at: datetime


class Results:
    """The results of statements; safe to use from several threads. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._bytes = 0

    def fresh(self, principal: str, guarded: Guarded) -> Kept | None:
        """The result of the same statement over the same versions, not older than five minutes."""
        found = self._found(principal, guarded)
        if found is None or found.versions != _versions(guarded):
            return None
        age = self._clock() - found.made
        return Kept(found.table, age, found.made_at) if age < FRESH_SECONDS else None

    def stale(self, principal: str, guarded: Guarded) -> Kept | None:
        """The last result of the same statement, for when the engine does not answer in time."""
        found = self._found(principal, guarded)
        age = self._clock() - found.made if found else STALE_SECONDS
        return Kept(found.table, age, found.made_at) if found and age < STALE_SECONDS else None

    def keep(self, principal: str, guarded: Guarded, table: pa.Table) -> None:
        """Keep a result, in place of the oldest where there is no room."""
        size = int(table.nbytes)
        if size > LARGEST_BYTES:
            return
        entry = _Entry(table, _versions(guarded), self._clock(), datetime.now(UTC))
        with self._lock:
            self._drop((principal, guarded.sql))
            self._entries[principal, guarded.sql] = entry
            self._bytes += size
            while self._bytes > MOST_BYTES:
                self._drop(next(iter(self._entries)))

    def _found(self, principal: str, guarded: Guarded) -> _Entry | None:
        with self._lock:
            return self._entries.get((principal, guarded.sql))

    def _drop(self, key: tuple[str, str]) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= int(entry.table.nbytes)


def _versions(guarded: Guarded) -> _Versions:
    found = ((table.full_name, table.dataset_id, table.version, table.files) for table in guarded.tables)
    return tuple(sorted(found))
