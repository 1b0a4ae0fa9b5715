"""How far a workbook's sheets reach and which cells hold errors, read block by block before anything is opened whole.

A few bytes can claim a cell in the last row and column; what lies between would be made in memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from lakebook.errors import BadFile
from lakebook.ingest.sources.packed import BLOCK, Growth

MOST_CELLS = 20_000_000
LONGEST_ROW = 64 << 20
SHOWN = 100
SHEET_SAID = 156
BINARY_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
                 43: "#GETTING_DATA"}  # fmt: skip
# As programs write a place, which is found fast, and as it may be written.
TIDY = re.compile(rb' r="([A-Z]{0,3})([0-9]{1,7})"')
UNTIDY = (b"='", b"= ", b" =", b"\t", b"\r", b"\n")
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
CELLS = (b"<c ", b"<c>", b"<c/", b":c ", b":c>", b":c/")
ERROR = re.compile(
    rb"""<(?:\w+:)?c\s([^>]{0,300}?\bt\s*=\s*["']e["'][^>]{0,300})>.{0,9000}?<(?:\w+:)?v>([^<]{0,40})<""", re.DOTALL
)
UNCOMPUTED = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]{0,300}/>)\s*</(?:\w+:)?c>")
VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)[ >]")


@dataclass
class Extent:
    """How far a sheet reaches, whether any cell holds a value, and the first cells with errors.

    Of those the row and the column, from 1, and their text.
    """

    rows: int = 0
    columns: int = 0
    holds: bool = False
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    error_count: int = 0
    uncomputed: int = 0

    def reach(self, row: int, column: int) -> None:
        """Take a cell in."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)

    def error(self, row: int, column: int, text: str) -> None:
        """Take a cell with an error in."""
        self.error_count += 1
        if len(self.errors) < SHOWN:
            self.errors.append((row, column, text))

    def check(self, sheet: str, filename: str) -> None:
        """BadFile where the sheet is too large to be held."""
        if self.rows * self.columns > MOST_CELLS:
            raise BadFile(
                f"The sheet {sheet!r} of {filename} reaches over {self.rows:,} rows and {self.columns:,} columns, "
                f"more than {MOST_CELLS:,} cells.",
                hint="Delete the stray cells far outside the table, or save the sheet as CSV.",
            )


def unpacked(archive: zipfile.ZipFile, member: str, growth: Growth) -> Iterator[bytes]:
    """A member's bytes block by block; BadFile for a bomb."""
    with archive.open(member) as source:
        while block := source.read(BLOCK):
            growth.count(len(block), growth.size)
            yield block


def of_xml(blocks: Iterable[bytes]) -> Extent:
    """The extent of a sheet of an `.xlsx` file."""
    extent, rest, ordinal = Extent(), b"", 0
    for block in blocks:
        rest += block
        cut = max(rest.rfind(b"<row"), rest.rfind(b":row"), 0)
        ordinal = _rows(extent, rest[:cut], ordinal)
        rest = rest[cut:]
        if len(rest) > LONGEST_ROW:
            raise BadFile("A row of the workbook is too long to be read.", hint="Save the sheet as CSV.")
    _rows(extent, rest, ordinal)
    return extent


def _rows(extent: Extent, text: bytes, ordinal: int) -> int:
    """Take whole rows in; rows and cells that do not say their place follow the one before."""
    tidy = not any(mark in text for mark in UNTIDY)
    places = (TIDY if tidy else PLACE).findall(text)
    letters = [column for column, _row in places]
    named = max(map(int, {row for _column, row in places}), default=0)
    ordinal = max(named, ordinal + text.count(b"<row") + text.count(b":row"))
    widest = max(map(number_of, set(letters)), default=0)
    if sum(map(text.count, CELLS)) > len(letters) - letters.count(b""):
        widest = max(widest, *(sum(map(row.count, CELLS)) for row in text.split(b"row")))
    extent.reach(ordinal, widest)
    for found in ERROR.finditer(text) if not tidy or b't="e"' in text else ():
        place = PLACE.search(found.group(1))
        row, column = (int(place.group(2)), number_of(place.group(1))) if place else (ordinal, 0)
        extent.error(row, column, found.group(2).decode(errors="replace"))
    extent.holds = extent.holds or VALUE.search(text) is not None
    if b"<f" in text or b":f" in text:
        extent.uncomputed += len(UNCOMPUTED.findall(text))
    return ordinal


def number_of(letters: bytes) -> int:
    """The column that the letters name, from 1: `A` is 1, `AA` is 27; nothing is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def letters_of(number: int) -> str:
    """The letters that name a column, from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def of_binary(blocks: Iterable[bytes]) -> Extent:
    """The extent of a sheet of an `.xlsb` file, which is a list of records."""
    extent, row = Extent(), 0
    for kind, body in records(blocks):
        if kind == 0 and len(body) >= 4:
            row = int.from_bytes(body[:4], "little") + 1
        elif 1 <= kind <= 11 and len(body) >= 4:
            column = int.from_bytes(body[:4], "little") + 1
            extent.reach(row, column)
            extent.holds = extent.holds or kind > 1
            if kind in (3, 11) and len(body) >= 9:
                extent.error(row, column, BINARY_ERRORS.get(body[8], "an error"))
    return extent


def records(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The kind and the first bytes of each record; of those that name a sheet, all."""
    rest = b""
    for block in blocks:
        rest, at = rest + block, 0
        while (header := _header(rest, at)) is not None:
            kind, start, size = header
            if start + size > len(rest):
                break
            yield kind, rest[start : start + (size if kind == SHEET_SAID else min(size, 9))]
            at = start + size
        rest = rest[at:]
        if len(rest) > LONGEST_ROW:
            raise BadFile("A row of the workbook is too long to be read.", hint="Save the sheet as CSV.")


def _header(text: bytes, at: int) -> tuple[int, int, int] | None:
    """A record's kind, where its body starts and how long it is; None where the bytes end before."""
    if at + 6 > len(text) and not _whole(text, at):
        return None
    kind = text[at]
    at += 1
    if kind > 127:
        kind, at = (kind & 127) | (text[at] & 127) << 7, at + 1
    size = shift = 0
    while True:
        byte = text[at]
        size, shift, at = size | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128 or shift == 28:
            return kind, at, size


def _whole(text: bytes, at: int) -> bool:
    """Whether a header near the end of the bytes ends before them."""
    head = text[at:]
    sizes = head[2:] if head[:1] > b"\x7f" else head[1:]
    return any(byte < 128 for byte in sizes[:4]) or len(sizes) >= 4


def of_document(blocks: Iterable[bytes]) -> dict[str, Extent]:
    """The extents of all sheets of an `.ods` file, by name; cells that are said once for many count as many."""
    found: dict[str, Extent] = {}
    extent, row, column, repeated = Extent(), 0, 0, 1

    def start(tag: str, marks: dict[str, str]) -> None:
        nonlocal extent, row, column, repeated
        if tag == "table:table":
            extent = found.setdefault(marks.get("table:name", ""), Extent())
            row = 0
        elif tag == "table:table-row":
            repeated, column = _times(marks, "table:number-rows-repeated"), 0
            row += repeated
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            column += _times(marks, "table:number-columns-repeated")
            if "office:value-type" in marks or "table:formula" in marks:
                extent.reach(row, column)
                extent.holds = True

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    for block in blocks:
        parser.Parse(block, False)
    parser.Parse(b"", True)
    return found


def _times(marks: dict[str, str], name: str) -> int:
    said = marks.get(name, "1")
    return int(said) if said.isdecimal() and len(said) < 9 else 1
