"""Who works for a home: see the living workers, start one where there is none."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lakebook.ids import now, rfc3339

if TYPE_CHECKING:
    from lakebook.runtime import Runtime

SILENT_SECONDS = 10
IDLE_SECONDS = 60


def living(runtime: Runtime) -> list[dict[str, Any]]:
    """The workers that gave a sign of life lately; those of this host must also still run."""
    from lakebook.metadata import schema

    since = rfc3339(now() - timedelta(seconds=SILENT_SECONDS))
    statement = schema.worker.select().where(schema.worker.c.heartbeat_at > since)
    with runtime.database.read() as connection:
        rows = [dict(row) for row in connection.execute(statement).mappings()]
    return [row for row in rows if row["host"] != socket.gethostname() or _runs(row["pid"])]


def ensure_worker(runtime: Runtime) -> None:
    """Start a worker that ends when idle, where none lives, or where a run waits for a job of its own.

    A notebook's run holds its worker until it ends: what it queues itself needs another one.
    """
    needed = _at_work(runtime) if "LAKEBOOK_RUN_ID" in os.environ else 0
    if len(living(runtime)) <= needed:
        start_worker(runtime, idle_seconds=IDLE_SECONDS)


def _at_work(runtime: Runtime) -> int:
    return sum(job.status == "processing" for job in runtime.jobs.newest(1000, active=True))


def start_worker(runtime: Runtime, *, idle_seconds: float | None) -> subprocess.Popen[bytes]:
    """Start a worker process in a session of its own; its log is `worker.log` in the home.

    Without `idle_seconds` this process keeps it: it works as long as this process lives, and ends soon after it.
    """
    command = [sys.executable, "-P", "-m", "lakebook.jobs.worker", "--home", str(runtime.settings.home)]
    command += ["--keeper", str(os.getpid())] if idle_seconds is None else ["--idle", str(idle_seconds)]
    with (runtime.settings.home / "worker.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=runtime.settings.home,
            env={**os.environ, **runtime.settings.addresses()},
        )


def _runs(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
