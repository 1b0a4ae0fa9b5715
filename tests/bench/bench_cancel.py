"""A load cancelled in the midst of its native pass: from the word to the job's end, by a real worker."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.models import FINAL
from lakebook.jobs.submit import submit
from lakebook.runtime import Runtime, open_runtime
from lakebook.verbs import BY_NAME

ROUNDS = 7
PARTS, ROWS = 60, 100_000
LOOK = 0.005


def content(folder: Path) -> Path:
    """A folder of parts that are one table of 6,000,000 rows; on the disk there is one of them."""
    folder.mkdir()
    first = folder / "part-00.csv"
    first.write_text("id,kind,price\n" + "".join(f"{n},kind {n % 7},{n / 4:.2f}\n" for n in range(ROWS)))
    for number in range(1, PARTS):
        os.link(first, folder / f"part-{number:02d}.csv")
    return folder


def cancelled(runtime: Runtime, source: Path, number: int) -> float:
    """Milliseconds from the cancel, some rows after the start, to the job's end."""
    call, pause = Call(runtime, Principal("bench")), threading.Event()
    request = IngestRequest(source=str(source), name=f"parts{number}")
    job_id = submit(call, BY_NAME["ingest"], request, staffed=True).job_id
    while "rows" not in runtime.jobs.show(job_id).facts:
        pause.wait(LOOK)
    # Each at another moment of the pass.
    pause.wait(0.1 * number)
    runtime.jobs.cancel(call, job_id)
    asked = time.perf_counter()
    while (job := runtime.jobs.show(job_id)).status not in FINAL:
        pause.wait(LOOK)
    if job.status != "cancelled":
        raise RuntimeError(f"it ended before it was cancelled: {job.status}")
    return (time.perf_counter() - asked) * 1000


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        runtime = open_runtime(Path(name) / "home", upgrade=True)
        source = content(Path(name) / "parts")
        command = [sys.executable, "-m", "lakebook.jobs.worker", "--home", str(runtime.settings.home)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as worker:
            waits = [cancelled(runtime, source, number) for number in range(ROUNDS)]
            worker.terminate()
        runtime.close()
    print(f"\nCancel inside the native pass ({os.cpu_count()} cores)")
    print(f"  from the word to the end {median(waits):6.0f} ms  (most {max(waits):.0f})  median of {len(waits)}")
