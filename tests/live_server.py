"""A real Jupyter Server with lakebook in a process of its own, for tests that come from outside."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PATIENCE = 60.0


@dataclass
class LiveServer:
    """Where the server is and how to speak to it."""

    url: str
    token: str
    home: Path
    root: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """The address that `lakebook.open` takes."""
        return f"{self.url}?token={self.token}"

    def http(self) -> httpx.Client:
        """A client of its API."""
        headers = {"Authorization": f"token {self.token}"}
        return httpx.Client(base_url=f"{self.url}lakebook/api/v1", headers=headers, timeout=60, trust_env=False)

    def socket_url(self, path: str) -> str:
        """The address of a WebSocket."""
        return f"{self.url.replace('http', 'ws', 1)}{path}?token={self.token}"


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def live_server(
    folder: Path, *, base_url: str = "/", home: Path | None = None, workers: int = 1, options: Sequence[str] = (),
    **environment: str,
) -> Iterator[LiveServer]:  # fmt: skip
    """Start a server in this folder, with these options of its command line, and stop it at the end."""
    port, token = free_port(), secrets.token_hex(16)
    home = home or folder / "home"
    command = [
        sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.base_url={base_url}", f"--ServerApp.root_dir={folder}", f"--LakebookApp.home={home}",
        "--ServerApp.allow_unauthenticated_access=False", f"--LakebookApp.workers={workers}",
        *options,
    ]  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAKEBOOK_HOME")}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**kept, **environment}, stdout=log, stderr=log, start_new_session=True
        )
    server = LiveServer(f"http://127.0.0.1:{port}{base_url}", token, home, folder, process)
    try:
        _until_it_answers(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_it_answers(server: LiveServer) -> None:
    end, pause = time.monotonic() + PATIENCE, threading.Event()
    with server.http() as http:
        while True:
            try:
                if http.get("/datasets").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            said = (server.root / "server.log").read_text(errors="replace")[-2000:]
            assert server.process.poll() is None, f"the server ended: {said}"
            assert time.monotonic() < end, f"the server does not answer: {said}"
            pause.wait(0.1)
