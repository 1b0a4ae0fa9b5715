"""Online Retail by `lakebook ingest`, from the process's start to the table: into a new home, and beside a worker.

Then its stored profile, read for the first time by a fresh process. Needs the shared data (`SHARED`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

from lakebook.jobs.staff import living
from lakebook.runtime import open_runtime

ROUNDS = 7
SHARED = Path(os.environ.get("SHARED", "../shared"))
SOURCE = SHARED.resolve() / "data" / "retail" / "online_retail.parquet"
PROFILE = """
import sys, time
import lakebook
opened = time.perf_counter()
lb = lakebook.open(sys.argv[1])
began = time.perf_counter()
lb.profile("orders")
read = time.perf_counter()
lb.profile("orders")
print((began - opened) * 1000, (read - began) * 1000, (time.perf_counter() - read) * 1000)
"""


def ingested(home: Path, name: str) -> float:
    """Seconds of the command, from its start to its end."""
    command = [sys.executable, "-m", "lakebook_cli", "ingest", str(SOURCE), "--as", name, "--home", str(home), "--json"]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def profiled(home: Path) -> list[float]:
    """Milliseconds that a fresh process takes to open the home, to read the profile, and to read it again."""
    done = subprocess.run([sys.executable, "-c", PROFILE, str(home)], check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def dismiss(home: Path) -> None:
    """End the workers of this home."""
    runtime = open_runtime(home)
    for worker in living(runtime):
        with suppress(ProcessLookupError):
            os.killpg(worker["pid"], signal.SIGTERM)
    runtime.close()


if __name__ == "__main__":
    if not SOURCE.exists():
        print(f"\nThere is no {SOURCE.name} under SHARED: Online Retail is not measured.")
        sys.exit()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        alone, beside, read = [], [], []
        for number in range(ROUNDS):
            home = Path(name) / f"home{number}"
            alone.append(ingested(home, "orders"))
            beside.append(ingested(home, "again"))
            read.append(profiled(home))
            dismiss(home)
    print(f"\nOnline Retail, 541,909 rows ({os.cpu_count()} cores, medians of {ROUNDS})")
    print(f"  lakebook ingest into a new home    {median(alone):6.2f} s")
    print(f"  lakebook ingest beside a worker    {median(beside):6.2f} s")
    titles = ("open a home in a fresh process", "read the profile there (limit: 200)", "read it again")
    for title, found in zip(titles, zip(*read, strict=True), strict=True):
        print(f"  {title:<35}{median(found):6.0f} ms")
