"""Zip archives as sources: one member, several of one kind, and everything that is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from lakebook.call import Call
from lakebook.errors import BadFile
from lakebook.runtime import Runtime
from tests.unit.ingest.test_sources import CSV, ROWS, loaded
from tests.unit.remains import left_in, rows_of


def packed_in(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def zip_of(members: dict[str, bytes]) -> bytes:
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return inside.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_one_member_is_the_table(call: Call, runtime: Runtime, tmp_path: Path, method: int) -> None:
    others = {
        "LICENSE": b"words",
        "pictures/": b"",
        "__MACOSX/._orders.csv": b"x",
        "notes.txt": b"a,b\n",
        ".x.csv": b"1",
    }
    packed_in(tmp_path / "orders.zip", {"data/orders.csv": CSV, **others}, method)
    made = loaded(call, source="orders.zip")
    assert made.name == "orders"
    assert rows_of(runtime, "orders") == ROWS
    assert runtime.catalog.lineage(made.dataset_id)[0]["source_kind"] == "archive"
    assert left_in(runtime) == []


def test_the_content_tells_not_the_name(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    packed_in(tmp_path / "orders.csv", {"orders.jsonl": b'{"id":1,"kind":"a"}\n'})
    loaded(call, source="orders.csv")
    assert rows_of(runtime, "orders") == ROWS[:1]


def test_text_is_data_where_nothing_else_is(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    packed_in(tmp_path / "orders.zip", {"orders.txt": CSV})
    loaded(call, source="orders.zip")
    assert rows_of(runtime, "orders") == ROWS


def test_members_of_one_kind_are_united_by_name(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    packed_in(tmp_path / "orders.zip", {"b/part2.csv": b"kind,id\na,3\n", "a/part1.csv": b"id,kind\n1,a\n2,b\n"})
    made = loaded(call, source="orders.zip")
    assert rows_of(runtime, "orders") == ROWS
    assert runtime.catalog.lineage(made.dataset_id)[0]["source"] == "orders.zip (2 files)"
    assert left_in(runtime) == []


@pytest.mark.parametrize("name", ["../../escaped.csv", "/etc/escaped.csv", "a/\x1b[31m.csv", "x" * 5000 + ".csv"])
def test_a_members_path_is_never_used(call: Call, runtime: Runtime, tmp_path: Path, name: str) -> None:
    packed_in(tmp_path / "orders.zip", {name: CSV})
    before = set(tmp_path.parent.rglob("*escaped*"))
    loaded(call, source="orders.zip")
    assert rows_of(runtime, "orders") == ROWS
    assert set(tmp_path.parent.rglob("*escaped*")) == before
    assert left_in(runtime) == []


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"readme.md": b"words"}, "holds no data"),
        ({"empty.csv": b""}, "holds no data"),
        ({}, "holds no data"),
        ({"inner.zip": zip_of({"a.csv": CSV}), "a.csv": CSV}, "further archives"),
        ({"a.csv": zip_of({"a.csv": CSV})}, "further archives"),
        ({"a.csv": CSV, "b.parquet": CSV}, "several kinds: csv, parquet"),
        ({"a.sqlite": b"x", "b.db": b"x"}, "several sqlite files"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "Excel files are not read yet"),
    ],
    ids=["words", "empty", "nothing", "archive", "hidden-archive", "kinds", "databases", "excel"],
)
def test_what_is_no_table_is_one_line(
    call: Call, runtime: Runtime, tmp_path: Path, members: dict[str, bytes], words: str
) -> None:
    packed_in(tmp_path / "orders.zip", {"x/": b"", **members})
    with pytest.raises(BadFile, match=words) as refused:
        loaded(call, source="orders.zip")
    assert refused.value.hint
    assert left_in(runtime) == []
    assert runtime.catalog.find("bronze", "orders") is None


def changed(path: Path, at: bytes, offset: int, value: bytes) -> None:
    """Write over bytes of every header that begins with the mark."""
    content = bytearray(path.read_bytes())
    found = content.find(at)
    while found >= 0:
        content[found + offset : found + offset + len(value)] = value
        found = content.find(at, found + 1)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("at", "offset", "value", "words"),
    [
        (b"PK\x01\x02", 8, b"\x01\x00", "encrypted"),
        (b"PK\x01\x02", 10, b"\x63\x00", "cannot be read|cannot be unpacked"),
        (b"PK\x01\x02", 16, b"\x01\x02\x03\x04", "damaged"),
        (b"PK\x05\x06", 0, b"xxxx", "damaged"),
    ],
    ids=["encrypted", "method", "checksum", "no-end"],
)
def test_a_damaged_or_locked_archive_is_one_line(
    call: Call, runtime: Runtime, tmp_path: Path, at: bytes, offset: int, value: bytes, words: str
) -> None:
    packed_in(tmp_path / "orders.zip", {"orders.csv": CSV})
    changed(tmp_path / "orders.zip", at, offset, value)
    with pytest.raises(BadFile, match=words):
        loaded(call, source="orders.zip")
    assert left_in(runtime) == []


def test_an_old_excel_file_is_one_line(call: Call, tmp_path: Path) -> None:
    (tmp_path / "book.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(BadFile, match="Excel files are not read yet"):
        loaded(call, source="book.xls")
