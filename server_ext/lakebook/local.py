"""Verbs on the home here: the core called directly, jobs through the queue and its workers."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.access.principal import local_principal
from lakebook.call import Call
from lakebook.errors import Conflict
from lakebook.runtime import open_runtime

if TYPE_CHECKING:
    from lakebook.client import Watch
    from lakebook.ingest.table import TableHandle
    from lakebook.jobs.models import Job
    from lakebook.verb import Request, Verb


STAFF_SECONDS = 15.0


class LocalPlace:
    """The home folder, worked on in this process; heavy work goes to its workers."""

    def __init__(self, home: str | os.PathLike[str] | None = None, **settings: Any) -> None:
        self.runtime = open_runtime(home, **settings)
        self.address = str(self.runtime.settings.home)
        self._staffed = time.monotonic()

    def call(self) -> Call:
        """A fresh call for the operating system's user, relative to the working folder."""
        return Call(self.runtime, local_principal(), folder=Path.cwd())

    def do(self, verb: Verb, request: Request, *, background: bool, watch: Watch) -> Any:
        """Carry the verb out; a job blocks and is cancelled by an interrupt."""
        call = self.call()
        if verb.job is None:
            return verb.run(call, request)
        from lakebook.jobs.submit import submit

        job = submit(call, verb, request)
        return job if background else self._wait(call, verb, job, watch)

    def _wait(self, call: Call, verb: Verb, job: Job, watch: Watch) -> Any:
        from lakebook.jobs.submit import follow, result_of

        try:
            ended = follow(lambda: self._look(job.job_id), watch)
        except KeyboardInterrupt:
            with suppress(Conflict):
                self.runtime.jobs.cancel(call, job.job_id)
            raise
        return result_of(verb, ended)

    def _look(self, job_id: str) -> Job:
        """The job as it stands; where every worker has died meanwhile, a new one is started."""
        from lakebook.jobs.staff import ensure_worker

        if time.monotonic() - self._staffed > STAFF_SECONDS:
            self._staffed = time.monotonic()
            ensure_worker(self.runtime)
        return self.runtime.jobs.show(job_id)

    def stage(self, frame: Any) -> str:
        """Write the frame as Parquet in the home's `tmp`."""
        from lakebook.ingest.frames import stage

        return str(stage(frame, self.runtime.settings.folder("tmp")))

    def table(self, name: str) -> TableHandle:
        """A table for reading and writing frames."""
        from lakebook.ingest.table import TableHandle

        return TableHandle(self.call(), name)

    def report(self, figures: dict[str, Any]) -> None:
        """Keep figures with the run of this notebook, where it is one."""
        run_id = os.environ.get("LAKEBOOK_RUN_ID")
        if run_id:
            from lakebook.pipelines.results import report

            report(self.runtime, run_id, figures)

    def close(self) -> None:
        """Close the runtime."""
        self.runtime.close()
