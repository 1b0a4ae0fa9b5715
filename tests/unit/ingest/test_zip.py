"""Zip archives as sources: one member, several of one kind, and everything that is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from lakebook.call import Call
from lakebook.errors import BadFile
from lakebook.ingest.sources import members
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
    members = ["a/part1.csv", "a/part1.csv", "b/part2.csv"]
    assert rows_of(runtime, "orders") == [{**row, "member": name} for row, name in zip(ROWS, members, strict=True)]
    assert runtime.catalog.lineage(made.dataset_id)[0]["source"] == "orders.zip (2 files)"
    assert made.dialect["format"] == "csv"
    assert left_in(runtime) == []


def test_a_column_has_one_type_over_all_members(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    packed_in(
        tmp_path / "t.zip", {"a.csv": b"x,Member\n1,p\n2,q\n", "b.csv": b"x,Member\n1.5,r\n", "c.csv": b"x,y\nz,7\n"}
    )
    loaded(call, source="t.zip")
    assert [tuple(row.values()) for row in rows_of(runtime, "t")] == [
        ("1", "p", None, "a.csv"), ("2", "q", None, "a.csv"), ("1.5", "r", None, "b.csv"), ("z", None, 7, "c.csv"),
    ]  # fmt: skip
    assert list(rows_of(runtime, "t")[0]) == ["x", "Member", "y", "member_2"]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_members_of_every_kind_are_told(call: Call, runtime: Runtime, tmp_path: Path, ending: str) -> None:
    def content(*values: int) -> bytes:
        if ending == "jsonl":
            return "".join(f'{{"n":{value}}}\n' for value in values).encode()
        inside = io.BytesIO()
        pq.write_table(pa.table({"n": list(values)}), inside)
        return inside.getvalue()

    packed_in(tmp_path / "t.zip", {f"b.{ending}": content(3), f"a.{ending}": content(1, 2)})
    loaded(call, source="t.zip")
    assert [(row["n"], row["member"][0]) for row in rows_of(runtime, "t")] == [(1, "a"), (2, "a"), (3, "b")]


def test_what_was_odd_in_a_member_is_said(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    packed_in(tmp_path / "t.zip", {"a.csv": b"x,y\n1,2\n3\n", "b.csv": b"x,y\n4,5,6\n7,8\n"})
    made = loaded(call, source="t.zip")
    assert made.deviation_counts == {"short_row": 1, "long_row": 1}
    assert [row["member"] for row in rows_of(runtime, "t")] == ["a.csv", "a.csv", "b.csv", "b.csv"]
    again = loaded(call, source="t.zip", delimiter=";", mode="replace")
    assert (again.unchanged, again.dialect["delimiter"]) == (False, ";")
    assert loaded(call, source="t.zip", delimiter=";", mode="replace").unchanged


def test_members_whose_rows_do_not_add_up_are_loaded_plain(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "_rows_of", lambda *_given: 1)
    packed_in(tmp_path / "orders.zip", {"a.csv": CSV, "b.csv": CSV})
    made = loaded(call, source="orders.zip")
    assert made.deviation_counts == {"no_member": 1}
    assert rows_of(runtime, "orders") == [*ROWS, *ROWS]
    assert left_in(runtime) == []


def test_a_member_that_is_no_table_leaves_nothing(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    packed_in(tmp_path / "t.zip", {"a.parquet": b"PAR1 and no more", "b.parquet": b"PAR1"})
    with pytest.raises(BadFile):
        loaded(call, source="t.zip")
    assert left_in(runtime) == []


def test_more_than_may_be_unpacked_is_refused(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    runtime.settings.max_unpacked_bytes = 1000
    packed_in(tmp_path / "t.zip", {"a.csv": b"x\n" + b"1\n" * 300, "b.csv": b"x\n" + b"1\n" * 300})
    with pytest.raises(BadFile, match="more than the 1,000 bytes") as refused:
        loaded(call, source="t.zip")
    assert "LAKEBOOK_MAX_UNPACKED_BYTES" in refused.value.hint
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
        ({"a.xlsx": b"x", "b.ods": b"x"}, "several Excel files"),
        ({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}, "no workbook"),
    ],
    ids=[
        "words",
        "empty",
        "nothing",
        "archive",
        "hidden-archive",
        "kinds",
        "databases",
        "workbooks",
        "words-of-office",
    ],
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
