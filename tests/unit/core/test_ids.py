"""Ids are UUIDv7 text that sorts as it was made; times are RFC 3339 in UTC."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lakebook import ids
from lakebook.ids import is_id, new_id, now, rfc3339


def test_an_id_is_a_uuid_of_version_7_and_of_now() -> None:
    made = uuid.UUID(new_id())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert abs((made.int >> 80) / 1000 - now().timestamp()) < 60


def test_ids_of_one_process_sort_as_they_were_made() -> None:
    made = [new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == 5000


def test_ids_still_grow_when_the_clock_stands_or_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    instants = iter([5_000_000_000_000_000_000, 5_000_000_000_000_000_000, 4_000_000_000_000_000_000])
    monkeypatch.setattr(ids, "_last", 0)
    monkeypatch.setattr("time.time_ns", lambda: next(instants))
    made = [new_id(), new_id(), new_id()]
    assert made == sorted(set(made))


def test_ids_of_many_threads_differ() -> None:
    made: list[str] = []

    def make() -> None:
        made.extend([new_id() for _ in range(500)])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(set(made)) == 4000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("019f0000-0000-7000-8000-000000000000", True),
        ("019F0000-0000-7000-8000-000000000000", False),
        ("019f0000000070008000000000000000", False),
        ("{019f0000-0000-7000-8000-000000000000}", False),
        ("orders", False),
        ("", False),
    ],
)
def test_is_id(text: str, expected: bool) -> None:
    assert is_id(text) is expected


def test_every_new_id_is_one() -> None:
    assert is_id(new_id())


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05.000000Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-01-02T03:04:05.000006Z"),
        (datetime(2026, 1, 2, 0, 30, tzinfo=timezone(timedelta(hours=2))), "2026-01-01T22:30:00.000000Z"),
    ],
)
def test_rfc3339(instant: datetime, text: str) -> None:
    assert rfc3339(instant) == text
    assert datetime.fromisoformat(text) == instant


def test_times_sort_as_they_read() -> None:
    start = datetime(2025, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    texts = [rfc3339(start + timedelta(microseconds=step)) for step in (0, 1, 10, 1_000_000, 86_400_000_000)]
    assert texts == sorted(texts)
    assert {len(text) for text in texts} == {27}


def test_now_is_in_utc() -> None:
    assert now().utcoffset() == timedelta(0)
