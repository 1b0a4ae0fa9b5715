"""What killed jobs left: staged files in the home's `tmp/`, tables that never came to be, models half registered."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook.errors import Conflict, NotFound
from lakebook.jobs.models import FINAL

if TYPE_CHECKING:
    from lakebook.runtime import Runtime

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# A job's own staged file, and the notes of a load, which has its job's id or one made of it; half written ones too.
STAGED = re.compile(rf"({_ID})-[^/]*\.(?:unpacked(?:\.[^/]*)?|incoming|parquet|training)")
NOTES = re.compile(rf"\.?({_ID})\.(?:load\.json|rejected\.parquet)(?:\.{_ID})?")
# The native pass takes the name away as soon as the file is open; killed in between, it stays.
SPOOL = re.compile(r"\.lakebook-(\d+)-\d+\.tmp")
# A download's folder: its process takes it away at its end.
DOWNLOAD = re.compile(r"download-(\d+)-[^/]*")


def sweep(runtime: Runtime) -> int:
    """Remove what jobs that have ended left staged, and the notes of loads that stand; how many went."""
    gone = 0
    for path in runtime.settings.folder("tmp").iterdir():
        if _is_over(runtime, path.name):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            gone += 1
    # The registry is opened only where it has something to take back: that takes a while.
    if any(runtime.settings.folder("models").glob(".staging-*")):
        gone += runtime.models.take_back(lambda job_id: _ended(runtime, job_id))
    return gone


def take_back(runtime: Runtime, job_id: str) -> None:
    """Remove what a job that ended without a word left in the lake: its Parquet, the table that never came to be."""
    facts = runtime.jobs.row(job_id)["metadata"]
    if "dataset_id" not in facts or "layer" not in facts:
        return
    layer, dataset_id, lake = str(facts["layer"]), str(facts["dataset_id"]), runtime.lake
    try:
        with lake.lane(layer, dataset_id, wait=0):
            if not runtime.catalog.versions(dataset_id):
                lake.discard(layer, dataset_id)
            elif lake.committed(layer, dataset_id, job_id) is None:
                lake.drop_empty(layer, dataset_id, Path(lake.folder) / layer / dataset_id / f"{job_id}.parquet")
    except Conflict:
        # Another load writes the table: what it finds it writes over.
        return


def _is_over(runtime: Runtime, name: str) -> bool:
    if spool := SPOOL.fullmatch(name) or DOWNLOAD.fullmatch(name):
        import psutil

        return not psutil.pid_exists(int(spool.group(1)))
    if staged := STAGED.fullmatch(name):
        return _ended(runtime, staged.group(1))
    if notes := NOTES.fullmatch(name):
        load_id = notes.group(1)
        return _ended(runtime, load_id) or runtime.catalog.load(load_id) is not None
    return False


def _ended(runtime: Runtime, job_id: str) -> bool:
    try:
        return runtime.jobs.row(job_id)["status"] in FINAL
    except NotFound:
        return False
