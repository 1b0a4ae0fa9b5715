"""The rows of runs: begun, ended with their job in one transaction, read together with the job's own state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.errors import NotFound
from lakebook.events.outbox import emit
from lakebook.ids import now, rfc3339
from lakebook.jobs.models import FINAL
from lakebook.pipelines.models import Run, RunRequest

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, RowMapping

    from lakebook.call import Call
    from lakebook.runtime import Runtime


def begin(call: Call, run_id: str, request: RunRequest, output: Path) -> Run | None:
    """Keep that the run is at work; a run that an earlier attempt completed is returned instead."""
    table, stamp = _run(), rfc3339(now())
    fresh: dict[str, Any] = {
        "status": "processing", "output": str(output), "failed_cell": None, "error": None, "results": {},
        "started_at": stamp, "ended_at": None,
    }  # fmt: skip
    facts = call.job.metadata if call.job else {}
    with call.runtime.database.write() as connection:
        _guard(connection, call)
        row = connection.execute(table.select().where(table.c.run_id == run_id)).mappings().first()
        if row is not None and row["status"] == "completed":
            return _as_run(row)
        if row is None:
            connection.execute(
                table.insert().values(
                    run_id=run_id, notebook=request.notebook, parameters=request.parameters, created_at=stamp,
                    schedule_id=facts.get("schedule_id"), job_id=call.job.job_id if call.job else None,
                    user_id=call.principal.user_id, **fresh,
                )
            )  # fmt: skip
        else:
            connection.execute(table.update().where(table.c.run_id == run_id).values(**fresh))
    return None


def end(call: Call, run_id: str, status: str, *, failed_cell: int | None = None, error: str | None = None) -> Run:
    """Keep how the run ended; a completed one ends its job in the same transaction."""
    table = _run()
    with call.runtime.database.write() as connection:
        _guard(connection, call)
        connection.execute(
            table.update().where(table.c.run_id == run_id).values(
                status=status, failed_cell=failed_cell, error=error, ended_at=rfc3339(now())
            )
        )  # fmt: skip
        run = _as_run(connection.execute(table.select().where(table.c.run_id == run_id)).mappings().one())
        attempt = call.job.epoch if call.job else 0
        payload = {"run_id": run_id, "notebook": run.notebook, "status": status, "user_id": run.user_id,
                   "schedule_id": run.schedule_id}  # fmt: skip
        emit(connection, f"pipeline.run.{status}", f"{run_id}:{attempt}", payload)
        call.runtime.audit.record_in(connection, call, "run", f"run:{run_id}", {"status": status})
        if status == "completed" and call.job is not None:
            call.runtime.jobs.complete_in(connection, call.job.job_id, call.job.epoch, run.model_dump(mode="json"))
    return run


def show(runtime: Runtime, run_id: str) -> Run:
    """One run with its job's state, or NotFound."""
    for run in _read(runtime, run_id=run_id, limit=1):
        return run
    raise NotFound(f"No run has the id {run_id!r}.", hint="List the runs: `lakebook runs list`.")


def newest(runtime: Runtime, limit: int) -> list[Run]:
    """The newest runs, those still waiting for a worker among them."""
    return _read(runtime, run_id=None, limit=limit)


def _read(runtime: Runtime, *, run_id: str | None, limit: int) -> list[Run]:
    from sqlalchemy import select

    from lakebook.metadata import schema

    table, job = _run(), schema.job
    states = job.c.status.label("job_status"), job.c.failure
    begun = select(table, *states).outerjoin(job, job.c.job_id == table.c.job_id)
    has_begun = select(table.c.run_id).where(table.c.job_id == job.c.job_id).exists()
    waiting = select(job).where(job.c.verb == "run", job.c.status == "queued", ~has_begun)
    if run_id is not None:
        begun, waiting = begun.where(table.c.run_id == run_id), waiting.where(job.c.job_id == run_id)
    begun = begun.order_by(table.c.created_at.desc(), table.c.run_id.desc()).limit(limit)
    with runtime.database.read() as connection:
        runs = [_with_job(row) for row in connection.execute(begun).mappings()]
        runs += [_queued(row) for row in connection.execute(waiting.limit(limit)).mappings()]
    return sorted(runs, key=lambda run: (run.created_at, run.run_id), reverse=True)[:limit]


def _with_job(row: RowMapping) -> Run:
    """A run whose process died says nothing itself: then its job's state is the truth."""
    run, state = _as_run(row), row["job_status"]
    if state is None or (run.status in FINAL and state == "processing"):
        return run
    failure = row["failure"] or {}
    return run.model_copy(update={"status": state, "error": run.error or failure.get("message")})


def _queued(row: RowMapping) -> Run:
    request = row["request"]
    return Run(
        run_id=row["job_id"], notebook=request["notebook"], parameters=request.get("parameters", {}), status="queued",
        schedule_id=row["metadata"].get("schedule_id"), job_id=row["job_id"], user_id=row["user_id"],
        created_at=row["created_at"],
    )  # fmt: skip


def _as_run(row: RowMapping) -> Run:
    return Run.model_validate({name: row[name] for name in Run.model_fields})


def _guard(connection: Connection, call: Call) -> None:
    if call.job is not None:
        call.runtime.jobs.guard_commit(connection, call.job.job_id, call.job.epoch)


def _run() -> Any:
    from lakebook.metadata import schema

    return schema.run
