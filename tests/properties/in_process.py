"""Jobs of a home worked on in the test's own process: as a worker's child does it, without the child."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.catalog.models import DataProfile
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.child import run_job
from lakebook.jobs.models import Job
from lakebook.jobs.submit import submit
from lakebook.metadata import schema
from lakebook.runtime import Runtime, open_runtime
from lakebook.verb import Request
from lakebook.verbs import BY_NAME

USER = "tester"
_numbers = itertools.count()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a module's source files lie."""
    return tmp_path_factory.mktemp("sources")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One home for all examples of a module; each example takes names of its own."""
    opened = open_runtime(tmp_path_factory.mktemp("kept") / "home", upgrade=True)
    yield opened
    opened.close()


def fresh(word: str) -> str:
    """A name that no other example has."""
    return f"{word}_{next(_numbers)}"


def call_of(runtime: Runtime, user: str = USER, **more: Any) -> Call:
    """A call of this user's that is no job's."""
    return Call(runtime, Principal(user), **more)


def queue(runtime: Runtime, verb: str, request: Request, **more: Any) -> Job:
    """Queue a request, with nobody started to work on it."""
    return submit(call_of(runtime, **more), BY_NAME[verb], request, staffed=True)


def queue_file(runtime: Runtime, source: Path, **request: Any) -> Job:
    """Queue the ingest of a file under a fresh name, unless one is given."""
    request.setdefault("name", fresh("table"))
    return queue(runtime, "ingest", IngestRequest(source=str(source), **request))


def work(runtime: Runtime, job: Job) -> Job:
    """Claim this job, the only one that waits, and carry it out as a worker's child does."""
    row = runtime.jobs.claim("worker")
    assert row is not None
    assert row["job_id"] == job.job_id
    with in_this_process():
        run_job(str(runtime.settings.home), row["job_id"], row["lease_epoch"])
    return runtime.jobs.show(job.job_id)


def nothing_waits(runtime: Runtime) -> None:
    """Forget the jobs of earlier examples."""
    with runtime.database.write() as connection:
        connection.execute(schema.job.delete())


@contextmanager
def in_this_process() -> Iterator[None]:
    """Let a child's entry neither leave the test's process group nor take its logs over."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook.jobs.child.os.setsid", lambda: None)
        patch.setattr("lakebook.observe.logs.configure", lambda _settings: None)
        yield


def ingested(runtime: Runtime, source: Path, **request: Any) -> Job:
    """The completed job of a file's ingest."""
    done = work(runtime, queue_file(runtime, source, **request))
    assert done.status == "completed", done.failure
    return done


def profile_of(runtime: Runtime, source: Path) -> DataProfile:
    """The profile stored for a file."""
    result = ingested(runtime, source).result or {}
    return runtime.catalog.profile(result["dataset_id"], result["version"])


@contextmanager
def log_records(name: str) -> Iterator[list[logging.LogRecord]]:
    """What is logged under this name meanwhile."""
    kept: list[logging.LogRecord] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(record)

    logger, keeper = logging.getLogger(name), Keeper()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(keeper)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield kept
    finally:
        logger.removeHandler(keeper)
        logger.setLevel(level)
        logger.propagate = propagate
