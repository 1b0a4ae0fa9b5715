"""Jobs as people and programs see them; field names are the seed's."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from lakebook.verb import Positional, Priority, Request, Result

Status = Literal["queued", "processing", "completed", "failed", "cancelled"]
FINAL: frozenset[str] = frozenset({"completed", "failed", "cancelled"})


class Job(Result):
    """Work that a worker does: what, for whom, how far, and how it ended."""

    job_id: str
    user_id: str
    job_type: str
    verb: str
    title: str = ""
    status: Status
    progress: int = Field(0, description="0 to 100, never falling.")
    message: str = ""
    facts: dict[str, Any] = Field(default_factory=dict, description="Numbers of the work so far.")
    error_message: str | None = None
    error: str | None = Field(None, description="The same as error_message.")
    failure: dict[str, Any] | None = Field(None, description="The error with code, hint and details.")
    result: dict[str, Any] | None = None
    s3_key: str | None = None
    request_id: str = ""
    attempts: int = 0
    priority: Priority = "normal"
    created_at: str
    started_at: str | None = None
    updated_at: str
    metadata: dict[str, Any] = Field(default_factory=dict)


class JobsRequest(Request):
    """Which jobs to list."""

    limit: int = Field(50, ge=1, le=1000, description="Most jobs to list.")
    active: bool = Field(False, description="Only those queued or at work.")


class JobRequest(Request):
    """One job."""

    job: Annotated[str, Positional()] = Field(description="Id of the job.")
