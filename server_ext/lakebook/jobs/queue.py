"""The durable queue: jobs are rows, owned by lease and epoch, so that a dead worker loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from lakebook.access.links import opened
from lakebook.errors import Conflict, LeaseLost, NotFound
from lakebook.ids import new_id, now, rfc3339
from lakebook.jobs.models import FINAL, Job
from lakebook.jobs.turns import LEVELS, NAMES, heads, next_of, served_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, RowMapping

    from lakebook.call import Call
    from lakebook.metadata.database import Database
    from lakebook.verb import Verb

MOST_ATTEMPTS = 3


class Jobs:
    """Submits, claims, follows and ends jobs."""

    def __init__(self, database: Database, lease_seconds: float, home: Path) -> None:
        self.database = database
        self.home = home
        self.lease_seconds = lease_seconds

    def submit(
        self, call: Call, verb: Verb, request: dict[str, Any], title: str, metadata: dict[str, Any], *,
        job_id: str | None = None,
    ) -> Job:  # fmt: skip
        """Queue a verb's request; the job survives anything from here on."""
        with self.database.write(durable=True) as connection:
            queued = self.submit_in(connection, call, verb, request, title, metadata, job_id=job_id)
        return self.show(queued)

    def submit_in(
        self, connection: Connection, call: Call, verb: Verb, request: dict[str, Any], title: str,
        metadata: dict[str, Any], *, job_id: str | None = None,
    ) -> str:  # fmt: skip
        """Queue a verb's request in the caller's transaction, under `job_id` only once; returns the job's id."""
        if job_id is not None and self._stands(connection, call, job_id):
            return job_id
        stamp, job_id = rfc3339(now()), job_id or new_id()
        connection.execute(
            _job().insert().values(
                job_id=job_id, user_id=call.principal.user_id, job_type=verb.job, verb=verb.name, title=title,
                request=request, metadata=metadata, status="queued", progress=0, message="waiting for a worker",
                facts={}, request_id=call.request_id, attempts=0, lease_epoch=0, cancel_asked=False,
                change=_next_change(connection), created_at=stamp, updated_at=stamp,
                priority=LEVELS[request.get("priority", "normal")],
            )
        )  # fmt: skip
        call.runtime.audit.record_in(connection, call, f"{verb.name}.submit", f"job:{job_id}", {"title": title})
        return job_id

    def queued(self, call: Call, job_id: str) -> Job | None:
        """The caller's job of this id, or None; Conflict where the id is another's."""
        with self.database.read() as connection:
            stands = self._stands(connection, call, job_id)
        return self.show(job_id) if stands else None

    def _stands(self, connection: Connection, call: Call, job_id: str) -> bool:
        owner = connection.execute(_job().select().where(_job().c.job_id == job_id)).mappings().first()
        if owner is not None and owner["user_id"] != call.principal.user_id:
            raise Conflict("Another job has this id.", hint="Choose a fresh one.")
        return owner is not None

    def show(self, job_id: str) -> Job:
        """The job as it stands, or NotFound."""
        return self._shown(self.row(job_id))

    def _shown(self, row: RowMapping) -> Job:
        return as_job(row, opened(row["result"], self.home, row["job_id"]) if row["result"] else None)

    def row(self, job_id: str) -> RowMapping:
        """The job's row with its request and lease, or NotFound."""
        with self.database.read() as connection:
            row = connection.execute(_job().select().where(_job().c.job_id == job_id)).mappings().first()
        if row is None:
            raise NotFound(f"No job has the id {job_id!r}.", hint="List the jobs: `lakebook jobs list`.")
        return row

    def newest(self, limit: int = 50, *, active: bool = False, completed: Sequence[str] = ()) -> list[Job]:
        """Jobs, newest first; only those of the verbs `completed` that are, where some are named."""
        statement = _job().select().order_by(_job().c.job_id.desc()).limit(limit)
        if active:
            statement = statement.where(_job().c.status.in_(("queued", "processing")))
        if completed:
            statement = statement.where(_job().c.verb.in_(completed), _job().c.status == "completed")
        with self.database.read() as connection:
            return [self._shown(row) for row in connection.execute(statement).mappings()]

    def changed_since(self, change: int) -> tuple[int, list[Job]]:
        """The jobs that changed after this mark, and the new mark."""
        statement = _job().select().where(_job().c.change > change).order_by(_job().c.change)
        with self.database.read() as connection:
            rows = list(connection.execute(statement).mappings())
        return (rows[-1]["change"] if rows else change), [self._shown(row) for row in rows]

    def newest_change(self) -> int:
        """The mark of the newest change of any job."""
        with self.database.read() as connection:
            return _next_change(connection) - 1

    def claim(self, worker_id: str) -> RowMapping | None:
        """The job whose worker fell silent or whose turn it is, now leased to this worker; None if none."""
        table, instant = _job(), now()
        with self.database.read() as connection:
            if self._next(connection, instant) is None:
                return None
        with self.database.write() as connection:
            row = self._next(connection, instant)
            if row is None:
                return None
            mine = (table.c.job_id == row["job_id"]) & (table.c.lease_epoch == row["lease_epoch"])
            taken = connection.execute(
                table.update().where(mine).values(
                    status="processing", lease_owner=worker_id, lease_epoch=row["lease_epoch"] + 1,
                    lease_until=rfc3339(instant + timedelta(seconds=self.lease_seconds)),
                    attempts=row["attempts"] + 1, message="starting", started_at=row["started_at"] or rfc3339(instant),
                    updated_at=rfc3339(instant), change=_next_change(connection),
                )
            )  # fmt: skip
            if not taken.rowcount:
                # Another was quicker, where the database lets two read at once.
                return None
            return connection.execute(table.select().where(table.c.job_id == row["job_id"])).mappings().first()

    def _next(self, connection: Connection, instant: datetime) -> RowMapping | None:
        """The job to claim now: one that was begun and left first."""
        table = _job()
        stale = (table.c.status == "processing") & (table.c.lease_until < rfc3339(instant))
        left = connection.execute(table.select().where(stale).order_by(table.c.job_id).limit(1)).mappings().first()
        if left is not None:
            return left
        waiting = heads(connection)
        served = served_of(connection, {one.user_id for one in waiting}) if waiting else {}
        turn = next_of(waiting, served, instant)
        if turn is None:
            return None
        return connection.execute(table.select().where(table.c.job_id == turn.job_id)).mappings().first()

    def renew(self, job_id: str, epoch: int) -> bool:
        """Keep the lease; False where it is lost or the job has ended."""
        until = rfc3339(now() + timedelta(seconds=self.lease_seconds))
        with self.database.write() as connection:
            return bool(connection.execute(_held(job_id, epoch).values(lease_until=until)).rowcount)

    def progress(self, job_id: str, epoch: int, fraction: float, message: str, facts: dict[str, Any]) -> None:
        """Keep how far the job is; progress never falls."""
        table = _job()
        with self.database.write() as connection:
            row = connection.execute(table.select().where(table.c.job_id == job_id)).mappings().one()
            percent = max(int(row["progress"]), min(99, int(fraction * 100)))
            connection.execute(
                _held(job_id, epoch).values(
                    progress=percent, message=message, facts=facts, updated_at=rfc3339(now()),
                    change=_next_change(connection),
                )
            )  # fmt: skip

    def cancel_asked(self, job_id: str, epoch: int) -> bool:
        """Whether the holder of this epoch should stop: cancelled, or lost to another."""
        row = self.row(job_id)
        return bool(row["cancel_asked"]) or row["lease_epoch"] != epoch or row["status"] in FINAL

    def guard_commit(self, connection: Connection, job_id: str, epoch: int) -> None:
        """Raise LeaseLost unless the epoch still holds the job; call it in the committing transaction."""
        touched = connection.execute(_held(job_id, epoch).values(updated_at=rfc3339(now()))).rowcount
        if not touched:
            raise LeaseLost("Another worker has taken this job over.")

    def complete_in(self, connection: Connection, job_id: str, epoch: int, result: dict[str, Any]) -> None:
        """End the job as completed in the caller's transaction."""
        self.guard_commit(connection, job_id, epoch)
        connection.execute(
            _held(job_id, epoch).values(
                status="completed", progress=100, message="done", result=result, failure=None,
                updated_at=rfc3339(now()), change=_next_change(connection),
            )
        )  # fmt: skip

    def complete(self, job_id: str, epoch: int, result: dict[str, Any]) -> None:
        """End the job as completed, unless its commit has already done so."""
        if self.show(job_id).status == "completed":
            return
        with self.database.write() as connection:
            self.complete_in(connection, job_id, epoch, result)

    def fail(self, job_id: str, epoch: int, failure: dict[str, Any]) -> bool:
        """End the job as failed or cancelled, with its error; False where it has ended or is another's by now."""
        status = "cancelled" if failure["code"] == "cancelled" else "failed"
        with self.database.write() as connection:
            ended = connection.execute(
                _held(job_id, epoch).values(
                    status=status, message=failure["message"], failure=failure, updated_at=rfc3339(now()),
                    change=_next_change(connection),
                )
            )  # fmt: skip
            return bool(ended.rowcount)

    def requeue(self, job_id: str, epoch: int) -> None:
        """Put a job whose process died back, to be finished by another."""
        with self.database.write() as connection:
            connection.execute(
                _held(job_id, epoch).values(
                    status="queued", message="waiting for a worker", updated_at=rfc3339(now()),
                    change=_next_change(connection),
                )
            )  # fmt: skip

    def cancel(self, call: Call, job_id: str) -> Job:
        """Ask the job to stop; one that waits is cancelled at once."""
        job = self.show(job_id)
        if job.status in FINAL:
            raise Conflict(f"The job has already ended: {job.status}.", hint="Nothing to cancel.")
        table = _job()
        with self.database.write() as connection:
            mine = table.update().where(table.c.job_id == job_id)
            change = {"updated_at": rfc3339(now()), "change": _next_change(connection)}
            connection.execute(mine.values(cancel_asked=True, **change))
            connection.execute(
                mine.where(table.c.status == "queued").values(
                    status="cancelled", message="cancelled before it began",
                    failure={"code": "cancelled", "message": "The job was cancelled.", "hint": "", "details": {}},
                )
            )  # fmt: skip
            call.runtime.audit.record_in(connection, call, "jobs.cancel", f"job:{job_id}", {})
        return self.show(job_id)

    def retry(self, call: Call, job_id: str) -> Job:
        """Queue a failed or cancelled job again, as the same job."""
        job, table = self.show(job_id), _job()
        if job.status not in ("failed", "cancelled"):
            raise Conflict(f"Only a failed or cancelled job can be retried; this one is {job.status}.", hint="")
        with self.database.write() as connection:
            connection.execute(
                table.update().where(table.c.job_id == job_id, table.c.status == job.status).values(
                    status="queued", progress=0, message="waiting for a worker", failure=None, cancel_asked=False,
                    attempts=0, updated_at=rfc3339(now()), change=_next_change(connection),
                )
            )  # fmt: skip
            call.runtime.audit.record_in(connection, call, "jobs.retry", f"job:{job_id}", {})
        return self.show(job_id)


def as_job(row: RowMapping, result: dict[str, Any] | None) -> Job:
    """The row and its opened result as people and programs see them."""
    failure = row["failure"]
    message = failure["message"] if failure else None
    return Job(
        job_id=row["job_id"], user_id=row["user_id"], job_type=row["job_type"], verb=row["verb"], title=row["title"],
        status=row["status"], progress=row["progress"], message=row["message"], facts=row["facts"],
        error_message=message, error=message, failure=failure, result=result,
        s3_key=(row["result"] or row["metadata"]).get("s3_key"), request_id=row["request_id"], attempts=row["attempts"],
        created_at=row["created_at"], started_at=row["started_at"], updated_at=row["updated_at"],
        metadata=row["metadata"], priority=NAMES[row["priority"]],
    )  # fmt: skip


def _job() -> Any:
    from lakebook.metadata import schema

    return schema.job


def _held(job_id: str, epoch: int) -> Any:
    table = _job()
    return table.update().where(table.c.job_id == job_id, table.c.lease_epoch == epoch, table.c.status == "processing")


def _next_change(connection: Connection) -> int:
    from sqlalchemy import func, select

    return int(connection.execute(select(func.coalesce(func.max(_job().c.change), 0) + 1)).scalar_one())
