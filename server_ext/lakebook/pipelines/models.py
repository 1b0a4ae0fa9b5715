"""What run, runs and schedule take and give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from lakebook.verb import Flag, Positional, QueuedRequest, Request, Result


class RunRequest(QueuedRequest):
    """A notebook to run with parameters."""

    notebook: Annotated[str, Positional()] = Field(description="Path of the notebook.")
    parameters: Annotated[dict[str, Any], Flag("-p")] = Field(
        default_factory=dict, description="Parameters, as name=value pairs."
    )
    time_limit: int = Field(3600, ge=1, le=86_400, description="Seconds it may take.")


class Run(Result):
    """One execution of a notebook; the executed notebook is kept, failed or not."""

    run_id: str
    notebook: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    status: Literal["queued", "processing", "completed", "failed", "cancelled"]
    output: str | None = Field(None, description="Path of the executed notebook.")
    failed_cell: int | None = Field(None, description="Number of the cell that failed, counted from 1.")
    error: str | None = None
    results: dict[str, Any] = Field(default_factory=dict, description="What the notebook reported by `lb.report`.")
    schedule_id: str | None = None
    job_id: str | None = None
    user_id: str = ""
    created_at: str
    started_at: str | None = None
    ended_at: str | None = None


class RunsRequest(Request):
    """Which runs to list."""

    limit: int = Field(50, ge=1, le=1000, description="Most runs to list.")


class RunIdRequest(Request):
    """One run."""

    run: Annotated[str, Positional()] = Field(description="Id of the run.")


class ScheduleRequest(Request):
    """A notebook to run at the times of a cron expression."""

    notebook: Annotated[str, Positional()] = Field(description="Path of the notebook.")
    cron: str = Field(description="When to run, as a cron expression: `0 6 * * *` is every day at six.")
    name: Annotated[str | None, Flag("--as")] = Field(
        None, description="Name of the schedule; without one, the notebook's."
    )
    mode: Literal["fail", "replace"] = Field(
        "fail", description="What to do when the name is taken: refuse, or put this in its place."
    )
    timezone: str | None = Field(None, description="IANA time zone of the times; without one, this machine's.")
    parameters: Annotated[dict[str, Any], Flag("-p")] = Field(
        default_factory=dict, description="Parameters, as name=value pairs."
    )


class Schedule(Result):
    """A notebook's timetable."""

    schedule_id: str
    name: str
    notebook: str
    cron: str
    timezone: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    next_at: str | None = Field(None, description="When it runs next, in UTC.")
    last_at: str | None = Field(None, description="The last time that was run, in UTC.")
    user_id: str = ""
    created_at: str


class SchedulesRequest(Request):
    """Which schedules to list: all of them."""


class ScheduleNameRequest(Request):
    """One schedule, by id or name."""

    schedule: Annotated[str, Positional()] = Field(description="Id or name of the schedule.")
