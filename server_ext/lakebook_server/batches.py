"""A body on its way in: taken by a thread in whatever has come meanwhile, so that receiving never waits for writing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

# Bytes that may wait while others are written.
MOST = 1 << 20


class Batches:
    """Hands chunks over to `take`, in order, in a thread of the pool; one call at a time."""

    def __init__(self, take: Callable[[bytes], object], pool: Executor) -> None:
        self._take, self._pool = take, pool
        self._waiting: list[bytes] = []
        self._held = 0
        self._taken: asyncio.Future[object] | None = None

    async def add(self, chunk: bytes) -> None:
        """Take one more chunk; waits where too much is on its way. Raises what `take` raised of an earlier one."""
        self._waiting.append(chunk)
        self._held += len(chunk)
        if self._taken is not None and (self._taken.done() or self._held >= MOST):
            await self._pause()
        if self._taken is None:
            self._hand_over()

    async def end(self) -> None:
        """Wait until everything has been taken; raises what `take` raised."""
        await self._pause()
        if self._waiting:
            self._hand_over()
            await self._pause()

    async def _pause(self) -> None:
        taken, self._taken = self._taken, None
        if taken is not None:
            await taken

    def _hand_over(self) -> None:
        block = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
        self._waiting, self._held = [], 0
        self._taken = asyncio.get_running_loop().run_in_executor(self._pool, self._take, block)
        # Where the connection is lost nobody waits for it any more.
        self._taken.add_done_callback(lambda taken: taken.cancelled() or taken.exception())
