"""Questions put to shadows: behind the answer that was given, one at a time, and none where too many wait."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from lakebook.errors import LakebookError

WAITING = 64
log = logging.getLogger(__name__)


class Shadows:
    """Asks in a thread of its own, so that nobody waits for an answer that nobody hears."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._room = threading.BoundedSemaphore(waiting)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lakebook-shadows")
        self.dropped = 0

    def put(self, ask: Callable[[], None]) -> None:
        """Have the question asked some time; what does not answer is in the log."""
        if not self._room.acquire(blocking=False):
            self.dropped += 1
            return
        self._thread.submit(self._ask, ask)

    def _ask(self, ask: Callable[[], None]) -> None:
        try:
            ask()
        except LakebookError as error:
            log.warning("a shadow did not answer: %s", error.message)
        finally:
            self._room.release()

    def close(self) -> None:
        """End the thread; what still waits is not asked."""
        self._thread.shutdown(wait=True, cancel_futures=True)
