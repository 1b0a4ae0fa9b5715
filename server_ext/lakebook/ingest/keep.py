"""A file on its way in: copied block by block into `files/` under its hash, so that it can be read again unchanged."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from types import TracebackType

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull, LakebookError

BLOCK = 8 << 20


class Incoming:
    """Takes blocks of bytes; unless `keep` is called inside the `with`, nothing stays.

    `expected` is the size in bytes as promised, 0 where nobody said; progress is told against it.
    """

    def __init__(self, call: Call, filename: str, expected: int, doing: str = "fetching") -> None:
        self.size = 0
        self._call, self._filename, self._expected, self._doing = call, filename, expected, doing
        self._digest = hashlib.sha256()
        self._partial = call.staged(".incoming")
        self._file = self._partial.open("wb")

    def __enter__(self) -> Incoming:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno == 28:
            raise DiskFull(f"No room left to keep {self._filename}.") from error

    def write(self, block: bytes) -> None:
        """Take one block; raises JobCancelled when the job was cancelled."""
        self._digest.update(block)
        self._file.write(block)
        self.size += len(block)
        share = min(1.0, self.size / self._expected) if self._expected else 0.5
        self._call.report(0.1 * share, f"{self._doing} {self._filename}", bytes=self.size)

    def keep(self) -> tuple[Path, str]:
        """The kept file and its hash; BadFile where nothing came or less than was promised."""
        if not self.size:
            raise BadFile(f"{self._filename} is empty.", hint="Choose a file with a header and rows.")
        if self.size < self._expected:
            raise BadFile(
                f"{self._filename} came in part: {self.size:,} of {self._expected:,} bytes.", hint="Try again."
            )
        self._file.flush()
        os.fsync(self._file.fileno())
        digest = self._digest.hexdigest()
        kept = self._call.runtime.settings.folder("files") / f"{digest}{Path(self._filename).suffix.lower()}"
        os.replace(self._partial, kept)
        return kept, digest


def keep_file(call: Call, source: Path, filename: str) -> tuple[Path, str]:
    """The file's copy in `files/` and its hash; a file that lies there already is its own copy."""
    if source.parent == call.runtime.settings.folder("files"):
        return source, source.stem
    try:
        with source.open("rb") as reader:
            before = os.fstat(reader.fileno())
            with Incoming(call, filename, before.st_size, "keeping") as incoming:
                # One that grows faster than it is read has no end.
                while incoming.size <= before.st_size and (block := reader.read(BLOCK)):
                    incoming.write(block)
                _check_same(before, os.fstat(reader.fileno()), filename)
                return incoming.keep()
    except OSError as error:
        raise _unreadable(error, filename) from error


def _check_same(before: os.stat_result, after: os.stat_result, filename: str) -> None:
    """BadFile where the file was written while it was copied: its last rows would be cut, or of two moments."""
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise BadFile(f"{filename} was changed while it was read.", hint="Wait until it is written, then try again.")


def _unreadable(error: OSError, filename: str) -> LakebookError:
    if error.errno == errno.ENOSPC:
        return DiskFull(f"No room left to keep {filename}.")
    if isinstance(error, FileNotFoundError):
        return BadFile(f"{filename} is no longer there.", hint="Put it back, or name where it is now.")
    if isinstance(error, PermissionError):
        return BadFile(f"{filename} may not be read.", hint="Let the user that runs lakebook read it.")
    return BadFile(f"{filename} cannot be read to its end.", hint="Check the disk that it lies on, then try again.")
