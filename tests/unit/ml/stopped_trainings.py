"""Trainings that a real worker stops at a hard limit of 3 s, and how late each of them was ended."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.models import FINAL, Job
from lakebook.jobs.submit import submit
from lakebook.ml.requests import TrainRequest
from lakebook.runtime import Runtime, open_runtime
from lakebook.verb import Request
from lakebook.verbs import BY_NAME

LIMIT = 3.0
LOOK = 0.05


def content(file: Path) -> Path:
    """A table from which learning takes longer than the limit."""
    chance = random.Random(3)
    rows = (f"{chance.random()},{chance.random()},{chance.choice(['no', 'yes'])}" for _ in range(20_000))
    file.write_text("a,b,y\n" + "\n".join(rows))
    return file


def ended(runtime: Runtime, verb: str, request: Request) -> Job:
    """The job of this request, once it has ended."""
    pause = threading.Event()
    job_id = submit(Call(runtime, Principal("bench")), BY_NAME[verb], request, staffed=True).job_id
    while (job := runtime.jobs.show(job_id)).status not in FINAL:
        pause.wait(LOOK)
    return job


def late(job: Job) -> float:
    """Seconds from the limit, counted from the claim of the job, to when its group was gone and this was written."""
    if job.failure is None or job.failure["code"] != "job_timed_out" or job.started_at is None:
        raise RuntimeError(f"it was not stopped at its limit: {job.status} {job.error_message}")
    spent = datetime.fromisoformat(str(job.updated_at)) - datetime.fromisoformat(str(job.started_at))
    return spent.total_seconds() - LIMIT


def stopped(folder: Path, rounds: int) -> list[float]:
    """How late each of so many trainings was ended."""
    runtime = open_runtime(folder / "home", upgrade=True)
    command = [sys.executable, "-m", "lakebook.jobs.worker", "--home", str(runtime.settings.home)]
    limited = {**os.environ, "LAKEBOOK_TRAIN_SECONDS": str(LIMIT)}
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=limited) as worker:
        try:
            ended(runtime, "ingest", IngestRequest(source=str(content(folder / "coins.csv")), name="coins"))
            asked = TrainRequest(dataset="coins", target="y", time=60)
            found = [late(ended(runtime, "train", asked)) for _ in range(rounds)]
        finally:
            worker.terminate()
    if runtime.models.list():
        raise RuntimeError("a training that was stopped has registered a model")
    runtime.close()
    return found
