"""A whole file on its way in: hashed, on the disk when it is kept, gone when it is dropped or its server was killed."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from lakebook.errors import DiskFull
from lakebook.ingest import arrival
from lakebook.ingest.arrival import FARTHEST, STEP, Arrival, WriteBehind, drop_abandoned, put_under, suffix_of

BODY = b"id,city\n1,Bern\n"
BLOCK = bytes(STEP)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


class Disk:
    """Stands in for the threads that bring files to the disk: does what it is given when told."""

    def __init__(self) -> None:
        self.given: list[tuple[Future[Any], Any, tuple[Any, ...], dict[str, Any]]] = []

    def submit(self, work: Any, *arguments: Any, **named: Any) -> Future[Any]:
        self.given.append((Future(), work, arguments, named))
        return self.given[-1][0]

    def work(self) -> None:
        """Do everything that waits."""
        while self.given:
            future, work, arguments, named = self.given.pop(0)
            try:
                future.set_result(work(*arguments, **named))
            except OSError as error:
                future.set_exception(error)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk()
    monkeypatch.setattr(arrival, "_disk", made)
    yield made
    made.work()


def test_what_came_is_kept_under_its_hash(tmp_path: Path, files: Path) -> None:
    one = Arrival(tmp_path)
    for block in (BODY, b"2,Basel\n"):
        one.write(block)
    kept = one.keep(files, "Orders.CSV")
    whole = BODY + b"2,Basel\n"
    assert kept == files / f"{hashlib.sha256(whole).hexdigest()}.csv"
    assert kept.read_bytes() == whole
    assert one.size == len(whole)
    assert list(tmp_path.glob("*.upload")) == []


def test_a_dropped_one_leaves_nothing(tmp_path: Path) -> None:
    one = Arrival(tmp_path)
    one.write(BODY)
    one.drop()
    one.drop()
    assert list(tmp_path.iterdir()) == []


def test_it_is_on_the_disk_before_it_has_its_name(tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def sync(descriptor: int) -> None:
        done.append("sync")
        fsync(descriptor)

    def move(path: Path, kept: Path) -> None:
        done.append("move")
        replace(path, kept)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", move)
    one = Arrival(tmp_path)
    one.write(BODY)
    one.keep(files, "a.csv")
    assert done == ["sync", "move", "sync"]


def test_a_full_disk_is_said_in_words(tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_of: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    one = Arrival(tmp_path)
    one.write(BODY)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        one.keep(files, "a.csv")
    monkeypatch.setattr(one.behind, "grown", full)
    with pytest.raises(DiskFull):
        one.write(BODY)
    one.drop()
    assert list(files.iterdir()) == []


def test_a_step_is_brought_to_the_disk_beside(tmp_path: Path, disk: Disk) -> None:
    behind = WriteBehind()
    with (tmp_path / "a").open("wb") as file:
        for size in (STEP - 1, STEP, STEP + 1, 2 * STEP):
            behind.grown(file, size)
        assert len(disk.given) == 1
        disk.work()
        behind.grown(file, 2 * STEP - 1)
        assert disk.given == []
        behind.grown(file, 2 * STEP)
        assert len(disk.given) == 1


def test_a_sync_outlives_the_file(tmp_path: Path, disk: Disk) -> None:
    behind = WriteBehind()
    with (tmp_path / "a").open("wb") as file:
        behind.grown(file, STEP)
    ((future, *_),) = disk.given
    disk.work()
    assert future.exception() is None


def test_who_is_too_far_ahead_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is slow: the writer goes on until FARTHEST, and no further before the disk has followed."""
    slow, synced = threading.Event(), os.fsync

    def wait(descriptor: int) -> None:
        slow.wait(30)
        synced(descriptor)

    monkeypatch.setattr(os, "fdatasync", wait, raising=False)
    behind, went_on = WriteBehind(), threading.Event()
    with (tmp_path / "a").open("wb") as file:
        behind.grown(file, STEP)
        behind.grown(file, FARTHEST - 1)

        def go_on() -> None:
            behind.grown(file, FARTHEST)
            went_on.set()

        ahead = threading.Thread(target=go_on)
        ahead.start()
        assert not went_on.wait(0.1)
        slow.set()
        assert went_on.wait(30)
        ahead.join()
        behind.settle(file)


def test_a_disk_that_failed_beside_is_not_forgotten(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", broken, raising=False)
    for settle in (True, False):
        behind = WriteBehind()
        with (tmp_path / "a").open("wb") as file:
            behind.grown(file, STEP)
            disk.work()
            with pytest.raises(OSError, match="Input/output"):
                behind.settle(file) if settle else behind.grown(file, 2 * STEP)


def test_a_file_that_is_kept_already_stays(tmp_path: Path, files: Path, disk: Disk) -> None:
    first, second = Arrival(tmp_path), Arrival(tmp_path)
    for one in (first, second):
        one.write(BODY)
    kept = first.keep(files, "a.csv")
    node = kept.stat().st_ino
    assert second.keep(files, "b.csv") == kept
    assert kept.stat().st_ino == node
    disk.work()
    assert list(tmp_path.glob("*.upload")) == []


def test_half_a_file_of_the_same_name_does_not_stay(tmp_path: Path, files: Path) -> None:
    (files / "hash.csv").write_bytes(BODY[:3])
    (tmp_path / "fresh").write_bytes(BODY)
    assert put_under(tmp_path / "fresh", files / "hash.csv").read_bytes() == BODY
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize("age", [0, 60])
@pytest.mark.parametrize("held", [False, True])
def test_only_what_a_killed_server_left_is_dropped(tmp_path: Path, held: bool, age: float) -> None:
    path = tmp_path / "left.upload"
    path.write_bytes(BODY)
    (tmp_path / "other.part").write_bytes(BODY)
    stamp = path.stat().st_mtime - age
    os.utime(path, (stamp, stamp))
    with path.open("rb") as file:
        if held:
            fcntl.flock(file, fcntl.LOCK_EX)
        went = drop_abandoned(tmp_path)
    assert went == (not held and age > 0)
    assert path.exists() is not bool(went)
    assert (tmp_path / "other.part").exists()


def test_a_file_on_its_way_is_never_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "FRESH_SECONDS", 0.0)
    one = Arrival(tmp_path)
    one.write(BODY)
    assert drop_abandoned(tmp_path) == 0
    one.drop()


@pytest.mark.parametrize(("filename", "suffix"), [("A.CSV", ".csv"), ("a", ""), ("a." + "x" * 40, "")])
def test_endings(filename: str, suffix: str) -> None:
    assert suffix_of(filename) == suffix
