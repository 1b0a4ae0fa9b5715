"""Small workbooks of the forms that no library here writes: open document, binary, and the old one."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

from tests.unit.ingest.test_zip import packed_in

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
SPACES = "".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" ' for name in ("office", "table", "text")
)
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Cell = float | str | bool | None
# In the list forms a cell that is this text is an error.
DIVISION = "#DIV/0!"


def open_document(path: Path, *tables: str, manifest: str = "") -> None:
    """An `.ods` file with these tables, each the text of its element."""
    content = f"<office:document-content {SPACES}><office:body><office:spreadsheet>{''.join(tables)}"
    content += "</office:spreadsheet></office:body></office:document-content>"
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    packed_in(path, {
        "mimetype": MIMETYPE, "content.xml": content.encode(),
        "META-INF/manifest.xml": f"<manifest:manifest {space}>{manifest}</manifest:manifest>".encode(),
    })  # fmt: skip


def table(name: str, *rows: str) -> str:
    """A table of rows made by `row`."""
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


def row(*cells: float | str, times: int = 1) -> str:
    """A row of numbers and texts, said once for so many rows."""
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(map(cell, cells))}</table:table-row>'


def cell(value: float | str, times: int = 1) -> str:
    """A cell, said once for so many columns; a text that is a whole element stays one."""
    repeated = f'table:number-columns-repeated="{times}"'
    if isinstance(value, str) and value.startswith("<"):
        return value
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string" {repeated}><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}" {repeated}/>'


def binary(path: Path, rows: dict[int, dict[int, Cell]], sheet: str = "S") -> None:
    """An `.xlsb` file with one sheet; rows and columns count from 0."""
    named = struct.pack("<II", 0, 1) + _wide("rId1") + _wide(sheet)
    cells = b"".join(
        _record(0, struct.pack("<I", number) + bytes(13)) + b"".join(_binary_cell(at, one) for at, one in row.items())
        for number, row in rows.items()
    )
    parts = {
        "xl/workbook.bin": _record(143, b"") + _record(156, named) + _record(144, b"") + _record(132, b""),
        "xl/_rels/workbook.bin.rels": f'<R><Relationship Id="rId1" Type="{LINKS}/worksheet" '
        'Target="worksheets/sheet1.bin"/></R>'.encode(),
        "xl/worksheets/sheet1.bin": _record(129, b"") + _record(148, struct.pack("<4I", 0, max(rows), 0, 9))
        + _record(145, b"") + cells + _record(146, b"") + _record(130, b""),
    }  # fmt: skip
    packed_in(path, {"[Content_Types].xml": b"<Types/>", **parts})


def _binary_cell(at: int, value: Cell) -> bytes:
    place = struct.pack("<II", at, 0)
    if value == DIVISION:
        return _record(3, place + b"\x07")
    if isinstance(value, str):
        return _record(6, place + _wide(value))
    return _record(1, place) if value is None else _record(5, place + struct.pack("<d", value))


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size, length = b"", len(body)
    while True:
        length, low = length >> 7, length & 127
        size += bytes([low | (128 if length else 0)])
        if not length:
            return head + size + body


def old(path: Path, rows: Sequence[Sequence[Cell]], sheet: str = "S", stream: str = "Workbook") -> None:
    """An `.xls` file with one sheet: a container whose only part is the stream of records."""
    globals_of = [_old_record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1996, 0, 6))]
    name = bytes([len(sheet), 0]) + sheet.encode()
    begin = len(globals_of[0]) + 4 + 6 + len(name) + 4
    globals_of += [_old_record(0x85, struct.pack("<IBB", begin, 0, 0) + name), _old_record(0x0A, b"")]
    cells = [_old_record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 1996, 0, 6))]
    cells.append(_old_record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)))
    for number, line in enumerate(rows):
        for at, value in enumerate(line):
            place = struct.pack("<HHH", number, at, 15)
            if value == DIVISION:
                cells.append(_old_record(0x205, place + b"\x07\x01"))
            elif isinstance(value, str):
                cells.append(_old_record(0x204, place + struct.pack("<HB", len(value), 0) + value.encode("latin-1")))
            elif value is not None:
                cells.append(_old_record(0x203, place + struct.pack("<d", value)))
    path.write_bytes(container(stream, b"".join([*globals_of, *cells, _old_record(0x0A, b"")])))


def _old_record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def container(stream: str, content: bytes) -> bytes:
    """A compound file that holds one stream: a header, one sector of chains, one of names, then the content."""
    content = content.ljust(4096, b"\0")
    content += bytes(-len(content) % 512)
    sectors = len(content) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    chains = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header = header.ljust(512, b"\xff")
    names = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(stream, 2, 0xFFFFFFFF, 2, len(content)) + bytes(256)
    return header + chains + names + content


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    wide = name.encode("utf-16-le")
    head = wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide) + 2, kind, 1)
    return head + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36) + struct.pack("<IQ", start, size)
