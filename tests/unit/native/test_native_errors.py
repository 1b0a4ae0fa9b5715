"""Refusals in one sentence, cancellation, and nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lakebook_native
import pytest
from lakebook_native import NativeError, process_dataset

from tests.unit.native.ingested import Ingest

ROWS = "id,text\n" + "".join(f"{n},row {n}\n" for n in range(200_000))


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A CSV file of several blocks."""
    path = tmp_path_factory.mktemp("big") / "big.csv"
    path.write_text(ROWS * 8, encoding="utf-8")
    yield path
    path.unlink()


def test_errors_are_one_tree() -> None:
    for name in ("EmptySource", "NotThisFormat", "Unreadable", "DiskFull", "Cancelled"):
        error = getattr(lakebook_native, name)
        assert issubclass(error, NativeError)
        assert error.__module__ == "lakebook_native"
        assert error.__doc__


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"  \r\n ", b"\xef\xbb\xbf"])
def test_a_source_without_content_is_empty(ingest: Ingest, content: bytes) -> None:
    with pytest.raises(lakebook_native.EmptySource):
        ingest(content)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "a JPEG image"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04" + bytes(100), "a ZIP archive"),
        (b"\x1f\x8b\x08\x00" + bytes(100), "a gzip archive"),
        (b"SQLite format 3\0" + bytes(100), "an SQLite database"),
        (bytes(5_000), "binary data"),
        (bytes(range(32)) * 40, "binary data"),
    ],
)
@pytest.mark.parametrize("asked", [None, "csv", "json"])
def test_what_is_no_text_is_named(ingest: Ingest, tmp_path: Path, content: bytes, what: str, asked: str | None) -> None:
    with pytest.raises(lakebook_native.NotThisFormat, match=what) as caught:
        ingest(content, name="sales.csv", format=asked)
    assert "sales.csv" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert not list(tmp_path.glob("out*"))


def test_a_format_that_the_content_is_not_is_refused(ingest: Ingest) -> None:
    with pytest.raises(lakebook_native.NotThisFormat, match="is not a Parquet file"):
        ingest("a,b\n1,2\n", format="parquet")
    with pytest.raises(lakebook_native.NotThisFormat, match="is a Parquet file"):
        ingest(b"PAR1" + bytes(50), format="csv")


def test_the_content_decides_not_the_name(ingest: Ingest) -> None:
    assert ingest('{"a": 1}\n', name="data.csv").result.dialect["format"] == "json"
    assert ingest("a,b\n1,2\n", name="data.json").result.dialect["format"] == "csv"


@pytest.mark.parametrize("wrong", ["xlsx", "CSV", ""])
def test_unknown_formats_are_wrong_use(ingest: Ingest, wrong: str) -> None:
    with pytest.raises(ValueError, match="csv, json or parquet"):
        ingest("a\n1\n", format=wrong)


@pytest.mark.parametrize("option", ["threads", "memory_limit"])
def test_counts_of_nothing_are_wrong_use(ingest: Ingest, option: str) -> None:
    with pytest.raises(ValueError, match=f"{option} must be at least 1"):
        ingest("a\n1\n", name="data.csv", **dict[str, Any]({option: 0}))


def test_a_missing_file_and_a_folder_cannot_be_read(tmp_path: Path) -> None:
    for source, reason in ((tmp_path / "missing.csv", "does not exist"), (tmp_path, "is a folder")):
        with pytest.raises(lakebook_native.Unreadable, match=reason):
            process_dataset(str(source), str(tmp_path / "out.parquet"))


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    keep_open = os.open(pipe, os.O_RDWR)
    try:
        with pytest.raises(lakebook_native.Unreadable, match="regular file"):
            process_dataset(str(pipe), str(tmp_path / "out.parquet"))
    finally:
        os.close(keep_open)


@pytest.mark.parametrize(("output", "reason"), [("missing/out.parquet", "does not exist"), ("folder", "is a folder")])
def test_an_output_that_cannot_be_is_said(tmp_path: Path, output: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    source = tmp_path / "data.csv"
    source.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(NativeError, match=reason):
        process_dataset(str(source), str(tmp_path / output))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "folder"]


FULL_DISK = """
import resource, signal, sys
import lakebook_native
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    lakebook_native.process_dataset(sys.argv[1], sys.argv[2])
except lakebook_native.DiskFull as error:
    print("full:", error)
"""


def test_an_output_that_does_not_fit_is_disk_full_and_leaves_nothing(big: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(big), str(output)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.stdout.startswith("full: the disk is full"), run.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_older_output_stays_until_the_new_one_is_whole(big: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    output.write_bytes(b"older")
    with pytest.raises(lakebook_native.Cancelled):
        process_dataset(str(big), str(output), progress=lambda fraction, rows: rows == 0)
    assert output.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]
    assert process_dataset(str(big), str(output)).row_count == len(ROWS.splitlines()) * 8 - 1
    assert output.read_bytes()[:4] == b"PAR1"


def test_progress_rises_from_nothing_to_the_whole(big: Path, tmp_path: Path) -> None:
    told: list[tuple[float, int]] = []
    result = process_dataset(str(big), str(tmp_path / "out.parquet"), progress=lambda *now: told.append(now))
    assert told == sorted(told)
    assert all(0.0 <= fraction <= 1.0 for fraction, _ in told)
    assert told[-1] == (1.0, result.row_count)


def test_cancelling_ends_the_work_within_a_second(big: Path, tmp_path: Path) -> None:
    refused: list[float] = []

    def refuse(fraction: float, rows: int) -> bool:
        refused.append(time.monotonic())
        return False

    with pytest.raises(lakebook_native.Cancelled, match="cancelled"):
        process_dataset(str(big), str(tmp_path / "out.parquet"), progress=refuse)
    assert time.monotonic() - refused[0] < 1.0
    assert len(refused) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_exception_of_the_callback_comes_through(big: Path, tmp_path: Path) -> None:
    def fail(fraction: float, rows: int) -> bool:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        process_dataset(str(big), str(tmp_path / "out.parquet"), progress=fail)
    assert list(tmp_path.iterdir()) == []


def test_other_threads_run_meanwhile(big: Path, tmp_path: Path) -> None:
    done = threading.Event()
    outcome: list[Any] = []

    def work() -> None:
        outcome.append(process_dataset(str(big), str(tmp_path / "out.parquet"), threads=1))
        done.set()

    worker = threading.Thread(target=work)
    worker.start()
    turns = 0
    while not done.wait(0.001):
        turns += 1
    worker.join()
    assert turns > 10
    assert outcome[0].row_count > 0


def test_temporary_files_go_where_they_are_told_and_leave_no_name(tmp_path: Path, ingest: Ingest) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    text = "id,name\n" + "".join(f"{n},é\n" for n in range(1_000))
    assert ingest(text.encode("utf-16"), temp_dir=str(scratch)).result.row_count == 1_000
    assert list(scratch.iterdir()) == []
    with pytest.raises(NativeError, match="folder does not exist"):
        ingest(text.encode("utf-16"), temp_dir=str(tmp_path / "nowhere"))


def test_the_module_says_its_version_and_is_typed() -> None:
    assert lakebook_native.__version__.count(".") == 2
    assert (Path(lakebook_native.__file__).parent / "py.typed").exists()
