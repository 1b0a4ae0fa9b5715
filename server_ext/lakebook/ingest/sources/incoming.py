"""A file on its way in from elsewhere: written block by block, then kept in `files/` under its hash."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import TracebackType

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull
from lakebook.ids import new_id


class Incoming:
    """Takes blocks of bytes; unless `keep` is called inside the `with`, nothing stays.

    `expected` is the size in bytes as promised, 0 where nobody said; progress is told against it.
    """

    def __init__(self, call: Call, filename: str, expected: int) -> None:
        self.size = 0
        self._call, self._filename, self._expected = call, filename, expected
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
        self._call.report(0.1 * share, f"fetching {self._filename}", bytes=self.size)

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
