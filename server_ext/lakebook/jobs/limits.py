"""What a job may use: the memory of its process group, and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.errors import JobMemoryExceeded, JobTimedOut, LakebookError

if TYPE_CHECKING:
    from lakebook.settings import Settings

TRAINING = "training"
LOOK_SECONDS = 0.5
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Most resident memory, in bytes, and most seconds of one attempt."""

    memory_bytes: int
    seconds: float
    hint: str | None = None

    def exceeded(self, pid: int | None, seconds: float) -> LakebookError | None:
        """Why the job of this process, at work for so many seconds, must be stopped; None where it need not."""
        if seconds > self.seconds:
            said = f"The job ran past its limit of {self.seconds:g} seconds and was stopped."
            return JobTimedOut(said, hint=self.hint)
        used = memory_of(pid) if pid is not None else 0
        if used > self.memory_bytes:
            most = f"{self.memory_bytes // MEGABYTE:,} MB"
            return JobMemoryExceeded(
                f"The job used {used // MEGABYTE:,} MB of memory, more than its limit of {most}, and was stopped.",
                hint=self.hint,
            )
        return None


def limits_of(settings: Settings, job_type: str) -> Limits:
    """What a job of this type may use."""
    if job_type == TRAINING:
        hint = "Train on fewer rows or columns, or for less time with `--time`."
        return Limits(settings.train_memory_bytes, min(settings.train_seconds, settings.job_seconds), hint)
    return Limits(settings.job_memory_bytes, settings.job_seconds)


def memory_of(pid: int) -> int:
    """Resident memory of a process and all that it has started, in bytes; 0 where it has ended."""
    import psutil

    try:
        leader = psutil.Process(pid)
        family = [leader, *leader.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for process in family:
        try:
            total += int(process.memory_info().rss)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total
