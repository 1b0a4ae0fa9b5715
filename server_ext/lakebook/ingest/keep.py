"""A copy of the file under its hash, so that it cannot change while it is read and can be read again."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull
from lakebook.ids import new_id

BLOCK = 8 << 20


def keep_file(call: Call, source: Path, filename: str) -> tuple[Path, str]:
    """Copy the file into `files/` under its hash, so that it cannot change while it is read."""
    files = call.runtime.settings.folder("files")
    if source.parent == files:
        return source, source.stem
    partial = call.runtime.settings.folder("tmp") / f"{new_id()}.keep"
    digest, copied = hashlib.sha256(), 0
    try:
        size = max(1, source.stat().st_size)
        with source.open("rb") as reader, partial.open("wb") as writer:
            while block := reader.read(BLOCK):
                digest.update(block)
                writer.write(block)
                copied += len(block)
                call.report(0.1 * copied / size, f"keeping {filename}", bytes=copied)
            writer.flush()
            os.fsync(writer.fileno())
        kept = files / f"{digest.hexdigest()}{Path(filename).suffix.lower()}"
        os.replace(partial, kept)
    except OSError as error:
        if error.errno == 28:
            raise DiskFull("No room left to keep the file.") from error
        raise BadFile(f"{filename} cannot be read.", hint="Check its permissions.") from error
    finally:
        partial.unlink(missing_ok=True)
    return kept, digest.hexdigest()
