"""Compressed files, known by content and unpacked block by block under limits."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull
from lakebook.ids import new_id

BLOCK = 1 << 20
# Tables seldom shrink past 1:100; zeros shrink 1:1000. Below the floor the ratio says nothing.
RATIO = 250
RATIO_FLOOR = 64 << 20
SPARE_DISK = 256 << 20
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"PK\x03\x04": "zip"}


def packing_of(path: Path) -> str | None:
    """How the file is packed (`gzip zstd bz2 xz zip`), by its first bytes; None for a plain one."""
    with path.open("rb") as file:
        head = file.read(6)
    return next((packing for magic, packing in MAGIC.items() if head.startswith(magic)), None)


def inner_name(filename: str) -> str:
    """The name that a compressed file's content had: `orders.csv.gz` is `orders.csv`."""
    return re.sub(r"\.(gz|gzip|zst|zstd|bz2|xz|zip)$", "", filename, flags=re.IGNORECASE)


class Growth:
    """Watches what unpacking writes beside what it has read: bombs and full disks are refused on the way."""

    def __init__(self, call: Call, filename: str, size: int) -> None:
        self.call, self.filename, self.size = call, filename, max(1, size)
        self.folder = call.runtime.settings.folder("tmp")
        self.written = 0

    def path(self, mark: str, suffix: str) -> Path:
        """Where to unpack to: named after the job, so that the next attempt writes over what a kill left."""
        owner = self.call.job.job_id if self.call.job else new_id()
        return self.folder / f"{owner}-{mark}.unpacked{suffix}"

    def write(self, target: io.BufferedWriter, block: bytes, read: int) -> None:
        """Write one block; `read` is how many packed bytes the unpacked ones so far were made of."""
        self.count(len(block), read)
        target.write(block)

    def count(self, size: int, read: int) -> None:
        """Refuse these next bytes where they are too many; for what is unpacked without being kept, too."""
        self.written += size
        most = self.call.runtime.settings.max_unpacked_bytes
        if self.written > most:
            raise BadFile(
                f"{self.filename} holds more than the {most:,} bytes that may be unpacked.",
                hint="Unpack it yourself and name the plain file, or raise `LAKEBOOK_MAX_UNPACKED_BYTES`.",
            )
        if self.written > RATIO_FLOOR and self.written > RATIO * max(1, read):
            raise BadFile(
                f"{self.filename} grows more than {RATIO}-fold when unpacked, as bombs do.",
                hint="If it is sound, unpack it yourself and name the plain file.",
            )
        if shutil.disk_usage(self.folder).free < SPARE_DISK:
            raise DiskFull(f"No room left to unpack {self.filename}.")
        self.call.report(0.1 * min(1.0, read / self.size), f"unpacking {self.filename}", bytes=self.written)


@contextmanager
def said(filename: str) -> Iterator[None]:
    """What goes wrong while unpacking as one clear error: a broken stream is BadFile, no room DiskFull."""
    try:
        yield
    except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise _damaged(filename) from error
    except OSError as error:
        # An archive may point to before its own beginning.
        if error.errno in (None, errno.EINVAL):
            raise _damaged(filename) from error
        if error.errno == errno.ENOSPC:
            raise DiskFull(f"No room left to unpack {filename}.") from error
        raise


def _damaged(filename: str) -> BadFile:
    return BadFile(f"{filename} is cut short or damaged: it cannot be unpacked.", hint="Fetch the file again.")


def unpack(call: Call, packed: Path, packing: str, filename: str) -> Path:
    """Write the plain content into `tmp/`; BadFile for a bomb or a broken stream, DiskFull before the disk is full."""
    growth = Growth(call, filename, packed.stat().st_size)
    plain = growth.path(packed.stem[:16], Path(inner_name(filename)).suffix.lower())
    try:
        with said(filename), packed.open("rb") as source, plain.open("wb") as target:
            for block in _blocks(source, packing):
                growth.write(target, block, source.tell())
    except BaseException:
        plain.unlink(missing_ok=True)
        raise
    return plain


def _blocks(source: io.BufferedReader, packing: str) -> Iterator[bytes]:
    with _opened(source, packing) as reader:
        while block := reader.read(BLOCK):
            yield block


def _opened(source: io.BufferedReader, packing: str) -> Any:
    if packing == "gzip":
        return gzip.GzipFile(fileobj=source, mode="rb")
    if packing == "bz2":
        return bz2.BZ2File(source)
    if packing == "xz":
        return lzma.LZMAFile(source)
    import pyarrow as pa

    return pa.CompressedInputStream(pa.PythonFile(source, mode="r"), "zstd")
