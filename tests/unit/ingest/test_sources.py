"""Compressed files, folders, patterns and addresses as sources: equal to plain, bounded, nothing left behind."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lakebook.call import Call, JobSeat
from lakebook.errors import BadFile, DiskFull, InvalidRequest, JobCancelled, LakebookError, NameTaken
from lakebook.ingest import accept
from lakebook.ingest.models import IngestRequest, IngestResult
from lakebook.ingest.sources import folder, packed
from lakebook.ingest.sources.gather import gather, scheme_of, title_of
from lakebook.ingest.sources.material import Material
from lakebook.jobs.submit import submit
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.unit.remains import left_in, rows_of

CSV = b"id,kind\n1,a\n2,b\n3,a\n"
ROWS = [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}, {"id": 3, "kind": "a"}]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda plain: pa.compress(plain, "zstd", asbytes=True),
}


def loaded(call: Call, **request: Any) -> IngestResult:
    job = submit(call, BY_NAME["ingest"], IngestRequest(**request), staffed=True)
    row = call.runtime.jobs.claim("the test")
    assert row is not None
    seat = JobSeat(job.job_id, row["lease_epoch"], dict(row["metadata"]))
    inner = Call(call.runtime, call.principal, job=seat, folder=call.folder)
    return accept.ingest(inner, IngestRequest(**row["request"]))


@pytest.mark.parametrize("packing", sorted(PACKERS))
@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.packed"])
def test_a_compressed_file_is_its_plain_table(
    call: Call, runtime: Runtime, tmp_path: Path, packing: str, name: str
) -> None:
    (tmp_path / name).write_bytes(PACKERS[packing](CSV))
    assert packed.packing_of(tmp_path / name) == packing
    loaded(call, source=name, name="orders")
    assert rows_of(runtime, "orders") == ROWS
    assert left_in(runtime) == []


def test_the_name_is_that_of_the_content(call: Call, tmp_path: Path) -> None:
    (tmp_path / "orders.csv.zst").write_bytes(PACKERS["zstd"](CSV))
    assert loaded(call, source="orders.csv.zst").name == "orders"


@pytest.mark.parametrize("packing", sorted(PACKERS))
def test_a_file_cut_short_is_one_error(call: Call, runtime: Runtime, tmp_path: Path, packing: str) -> None:
    plain = b"".join(b"%d,%d\n" % (at, at * 7919 % 10007) for at in range(50_000))
    (tmp_path / "orders.csv.x").write_bytes(PACKERS[packing](plain)[:-100])
    with pytest.raises(BadFile, match="cut short or damaged"):
        loaded(call, source="orders.csv.x", name="orders")
    assert left_in(runtime) == []
    assert runtime.catalog.find("bronze", "orders") is None


def zip_of(**members: bytes) -> bytes:
    packed_up = io.BytesIO()
    with zipfile.ZipFile(packed_up, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.csv", content)
    return packed_up.getvalue()


BOMBS = {"gz": gzip.compress(bytes(16 << 20)), "zip": zip_of(**{f"part{at}": bytes(2 << 20) for at in range(6)})}
SOUND = {"gz": gzip.compress(CSV), "zip": zip_of(orders=CSV)}


@pytest.mark.parametrize("ending", sorted(BOMBS))
def test_a_bomb_is_refused_and_leaves_nothing(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(packed, "RATIO_FLOOR", 4 << 20)
    (tmp_path / f"zeros.csv.{ending}").write_bytes(BOMBS[ending])
    with pytest.raises(BadFile, match="250-fold"):
        loaded(call, source=f"zeros.csv.{ending}")
    assert left_in(runtime) == []


@pytest.mark.parametrize("ending", sorted(SOUND))
def test_a_disk_almost_full_is_said_before_it_is_full(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(packed, "SPARE_DISK", 1 << 62)
    (tmp_path / f"orders.csv.{ending}").write_bytes(SOUND[ending])
    with pytest.raises(DiskFull, match="unpack orders"):
        loaded(call, source=f"orders.csv.{ending}")
    assert left_in(runtime) == []


def test_unpacking_stops_when_cancelled(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "orders.csv.gz").write_bytes(gzip.compress(CSV))
    cancelled = Call(runtime, call.principal, is_cancelled=lambda: True)
    with pytest.raises(JobCancelled):
        packed.unpack(cancelled, tmp_path / "orders.csv.gz", "gzip", "orders.csv.gz")
    assert left_in(runtime) == []


@pytest.mark.parametrize("source", ["data", "data/*.csv", "**/part*.csv"])
def test_a_folder_or_pattern_is_one_table(call: Call, runtime: Runtime, tmp_path: Path, source: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "part2.csv").write_bytes(b"kind,id\na,3\n")
    (tmp_path / "data" / "part1.csv").write_bytes(b"id,kind\n1,a\n2,b\n")
    (tmp_path / "data" / ".hidden.json").write_bytes(b"{}")
    made = loaded(call, source=source, name="orders")
    assert rows_of(runtime, "orders") == ROWS
    (edge,) = runtime.catalog.lineage(made.dataset_id)
    assert edge["source_kind"] == "folder"
    assert edge["source"].endswith("(2 files)")


def test_files_of_several_kinds_are_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(CSV)
    (tmp_path / "data" / "b.parquet").write_bytes(CSV)
    with pytest.raises(BadFile, match=r"several kinds: \.csv, \.parquet"):
        accept.prepare(call, IngestRequest(source="data"))


@pytest.mark.parametrize("source", ["empty", "empty/*.csv"])
def test_an_empty_match_is_refused_at_the_door(call: Call, tmp_path: Path, source: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFile, match="No file with content"):
        accept.prepare(call, IngestRequest(source=source))


@pytest.mark.parametrize(
    ("pattern", "words"), [("/a/data/*.csv", "data"), ("/a/sales_*.csv", "sales"), ("/a/shop/**/*.csv", "shop")]
)
def test_a_pattern_has_a_title(pattern: str, words: str) -> None:
    assert folder.title(Path(pattern)) == words


def test_an_unknown_scheme_is_refused_at_the_door(call: Call) -> None:
    with pytest.raises(InvalidRequest, match="gopher://"):
        accept.prepare(call, IngestRequest(source="gopher://x/y"))
    assert scheme_of("S3://bucket/key") == "s3"
    assert scheme_of("C:/data.csv") is None


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("s3://bucket/a/orders.csv", "orders.csv"),
        ("https://me:secret@host/x.csv?sig=1", "x.csv"),
        ("postgresql://me:secret@host", "host"),
    ],
)
def test_an_addresss_title_holds_no_secret(address: str, title: str) -> None:
    assert title_of(address) == title


def several(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *contents: bytes) -> None:
    """Let the source hold one table of each content."""

    def tables(inner: Call, request: IngestRequest, facts: dict[str, Any]) -> Iterator[Material]:
        (one,) = gather(inner, request, facts)
        for at, content in enumerate(contents):
            path = tmp_path / f"table{at}.csv"
            path.write_bytes(content)
            yield Material(f"sheet {at}", [path], one.options, one.source, source_hash=str(at), passing=[path])

    monkeypatch.setattr(accept, "gather", tables)


def test_several_tables_each_under_its_name(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.csv").write_bytes(CSV)
    several(call, tmp_path, monkeypatch, CSV, b"", CSV)
    made = loaded(call, source="book.csv", name="shop")
    assert made.name == "shop_sheet_0"
    failed, other = sorted(made.tables, key=lambda table: table.name)
    assert (failed.name, failed.dataset_id) == ("sheet 1", None)
    assert failed.error
    assert (other.name, other.rows) == ("shop_sheet_2", 3)
    assert rows_of(runtime, "shop_sheet_2") == ROWS
    assert not list(tmp_path.glob("table*.csv"))


def test_several_of_which_none_can_be_made_is_an_error(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.csv").write_bytes(CSV)
    several(call, tmp_path, monkeypatch, CSV)
    loaded(call, source="book.csv", name="shop")
    with pytest.raises(NameTaken):
        loaded(call, source="book.csv", name="shop")
    several(call, tmp_path, monkeypatch, b"")
    with pytest.raises(LakebookError):
        loaded(call, source="book.csv", name="other")
    assert len(runtime.catalog.versions(runtime.catalog.dataset("shop_sheet_0").dataset_id)) == 1
