"""What killed jobs left in the home's `tmp/`: files named after a job that has ended and comes no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lakebook.errors import NotFound
from lakebook.jobs.models import FINAL

if TYPE_CHECKING:
    from lakebook.runtime import Runtime

# The job's id, a mark, and the ending that only staged plain files have.
STAGED = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[^/]*\.unpacked(?:\.[^/]*)?")


def sweep(runtime: Runtime) -> int:
    """Remove the staged files of jobs that have ended; how many went."""
    gone = 0
    for path in runtime.settings.folder("tmp").iterdir():
        named = STAGED.fullmatch(path.name)
        if named is not None and _ended(runtime, named.group(1)):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _ended(runtime: Runtime, job_id: str) -> bool:
    try:
        return runtime.jobs.row(job_id)["status"] in FINAL
    except NotFound:
        return False
