"""Workbooks of every form, damaged ones, locked ones and bombs: the same table, or one line and nothing left."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull, JobCancelled
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.ingest.sources import packed, sheet_extent, workbook, workbook_parts
from lakebook.ingest.sources.material import Material
from lakebook.ingest.sources.sheet_extent import letters_of, number_of, of_binary, of_document, of_xml
from lakebook.runtime import Runtime
from tests.unit.ingest.test_sources import loaded
from tests.unit.ingest.test_workbook import ORDERS, book, said
from tests.unit.ingest.test_zip import changed, packed_in
from tests.unit.ingest.workbook_forms import (
    DIVISION,
    binary,
    cell,
    container,
    old,
    open_document,
    row,
    table,
)
from tests.unit.remains import left_in, rows_of

ROWS = [{"id": 1, "x": 1.5}, {"id": 2, "x": None}]


def test_an_open_document(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    rows = [row("id", "x"), row(1, 1.5), row(2, DIVISION)]
    trailing = row('<table:table-cell table:number-columns-repeated="16384"/>', times=1_048_570)
    open_document(tmp_path / "t.ods", table("one", *rows, trailing), table("empty"))
    made = loaded(call, source="t.ods")
    assert rows_of(runtime, "t") == ROWS
    assert said(made)["error_cell"] == [DIVISION]
    assert made.deviation_counts == {"error_cell": 1, "left_out": 1}


def test_a_binary_workbook(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    binary(tmp_path / "t.xlsb", {0: {0: "id", 1: "x"}, 1: {0: 1.0, 1: 1.5}, 2: {0: 2.0, 1: DIVISION}})
    made = loaded(call, source="t.xlsb")
    assert rows_of(runtime, "t") == ROWS
    assert [(one.kind, one.raw, one.line) for one in made.deviations] == [("error_cell", DIVISION, 3)]


def test_an_old_workbook(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    old(tmp_path / "t.xls", [["id", "x"], [1.0, 1.5], [2.0, DIVISION]])
    made = loaded(call, source="t.xls")
    assert rows_of(runtime, "t") == ROWS
    assert made.deviation_counts == {"unseen_errors": 1}
    assert left_in(runtime) == []


def refused(call: Call, runtime: Runtime, source: str, words: str) -> None:
    """The source is refused with one line and a hint, and nothing of it stays."""
    with pytest.raises(BadFile, match=words) as error:
        loaded(call, source=source)
    assert error.value.hint
    assert "\n" not in str(error.value)
    assert left_in(runtime) == []
    assert runtime.catalog.datasets() == []


def with_sheet(path: Path, **parts: str) -> None:
    """A workbook whose parts are replaced by these; a part's name has `__` for a slash."""
    book(path, {"t": ORDERS})
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    found |= {f"xl/{name.replace('__', '/')}.xml": text.encode() for name, text in parts.items()}
    packed_in(path, found)


