"""A clock that is told the time and an engine that counts, for results that are remembered."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from lakebook.errors import QueryFailed, Unavailable
from lakebook.query.children.pool import Children
from lakebook.query.guard.guarded import Guarded


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Engine(Children):
    """Counts what it is asked to run; answers with who asked and the count, with `gives`, or fails."""

    def __init__(self, gives: pa.Table | None = None) -> None:
        super().__init__()
        self.calls = 0
        self.gives = gives
        self.trouble: QueryFailed | Unavailable | None = None

    def run(self, guarded: Guarded, *, principal: str, **_limits: Any) -> pa.Table:
        self.calls += 1
        if self.trouble:
            raise self.trouble
        return pa.table({"species": [f"{principal} {self.calls}"]}) if self.gives is None else self.gives
