"""Ids and times: UUIDv7 text and RFC 3339 in UTC."""

from __future__ import annotations

import os
import threading
import time
import uuid
from datetime import UTC, datetime

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A fresh UUIDv7 as text; later ids of one process sort after earlier ones."""
    global _last
    with _lock:
        # 12 bits below the millisecond keep the order of ids made within one.
        _last = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
        stamp = _last
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random
    return str(uuid.UUID(int=value))


def is_id(text: str) -> bool:
    """Whether the text is spelled like an id."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def rfc3339(instant: datetime) -> str:
    """The instant as RFC 3339 text in UTC with microseconds."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
