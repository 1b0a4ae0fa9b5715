"""Named leases: one holder at a time, an epoch that only grows."""

from __future__ import annotations

import threading

import pytest

from lakebook.events.leases import hold, release
from lakebook.runtime import Runtime
from tests.unit.core.core_home import Days, told


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Days:
    """The clock of the leases."""
    return told(monkeypatch, "events.leases")


def test_one_holder_at_a_time(runtime: Runtime, clock: Days) -> None:
    assert hold(runtime.database, "leader", "a", 5) == 1
    assert hold(runtime.database, "leader", "b", 5) is None
    assert hold(runtime.database, "leader", "a", 5) == 1


def test_a_renewal_keeps_the_epoch_and_moves_the_end(runtime: Runtime, clock: Days) -> None:
    for _ in range(5):
        assert hold(runtime.database, "leader", "a", 5) == 1
        clock.go(seconds=4)
        assert hold(runtime.database, "leader", "b", 5) is None


def test_an_expired_lease_goes_to_the_next_with_a_new_epoch(runtime: Runtime, clock: Days) -> None:
    hold(runtime.database, "leader", "a", 5)
    clock.go(seconds=5)
    assert hold(runtime.database, "leader", "b", 5) == 2
    assert hold(runtime.database, "leader", "a", 5) is None
    clock.go(seconds=6)
    assert hold(runtime.database, "leader", "a", 5) == 3


def test_a_lease_given_back_is_free_at_once(runtime: Runtime, clock: Days) -> None:
    hold(runtime.database, "leader", "a", 60)
    release(runtime.database, "leader", "a")
    assert hold(runtime.database, "leader", "b", 60) == 2


def test_only_the_holder_gives_it_back(runtime: Runtime, clock: Days) -> None:
    hold(runtime.database, "leader", "a", 60)
    release(runtime.database, "leader", "b")
    release(runtime.database, "nothing", "a")
    assert hold(runtime.database, "leader", "b", 60) is None


def test_names_are_held_apart(runtime: Runtime, clock: Days) -> None:
    assert hold(runtime.database, "one", "a", 5) == 1
    assert hold(runtime.database, "two", "b", 5) == 1


def test_of_many_who_ask_together_one_gets_it(runtime: Runtime) -> None:
    epochs: list[int | None] = []
    together = threading.Barrier(6)

    def ask(holder: str) -> None:
        together.wait(10)
        epochs.append(hold(runtime.database, "leader", holder, 60))

    threads = [threading.Thread(target=ask, args=(str(n),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(epochs, key=str) == [1, None, None, None, None, None]
