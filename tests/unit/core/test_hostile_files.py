"""Hostile files on the whole path of a job: it fails with the reason in one line and a hint, and leaves nothing."""

from __future__ import annotations

import gzip
import json
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from lakebook.call import Call
from lakebook.ingest.keep import Incoming
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.models import Job
from lakebook.jobs.submit import submit
from lakebook.verbs import BY_NAME
from tests.unit.remains import left_in

pytestmark = pytest.mark.usefixtures("work_here")

UNPACKED = 8 << 20
DEPTH = 100_000


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", "id,name\n" + "0,0\n" * (UNPACKED // 2))


def lying_zip(path: Path) -> None:
    """Its directory and its member's head say that it holds ten bytes."""
    zip_bomb(path)
    said = struct.pack("<I", len("id,name\n") + 4 * (UNPACKED // 2))
    path.write_bytes(path.read_bytes().replace(said, struct.pack("<I", 10)))


def gzip_bomb(path: Path) -> None:
    path.write_bytes(gzip.compress(b"id,name\n" + b"0,0\n" * (UNPACKED // 2)))


def parquet(path: Path) -> bytes:
    pq.write_table(pa.table({"n": list(range(50_000))}), path, compression="snappy", use_dictionary=False)
    return path.read_bytes()


def without_footer(path: Path) -> None:
    path.write_bytes(parquet(path)[:-200])


def broken_pages(path: Path) -> None:
    whole = bytearray(parquet(path))
    whole[1_000:3_000] = b"\xff" * 2_000
    path.write_bytes(bytes(whole))


def huge_footer(path: Path) -> None:
    """The footer is said to be longer than the file."""
    path.write_bytes(parquet(path)[:-8] + struct.pack("<I", 1 << 31) + b"PAR1")


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content)


def no_columns(path: Path) -> None:
    pq.write_table(pa.table({}), path)


HOSTILE = {
    "zip bomb": ("bomb.zip", zip_bomb, "holds more than the 8,388,608 bytes", "LAKEBOOK_MAX_UNPACKED_BYTES"),
    "zip that lies of its size": ("lying.zip", lying_zip, "lying.zip", "Unpack|again|whole"),
    "gzip bomb": ("bomb.csv.gz", gzip_bomb, "holds more than the 8,388,608 bytes", "LAKEBOOK_MAX_UNPACKED_BYTES"),
    "torn zip": ("torn.zip", text("PK\x03\x04 and no more"), "torn.zip", "."),
    "torn gzip": ("torn.csv.gz", lambda path: path.write_bytes(gzip.compress(b"a,b\n" * 99)[:-9]), "torn", "."),
    "parquet without its footer": ("cut.parquet", without_footer, "damaged or incomplete Parquet", "Look at"),
    "parquet with broken pages": ("pages.parquet", broken_pages, "damaged or incomplete Parquet", "Look at"),
    "parquet with a huge footer": ("long.parquet", huge_footer, "damaged or incomplete Parquet", "Look at"),
    "parquet without columns": ("none.parquet", no_columns, "has no columns", "Look at"),
    "deep array": ("deep.json", text("[" * DEPTH + "]" * DEPTH), "holds no columns", "Look at"),
    "deep lists": ("deep.jsonl", text('{"a":' + "[" * DEPTH + "]" * DEPTH + "}\n"), "no JSON objects", "--format"),
    "deep objects": ("deep.jsonl", text('{"a":' * DEPTH + "1" + "}" * DEPTH + "\n"), "no JSON objects", "--format"),
    "objects without names": ("empty.jsonl", text("{}\n"), "holds no columns", "Look at"),
    "bytes that are zero": ("zeros.csv", lambda path: path.write_bytes(b"\0" * 1_000_000), "binary data", "--format"),
    "words that are no JSON": ("list.json", text("a,b\n1,2\n"), "holds no JSON objects", "--format"),
}  # fmt: skip


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the job's own process may unpack."""
    monkeypatch.setenv("LAKEBOOK_MAX_UNPACKED_BYTES", str(UNPACKED))


def ended(call: Call, source: Path) -> Job:
    """The job of this file's load, at its end."""
    job = submit(call, BY_NAME["ingest"], IngestRequest(source=str(source), name="hostile"))
    return call.runtime.jobs.show(job.job_id)


def nothing_is_left(call: Call) -> None:
    """No table, no staged file, no file of the lake."""
    assert call.runtime.catalog.datasets() == []
    assert left_in(call.runtime) == []
    assert [path for path in call.runtime.lake.folder.rglob("*") if path.is_file()] == []


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(("name", "make", "said", "hint"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_one_line(
    call: Call, tmp_path: Path, name: str, make: Callable[[Path], object], said: str, hint: str
) -> None:
    make(tmp_path / name)
    job = ended(call, tmp_path / name)
    assert job.status == "failed", job.result
    assert job.failure is not None
    assert job.failure["code"] == "bad_file", job.failure
    assert "\n" not in job.failure["message"]
    assert len(job.failure["message"]) < 200
    assert re.search(said, job.failure["message"])
    assert re.search(hint, job.failure["hint"])
    assert str(tmp_path) not in json.dumps(job.failure)
    nothing_is_left(call)
    (tmp_path / "good.csv").write_text("id\n1\n")
    assert ended(call, tmp_path / "good.csv").status == "completed"


@pytest.mark.parametrize(
    ("name", "content", "columns"),
    [("head.csv", b"a,b\n", 2), ("head.tsv", b"a\tb\tc", 3), ("quoted.csv", b'"a\nb","c"\n', 2)],
)
def test_a_head_without_rows_is_a_table_without_rows(
    call: Call, tmp_path: Path, name: str, content: bytes, columns: int
) -> None:
    (tmp_path / name).write_bytes(content)
    result = ended(call, tmp_path / name).result
    assert result is not None
    assert (result["rows"], result["columns"], result["rejected_rows"]) == (0, columns, 0)


def test_a_table_without_rows_is_one(call: Call, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.nulls(0, pa.int64()), "b": pa.nulls(0, pa.string())}), tmp_path / "none.parquet")
    result = ended(call, tmp_path / "none.parquet").result
    assert result is not None
    assert (result["rows"], result["columns"]) == (0, 2)


def test_very_many_columns_are_loaded(call: Call, tmp_path: Path) -> None:
    """A tenth of the 100,000 that are promised: it is the same path."""
    count = 10_000
    (tmp_path / "wide.csv").write_text(",".join(f"c{n}" for n in range(count)) + "\n" + ",".join("1" * count) + "\n")
    result = ended(call, tmp_path / "wide.csv").result
    assert result is not None
    assert (result["rows"], result["columns"]) == (1, count)


def test_a_file_that_vanishes_before_its_turn(call: Call, tmp_path: Path) -> None:
    for name in ("gone.csv", "empty.csv"):
        (tmp_path / name).write_text("id\n1\n")
    request = IngestRequest(source=str(tmp_path / "gone.csv"))
    job = submit(call, BY_NAME["ingest"], request, staffed=True)
    (tmp_path / "gone.csv").unlink()
    (tmp_path / "empty.csv").write_text("\n")
    ended(call, tmp_path / "empty.csv")
    failure = call.runtime.jobs.show(job.job_id).failure
    assert failure is not None
    assert (failure["code"], failure["message"]) == ("bad_file", "gone.csv is no longer there.")
    assert failure["hint"]
    nothing_is_left(call)


def test_a_file_that_grows_as_fast_as_it_is_read(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "log.csv"
    source.write_text("id\n" + "1\n" * 1_000)
    monkeypatch.setattr("lakebook.ingest.keep.BLOCK", 512)
    write = Incoming.write

    def growing(incoming: Incoming, block: bytes) -> None:
        with source.open("a") as file:
            file.write("2\n" * 1_000)
        write(incoming, block)

    monkeypatch.setattr(Incoming, "write", growing)
    failure = ended(call, source).failure
    assert failure is not None
    assert (failure["code"], failure["message"]) == ("bad_file", "log.csv was changed while it was read.")
    nothing_is_left(call)


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (PermissionError(13, "Permission denied"), "bad_file", "orders.csv may not be read."),
        (OSError(28, "No space left on device"), "disk_full", "No room left to keep orders.csv."),
        (OSError(5, "Input/output error"), "bad_file", "orders.csv cannot be read to its end."),
    ],
    ids=["permission", "disk", "device"],
)
def test_a_disk_that_refuses(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: OSError, code: str, said: str
) -> None:
    (tmp_path / "orders.csv").write_text("id\n1\n")

    def refusing(_incoming: Incoming, _block: bytes) -> None:
        raise fault

    monkeypatch.setattr(Incoming, "write", refusing)
    failure = ended(call, tmp_path / "orders.csv").failure
    assert failure is not None
    assert (failure["code"], failure["message"]) == (code, said)
    assert failure["hint"]
    nothing_is_left(call)
