"""The live page for people who may run code: Voila in lakebook's own template asks nothing of another host."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.local_home import until, write_notebook

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
# Names of kinds of documents and drawings; nobody asks for them.
NAMESPACES = ("http://www.w3.org/", "http://purl.org/", "http://creativecommons.org/", "https://www.w3.org/TR/",
              "https://developer.mozilla.org/")  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a small notebook, as Voila serves it."""
    folder = tmp_path_factory.mktemp("voila")
    data = folder / "share"
    for kind in ("voila", "nbconvert"):
        (data / kind / "templates").mkdir(parents=True)
        (data / kind / "templates" / "lakebook").symlink_to(TEMPLATES / kind / "lakebook")
    notebook = write_notebook(folder / "live.ipynb", "# Live sales", "print('six times seven is', 6 * 7)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "voila", "--no-browser", "--template=lakebook", "--Voila.ip=127.0.0.1",
               f"--port={port}", "--Voila.port_retries=0", str(notebook)]  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, start_new_session=True,
            env={**os.environ, "JUPYTER_PATH": str(data)},
        )  # fmt: skip
    try:
        yield until(lambda: fetched(f"http://127.0.0.1:{port}/"), seconds=90)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def fetched(url: str) -> str:
    with suppress(httpx.TransportError):
        answer = httpx.get(url, timeout=60, trust_env=False)
        return answer.text if answer.status_code == 200 else ""
    return ""


def test_the_notebook_is_shown_with_its_outputs(page: str) -> None:
    assert "Live sales" in page
    assert "six times seven is 42" in page


def test_nothing_on_it_comes_from_another_host(page: str) -> None:
    addresses = re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}/[^\s\"'<>)]*", page)
    assert [address for address in addresses if not address.startswith(NAMESPACES)] == []
    assert "fontawesome" not in page.lower()


def test_the_browser_is_told_to_keep_it_so(page: str) -> None:
    rule = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert rule is not None
    assert rule[1].startswith("default-src 'self'")
    assert "http" not in rule[1]
    assert page.index(rule[0]) < page.index("<script")


def test_it_is_one_column_like_the_kept_page(page: str) -> None:
    assert "max-width: 960px" in page
