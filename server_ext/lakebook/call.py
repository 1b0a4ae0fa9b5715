"""A call of a verb: who asks, under which request id, with which services, and how progress is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.errors import JobCancelled
from lakebook.ids import new_id

if TYPE_CHECKING:
    from lakebook.access.principal import Principal
    from lakebook.runtime import Runtime

Report = Callable[[float, str, dict[str, Any]], None]


def _silent(_fraction: float, _message: str, _facts: dict[str, Any]) -> None:
    """Progress that nobody watches."""


@dataclass
class JobSeat:
    """The place of a job at work: its id, the lease epoch it holds, and what was kept at its start."""

    job_id: str
    epoch: int
    metadata: dict[str, Any]


@dataclass
class Call:
    """Everything a verb's function may use."""

    runtime: Runtime
    principal: Principal
    request_id: str = field(default_factory=new_id)
    job: JobSeat | None = None
    report_to: Report = _silent
    is_cancelled: Callable[[], bool] = lambda: False
    folder: Path = field(default_factory=Path.cwd)
    upload_name: str | None = None

    def report(self, fraction: float, message: str, **facts: Any) -> None:
        """Say how far the work is (0 to 1), in words and numbers; raises JobCancelled when it was cancelled."""
        self.report_to(fraction, message, facts)
        self.check()

    def check(self) -> None:
        """Raise JobCancelled when the work was cancelled."""
        if self.is_cancelled():
            raise JobCancelled("The job was cancelled.")

    def staged(self, ending: str) -> Path:
        """A fresh path in `tmp/`, named after the job at work, so that what a kill leaves there is known and swept."""
        owner = f"{self.job.job_id}-" if self.job else ""
        return self.runtime.settings.folder("tmp") / f"{owner}{new_id()}{ending}"

    def audit(self, action: str, resource: str, **details: Any) -> None:
        """Keep who did what to which thing."""
        self.runtime.audit.record(self, action, resource, details)
