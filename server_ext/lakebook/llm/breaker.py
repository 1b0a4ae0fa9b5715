"""A circuit breaker: a server that failed several times in a row is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 3
REST_SECONDS = 30.0


class Breaker:
    """Closed at first; open after `failures` in a row; after the rest one call is let through to see."""

    def __init__(
        self, failures: int = FAILURES, rest: float = REST_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._rest, self._clock = failures, rest, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._open_until: float | None = None

    def allows(self) -> bool:
        """Whether a call may be made now; the one that is let through after the rest keeps others out meanwhile."""
        with self._lock:
            if self._open_until is None:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + self._rest
            return True

    def worked(self) -> None:
        """The server answered: all is forgotten."""
        with self._lock:
            self._failed, self._open_until = 0, None

    def failed(self) -> None:
        """The server failed once more."""
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._open_until = self._clock() + self._rest

    @property
    def is_open(self) -> bool:
        """Whether calls are kept back now."""
        with self._lock:
            return self._open_until is not None and self._clock() < self._open_until
