"""`%lake`: what is there, and where the work stands."""

from __future__ import annotations

from typing import Any

from lakebook_magics.session import lakebook_of_kernel
from lakebook_magics.verbs import refusal

WHAT = ("datasets", "models", "runs", "schedules", "dashboards", "jobs", "contracts", "llm", "egress", "semantics",
        "questions")  # fmt: skip


def lake(line: str) -> Any:
    """%lake [WHAT]: list the datasets, or questions, models, runs, schedules, dashboards, jobs, contracts and so on."""
    from lakebook.errors import InvalidRequest, LakebookError

    what = line.strip() or "datasets"
    try:
        if what not in WHAT:
            raise InvalidRequest(f"%lake does not list {what!r}.", hint=f"It lists: {', '.join(WHAT)}.")
        return getattr(lakebook_of_kernel(), what)()
    except LakebookError as error:
        raise refusal(error) from None


def register(shell: Any) -> None:
    """Register the magic with the shell."""
    shell.register_magic_function(lake, "line", "lake")
