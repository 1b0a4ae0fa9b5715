"""What a killed server left of whole files on their way goes when the next one starts; what still comes stays."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live_server import live_server
from tests.local_home import until

CUT = b"id,city\n1,Be"


@pytest.fixture(autouse=True)
def left(home: Path) -> Iterator[tuple[Path, Path]]:
    """Half a file of a server that is gone, and half a file of one that lives."""
    folder = home / "tmp"
    folder.mkdir(parents=True, mode=0o700)
    gone, alive = folder / "gone.upload", folder / "alive.upload"
    long_ago = time.time() - 60
    for path in (gone, alive):
        path.write_bytes(CUT)
        os.utime(path, (long_ago, long_ago))
    (folder / "fresh.upload").write_bytes(CUT)
    with alive.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield gone, alive


async def test_a_starting_server_drops_what_a_killed_one_left(left: tuple[Path, Path], jp_serverapp: Any) -> None:
    gone, alive = left
    app = jp_serverapp.extension_manager.extension_apps["lakebook_server"].pop()
    app.expire_uploads()
    until(lambda: not gone.exists())
    assert alive.read_bytes() == CUT


def test_what_was_left_a_moment_ago_goes_soon_after_the_start(tmp_path: Path, left: tuple[Path, Path]) -> None:
    folder, fresh = tmp_path / "files", left[0].with_name("fresh.upload")
    folder.mkdir()
    # However long the server takes to start, it finds the file too new to be sure of.
    os.utime(fresh, (time.time() + 3, time.time() + 3))
    with live_server(folder, home=left[0].parent.parent):
        until(lambda: not fresh.exists())
    assert left[1].read_bytes() == CUT
