"""The guard that keeps every test on this machine: it refuses, it says where to, and it reaches child processes."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import loopback_only

ELSEWHERE = "192.0.2.1"
TESTS = Path(__file__).resolve().parent.parent
QUIET_ATTEMPT = f"""
import contextlib, socket

def test_quiet():
    with contextlib.suppress(OSError):
        socket.socket().connect(({ELSEWHERE!r}, 443))
"""


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "a.localhost", "", "0.0.0.0", b"::1", None]
)
def test_this_machine_is_local(host: object) -> None:
    assert loopback_only.is_local(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "10.0.0.1", "169.254.169.254", "2001:db8::1", "example.org", "localhost.org"]
)
def test_other_hosts_are_not(host: str) -> None:
    assert not loopback_only.is_local(host)


def test_a_connection_elsewhere_is_refused_and_recorded(refused_hosts: Callable[[], list[str]]) -> None:
    with socket.socket() as probe, pytest.raises(loopback_only.OutsideRefused, match=ELSEWHERE):
        probe.connect((ELSEWHERE, 443))
    assert refused_hosts() == [ELSEWHERE]


def test_a_datagram_elsewhere_is_refused(refused_hosts: Callable[[], list[str]]) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as probe, pytest.raises(loopback_only.OutsideRefused):
        probe.sendto(b"?", (ELSEWHERE, 53))
    assert refused_hosts() == [ELSEWHERE]


def test_names_are_not_looked_up(refused_hosts: Callable[[], list[str]]) -> None:
    with pytest.raises(loopback_only.OutsideRefused, match=r"example\.org"):
        socket.getaddrinfo("example.org", 443)
    assert refused_hosts() == ["example.org"]


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answered = threading.Thread(target=lambda: server.accept()[0].sendall(b"hello"))
        answered.start()
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            assert client.recv(5) == b"hello"
        answered.join()


def test_child_processes_are_watched_too(refused_hosts: Callable[[], list[str]]) -> None:
    code = f"import socket; socket.socket().connect(({ELSEWHERE!r}, 443))"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert child.returncode == 1
    assert "OutsideRefused" in child.stderr
    assert refused_hosts() == [ELSEWHERE]


def test_an_attempt_fails_the_run_even_where_a_library_swallows_it(tmp_path: Path) -> None:
    test = tmp_path / "test_quiet.py"
    test.write_text(QUIET_ATTEMPT, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != loopback_only.RECORD}
    environment["PYTHONPATH"] = os.pathsep.join([str(TESTS), str(TESTS / "loopback")])
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-q", str(test)]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "1 passed" in run.stdout
    assert re.search(rf"another host: {re.escape(ELSEWHERE)} from \S*test_quiet\.py::test_quiet", run.stdout)
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
