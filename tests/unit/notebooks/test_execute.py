"""Notebooks executed in real kernels: what happened is said as it happened, and nothing outlives its run."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from lakebook.call import Call
from lakebook.errors import InvalidRequest, JobCancelled, NotebookFailed
from lakebook.notebooks.execute import Execution, Work, execute
from lakebook.notebooks.kernels import choose
from tests.local_home import code, until, write_notebook

STUBBORN = """
import os, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
open("pid", "w").write(str(os.getpid()))
while True:
    signal.pause()
"""


def work(path: Path, *, limit: float = 60, **parameters: Any) -> Work:
    return Work(path, path.parent / "runs" / path.name, parameters, "run-1", limit)


def outputs(done: Execution) -> list[Any]:
    kept = nbformat.read(done.work.output, as_version=4)
    return [output for cell in kept.cells for output in cell.get("outputs", [])]


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_notebook_runs_in_its_own_folder_with_home_run_and_parameters(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "a {strange} folder"
    folder.mkdir()
    path = write_notebook(
        folder / "a {day}.ipynb", "# Title", code("day = 'none'\nn = 0", "parameters"),
        "import os, json\nfrom pathlib import Path",
        "Path('seen.json').write_text(json.dumps([day, n, os.environ['LAKEBOOK_HOME'], os.environ['LAKEBOOK_RUN_ID'],"
        " os.environ.get('LAKEBOOK_URL'), os.getcwd()]))",
    )  # fmt: skip
    said: list[tuple[float, str, dict[str, Any]]] = []
    call.report_to = lambda fraction, message, facts: said.append((fraction, message, facts))
    before = os.getcwd()
    done = execute(call, work(path, day="2011-12-09 'quoted'", n=3))
    assert (done.failed_cell, done.error, done.failure()) == (None, None, None)
    expected = ["2011-12-09 'quoted'", 3, str(call.runtime.settings.home), "run-1", None, str(folder)]
    assert json.loads((folder / "seen.json").read_text()) == expected
    assert os.getcwd() == before
    cells = [1, 2, 2, 3, 4]
    assert [message for _, message, _ in said] == ["starting the kernel", *(f"cell {cell} of 4" for cell in cells)]
    assert said[-1][2] == {"cell": 4, "cells": 4}
    assert [fraction for fraction, _, _ in said] == sorted(fraction for fraction, _, _ in said)
    kept = nbformat.read(done.work.output, as_version=4)
    assert [cell.metadata.get("tags") for cell in kept.cells][1:3] == [["parameters"], ["injected-parameters"]]


@pytest.mark.parametrize("given", [{}, {"x": 2}])
def test_a_failing_cell_is_named_as_its_author_counts(call: Call, tmp_path: Path, given: dict[str, int]) -> None:
    path = write_notebook(
        tmp_path / "fails.ipynb", "# Title", code("x = 1", "parameters"), "nope", "open('later', 'w')"
    )
    done = execute(call, work(path, **given))
    assert (done.failed_cell, done.error) == (3, "NameError: name 'nope' is not defined")
    failure = done.failure()
    assert isinstance(failure, NotebookFailed)
    assert failure.message == "fails.ipynb failed in cell 3: NameError: name 'nope' is not defined"
    assert failure.details == {"run_id": "run-1", "cell": 3, "output": str(done.work.output)}
    assert not (tmp_path / "later").exists()
    assert [output.ename for output in outputs(done) if output.output_type == "error"] == ["NameError"]


def test_long_and_coloured_errors_are_one_short_line(call: Call, tmp_path: Path) -> None:
    said = r"'\x1b[31mred\x1b[0m ' + 'x' * 2000 + '\nsecond line'"
    path = write_notebook(tmp_path / "x.ipynb", f"raise ValueError({said})")
    error = execute(call, work(path)).error or ""
    assert error.startswith("ValueError: red xxx")
    assert len(error) == 500
    assert "second" not in error


def test_leaving_on_purpose_and_expected_errors_are_no_failures(call: Call, tmp_path: Path) -> None:
    expected = code("1 / 0", "raises-exception")
    path = write_notebook(tmp_path / "x.ipynb", expected, "open('after', 'w')", "import sys; sys.exit()", "nope")
    done = execute(call, work(path))
    assert done.error is None
    assert (tmp_path / "after").exists()


def test_leaving_with_a_code_is_a_failure(call: Call, tmp_path: Path) -> None:
    done = execute(call, work(write_notebook(tmp_path / "x.ipynb", "import sys; sys.exit(3)")))
    assert (done.failed_cell, done.error) == (1, "SystemExit: 3")


def test_a_kernel_that_dies_well_is_still_a_failure(call: Call, tmp_path: Path) -> None:
    done = execute(call, work(write_notebook(tmp_path / "x.ipynb", "1", "import os; os._exit(0)", "2")))
    assert (done.failed_cell, done.error) == (2, "The kernel died.")
    assert [output.ename for output in outputs(done) if output.output_type == "error"] == ["DeadKernelError"]


def test_a_kernel_that_never_starts_is_a_failure(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit(1)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    failure = execute(call, work(write_notebook(tmp_path / "x.ipynb", "1"))).failure()
    assert failure is not None
    assert failure.message == "x.ipynb failed: The kernel did not start."
    assert failure.details["cell"] is None


def test_an_executed_notebook_that_was_not_written_is_a_failure(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papermill.engines.write_ipynb", lambda _notebook, _path: None)
    done = execute(call, work(write_notebook(tmp_path / "x.ipynb", "1")))
    assert (done.failed_cell, done.error) == (None, "The executed notebook was not written.")


def test_the_time_limit_ends_even_a_cell_that_takes_no_interrupt(call: Call, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "x.ipynb", "# T", STUBBORN)
    began = time.monotonic()
    done = execute(call, work(path, limit=3))
    assert (done.failed_cell, done.error) == (2, "It took longer than its limit of 3 seconds.")
    assert time.monotonic() - began < 20
    assert not alive(int((tmp_path / "pid").read_text()))


def test_a_cancel_interrupts_the_cell_and_ends_what_it_started(call: Call, tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path / "x.ipynb",
        "import subprocess, sys",
        "child = subprocess.Popen([sys.executable, '-c', 'import threading; threading.Event().wait(600)'])",
        "open('pid', 'w').write(str(child.pid))\ntry:\n    child.wait()\nfinally:\n    open('tidied', 'w')",
        "open('later', 'w')",
    )
    cancelled = threading.Event()
    call.is_cancelled = cancelled.is_set

    def cancel() -> None:
        until((tmp_path / "pid").exists)
        cancelled.set()

    watch = threading.Thread(target=cancel)
    watch.start()
    with pytest.raises(JobCancelled):
        execute(call, work(path))
    watch.join()
    assert (tmp_path / "tidied").exists()
    assert not (tmp_path / "later").exists()
    assert not alive(int((tmp_path / "pid").read_text()))


def test_nothing_is_left_of_a_run_but_its_notebook(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = tmp_path / "t"
    sockets.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(sockets))
    path = write_notebook(tmp_path / "x.ipynb", "import os; open('pid', 'w').write(str(os.getpid()))")
    before = set(psutil.Process().children())
    done = execute(call, work(path))
    assert list(sockets.iterdir()) == []
    assert not alive(int((tmp_path / "pid").read_text()))
    assert [child.name for child in done.work.output.parent.iterdir()] == ["x.ipynb"]
    assert set(psutil.Process().children()) <= before


def test_a_long_folder_for_sockets_falls_back_to_loopback_ports(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    look = "from ipykernel.kernelapp import IPKernelApp\napp = IPKernelApp.instance()\nprint(app.transport, app.ip)"
    done = execute(call, work(write_notebook(tmp_path / "x.ipynb", look)))
    assert [output.text for output in outputs(done)] == ["tcp 127.0.0.1\n"]


def test_the_kernel_is_the_notebooks_own_else_lakebooks_else_python() -> None:
    def asking(name: str, **more: str) -> dict[str, Any]:
        return {"metadata": {"kernelspec": {"name": name, **more}}}

    every = frozenset({"mine", "lakebook", "python3"})
    assert choose(asking("mine"), every) == "mine"
    assert choose(asking("theirs"), every) == "lakebook"
    assert choose({"metadata": {}}, frozenset({"python3", "other"})) == "python3"
    with pytest.raises(InvalidRequest, match="needs the kernel 'ir'"):
        choose(asking("ir", language="R"), every)
    with pytest.raises(InvalidRequest, match="No Python kernel"):
        choose({}, frozenset({"julia"}))


def test_a_notebook_of_a_kernel_that_is_not_here_runs_all_the_same(call: Call, tmp_path: Path) -> None:
    spec = {"name": "someones-venv", "display_name": "venv", "language": "python"}
    done = execute(call, work(write_notebook(tmp_path / "x.ipynb", "print('ran')", kernelspec=spec)))
    assert done.error is None
    assert [output.text for output in outputs(done)] == ["ran\n"]
