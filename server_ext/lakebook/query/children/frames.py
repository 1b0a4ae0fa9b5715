"""The talk between the server's process and a sealed child: one kind byte, four of length, then the payload."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

READY, DATA, END = b"R", b"D", b"E"
HEADER = struct.Struct(">cI")
LARGEST = 1 << 20


def write_frame(pipe: BinaryIO, kind: bytes, payload: bytes) -> None:
    """Send one frame whole."""
    pipe.write(HEADER.pack(kind, len(payload)))
    pipe.write(payload)
    pipe.flush()


class FrameWriter(io.RawIOBase):
    """A file that sends what is written to it as data frames."""

    def __init__(self, pipe: BinaryIO) -> None:
        super().__init__()
        self._pipe = pipe

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Send the bytes; returns their number."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), LARGEST):
            write_frame(self._pipe, DATA, bytes(view[start : start + LARGEST]))
        return len(view)


class FrameReader:
    """Cuts a stream of bytes, given piece by piece, into frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """The frames that are whole after these bytes."""
        self._pending += data
        frames = []
        while len(self._pending) >= HEADER.size:
            kind, length = HEADER.unpack_from(self._pending)
            end = HEADER.size + length
            if len(self._pending) < end:
                break
            frames.append((kind, bytes(self._pending[HEADER.size : end])))
            del self._pending[:end]
        return frames
