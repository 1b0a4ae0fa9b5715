"""Whoever runs a notebook may be killed at any moment: the kernel and all it started go too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from lakebook.notebooks import tether
from tests.local_home import until, write_notebook

RUN = """
import sys
from pathlib import Path
from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.notebooks.execute import Work, execute
from lakebook.runtime import open_runtime
notebook = Path(sys.argv[2])
call = Call(open_runtime(sys.argv[1], upgrade=True), Principal("tester"))
execute(call, Work(notebook, notebook.parent / "out.ipynb", {}, "run-1", 600))
"""

CELL = """
import os, subprocess, sys, tempfile
child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait(600)"])
with open("pids.tmp", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.rename("pids.tmp", "pids")
child.wait()
"""


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("whole_group", [False, True], ids=["the process", "its group"])
def test_a_killed_run_leaves_no_process(home: Path, tmp_path: Path, whole_group: bool) -> None:
    notebook = write_notebook(tmp_path / "x.ipynb", CELL)
    sockets = tmp_path / "s"
    sockets.mkdir()
    runner = subprocess.Popen(
        [sys.executable, "-c", RUN, str(home), str(notebook)], start_new_session=True,
        env={**os.environ, "TMPDIR": str(sockets), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    try:
        pids = [int(pid) for pid in until(lambda: read(tmp_path / "pids"), seconds=60).split()]
        assert not any(gone(pid) for pid in pids)
        (os.killpg if whole_group else os.kill)(runner.pid, signal.SIGKILL)
        runner.wait()
        until(lambda: all(gone(pid) for pid in pids), seconds=10)
        until(lambda: list(sockets.iterdir()) == [], seconds=10)
    finally:
        if runner.poll() is None:
            os.killpg(runner.pid, signal.SIGKILL)


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def start_tether() -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-I", "-S", tether.__file__], stdin=subprocess.PIPE, text=True)


def start_sleeper() -> subprocess.Popen[bytes]:
    waiting = "import threading; threading.Event().wait(600)"
    return subprocess.Popen([sys.executable, "-c", waiting], start_new_session=True)


def test_a_tether_that_is_told_of_a_good_end_kills_nothing(tmp_path: Path) -> None:
    sleeper, holder = start_sleeper(), start_tether()
    try:
        holder.communicate(f"{sleeper.pid}\n{tmp_path}\ndone\n", timeout=30)
        assert holder.returncode == 0
        assert sleeper.poll() is None
        assert tmp_path.is_dir()
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_tether_cut_off_kills_the_group_and_its_sockets(tmp_path: Path) -> None:
    sleeper, holder = start_sleeper(), start_tether()
    folder = tmp_path / "sockets"
    folder.mkdir()
    holder.communicate(f"{sleeper.pid}\n{folder}\n", timeout=30)
    assert sleeper.wait(timeout=10) == -signal.SIGKILL
    assert not folder.exists()


def test_a_tether_that_was_told_nothing_does_nothing() -> None:
    holder = start_tether()
    holder.communicate("", timeout=30)
    assert holder.returncode == 0
