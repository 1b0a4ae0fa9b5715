"""A job's memory is that of all it has started; over its limits the reason is one line with a hint."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from lakebook.errors import JobMemoryExceeded, JobTimedOut
from lakebook.jobs import limits
from lakebook.jobs.limits import MEGABYTE, Limits, memory_of

HELD = 200 * MEGABYTE
# A process that starts another; the inner one holds the memory and says so.
FAMILY = f"""
import subprocess, sys
inner = "held = b'x' * {HELD}; print('held', flush=True); input()"
subprocess.run([sys.executable, "-c", inner])
"""


@pytest.fixture
def family() -> Iterator[subprocess.Popen[str]]:
    """A process whose child holds 200 MB."""
    started = subprocess.Popen(
        [sys.executable, "-c", FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "held\n"
    yield started
    started.communicate("\n")


def test_what_was_started_counts(family: subprocess.Popen[str]) -> None:
    assert memory_of(family.pid) > HELD


def test_a_process_that_has_ended_uses_nothing() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert memory_of(ended.pid) == 0


def test_a_process_that_ends_while_it_is_looked_at_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    gone = psutil.Process(ended.pid)
    ended.communicate()
    monkeypatch.setattr(psutil.Process, "children", lambda _leader, recursive: [gone] if recursive else [])
    assert memory_of(os.getpid()) > MEGABYTE


def test_over_its_memory(family: subprocess.Popen[str]) -> None:
    reason = Limits(100 * MEGABYTE, 60.0).exceeded(family.pid, 1.0)
    assert isinstance(reason, JobMemoryExceeded)
    assert "more than its limit of 100 MB" in reason.message
    assert "LAKEBOOK_JOB_MEMORY_BYTES" in reason.hint
    assert "\n" not in reason.message


@pytest.mark.parametrize(("seconds", "over"), [(59.0, False), (60.0, False), (60.1, True)])
def test_over_its_time(seconds: float, over: bool) -> None:
    reason = Limits(1 << 40, 60.0).exceeded(os.getpid(), seconds)
    assert isinstance(reason, JobTimedOut) is over
    if reason is not None:
        assert reason.message == "The job ran past its limit of 60 seconds and was stopped."
        assert "LAKEBOOK_JOB_SECONDS" in reason.hint


def test_a_job_without_a_process_yet_is_within_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "memory_of", lambda _pid: 1 << 50)
    assert Limits(1, 60.0).exceeded(None, 1.0) is None
    assert Limits(1, 60.0).exceeded(1, 1.0) is not None
