"""Whose job comes next: what people wait for first, then turn by turn among people, then by priority and age."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lakebook.verb import Priority

if TYPE_CHECKING:
    from sqlalchemy import Connection

LEVELS: Mapping[Priority, int] = {"low": 0, "normal": 1, "high": 2}
NAMES: Mapping[int, Priority] = {level: name for name, level in LEVELS.items()}
# A job gains a level among its owner's with each minute that it waits; after two a low one counts as waited for.
AGE_SECONDS = 60.0
PATIENT_SECONDS = 120.0


@dataclass(frozen=True)
class Waiting:
    """The oldest waiting job of one person and one priority."""

    job_id: str
    user_id: str
    level: int
    since: datetime


@dataclass(frozen=True)
class Served:
    """How a person has been served: jobs at work now, and when the last one began (RFC 3339, empty for never)."""

    at_work: int = 0
    last: str = ""


def next_of(waiting: Collection[Waiting], served: Mapping[str, Served], instant: datetime) -> Waiting | None:
    """The job whose turn it is, or None where none waits.

    No flood of one person's jobs holds up another by more than one job, and no flood of any kind starves a job.
    """

    def turn(one: Waiting) -> tuple[bool, int, str, float, str]:
        waited = (instant - one.since).total_seconds()
        patient = one.level < LEVELS["normal"] and waited < PATIENT_SECONDS
        owner = served.get(one.user_id, Served())
        return patient, owner.at_work, owner.last, -(one.level + waited // AGE_SECONDS), one.job_id

    return min(waiting, key=turn, default=None)


def heads(connection: Connection) -> list[Waiting]:
    """The oldest waiting job of each person and priority."""
    from sqlalchemy import func, select

    from lakebook.metadata.schema import job

    statement = (
        select(job.c.user_id, job.c.priority, func.min(job.c.job_id), func.min(job.c.updated_at))
        .where(job.c.status == "queued")
        .group_by(job.c.user_id, job.c.priority)
    )
    return [
        Waiting(job_id, user_id, level, datetime.fromisoformat(since))
        for user_id, level, job_id, since in connection.execute(statement)
    ]


def served_of(connection: Connection, users: Collection[str]) -> dict[str, Served]:
    """How each of these people has been served."""
    from sqlalchemy import func, select

    from lakebook.metadata.schema import job

    def told(what: Any, *conditions: Any) -> dict[str, Any]:
        statement = select(job.c.user_id, what).where(job.c.user_id.in_(users), *conditions).group_by(job.c.user_id)
        return {row[0]: row[1] for row in connection.execute(statement)}

    at_work, last = told(func.count(), job.c.status == "processing"), told(func.max(job.c.started_at))
    return {user_id: Served(at_work.get(user_id, 0), last.get(user_id) or "") for user_id in users}
