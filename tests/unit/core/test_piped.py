"""A module spoken to by pipes: it inherits little, answers, and is gone when it is stopped."""

from __future__ import annotations

import json
import signal
import sys

import psutil
import pytest

from lakebook import piped
from lakebook.errors import Unavailable


def test_it_answers_by_its_pipes() -> None:
    process = piped.start("json.tool", ["--compact"])
    answer, _ = process.communicate(b'{"a": 1}')
    assert json.loads(answer) == {"a": 1}
    assert process.returncode == 0


def test_it_inherits_nothing_that_says_who_or_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")
    process = piped.start("json.tool", [], environment={"TOLD": "yes"})
    # Between the start of a program and its first step its environment reads as empty.
    environment = next(found for found in iter(psutil.Process(process.pid).environ, None) if found)
    piped.stop(process)
    assert "AWS_SECRET_ACCESS_KEY" not in environment
    assert "HOME" not in environment
    assert (environment["TOLD"], environment["PYTHONDONTWRITEBYTECODE"]) == ("yes", "1")


def test_stopped_it_is_reaped_and_its_pipes_are_closed() -> None:
    process = piped.start("json.tool", [])
    piped.stop(process)
    assert process.returncode == -signal.SIGKILL
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdin.closed
    assert process.stdout.closed


def test_without_a_python_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(Unavailable, match="no Python"):
        piped.start("json.tool", [])
