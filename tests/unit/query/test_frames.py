"""Frames are cut from a stream as they were written, however the bytes arrive."""

from __future__ import annotations

import io

import pytest

from lakebook.query.children.frames import DATA, END, LARGEST, READY, FrameReader, FrameWriter, write_frame

FRAMES = [(READY, b""), (DATA, b"abc"), (DATA, bytes(range(256)) * 20), (END, b"{}")]


def written() -> bytes:
    pipe = io.BytesIO()
    for kind, payload in FRAMES:
        write_frame(pipe, kind, payload)
    return pipe.getvalue()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64, 5000, 100_000])
def test_frames_survive_any_cut(size: int) -> None:
    reader, stream = FrameReader(), written()
    found = []
    for start in range(0, len(stream), size):
        found.extend(reader.feed(stream[start : start + size]))
    assert found == FRAMES


def test_half_a_frame_waits() -> None:
    reader, stream = FrameReader(), written()
    assert reader.feed(stream[:3]) == []
    assert reader.feed(stream[3:5]) == [(READY, b"")]


def test_a_file_of_frames_is_cut_into_pieces() -> None:
    pipe = io.BytesIO()
    writer = FrameWriter(pipe)
    assert writer.writable()
    assert writer.write(b"x" * (2 * LARGEST + 1)) == 2 * LARGEST + 1
    frames = FrameReader().feed(pipe.getvalue())
    assert [len(payload) for _, payload in frames] == [LARGEST, LARGEST, 1]
    assert {kind for kind, _ in frames} == {DATA}
