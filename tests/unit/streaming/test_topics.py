"""Topics in the metadata database: in order, each to itself, the newest kept."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest

from lakebook.runtime import Runtime
from lakebook.streaming.topics import TableTopics


def rows(count: int, start: int = 0) -> list[dict[str, object]]:
    return [{"n": number} for number in range(start, start + count)]


def values(topics: TableTopics, topic: str, after: int = 0, limit: int = 500) -> list[int]:
    return [row["n"] for _, row, _ in topics.read(topic, after, limit)]


@pytest.fixture
def topics(runtime: Runtime) -> TableTopics:
    """Topics that keep ten rows each."""
    return TableTopics(runtime.database, kept=10)


def test_without_a_broker_topics_are_in_the_metadata(runtime: Runtime) -> None:
    assert isinstance(runtime.topics, TableTopics)
    assert runtime.topics.kept == 10_000


def test_rows_come_back_in_order_with_numbers_and_times(topics: TableTopics) -> None:
    topics.publish("sales", rows(3))
    topics.publish("sales", rows(2, 3))
    found = topics.read("sales", 0)
    numbers = [number for number, _, _ in found]
    assert [row for _, row, _ in found] == rows(5)
    assert numbers == sorted(set(numbers))
    assert topics.newest("sales") == numbers[-1]
    assert all(stamp.endswith("Z") and stamp[10] == "T" for _, _, stamp in found)


def test_reading_goes_on_from_a_number(topics: TableTopics) -> None:
    topics.publish("sales", rows(5))
    second = topics.read("sales", 0)[1][0]
    assert values(topics, "sales", second) == [2, 3, 4]
    assert values(topics, "sales", second, limit=2) == [2, 3]
    assert values(topics, "sales", topics.newest("sales")) == []


def test_topics_know_nothing_of_each_other(topics: TableTopics) -> None:
    topics.publish("a", rows(1))
    topics.publish("b", rows(1, 7))
    assert values(topics, "a") == [0]
    assert values(topics, "b") == [7]
    assert topics.newest("nobody") == 0
    assert topics.read("nobody", 0) == []


def test_only_the_newest_are_kept_and_only_of_that_topic(topics: TableTopics) -> None:
    topics.publish("quiet", rows(3))
    topics.publish("busy", rows(25))
    topics.publish("busy", rows(4, 25))
    assert values(topics, "busy") == list(range(19, 29))
    assert values(topics, "quiet") == [0, 1, 2]


def test_numbers_grow_on_after_old_rows_are_forgotten(topics: TableTopics) -> None:
    topics.publish("sales", rows(10))
    before = topics.newest("sales")
    topics.publish("sales", rows(30))
    assert [number > before for number, _, _ in topics.read("sales", before)] == [True] * 10


def test_values_travel_as_json(topics: TableTopics) -> None:
    topics.publish("sales", [{"price": Decimal("12.50"), "day": date(2011, 12, 9), "big": 2**60, "none": None}])
    ((_, row, _),) = topics.read("sales", 0)
    assert row == {"price": "12.50", "day": "2011-12-09", "big": str(2**60), "none": None}


def test_nothing_sent_is_nothing_kept(topics: TableTopics) -> None:
    topics.publish("sales", [])
    assert topics.newest("sales") == 0


def test_senders_at_once_lose_nothing(runtime: Runtime) -> None:
    topics = TableTopics(runtime.database)

    def send(start: int) -> None:
        for offset in range(5):
            topics.publish("sales", rows(4, start + 4 * offset))

    senders = [threading.Thread(target=send, args=(start,)) for start in range(0, 80, 20)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(values(topics, "sales")) == list(range(80))


def test_closing_leaves_the_database_to_its_owner(topics: TableTopics) -> None:
    topics.close()
    topics.publish("sales", rows(1))
    assert values(topics, "sales") == [0]
