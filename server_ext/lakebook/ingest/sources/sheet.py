"""A sheet on its way to a Parquet file: its region found, its columns typed, its oddities noted."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.call import Call
from lakebook.errors import DiskFull
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import packed, sheet_region
from lakebook.ingest.sources.notes import Notes
from lakebook.ingest.sources.sheet_columns import NULL_WORDS, Look, Typed, typed
from lakebook.ingest.sources.sheet_extent import Extent, letters_of
from lakebook.ingest.sources.sheet_region import SAMPLE, Cells, Region, Span, blank, filled, region_of, shown
from lakebook.ingest.sources.workbook_parts import Kind

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

BATCH = 5_000
FOOTERS = 20
# What the open form writes in place of a value; in the others such a text is a text.
ERROR_TEXT = re.compile(r"#(REF!|DIV/0!|VALUE!|NAME\?|NUM!|N/A|NULL!)|Err:\d{3}")


@dataclass(frozen=True)
class Book:
    """An open workbook's file, its form and its measures."""

    path: Path
    kind: Kind
    filename: str
    reach: dict[str, Extent]
    growth: packed.Growth


class Sheet:
    """One sheet on its way to a Parquet file."""

    def __init__(self, call: Call, request: IngestRequest, book: Book, sheet: CalamineSheet, notes: Notes) -> None:
        self.call, self.request, self.book, self.sheet, self.notes = call, request, book, sheet, notes
        self.left = sheet.start[1] if sheet.start else 0
        self.words = NULL_WORDS if request.null is None else frozenset(request.null)

    def write(self, plain: Path) -> Region | None:
        """Write the rows; where they were found, or None where there is nothing, not even a header."""
        rows, skip = self.sheet.iter_rows(), self.request.skip or 0
        region = region_of(rows, self.request.header, skip, self.notes, self._spans())
        if region is None:
            return None
        looks = self._looked(region)
        kept = [at for at, look in enumerate(looks) if region.labels[at].strip() or not look.nothing]
        self._note_columns(region, kept)
        # A word that means null in a column of numbers means it in a column of texts.
        nulls = frozenset(word.strip() for look in looks if look.typed for word in look.words)
        columns = [typed(looks[at], nulls if self.request.null is None else self.words) for at in kept]
        for at, column in zip(kept, columns, strict=True):
            for kind, reason in column.notes:
                self.notes.note(kind, region.labels[at] or None, None, reason)
        self._note_errors(region)
        self._copy(plain, region, kept, columns)
        return region

    def _spans(self) -> list[Span]:
        """The merged cells among the first rows, where a header may be."""
        spans = [
            Span(top + 1, start - self.left, bottom + 1, end - self.left)
            for (top, start), (bottom, end) in self.sheet.merged_cell_ranges or []
            if start >= self.left
        ]
        return sorted((span for span in spans if span.bottom - span.top < SAMPLE), key=lambda span: span.top)[:SAMPLE]

    def _looked(self, region: Region) -> list[Look]:
        looks = [Look() for _label in region.labels]
        for batch in _batches(self._rows(region, self.notes)):
            for look, cells in zip(looks, zip(*batch, strict=True), strict=True):
                look.take(cells, self.words)
            self.call.report(0.1, f"looking at {self.sheet.name}")
        return looks

    def _copy(self, plain: Path, region: Region, kept: list[int], columns: list[Typed]) -> None:
        import pyarrow as pa
        from pyarrow import parquet as pq

        labels = [region.labels[at] or f"column_{self.left + at + 1}" for at in kept]
        schema = pa.schema([pa.field(label, one.type) for label, one in zip(labels, columns, strict=True)])
        with pq.ParquetWriter(plain, schema, store_schema=False) as writer:
            done = 0
            for batch in _batches(self._rows(region, Notes())):
                if shutil.disk_usage(plain.parent).free < packed.SPARE_DISK:
                    raise DiskFull(f"No room left to read {self.book.filename}.")
                cells = list(zip(*batch, strict=True))
                arrays = [one.made_of(cells[at]) for at, one in zip(kept, columns, strict=True)]
                writer.write_batch(pa.record_batch(arrays, schema=schema))
                done += len(batch)
                self.call.report(0.1, f"reading {self.sheet.name}", rows=done)

    def _rows(self, region: Region, notes: Notes) -> Iterator[Cells]:
        """The rows of data, blank ones left out, labels of merged cells in each of their rows; footers are noted."""
        tail: list[tuple[int, Cells]] | None = None
        merged = Merged(self.sheet, region.first, self.left)
        for number, cells in enumerate(self.sheet.iter_rows(), 1):
            if number < region.first:
                continue
            if self.book.kind == "ods":
                self._without_errors(number, cells, region, notes)
            merged.fill(number, cells, notes)
            if all(type(cell) is str and blank(cell) for cell in cells):
                notes.counts["blank_line"] += 1
                tail = []
                continue
            if tail is not None:
                narrow = filled(cells) * 2 <= len(cells) and len(tail) < FOOTERS
                tail = [*tail, (number, cells)] if narrow else None
            yield cells
        for number, cells in tail or ():
            notes.note("footer", None, shown(cells), "stands below the table, as a row of it", line=number)

    def _without_errors(self, number: int, cells: Cells, region: Region, notes: Notes) -> None:
        for at, cell in enumerate(cells):
            if type(cell) is str and ERROR_TEXT.fullmatch(cell):
                cells[at] = ""
                self._note_error(number, at, cell, region, notes)

    def _note_columns(self, region: Region, kept: list[int]) -> None:
        taken: set[str] = set()
        for at in kept:
            label, place = region.labels[at], letters_of(self.left + at + 1)
            if not label:
                reason = f"the column {place} has no name"
                self.notes.note("renamed_column", None, place, reason, line=region.header or None)
            elif names.key(label) in taken:
                reason = f"the column {place} is called like another"
                self.notes.note("renamed_column", label, label, reason, line=region.header or None)
            taken.add(names.key(label))

    def _note_errors(self, region: Region) -> None:
        extent = self.book.reach.get(self.sheet.name, Extent())
        noted = 0
        for row, column, text in extent.errors:
            if row >= region.first:
                noted += 1
                self._note_error(row, column - 1 - self.left, text, region, self.notes)
        if extent.error_count > len(extent.errors):
            self.notes.counts["error_cell"] += extent.error_count - len(extent.errors)
        if extent.uncomputed:
            self.notes.note("uncomputed_formula", None, None, f"{extent.uncomputed} formulas were saved without their "
                            "values: read as null")  # fmt: skip
        if self.book.kind == "xls":
            self.notes.note("unseen_errors", None, None, "the old .xls form does not tell cells with errors from "
                            "empty ones: both are read as null")  # fmt: skip

    def _note_error(self, row: int, at: int, text: str, region: Region, notes: Notes) -> None:
        label = region.labels[at] if 0 <= at < len(region.labels) else ""
        place = f"{letters_of(self.left + at + 1)}{row}"
        notes.note("error_cell", label or None, text, f"{place} holds the error {text}: read as null", line=row)