def sheet(cells: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'


FAR = [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    '<row r="1"><c r="A1"><is><t> r="A1"</t></is></c></row><row\nr = "1048576"><c\tr\n=\n"XFD1048576"><v/></c></row>',
]


@pytest.mark.parametrize("cells", FAR, ids=["tidy", "quotes", "blanks"])
def test_two_cells_at_the_ends_of_a_sheet_are_no_table(
    call: Call, runtime: Runtime, tmp_path: Path, cells: str
) -> None:
    with_sheet(tmp_path / "far.xlsx", worksheets__sheet1=sheet(cells))
    refused(call, runtime, "far.xlsx", "1,048,576 rows and 16,384 columns")


def test_far_cells_of_the_other_forms_are_no_table(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    binary(tmp_path / "far.xlsb", {0: {0: 1.0}, 1_048_575: {16_383: 1.0}})
    refused(call, runtime, "far.xlsb", "1,048,576 rows")
    open_document(tmp_path / "far.ods", table("t", row(cell(1, times=16_384), times=1_048_576)))
    refused(call, runtime, "far.ods", "1,048,576 rows")


def test_text_that_is_shared_has_a_limit(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_parts, "MOST_STRINGS", 100)
    book(tmp_path / "t.xlsx", {"t": [["x"], ["y" * 200]]})
    refused(call, runtime, "t.xlsx", "more text than")


def test_a_workbook_that_is_a_bomb(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "RATIO_FLOOR", 1 << 20)
    with_sheet(tmp_path / "bomb.xlsx", worksheets__sheet1=sheet(" " * (8 << 20)))
    refused(call, runtime, "bomb.xlsx", "250-fold")


def test_a_row_without_end_is_refused(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_extent, "LONGEST_ROW", 1 << 20)
    with_sheet(tmp_path / "t.xlsx", worksheets__sheet1=sheet("<row>" + "<c><v>1</v></c>" * 100_000 + "</row>"))
    refused(call, runtime, "t.xlsx", "row of the workbook is too long")


@pytest.mark.parametrize(
    ("stream", "words"),
    [("EncryptedPackage", "protected by a password"), ("WordDocument", "no workbook"), ("Other", "damaged")],
)
def test_containers_that_are_no_workbook(call: Call, runtime: Runtime, tmp_path: Path, stream: str, words: str) -> None:
    (tmp_path / "t.xls").write_bytes(container(stream, b"x"))
    refused(call, runtime, "t.xls", words)


def test_locked_and_foreign_documents(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    locked = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    open_document(tmp_path / "locked.ods", table("t", row(1)), manifest=locked)
    refused(call, runtime, "locked.ods", "protected by a password")
    packed_in(tmp_path / "t.docx", {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    refused(call, runtime, "t.docx", "no workbook")
    packed_in(tmp_path / "t.odt", {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})
    refused(call, runtime, "t.odt", "no workbook")


@pytest.mark.parametrize("name", ["report.xls", "report.XLSX"])
def test_web_pages_that_call_themselves_workbooks(call: Call, runtime: Runtime, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf\r\n<html><table><tr><td>1</td></tr></table></html>")
    refused(call, runtime, name, "web page under the name of a workbook")


@pytest.mark.parametrize(
    "parts",
    [
        {"worksheets__sheet1": "<worksheet><sheetData><row"},
        {"worksheets__sheet1": sheet('<row r="1"><c r="&#65;1"><v>1</v></c></row>')},
        {"workbook": "<workbook>"},
        {"workbook": '<workbook><sheets><sheet name="t" id="none"/></sheets></workbook>'},
        {"workbook": '<?xml version="1.0" encoding="no-such"?><workbook/>'},
        {"styles": "<styleSheet"},
        {"sharedStrings": "<sst><si><t>cut"},
    ],
    ids=["cut", "place", "index", "encoding", "link", "styles", "strings"],
)
def test_broken_parts_are_one_line(call: Call, runtime: Runtime, tmp_path: Path, parts: dict[str, str]) -> None:
    with_sheet(tmp_path / "t.xlsx", **parts)
    refused(call, runtime, "t.xlsx", "damaged|holds no rows")


@pytest.mark.parametrize("at", [30, 400, 2000, 4000])
def test_a_file_cut_short_is_one_line(call: Call, runtime: Runtime, tmp_path: Path, at: int) -> None:
    content = book(tmp_path / "t.xlsx", {"t": ORDERS}).read_bytes()
    (tmp_path / "t.xlsx").write_bytes(content[:at])
    refused(call, runtime, "t.xlsx", "damaged")


@pytest.mark.parametrize(("mark", "offset"), [(b"PK\x05\x06", 16), (b"PK\x01\x02", 42)], ids=["directory", "member"])
def test_an_archive_that_points_before_itself(
    call: Call, runtime: Runtime, tmp_path: Path, mark: bytes, offset: int
) -> None:
    path = book(tmp_path / "t.xlsx", {"t": ORDERS})
    changed(path, mark, offset, b"\xf0\xff\xff\xff")
    refused(call, runtime, "t.xlsx", "damaged")


def test_a_fault_of_the_library_is_one_line(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PanicException(BaseException):
        """What the library raises when it meets what it did not foresee."""

    def load(_path: str) -> None:
        raise PanicException

    monkeypatch.setattr("python_calamine.load_workbook", load)
    book(tmp_path / "t.xlsx", {"t": ORDERS})
    refused(call, runtime, "t.xlsx", "damaged")


def test_two_parts_of_one_name_are_refused(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", {"t": ORDERS})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/SHEET1.xml", sheet(FAR[0]))
    refused(call, runtime, "t.xlsx", "damaged")


@pytest.mark.parametrize("rows", [[], [["  "]], [[None]]], ids=["nothing", "blanks", "none"])
def test_a_workbook_without_rows(call: Call, runtime: Runtime, tmp_path: Path, rows: list[list[Any]]) -> None:
    book(tmp_path / "t.xlsx", {"t": rows})
    refused(call, runtime, "t.xlsx", "holds no rows")


def test_reading_stops_when_cancelled(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", {"t": ORDERS})
    cancelled = Call(runtime, call.principal, is_cancelled=lambda: True)
    whole = Material(None, [path], Options(), path.name)
    with pytest.raises(JobCancelled):
        list(workbook.of_file(cancelled, IngestRequest(source=str(path)), whole, {"filename": path.name}))
    assert left_in(runtime) == []


def test_a_disk_almost_full_is_said(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "SPARE_DISK", 1 << 62)
    book(tmp_path / "t.xlsx", {"t": ORDERS})
    with pytest.raises(DiskFull, match="No room"):
        loaded(call, source="t.xlsx")
    assert left_in(runtime) == []


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA"), (16_384, "XFD")])
def test_columns_have_letters(number: int, letters: str) -> None:
    assert letters_of(number) == letters
    assert number_of(letters.encode()) == number


@pytest.mark.parametrize("size", [1, 7, 50, 1 << 20])
def test_extents_do_not_depend_on_the_blocks(size: int, tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><v>1</v></c><c r="C{at}" t="e"><v>#N/A</v></c><c r="D{at}"><f>A1</f></c></row>'
        for at in range(3, 40)
    )
    text = sheet(rows).encode()
    found = of_xml(text[at : at + size] for at in range(0, len(text), size))
    assert (found.rows, found.columns, found.error_count, found.uncomputed) == (39, 4, 37, 37)
    assert found.errors[0] == (3, 3, "#N/A")
    binary(tmp_path / "t.xlsb", {at: {0: 1.0, 700: DIVISION} for at in range(300)})
    with zipfile.ZipFile(tmp_path / "t.xlsb") as archive:
        text = archive.read("xl/worksheets/sheet1.bin")
    found = of_binary(text[at : at + size] for at in range(0, len(text), size))
    assert (found.rows, found.columns, found.error_count) == (300, 701, 300)


def test_cells_without_places_follow_each_other() -> None:
    found = of_xml([sheet("<row><c><v>1</v></c><c/></row>" * 5 + "<row><c><v>1</v></c></row>").encode()])
    assert (found.rows, found.columns, found.holds) == (6, 2, True)
    found = of_xml([sheet('<row r="9"/><row><c r="B10"/></row>').encode()])
    assert (found.rows, found.columns, found.holds) == (10, 2, False)


def test_repeated_cells_count_as_many() -> None:
    content = f"<x xmlns:table='t' xmlns:office='o' xmlns:text='p'>{table('a', row(cell(1, times=3), times=4))}</x>"
    assert of_document([content.encode()])["a"].rows == 4
    assert of_document([content.encode()])["a"].columns == 3
