"""Uploads that go on after a cut: a growing file and a small record beside it, both outliving the server."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import time
from typing import BinaryIO
from uuid import UUID

from lakebook.errors import (
    ChecksumMismatch,
    Conflict,
    DiskFull,
    Gone,
    InvalidRequest,
    NotFound,
    PayloadTooLarge,
)
from lakebook.ids import new_id
from lakebook.ingest.arrival import WriteBehind, put_under, suffix_of

BLOCK = 8 << 20
LIFETIME = 7 * 24 * 3600.0
# Between its bytes' file and its record an upload is half made for an instant.
HALF_MADE_SECONDS = 60.0
ALGORITHMS = ("sha1", "sha256")


@dataclass
class Upload:
    """What is known of one upload; `length` in bytes, `expires` in seconds since the epoch."""

    upload_id: str
    owner: str
    filename: str
    length: int
    expires: float
    fields: dict[str, str] = field(default_factory=dict)
    kept: str | None = None


class Uploads:
    """The uploads of one home: `folder` holds those on their way, `files` the whole ones under their hash."""

    def __init__(self, folder: Path, files: Path, most: int) -> None:
        self.folder, self.files, self.most = folder, files, most
        self._digests: dict[str, Digest] = {}

    def create(self, owner: str, filename: str, length: int, fields: dict[str, str] | None = None) -> Upload:
        """Begin an upload of `length` bytes; InvalidRequest without a name or bytes, PayloadTooLarge past the limit."""
        if not filename or "\0" in filename:
            raise InvalidRequest("The file has no name.", hint="Send `filename` in Upload-Metadata.")
        if length <= 0:
            raise InvalidRequest("The file is empty.", hint="Choose a file that has rows.")
        if length > self.most:
            raise PayloadTooLarge(f"The file is larger than the {self.most:,} bytes this server takes.")
        upload = Upload(new_id(), owner, filename, length, time() + LIFETIME, fields or {})
        self._part(upload.upload_id).touch(mode=0o600)
        self._record(upload)
        return upload

    def show(self, upload_id: str, owner: str) -> Upload:
        """The owner's upload; NotFound for any other's or an unknown one, Gone for an expired one."""
        try:
            upload = Upload(**json.loads(self._facts(str(UUID(upload_id))).read_text()))
        except (ValueError, FileNotFoundError):
            raise _unknown() from None
        if upload.owner != owner:
            raise _unknown()
        if upload.expires < time():
            raise Gone("The time of this upload is over.")
        return upload

    def offset(self, upload: Upload) -> int:
        """How many bytes have come."""
        return upload.length if upload.kept else self._part(upload.upload_id).stat().st_size

    @contextmanager
    def appending(self, upload: Upload, offset: int, checksum: Checksum | None = None) -> Iterator[Appending]:
        """Write on from `offset`; Conflict where that is not the end, or where another request is writing.

        With a checksum, what was not verified is taken back on leaving.
        """
        if upload.kept is not None:
            raise Conflict("The upload is complete.", hint="Nothing is left to send.")
        with self._opened(upload) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Conflict("Another request is sending this upload.", hint="Ask for its offset again.") from None
            at = file.tell()
            if at != offset:
                raise Conflict(f"The upload stands at {at:,}, not at {offset:,}.", hint="Go on from its offset.")
            appending = Appending(file, self._digest(upload.upload_id, at), upload.length, checksum)
            try:
                yield appending
            finally:
                if checksum is not None and not appending.verified:
                    file.truncate(at)
                    self._digests.pop(upload.upload_id, None)
                # Said, for a sync still on its way has a descriptor of the same lock.
                fcntl.flock(file, fcntl.LOCK_UN)

    def keep(self, upload: Upload) -> Path:
        """Move the whole file under its hash; asked again it gives the same path."""
        part = self._part(upload.upload_id)
        if upload.kept is None:
            with self._opened(upload) as file:
                if os.fstat(file.fileno()).st_size != upload.length:
                    raise Conflict("The upload is not complete.", hint="Send the rest first.")
                digest = self._digest(upload.upload_id, upload.length)
                digest.behind.settle(file)
            upload.kept = f"{digest.hash.hexdigest()}{suffix_of(upload.filename)}"
            # Written down before the move: a server killed between the two finds the file where it stands.
            self._record(upload)
        if part.exists():
            put_under(part, self.files / upload.kept)
        self._digests.pop(upload.upload_id, None)
        return self.files / upload.kept

    def drop(self, upload: Upload) -> None:
        """Forget the upload and what came of it; a file that was kept stays."""
        self._digests.pop(upload.upload_id, None)
        self._part(upload.upload_id).unlink(missing_ok=True)
        self._facts(upload.upload_id).unlink(missing_ok=True)

    def expire(self) -> int:
        """Drop what nobody has finished in time, and what kills and power cuts left half made; how many went."""
        old = [path.stem for path in self.folder.iterdir() if self._is_over(path)]
        for upload_id in set(old):
            self._digests.pop(upload_id, None)
            for path in self.folder.glob(f"{upload_id}.*"):
                path.unlink(missing_ok=True)
        return len(set(old))

    def _is_over(self, path: Path) -> bool:
        try:
            if path.suffix == ".json":
                return Upload(**json.loads(path.read_text())).expires < time()
            if self._facts(path.stem).exists():
                return False
        except FileNotFoundError:
            return False
        except (ValueError, TypeError):
            # Cut off by a power cut; of a record that is just being written the file has another name.
            return True
        return path.stat().st_mtime + HALF_MADE_SECONDS < time()

    def _opened(self, upload: Upload) -> BinaryIO:
        try:
            # Not made where it is missing: another request may have dropped the upload.
            return os.fdopen(os.open(self._part(upload.upload_id), os.O_RDWR | os.O_APPEND), "ab")
        except FileNotFoundError:
            raise _unknown() from None

    def _part(self, upload_id: str) -> Path:
        return self.folder / f"{upload_id}.part"

    def _facts(self, upload_id: str) -> Path:
        return self.folder / f"{upload_id}.json"

    def _record(self, upload: Upload) -> None:
        fresh = self.folder / f"{upload.upload_id}.fresh"
        fresh.write_text(json.dumps(asdict(upload)))
        os.replace(fresh, self._facts(upload.upload_id))

    def _digest(self, upload_id: str, offset: int) -> Digest:
        """The hash of what has come: from memory, or read again after a restart."""
        known = self._digests.get(upload_id)
        if known is None or known.size != offset:
            known = self._digests[upload_id] = Digest()
            with self._part(upload_id).open("rb") as file:
                while block := file.read(BLOCK):
                    known.take(block)
        return known


class Digest:
    """A running SHA-256, the bytes it has seen, and how far they are on the disk."""

    def __init__(self) -> None:
        self.hash, self.size, self.behind = hashlib.sha256(), 0, WriteBehind()

    def take(self, block: bytes) -> None:
        """Add the next block."""
        self.hash.update(block)
        self.size += len(block)


class Checksum:
    """What one request says of its bytes: the algorithm (one of ALGORITHMS) and the digest they must have."""

    def __init__(self, algorithm: str, expected: bytes) -> None:
        if algorithm not in ALGORITHMS:
            raise InvalidRequest(f"The checksum is of no known kind: {algorithm!r}.", hint="Use sha1 or sha256.")
        self.running, self.expected = hashlib.new(algorithm, usedforsecurity=False), expected


class Appending:
    """One request's part of an upload."""

    def __init__(self, file: BinaryIO, digest: Digest, length: int, checksum: Checksum | None = None) -> None:
        self.file, self.digest, self.length = file, digest, length
        self.checksum, self.verified = checksum, False

    def write(self, block: bytes) -> int:
        """Take the next block, give the new offset; PayloadTooLarge past the length, DiskFull without room."""
        if self.digest.size + len(block) > self.length:
            raise PayloadTooLarge("More bytes came than the upload said.", hint="Start it again with its real length.")
        try:
            self.file.write(block)
            self.file.flush()
            self.digest.behind.grown(self.file, self.digest.size + len(block))
        except OSError as error:
            raise DiskFull("No room left for the upload.") from error
        self.digest.take(block)
        if self.checksum is not None:
            self.checksum.running.update(block)
        return self.digest.size

    def verify(self) -> None:
        """All bytes of the request have come; ChecksumMismatch where they are not those that were sent."""
        if self.checksum is not None and self.checksum.running.digest() != self.checksum.expected:
            raise ChecksumMismatch("The bytes that came do not have the checksum that was sent with them.")
        self.verified = True


def _unknown() -> NotFound:
    return NotFound("There is no such upload.", hint="Start it again.")
