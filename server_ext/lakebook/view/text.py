"""A text file of any size as rows: counted block by block, read anywhere from the nearest anchor."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lakebook.view.cells import CsvCells, JsonCells
from lakebook.view.records import marks_of, record_bounds

BLOCK_BYTES = 8 << 20
PAGE_BYTES = 256 << 10
ANCHOR_ROWS = 1000
# A record that is longer is the work of a quote that nobody closed, or is no record of a table: it is cut.
LONGEST_RECORD = 16 << 20
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class TextRows:
    """Rows of a text file by their number; `count_on` reads the next block and counts its records."""

    def __init__(
        self, path: Path, dialect: dict[str, Any], columns: list[str], *, block_bytes: int = BLOCK_BYTES
    ) -> None:
        self._file = os.open(path, os.O_RDONLY)
        self.size = os.fstat(self._file).st_size
        self._marks, self._block_bytes = marks_of(dialect), block_bytes
        self._encoding = str(dialect.get("encoding") or "utf-8")
        self._cells = JsonCells(columns) if dialect.get("format") == "json" else CsvCells(dialect, columns)
        self._place = self._first_record(dialect)
        self._anchors = [self._place]
        self.rows_known = 0
        self.done = self._place >= self.size

    @property
    def columns(self) -> list[str]:
        """The columns, with those that were met below the first rows."""
        return self._cells.columns

    @property
    def counted(self) -> float:
        """The part of the file that is counted, 0 to 1."""
        return 1.0 if self.done else self._place / self.size

    def count_on(self) -> None:
        """Count the records of the next block."""
        begins, _, self._place = self._records(self._place, self._block_bytes)
        first = -self.rows_known % ANCHOR_ROWS
        anchors = begins[first::ANCHOR_ROWS]
        if self.rows_known == 0:
            anchors = anchors[1:]
        self._anchors += anchors
        self.rows_known += len(begins)
        self.done = self._place >= self.size

    def rows(self, offset: int, limit: int) -> list[list[Any]]:
        """The values of these rows, as far as they are counted."""
        end = min(offset + limit, self.rows_known)
        if offset >= end:
            return []
        first = offset // ANCHOR_ROWS
        found = itertools.islice(
            self._from(self._anchors[first]), offset - first * ANCHOR_ROWS, end - first * ANCHOR_ROWS
        )
        return [self._cells.values(text) for text in found]

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _from(self, place: int) -> Iterator[str]:
        """The texts of the records from a place on; one that is very long is cut."""
        while place < self.size:
            begins, ends, after = self._records(place, PAGE_BYTES)
            whole = self._read(place, min(after - place, LONGEST_RECORD))
            for begin, end in zip(begins, ends, strict=True):
                record = whole[begin - place : end - place]
                yield record.decode(self._encoding, "replace").rstrip("\r\n")
            place = after

    def _records(self, place: int, size: int) -> tuple[list[int], list[int], int]:
        """Where the records that begin in a block from `place` on begin and end, and where the next one begins."""
        while True:
            block = self._read(place, size)
            begins, ends, rest = record_bounds(block, self._marks)
            if rest:
                return (begins + place).tolist(), (ends + place).tolist(), place + rest
            if place + len(block) >= self.size:
                return ([place], [self.size], self.size) if block.strip(b"\r\n\0") else ([], [], self.size)
            if size >= LONGEST_RECORD:
                return self._overlong(place)
            size = min(size * 4, LONGEST_RECORD)

    def _overlong(self, place: int) -> tuple[list[int], list[int], int]:
        """The record at `place` ends with its line, whatever its quotes say."""
        at, step = place, self._marks.unit_bytes
        line_end = bytes([self._marks.newline]) if step == 1 else self._marks.newline.to_bytes(2, self._order())
        while at < self.size:
            block = self._read(at, BLOCK_BYTES)
            found = block.find(line_end)
            while found >= 0 and found % step:
                found = block.find(line_end, found + 1)
            if found >= 0:
                end = at + found + step
                return [place], [end], end
            at += len(block)
        return [place], [self.size], self.size

    def _first_record(self, dialect: dict[str, Any]) -> int:
        """Past the byte order mark, the lines to skip and the header."""
        head = self._read(0, 4)
        place = next((len(mark) for mark in BYTE_ORDER_MARKS if head.startswith(mark)), 0)
        for _ in range(int(dialect.get("skipped_lines") or 0)):
            place = self._overlong(place)[2]
        if dialect.get("header"):
            # Blank lines before the header go with it.
            place = self._end_of_first(place)
        return place

    def _end_of_first(self, place: int) -> int:
        _, ends, after = self._records(place, PAGE_BYTES)
        return ends[0] if ends else after

    def _order(self) -> Any:
        return "little" if self._marks.units == "<u2" else "big"

    def _read(self, place: int, size: int) -> bytes:
        read = os.pread(self._file, size, place)
        return read[: len(read) - len(read) % self._marks.unit_bytes] if place + len(read) < self.size else read
