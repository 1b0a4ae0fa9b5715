"""The evaluations and self tests that were made, as a dataset's page and a list show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.query.measure.models import Evaluation, Measured, MeasuredRequest, Selftest
from lakebook.verb import Listing

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.jobs.models import Job

KINDS = {"evaluate": "evaluation", "ask.selftest": "selftest"}
# How far back those of one dataset are looked for.
MOST_LOOKED_AT = 200


def list_measured(call: Call, request: MeasuredRequest) -> Listing[Measured]:
    """The measurements, newest first; of one dataset those that asked about it."""
    jobs = call.runtime.jobs.newest(MOST_LOOKED_AT, completed=tuple(KINDS))
    made = [figures(job) for job in jobs]
    if request.dataset is not None:
        dataset = call.runtime.catalog.dataset(request.dataset)
        names = {dataset.name, f"{dataset.layer}.{dataset.name}"}
        made = [each for each in made if names & set(each.datasets)]
    return Listing[Measured](items=made[: request.limit])


def figures(job: Job) -> Measured:
    """The figures of a completed job."""
    said = {"kind": KINDS[job.verb], "created_at": job.created_at, "user_id": job.user_id, "job_id": job.job_id}
    if job.verb == "evaluate":
        found = Evaluation.model_validate(job.result)
        return Measured(
            datasets=found.datasets, asked=found.questions, answered=found.answered, right=found.right,
            wrong=found.wrong, coverage=found.coverage, precision=found.precision, **said,
        )  # fmt: skip
    tried = Selftest.model_validate(job.result)
    return Measured(
        datasets=[each["name"] for each in tried.datasets],
        asked=tried.asked, answered=tried.answered, right=tried.held, wrong=tried.failed, **said,
    )  # fmt: skip
