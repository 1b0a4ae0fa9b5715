"""An upload is cut, resumed, kept once; nobody else's, never longer than said, gone when its time is over."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest

from lakebook.errors import ChecksumMismatch, Conflict, InvalidRequest, NotFound, PayloadTooLarge
from lakebook.ids import new_id
from lakebook.ingest import uploads
from lakebook.ingest.arrival import STEP, WriteBehind
from lakebook.ingest.uploads import Checksum, Upload, Uploads

BODY = b"id,city\n1,Bern\n2,Basel\n" * 1000


def opened(folder: Path) -> Uploads:
    """The uploads of a folder, as a server that has just started sees them."""
    for name in ("uploads", "files"):
        (folder / name).mkdir(exist_ok=True)
    return Uploads(folder / "uploads", folder / "files", most=1_000_000)


def send(store: Uploads, upload: Upload, offset: int, body: bytes) -> None:
    with store.appending(upload, offset) as appending:
        appending.write(body)


def begun(store: Uploads) -> Upload:
    return store.create("ada", "Orders.CSV", len(BODY), {"mode": "append"})


def test_a_cut_upload_goes_on_after_a_restart_with_the_same_hash(tmp_path: Path) -> None:
    half = len(BODY) // 2
    first = opened(tmp_path)
    upload_id = begun(first).upload_id
    send(first, first.show(upload_id, "ada"), 0, BODY[:half])
    second = opened(tmp_path)
    upload = second.show(upload_id, "ada")
    assert (second.offset(upload), upload.fields) == (half, {"mode": "append"})
    send(second, upload, half, BODY[half:])
    kept = second.keep(upload)
    assert kept.read_bytes() == BODY
    assert kept.name == f"{hashlib.sha256(BODY).hexdigest()}.csv"
    assert not list((tmp_path / "uploads").glob("*.part"))


def test_keeping_again_gives_the_same_file_also_after_a_restart(tmp_path: Path) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    send(store, upload, 0, BODY)
    kept = store.keep(upload)
    again = opened(tmp_path)
    same = again.show(upload.upload_id, "ada")
    assert again.keep(same) == kept
    assert again.offset(same) == len(BODY)
    with pytest.raises(Conflict, match="complete"):
        send(again, same, len(BODY), b"x")


def test_killed_before_the_move_the_file_is_still_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    send(store, upload, 0, BODY)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "exists", lambda _path: False)
        store.keep(upload)
    again = opened(tmp_path)
    assert again.keep(again.show(upload.upload_id, "ada")).read_bytes() == BODY
    assert not list((tmp_path / "uploads").glob("*.part"))


def test_half_an_upload_is_not_kept(tmp_path: Path) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    send(store, upload, 0, BODY[:10])
    with pytest.raises(Conflict, match="not complete"):
        store.keep(upload)
    assert not list((tmp_path / "files").iterdir())


@pytest.mark.parametrize("offset", [0, 9, 11])
def test_a_wrong_offset_is_refused_and_changes_nothing(tmp_path: Path, offset: int) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    send(store, upload, 0, BODY[:10])
    with pytest.raises(Conflict, match="stands at 10"):
        send(store, upload, offset, b"x")
    assert store.offset(upload) == 10


def test_two_requests_do_not_write_at_once(tmp_path: Path) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    with store.appending(upload, 0), pytest.raises(Conflict, match="Another request"):
        send(store, upload, 0, b"x")


def test_more_bytes_than_said_are_refused(tmp_path: Path) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    with pytest.raises(PayloadTooLarge):
        send(store, upload, 0, BODY + b"x")
    assert store.offset(upload) == 0


@pytest.mark.parametrize("upload_id", ["../../etc/passwd", "", "0198c0de-0000-7000-8000-000000000000"])
def test_an_unknown_upload_is_not_found(tmp_path: Path, upload_id: str) -> None:
    with pytest.raises(NotFound):
        opened(tmp_path).show(upload_id, "ada")


def test_another_user_does_not_find_it(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(NotFound):
        store.show(begun(store).upload_id, "eve")


@pytest.mark.parametrize(
    ("filename", "length", "error"),
    [
        ("", 1, InvalidRequest),
        ("a\0.csv", 1, InvalidRequest),
        ("a.csv", 0, InvalidRequest),
        ("a.csv", 1_000_001, PayloadTooLarge),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(tmp_path: Path, filename: str, length: int, error: type) -> None:
    store = opened(tmp_path)
    with pytest.raises(error):
        store.create("ada", filename, length)
    assert not list((tmp_path / "uploads").iterdir())


def test_a_dropped_upload_leaves_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    store.drop(upload)
    assert not list((tmp_path / "uploads").iterdir())


def test_leftovers_expire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    assert store.expire() == 0
    monkeypatch.setattr(uploads, "time", lambda: upload.expires + 1)
    with pytest.raises(NotFound):
        store.show(upload.upload_id, "ada")
    assert store.expire() == 1
    assert not list((tmp_path / "uploads").iterdir())


def test_a_checksum_is_verified_or_the_bytes_are_taken_back(tmp_path: Path) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    send(store, upload, 0, BODY[:10])
    wrong = Checksum("sha1", hashlib.sha1(b"other").digest())
    with store.appending(upload, 10, wrong) as appending:
        appending.write(BODY[10:20])
        with pytest.raises(ChecksumMismatch):
            appending.verify()
    assert store.offset(upload) == 10
    right = Checksum("sha1", hashlib.sha1(BODY[10:]).digest())
    with store.appending(upload, 10, right) as appending:
        appending.write(BODY[10:])
        appending.verify()
    assert store.keep(upload).read_bytes() == BODY


def test_a_cut_part_with_a_checksum_is_taken_back(tmp_path: Path) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    with store.appending(upload, 0, Checksum("sha256", b"never compared")) as appending:
        appending.write(BODY[:10])
    assert store.offset(upload) == 0


def test_checksums_of_other_kinds_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="crc32"):
        Checksum("crc32", b"")


def test_what_was_dropped_meanwhile_is_not_made_again(tmp_path: Path) -> None:
    store = opened(tmp_path)
    upload = begun(store)
    store.drop(upload)
    with pytest.raises(NotFound):
        send(store, upload, 0, BODY)
    with pytest.raises(NotFound):
        store.keep(upload)
    assert not list((tmp_path / "uploads").iterdir())


@pytest.mark.parametrize(("filename", "suffix"), [("a.tar.GZ", ".gz"), ("a", ""), ("a." + "x" * 300, "")])
def test_the_kept_file_has_the_suffix_where_it_is_one(tmp_path: Path, filename: str, suffix: str) -> None:
    store = opened(tmp_path)
    upload = store.create("ada", filename, len(BODY))
    send(store, upload, 0, BODY)
    assert store.keep(upload).name == hashlib.sha256(BODY).hexdigest() + suffix


@pytest.mark.parametrize("record", ["", "{", "[]", '{"upload_id": "x"}'])
def test_a_record_that_a_power_cut_left_empty_goes_and_keeps_no_other(tmp_path: Path, record: str) -> None:
    store = opened(tmp_path)
    sound, broken = begun(store), begun(store)
    (tmp_path / "uploads" / f"{broken.upload_id}.json").write_text(record)
    assert store.expire() == 1
    assert store.show(sound.upload_id, "ada") == sound
    assert {path.stem for path in (tmp_path / "uploads").iterdir()} == {sound.upload_id}


@pytest.mark.parametrize("age", [0, 3600])
def test_bytes_without_a_record_go_once_they_are_old(tmp_path: Path, age: float) -> None:
    """The server was killed while it began an upload; one that begins just now is left alone."""
    store = opened(tmp_path)
    part = tmp_path / "uploads" / f"{new_id()}.part"
    part.touch()
    stamp = part.stat().st_mtime - age
    os.utime(part, (stamp, stamp))
    assert store.expire() == (age > 0)
    assert part.exists() is (age == 0)


def test_a_part_while_a_sync_is_on_its_way_lets_the_next_one_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sync has a descriptor of its own; it must not keep the lock of the part that has left."""
    slow, synced = threading.Event(), os.fsync

    def wait(descriptor: int) -> None:
        slow.wait(30)
        synced(descriptor)

    monkeypatch.setattr(os, "fdatasync", wait, raising=False)
    store = Uploads(opened(tmp_path).folder, tmp_path / "files", most=2 * STEP)
    upload = store.create("ada", "a.csv", STEP + 1)
    send(store, upload, 0, bytes(STEP))
    send(store, upload, STEP, b"x")
    slow.set()
    assert store.keep(upload).stat().st_size == STEP + 1


def test_parts_of_any_size_are_brought_to_the_disk_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small parts leave no more for the end than one large one."""
    synced: list[int] = []
    monkeypatch.setattr(WriteBehind, "grown", lambda _behind, _file, size: synced.append(size))
    store = opened(tmp_path)
    upload = begun(store)
    for start in range(0, len(BODY), 5000):
        send(store, upload, start, BODY[start : start + 5000])
    assert synced == [*range(5000, len(BODY), 5000), len(BODY)]
    assert store.keep(upload).read_bytes() == BODY
