"""Work that is waited for, and left behind once whoever waits has had enough."""

from __future__ import annotations

import threading

import pytest

from lakebook.errors import JobCancelled, QueryFailed
from lakebook.watched import watched


def nothing() -> None:
    """A look that finds nothing."""


def test_what_the_work_gives() -> None:
    assert watched(lambda: 7, nothing, every=0.01) == 7


def test_the_work_has_a_thread_of_its_own() -> None:
    assert watched(threading.get_ident, nothing, every=0.01) != threading.get_ident()


@pytest.mark.parametrize("fault", [QueryFailed("its own"), KeyboardInterrupt(), SystemExit(3)])
def test_what_the_work_raises_is_raised_here(fault: BaseException) -> None:
    def work() -> None:
        raise fault

    with pytest.raises(type(fault)) as caught:
        watched(work, nothing, every=0.01)
    assert caught.value is fault


def test_a_look_that_raises_leaves_the_work_behind() -> None:
    released, ended = threading.Event(), threading.Event()

    def work() -> None:
        released.wait(20)
        ended.set()

    def look() -> None:
        raise JobCancelled("not wanted any more")

    with pytest.raises(JobCancelled, match="not wanted"):
        watched(work, look, every=0.01)
    assert not ended.is_set()
    released.set()
    assert ended.wait(5)


def test_it_looks_until_the_work_is_done() -> None:
    looks: list[int] = []
    released = threading.Event()

    def look() -> None:
        looks.append(len(looks))
        if len(looks) == 3:
            released.set()

    assert watched(lambda: released.wait(20), look, every=0.01)
    assert len(looks) >= 3


def test_work_that_is_done_is_not_looked_at() -> None:
    def look() -> None:
        pytest.fail("the work was done")

    assert watched(lambda: "done", look, every=5.0) == "done"
