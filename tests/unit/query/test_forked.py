"""Children are forked from one program, which is started anew where it is gone and leaves nobody behind."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator

import psutil
import pytest

from lakebook.query.children import forked
from lakebook.query.children.forked import Forked, ForkServer
from lakebook.query.children.frames import END, READY, FrameReader

MEMORY = 512 << 20


@pytest.fixture
def server() -> Iterator[ForkServer]:
    """A program of the test's own."""
    server = ForkServer()
    yield server
    server.stop()


def heard(child: Forked, kind: bytes) -> bytes:
    """The payload of the child's next frame of a kind."""
    frames = FrameReader()
    while data := child.talk.recv(1 << 16):
        for found, payload in frames.feed(data):
            if found == kind:
                return payload
    raise AssertionError("the child has ended")


def pid_of(child: Forked) -> int:
    """The child's process, once it has started."""
    return int(heard(child, READY))


def test_a_child_answers_over_its_socket(server: ForkServer) -> None:
    child = server.fork(MEMORY, 1)
    assert psutil.Process(pid_of(child)).ppid() == server.pid
    child.talk.sendall(json.dumps({"do": "run", "sql": "select nothing"}).encode() + b"\n")
    assert json.loads(heard(child, END))["kind"] == "failed"


def test_a_child_leads_a_group_of_its_own_and_holds_no_other_socket(server: ForkServer) -> None:
    first, second = server.fork(MEMORY, 1), server.fork(MEMORY, 1)
    pids = [pid_of(first), pid_of(second)]
    assert [os.getpgid(pid) for pid in pids] == pids
    second.kill()
    assert not psutil.pid_exists(pids[1])
    first.talk.close()
    psutil.Process(pids[0]).wait(5)


def test_a_killed_child_has_ended_and_may_be_killed_twice(server: ForkServer) -> None:
    child = server.fork(MEMORY, 1)
    assert not child.ended()
    child.kill()
    child.kill()
    assert child.ended()


def test_a_child_that_is_killed_before_it_has_started_is_gone(server: ForkServer) -> None:
    children = [server.fork(MEMORY, 1) for _ in range(5)]
    for child in children:
        child.kill()
    assert psutil.Process(server.pid).children() == []


def test_a_child_that_ends_by_itself_is_reaped(server: ForkServer) -> None:
    child = server.fork(MEMORY, 1)
    pid = pid_of(child)
    process = psutil.Process(pid)
    process.kill()
    process.wait(5)
    assert child.ended()


def test_stopped_it_leaves_no_child(server: ForkServer) -> None:
    pids = [pid_of(server.fork(MEMORY, 1)) for _ in range(2)]
    server.stop()
    assert not any(psutil.pid_exists(pid) for pid in (*pids, server.pid))
    with pytest.raises(OSError, match="descriptor"):
        server.fork(MEMORY, 1)


def test_where_it_was_killed_its_children_end_and_another_takes_its_place() -> None:
    lost = forked.fork(MEMORY, 1)
    pid = pid_of(lost)
    process = psutil.Process(pid)
    (gone,) = [server for server in forked._servers if server.usable]
    psutil.Process(gone.pid).kill()
    process.wait(5)
    assert lost.ended()
    again = forked.fork(MEMORY, 1)
    assert psutil.pid_exists(pid_of(again))
    assert not again.ended()
    again.kill()


def test_all_of_a_process_are_forked_from_one() -> None:
    children = [forked.fork(MEMORY, 1) for _ in range(2)]
    assert len({psutil.Process(pid_of(child)).ppid() for child in children}) == 1
    for child in children:
        child.kill()


def test_a_process_forked_from_its_owner_neither_asks_nor_ends_it(server: ForkServer) -> None:
    child, (ours, theirs) = server.fork(MEMORY, 1), socket.socketpair()
    pid = os.fork()
    if pid == 0:
        theirs.send(b"1" if child.ended() and not server.mine else b"0")
        server.stop()
        os._exit(0)
    os.waitpid(pid, 0)
    assert ours.recv(1) == b"1"
    assert not child.ended()
    for end in (ours, theirs):
        end.close()
