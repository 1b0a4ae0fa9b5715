"""Two servers, a shell and a kernel at work on one home: no error, no doubled job, the same lists everywhere."""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import lakebook
from lakebook.client import Lakebook
from lakebook.events.outbox import COMPLETED
from lakebook.runtime import open_runtime
from tests.live_server import LiveServer, live_server

SECONDS = float(os.environ.get("LAKEBOOK_TEST_TOGETHER_SECONDS", "6"))
KERNEL = """
import os, sys
os.environ["LAKEBOOK_HOME"] = sys.argv[1]
from traitlets.config import Config
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
shell.run_line_magic("load_ext", "lakebook")
for line in sys.stdin:
    result = shell.run_cell(line)
    print("ok" if result.success else f"failed: {line.strip()}: {result.error_in_exec}", file=sys.stderr, flush=True)
"""


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[LiveServer, LiveServer]]:
    """Two servers with folders of their own and one home."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    home = tmp_path / "home"
    with live_server(tmp_path / "first", home=home) as first, live_server(tmp_path / "second", home=home) as second:
        yield first, second


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Runs a cell in a shell of its own process; says "ok" or what failed."""
    process = subprocess.Popen(
        [sys.executable, "-c", KERNEL, str(tmp_path / "home")], cwd=tmp_path, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip

    def run(cell: str) -> str:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(cell + "\n")
        process.stdin.flush()
        while not (said := process.stderr.readline()).startswith(("ok", "failed")):
            assert said, "the shell ended"
        return said.strip()

    yield run
    assert process.stdin is not None
    process.stdin.close()
    process.wait(30)


def test_all_at_once(servers: tuple[LiveServer, LiveServer], kernel: Callable[[str], str], tmp_path: Path) -> None:
    home, end = tmp_path / "home", time.monotonic() + SECONDS
    (tmp_path / "few.csv").write_text("id,kind\n" + "".join(f"{n},{n % 3}\n" for n in range(200)))
    loaded: collections.Counter[str] = collections.Counter()
    faults: list[str] = []

    def by_rest(server: LiveServer, who: str) -> None:
        with lakebook.open(server.address) as lb:
            for n in range(10_000):
                name = f"{who}_{n}"
                assert lb.ingest(tmp_path / "few.csv", name=name).rows == 200
                loaded[name] += 1
                assert lb.ask("number of rows by kind", dataset=name).arrow().num_rows == 3
                lb.datasets.rename(name, f"{name}_done")
                lb.jobs()
                if time.monotonic() > end:
                    return

    def by_shell() -> None:
        for n in range(10_000):
            name = f"shell_{n}"
            words = ["ingest", str(tmp_path / "few.csv"), "--as", name, "--home", str(home), "--json"]
            done = subprocess.run([sys.executable, "-m", "lakebook_cli", *words], capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            assert json.loads(done.stdout)["rows"] == 200
            loaded[name] += 1
            if time.monotonic() > end:
                return

    def by_kernel() -> None:
        for n in range(10_000):
            for cell in (f"%ingest few.csv --as kernel_{n}", f"%ask number of rows --dataset kernel_{n}", "%lake jobs"):
                said = kernel(cell)
                assert said == "ok", said
            loaded[f"kernel_{n}"] += 1
            if time.monotonic() > end:
                return

    work: list[Callable[[], None]] = [
        lambda: by_rest(servers[0], "first"), lambda: by_rest(servers[1], "second"), by_shell, by_kernel,
    ]  # fmt: skip
    threads = [threading.Thread(target=kept, args=(one, faults)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with (
        lakebook.open(home) as local,
        lakebook.open(servers[0].address) as first,
        lakebook.open(servers[1].address) as second,
    ):
        places: list[Lakebook] = [local, first, second]
        names = [sorted(dataset.name for dataset in place.datasets().rows()) for place in places]
        assert names[0] == names[1] == names[2]
        assert len(names[0]) == len(loaded)
        jobs = [[(job.job_id, job.status) for job in place.jobs(limit=1000).rows()] for place in places]
        assert jobs[0] == jobs[1] == jobs[2]
        assert len(jobs[0]) == len(loaded)
        assert {status for _, status in jobs[0]} == {"completed"}
        runtime = open_runtime(home)
        events, seq = [], 0
        while batch := runtime.events.after(seq):
            events += [event for event in batch if event["topic"] == COMPLETED]
            seq = batch[-1]["seq"]
        assert sorted(event["payload"]["job_id"] for event in events) == sorted(job_id for job_id, _ in jobs[0])
    assert min(sum(count for name, count in loaded.items() if name.startswith(who)) for who in
               ("first", "second", "shell", "kernel")) >= 1  # fmt: skip


def kept(work: Callable[[], None], faults: list[str]) -> None:
    """Run one party's work and keep what went wrong."""
    try:
        work()
    except BaseException as error:
        faults.append(repr(error))