class Merged:
    """Cells that are merged over several rows: a label is in each of them, a number in the first alone."""

    def __init__(self, sheet: CalamineSheet, first: int, left: int) -> None:
        self.begun: dict[int, list[tuple[int, int, int]]] = {}
        self.lasting: dict[int, tuple[int, Any]] = {}
        for (top, start), (bottom, end) in sheet.merged_cell_ranges or []:
            if top + 1 >= first:
                self.begun.setdefault(top + 1, []).append((start - left, bottom + 1, end - left))

    def fill(self, number: int, cells: Cells, notes: Notes) -> None:
        """Repeat in this row the labels that reach over it."""
        for at, (last, value) in list(self.lasting.items()):
            if number > last:
                del self.lasting[at]
            elif at < len(cells) and blank(cells[at]):
                cells[at] = value
        for at, last, end in self.begun.get(number, ()):
            if not 0 <= at < len(cells) or blank(cells[at]):
                continue
            label = isinstance(cells[at], (str, dt.date)) and last > number
            if label:
                self.lasting[at] = (last, cells[at])
            place = f"{last - number + 1} rows and {end - at + 1} columns"
            done = "in each of the rows" if label else "in the first alone"
            notes.note("merged_cells", None, sheet_region.said(cells[at]), f"one cell over {place}: {done}",
                       line=number)  # fmt: skip


def _batches(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
