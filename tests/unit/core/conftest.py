"""Each test has a home of its own, copied from one that was made once, and nobody works for it but the test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.runtime import Runtime, open_runtime

USER = "tester"


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its metadata made and nothing in it; copied, never opened again."""
    folder = tmp_path_factory.mktemp("fresh") / "home"
    open_runtime(folder, upgrade=True).close()
    return folder


@pytest.fixture
def runtime(fresh_home: Path, home: Path) -> Iterator[Runtime]:
    """The services of a fresh home."""
    shutil.copytree(fresh_home, home)
    opened = open_runtime(home)
    yield opened
    opened.close()


@pytest.fixture
def call(runtime: Runtime, tmp_path: Path) -> Call:
    """A call of the tester's, in a folder of the test's own; it is no job's."""
    return Call(runtime, Principal(USER), folder=tmp_path)


@pytest.fixture
def work_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that are submitted run at once, in the test's own process, as their child process would run them."""
    from lakebook.jobs import child

    def work(runtime: Runtime) -> None:
        while (row := runtime.jobs.claim("the test")) is not None:
            child.run_job(str(runtime.settings.home), row["job_id"], row["lease_epoch"])

    monkeypatch.setattr("lakebook.jobs.submit.ensure_worker", work)
    monkeypatch.setattr("lakebook.observe.logs.configure", lambda _settings: None)
    monkeypatch.setattr("os.setsid", lambda: None)
