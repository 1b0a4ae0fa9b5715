"""A file on its way in over the network: written, hashed and brought to the disk while the rest still comes."""

from __future__ import annotations

import fcntl
import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import time
from typing import BinaryIO

from lakebook.errors import DiskFull
from lakebook.ids import new_id

# Brought to the disk at this many new bytes; waited for where so many more have come meanwhile.
STEP = 2 << 20
FARTHEST = 6 << 20
# A file just made may not be locked yet.
FRESH_SECONDS = 2.0
_disk = ThreadPoolExecutor(2, thread_name_prefix="lakebook-disk")


class WriteBehind:
    """Brings a growing file to the disk beside its growth, so that little is left to wait for after the last byte."""

    def __init__(self) -> None:
        self._reached = self._aimed = 0
        self._pending: Future[None] | None = None

    def grown(self, file: BinaryIO, size: int) -> None:
        """The flushed file has `size` bytes now; waits only where the disk is far behind. Raises the disk's OSError."""
        if self._pending is not None and (self._pending.done() or size - self._reached >= FARTHEST):
            self._caught_up(self._pending)
        if self._pending is None and size - self._reached >= STEP:
            self._aimed = size
            # With a descriptor of its own the sync outlives a file that is closed meanwhile.
            self._pending = _disk.submit(_sync, os.dup(file.fileno()))

    def settle(self, file: BinaryIO) -> None:
        """Every byte of the flushed file is on the disk when this returns; raises the disk's OSError."""
        if self._pending is not None:
            self._caught_up(self._pending)
        os.fsync(file.fileno())

    def _caught_up(self, pending: Future[None]) -> None:
        self._pending = None
        pending.result()
        self._reached = self._aimed


class Arrival:
    """A whole file in one request: kept under its hash at the end, or dropped."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{new_id()}.upload"
        self.file: BinaryIO = self.path.open("xb")
        # Held as long as this process lives: what nobody holds was left by a kill.
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.digest, self.size, self.behind = hashlib.sha256(), 0, WriteBehind()

    def write(self, block: bytes) -> None:
        """Take the next block; DiskFull where there is no room."""
        try:
            self.file.write(block)
            self.file.flush()
            self.size += len(block)
            self.behind.grown(self.file, self.size)
        except OSError as error:
            raise DiskFull("No room left for the upload.") from error
        self.digest.update(block)

    def keep(self, files: Path, filename: str) -> Path:
        """Move the file to `files/` under its hash; it is on the disk when this returns."""
        try:
            self.behind.settle(self.file)
        except OSError as error:
            raise DiskFull("No room left for the upload.") from error
        self.file.close()
        return put_under(self.path, files / f"{self.digest.hexdigest()}{suffix_of(filename)}")

    def drop(self) -> None:
        """Forget what came so far."""
        self.file.close()
        self.path.unlink(missing_ok=True)


def drop_abandoned(folder: Path) -> int:
    """Remove what servers that were killed left of whole files on their way; how many went."""
    gone = 0
    for path in folder.glob("*.upload"):
        try:
            with path.open("rb") as file:
                if time() - os.fstat(file.fileno()).st_mtime < FRESH_SECONDS:
                    continue
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                gone += 1
        except (BlockingIOError, FileNotFoundError):
            continue
    return gone


def put_under(path: Path, kept: Path) -> Path:
    """Move a file that is on the disk to the name of its hash, for good; where it stands already, that one stays."""
    if kept.exists() and kept.stat().st_size == path.stat().st_size:
        # To free a large file takes its time; nobody waits for it.
        _disk.submit(path.unlink, missing_ok=True)
    else:
        os.replace(path, kept)
        _sync_folder(kept.parent)
    return kept


def suffix_of(filename: str) -> str:
    """The ending under which a file is kept; none where it would be no ending."""
    suffix = Path(filename).suffix.lower()
    return suffix if len(suffix.encode()) <= 32 else ""


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(descriptor: int) -> None:
    try:
        # macOS has no fdatasync.
        getattr(os, "fdatasync", os.fsync)(descriptor)
    finally:
        os.close(descriptor)
