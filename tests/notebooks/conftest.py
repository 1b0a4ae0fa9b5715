"""A demo folder and a home of this run's own; whoever works for the home is sent away at the end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

import lakebook
from lakebook.client import Lakebook
from lakebook.demo.make import make_demo

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, complete, as of a fixed day."""
    folder = tmp_path_factory.mktemp("shop") / "demo"
    make_demo(folder, today=TODAY)
    return folder


@pytest.fixture(scope="module")
def shop_home(demo_folder: Path) -> Iterator[Path]:
    """The home that the demo's notebooks find by themselves; its workers end with the tests."""
    home = demo_folder / ".lakebook"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LAKEBOOK_URL", raising=False)
        patch.setenv("LAKEBOOK_HOME", str(home))
        yield home
        _dismiss_workers(home)


@pytest.fixture(scope="module")
def lb(shop_home: Path, demo_folder: Path) -> Iterator[Lakebook]:
    """lakebook on the shop's home, at work in the demo folder."""
    with pytest.MonkeyPatch.context() as patch, lakebook.open(shop_home) as opened:
        patch.chdir(demo_folder)
        yield opened


def _dismiss_workers(home: Path) -> None:
    """End the workers of this home, and nobody else's."""
    from lakebook.jobs.staff import living
    from lakebook.runtime import open_runtime

    runtime = open_runtime(home)
    for worker in living(runtime):
        with suppress(ProcessLookupError):
            os.killpg(worker["pid"], signal.SIGTERM)
    runtime.close()
