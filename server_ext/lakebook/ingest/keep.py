"""A file on its way in: copied block by block into `files/` under its hash, so that it can be read again unchanged."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import TracebackType

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull
from lakebook.ids import new_id

BLOCK = 8 << 20


class Incoming:
    """Takes blocks of bytes; unless `keep` is called inside the `with`, nothing stays.

    `expected` is the size in bytes as promised, 0 where nobody said; progress is told against it.
    """

    def __init__(self, call: Call, filename: str, expected: int, doing: str = "fetching") -> None:
        self.size = 0
        self._call, self._filename, self._expected, self._doing = call, filename, expected, doing
        self._digest = hashlib.sha256()
        self._partial = call.runtime.settings.folder("tmp") / f"{new_id()}.incoming"
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
        with source.open("rb") as reader, Incoming(call, filename, source.stat().st_size, "keeping") as incoming:
            while block := reader.read(BLOCK):
                incoming.write(block)
            return incoming.keep()
    except OSError as error:
        if error.errno == 28:
            raise DiskFull(f"No room left to keep {filename}.") from error
        raise BadFile(f"{filename} cannot be read.", hint="Check its permissions.") from error
