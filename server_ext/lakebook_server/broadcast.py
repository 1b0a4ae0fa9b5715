"""One look at the home for all sockets: changed jobs and datasets, and rows of watched topics."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from lakebook.runtime import Runtime

log = logging.getLogger("lakebook.server")
Listener = Callable[[dict[str, Any]], None]
LOOK_SECONDS = 0.1


class Broadcast:
    """Looks while somebody listens, and not otherwise."""

    def __init__(self, runtime: Runtime, pool: Executor) -> None:
        self.runtime, self.pool = runtime, pool
        self.jobs: set[Listener] = set()
        self.topics: dict[str, set[Listener]] = {}
        self.marks: dict[str, int] = {}
        self.task: asyncio.Task[None] | None = None

    def follow_jobs(self, listener: Listener) -> Callable[[], None]:
        """Tell the listener of every change of a job and of the catalogue; returns how to stop."""
        self.jobs.add(listener)
        self._look()
        return lambda: self.jobs.discard(listener)

    async def follow_topic(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Tell the listener of every row of the topic from now on; returns how to stop."""
        if topic not in self.marks:
            newest = await asyncio.get_running_loop().run_in_executor(self.pool, self.runtime.topics.newest, topic)
            self.marks.setdefault(topic, newest)
        self.topics.setdefault(topic, set()).add(listener)
        self._look()

        def stop() -> None:
            listeners = self.topics.get(topic, set())
            listeners.discard(listener)
            if not listeners:
                self.topics.pop(topic, None)
                self.marks.pop(topic, None)

        return stop

    def stop(self) -> None:
        """Stop looking."""
        if self.task is not None:
            self.task.cancel()
            self.task = None

    def _look(self) -> None:
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._looking())

    async def _looking(self) -> None:
        loop = asyncio.get_running_loop()
        change, event = await loop.run_in_executor(self.pool, self._newest)
        while self.jobs or self.topics:
            try:
                if self.jobs:
                    change, event = await self._tell_jobs(change, event)
                for topic in list(self.topics):
                    await self._tell_topic(topic)
            except Exception:
                log.exception("a look at the home failed; the next one follows")
            await asyncio.sleep(LOOK_SECONDS)

    def _newest(self) -> tuple[int, int]:
        return self.runtime.jobs.newest_change(), self.runtime.events.newest()

    async def _tell_jobs(self, change: int, event: int) -> tuple[int, int]:
        loop = asyncio.get_running_loop()
        change, jobs = await loop.run_in_executor(self.pool, self.runtime.jobs.changed_since, change)
        for job in jobs:
            self._tell(self.jobs, {"type": "job", "job": job.model_dump(mode="json")})
        events = await loop.run_in_executor(self.pool, self.runtime.events.after, event)
        if events:
            event = events[-1]["seq"]
            self._tell(self.jobs, {"type": "datasets"})
        return change, event

    async def _tell_topic(self, topic: str) -> None:
        loop = asyncio.get_running_loop()
        after = self.marks.get(topic, 0)
        rows = await loop.run_in_executor(self.pool, self.runtime.topics.read, topic, after)
        for seq, row, stamp in rows:
            # The last listener may have gone since the read, or in the midst of it; a new one begins at its own mark.
            if seq > self.marks.get(topic, seq):
                self.marks[topic] = seq
                self._tell(self.topics.get(topic, set()), {"type": "update", "data": row, "timestamp": stamp})

    @staticmethod
    def _tell(listeners: set[Listener], message: dict[str, Any]) -> None:
        for listener in list(listeners):
            if listener in listeners:
                listener(message)
