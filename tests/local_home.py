"""A home opened in the test's own process, calls on it, and notebooks to run there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.runtime import Runtime, open_runtime

USER = "tester"


@pytest.fixture
def runtime(home: Path) -> Iterator[Runtime]:
    """The services of a fresh home."""
    opened = open_runtime(home, upgrade=True)
    yield opened
    opened.close()


@pytest.fixture
def call(runtime: Runtime, tmp_path: Path) -> Call:
    """A call of the tester's, in a folder of the test's own; it is no job's."""
    return Call(runtime, Principal(USER), folder=tmp_path)


def code(source: str, *tags: str) -> Any:
    """A code cell."""
    return new_code_cell(source, metadata={"tags": list(tags)})


def write_notebook(path: Path, *cells: Any, **metadata: Any) -> Path:
    """Write a notebook of these cells; text that begins with `#` and a space is markdown, other text is code."""
    made = [_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    nbformat.write(new_notebook(cells=made, metadata=metadata), path)
    return path


def _cell(text: str) -> Any:
    return new_markdown_cell(text) if text.startswith("# ") else new_code_cell(text)


def until(true: Callable[[], Any], *, seconds: float = 30.0) -> Any:
    """Wait until the function returns something true, and return that; fails when it does not."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < deadline:
        found = true()
        if found:
            return found
        pause.wait(0.05)
    pytest.fail(f"nothing came in {seconds} seconds")
