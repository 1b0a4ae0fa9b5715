"""What must hold whatever was killed: every job ended, rows right, one event each, nothing left over."""

from __future__ import annotations

import re
from collections import Counter

import duckdb
import psutil

from lakebook.events.outbox import COMPLETED
from lakebook.jobs.models import FINAL, Job
from tests.soak.loads import Expected, Load
from tests.soak.scene import Broken, Scene, until

# Locks are empty files that mark nothing by being there.
LOCK = re.compile(r"lane-.*\.lock")
QUIET_SECONDS = 15.0


def ended(scene: Scene, job_id: str) -> Job:
    """The job once it has ended; Broken where it does not end."""
    jobs = scene.runtime.jobs
    until(lambda: jobs.show(job_id).status in FINAL, f"the end of job {job_id}")
    return jobs.show(job_id)


def as_it_should(load: Load, job: Job) -> None:
    """A sound file's job has completed, another one has failed with a reason."""
    if load.sound and job.status != "completed":
        raise Broken(f"{load.path.name}: {job.status}, {job.failure}")
    if not load.sound and (job.status != "failed" or not job.error_message or not (job.failure or {}).get("hint")):
        raise Broken(f"{load.path.name}: no file of rows, yet {job.status}, {job.failure}")
    if load.sound and load.rejected != (job.result or {}).get("rejected_rows"):
        raise Broken(f"{load.path.name}: rejected {(job.result or {}).get('rejected_rows')}, not {load.rejected}")


def rows_right(scene: Scene, expected: Expected) -> None:
    """Every table holds the rows that its loads brought, each once."""
    for table, rows, ids in expected.tables():
        dataset = scene.runtime.catalog.dataset(table)
        version = scene.runtime.catalog.version(dataset.dataset_id, dataset.version)
        files = list(scene.runtime.lake.paths(dataset.s3_key, version["files"]))
        found = duckdb.execute("SELECT count(*), count(DISTINCT id), sum(id) FROM read_parquet($1)", [files]).fetchone()
        if found != (rows, rows, ids) or dataset.row_count != rows:
            raise Broken(f"{table} holds {found}, the catalogue says {dataset.row_count}; it should be {(rows, ids)}")


def one_event_each(scene: Scene, completed: set[str]) -> None:
    """One completion event, and a relayed one, for each completed job and for no other."""
    events = scene.runtime.events
    until(lambda: not events.waiting(), "the relay", QUIET_SECONDS)
    told = Counter(event["payload"]["job_id"] for event in events.after(0, 100_000) if event["topic"] == COMPLETED)
    if told != Counter(completed):
        raise Broken(f"completion events: {told - Counter(completed)} too many, {Counter(completed) - told} missing")


def nothing_left(scene: Scene) -> None:
    """No staged file, no half an upload, no orphan Parquet, no half a table, no process without a master."""
    try:
        until(lambda: not left_over(scene), "leftovers to go", QUIET_SECONDS)
    except Broken as error:
        raise Broken(f"left over: {left_over(scene)}") from error


def left_over(scene: Scene) -> list[str]:
    """What lies or runs where nothing should, by name."""
    home = scene.home
    found = [f"tmp/{path.name}" for path in (home / "tmp").iterdir() if not LOCK.fullmatch(path.name)]
    found += [f"uploads/{path.name}" for path in (home / "uploads").glob("*") if path.suffix != ".json"]
    return [*found, *_in_the_lake(scene), *_at_work(scene)]


def _in_the_lake(scene: Scene) -> list[str]:
    catalog, known = scene.runtime.catalog, {}
    for dataset, _ in catalog.datasets():
        files = [name for version in catalog.versions(dataset.dataset_id) for name in version["files"]]
        known[scene.runtime.lake.folder / dataset.s3_key] = {*files, "_delta_log"}
    folders = [folder for layer in scene.runtime.lake.folder.iterdir() for folder in layer.iterdir()]
    return [
        f"{folder.name}/{path.name if path != folder else ''}"
        for folder in folders
        for path in (folder.iterdir() if folder in known else [folder])
        if path.name not in known.get(folder, set())
    ]


def _at_work(scene: Scene) -> list[str]:
    """Processes beyond the server, its workers and what each of these keeps ready."""
    family = {scene.live.process.pid}
    running = list(scene.processes())
    parents = {process.pid: process.ppid() for process in running if process.is_running()}
    for _ in range(4):
        family |= {pid for pid, parent in parents.items() if parent in family}
    staff = [pid for pid, parent in parents.items() if parent == scene.live.process.pid]
    workers = [pid for pid in staff if "lakebook.jobs.worker" in _command(pid)]
    strays = [f"process {pid} ({_command(pid)[:160]})" for pid in parents if pid not in family]
    return strays + [f"{len(workers)} workers"] * (len(workers) > scene.workers)


def _command(pid: int) -> str:
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return ""
