"""The serving process from its parent's side: asked, replaced when it fails, never left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lakebook.errors import ModelFailed
from lakebook.ml.serving.model_child import ModelChild, serving_command

# Answers like the serving process, at once and without any model.
ECHO = """
import os, signal, sys
from lakebook.ml.serving import frames
while message := frames.read_message(sys.stdin.buffer):
    header, body = message
    if header.get("do") == "hang":
        if "heard" in header:
            open(header["heard"], "wb").close()
        signal.pause()
    if header.get("do") == "die":
        os._exit(7)
    if header.get("do") == "half":
        sys.stdout.buffer.write(b"\\0\\0")
        sys.stdout.buffer.flush()
        os._exit(0)
    frames.write_message(sys.stdout.buffer, {"pid": os.getpid(), "environment": sorted(os.environ)}, body)
"""


@pytest.fixture
def child() -> Iterator[ModelChild]:
    """A child that echoes."""
    echoing = ModelChild([sys.executable, "-P", "-c", ECHO])
    yield echoing
    echoing.close()


def pid_of(child: ModelChild) -> int:
    """The child's process id, asked of itself."""
    pid: int = child.ask({}, b"", 20)[0]["pid"]
    return pid


def is_gone(pid: int) -> bool:
    """Whether the process ends within ten seconds."""
    try:
        process = psutil.Process(pid)
        psutil.wait_procs([process], timeout=10)
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_message_is_answered_by_one_warm_process(child: ModelChild) -> None:
    child.start()
    body = os.urandom(3_000_000)
    header, echoed = child.ask({}, body, 20)
    assert echoed == body
    assert pid_of(child) == header["pid"]


def test_the_process_is_told_little(child: ModelChild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_TOKEN", "secret")
    monkeypatch.setenv("LAKEBOOK_METADATA", "postgresql://somewhere")
    environment = child.ask({}, b"", 20)[0]["environment"]
    assert "OMP_NUM_THREADS" in environment
    assert not {"JUPYTER_TOKEN", "LAKEBOOK_METADATA"} & set(environment)


@pytest.mark.parametrize("fault", ["die", "half"])
def test_a_process_that_ends_is_said_and_replaced(child: ModelChild, fault: str) -> None:
    first = pid_of(child)
    with pytest.raises(ModelFailed, match="ended before it had answered"):
        child.ask({"do": fault}, b"", 20)
    assert pid_of(child) != first


def test_a_process_that_hangs_is_killed_and_replaced(child: ModelChild) -> None:
    first = pid_of(child)
    with pytest.raises(ModelFailed, match=r"not answered after 0\.3 seconds"):
        child.ask({"do": "hang"}, b"", 0.3)
    assert is_gone(first)
    assert pid_of(child) != first


def test_a_process_killed_while_idle_is_replaced_unseen(child: ModelChild) -> None:
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)
    assert is_gone(first)
    assert pid_of(child) != first


def test_closing_ends_a_question_under_way(child: ModelChild, tmp_path: Path) -> None:
    pid = pid_of(child)
    failures: list[ModelFailed] = []
    heard = tmp_path / "heard"
    os.mkfifo(heard)

    def ask() -> None:
        try:
            child.ask({"do": "hang", "heard": str(heard)}, b"", 60)
        except ModelFailed as error:
            failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    heard.read_bytes()  # returns when the child has the question
    child.close()
    thread.join(10)
    assert not thread.is_alive()
    assert len(failures) == 1
    assert is_gone(pid)


def test_a_program_that_was_interrupted_asks_anew(child: ModelChild, monkeypatch: pytest.MonkeyPatch) -> None:
    first = pid_of(child)

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("lakebook.ml.serving.model_child.frames.read_message", interrupted)
        with pytest.raises(KeyboardInterrupt):
            child.ask({}, b"stale", 20)
    header, body = child.ask({}, b"fresh", 20)
    assert body == b"fresh"
    assert header["pid"] != first


def program(folder: Path, ending: str) -> str:
    """A program that starts a serving process, says its id, and ends as told."""
    return textwrap.dedent(
        f"""
        import os, signal, sys
        from lakebook.ml.serving.model_child import ModelChild, serving_command
        child = ModelChild(serving_command(__import__("pathlib").Path({str(folder)!r}), 2))
        child.start()
        print(child._process.pid, flush=True)
        {ending}
        """
    )


@pytest.mark.parametrize("ending", ["", "raise SystemExit(3)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_no_process_outlives_its_program(tmp_path: Path, ending: str) -> None:
    from lakebook.ml.serving.model_child import _environment

    ended = subprocess.run(
        [sys.executable, "-c", program(tmp_path, ending)], capture_output=True, text=True, timeout=60,
        env=_environment(), check=False,
    )  # fmt: skip
    assert ended.stdout.strip().isdigit(), ended.stderr
    assert is_gone(int(ended.stdout))


def test_a_fork_starts_its_own_process_and_leaves_the_parents(child: ModelChild) -> None:
    first = pid_of(child)
    reader, writer = os.pipe()
    forked = os.fork()
    if forked == 0:
        try:
            os.write(writer, str(pid_of(child)).encode())
            child.close()
        finally:
            os._exit(0)
    os.close(writer)
    other = int(os.read(reader, 100))
    os.waitpid(forked, 0)
    os.close(reader)
    assert other != first
    assert pid_of(child) == first


def test_the_serving_command_takes_no_library_from_the_working_folder(tmp_path: Path) -> None:
    command = serving_command(tmp_path, 3)
    assert command[1] == "-P"
    assert command[-2:] == [str(tmp_path), "3"]
