"""A home that `lakebook.open()` finds too, as it does in a kernel."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.runtime import open_runtime


@pytest.fixture(scope="session")
def bare_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its metadata made and nothing in it; copied, never opened again."""
    folder = tmp_path_factory.mktemp("bare") / "home"
    open_runtime(folder, upgrade=True).close()
    return folder


@pytest.fixture
def call(bare_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """A call on a home of the test's own."""
    home = tmp_path / "home"
    shutil.copytree(bare_home, home)
    monkeypatch.setenv("LAKEBOOK_HOME", str(home))
    runtime = open_runtime(home)
    yield Call(runtime, Principal("tester"), folder=tmp_path)
    runtime.close()
