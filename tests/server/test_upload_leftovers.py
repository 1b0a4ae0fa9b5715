"""What a killed server left of whole files on their way goes when the next one starts; what still comes stays."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
    with alive.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield gone, alive


async def test_a_starting_server_drops_what_a_killed_one_left(left: tuple[Path, Path], jp_serverapp: Any) -> None:
    gone, alive = left
    app = jp_serverapp.extension_manager.extension_apps["lakebook_server"].pop()
    app.expire_uploads()
    until(lambda: not gone.exists())
    assert alive.read_bytes() == CUT
