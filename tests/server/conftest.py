"""A Jupyter Server with lakebook, on loopback, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPResponse

pytest_plugins = ["pytest_jupyter.jupyter_server"]

Ask = Callable[..., Awaitable[tuple[int, Any]]]
StartWorker = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def jp_server_config(home: Path) -> dict[str, Any]:
    """lakebook loaded, nobody let in without a token, workers only where a test wants them."""
    return {
        "ServerApp": {
            "jpserver_extensions": {"lakebook_server": True},
            "allow_unauthenticated_access": False,
        },
        "LakebookApp": {"home": str(home), "workers": 0},
    }


@pytest.fixture
def ask(jp_fetch: Callable[..., Awaitable[HTTPResponse]]) -> Ask:
    """Send a request to a lakebook path; returns status and JSON, for refusals too."""

    async def send(method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        options.setdefault("allow_nonstandard_methods", True)
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            answer = await jp_fetch(*path.strip("/").split("/"), method=method, body=sent, **options)
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body if error.response else b"null")
        return answer.code, json.loads(answer.body)

    return send


@pytest.fixture
def workers(home: Path) -> Iterator[StartWorker]:
    """Starts worker processes of the home with these variables; what still runs at the end goes with its children."""
    started: list[subprocess.Popen[bytes]] = []

    def start(**environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "lakebook.jobs.worker", "--home", str(home)]
        worker = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.terminate()
    for worker in started:
        worker.wait(20)
