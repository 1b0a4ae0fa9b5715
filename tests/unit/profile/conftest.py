"""A home that `lakebook.open()` finds too, as it does in a kernel."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.runtime import open_runtime
from tests.unit.core.conftest import fresh_home

__all__ = ["fresh_home"]


@pytest.fixture
def call(fresh_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """A call on a home of the test's own."""
    home = tmp_path / "home"
    shutil.copytree(fresh_home, home)
    monkeypatch.setenv("LAKEBOOK_HOME", str(home))
    runtime = open_runtime(home)
    yield Call(runtime, Principal("tester"), folder=tmp_path)
    runtime.close()
