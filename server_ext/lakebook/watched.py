"""Work on a thread of its own, which whoever waits for it may leave behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Done = TypeVar("Done")


def watched(work: Callable[[], Done], look: Callable[[], None], *, every: float) -> Done:
    """What the work gives, or raises; `look` is called every so many seconds, and what it raises ends the wait."""
    done: list[Done] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # handed over to the waiting thread
            faults.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(every)
        if thread.is_alive():
            look()
    if faults:
        raise faults[0]
    return done[0]
