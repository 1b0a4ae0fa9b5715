"""A small file that is there whole or not at all, whenever the machine stops."""

from __future__ import annotations

import os
from pathlib import Path

from lakebook.ids import new_id


def write_whole(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Put a file with this text at `path`, on the disk when this returns; OSError leaves what stood before."""
    partial = path.with_name(f".{path.name[:100]}.{new_id()}")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
