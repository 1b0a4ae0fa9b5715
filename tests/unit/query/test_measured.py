"""The list of evaluations and self tests: what of each job is shown, and which are about a dataset."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from lakebook.call import Call
from lakebook.jobs.models import Job
from lakebook.query.measure.measured import KINDS, figures, list_measured
from lakebook.query.measure.models import Evaluation, MeasuredRequest, Selftest
from lakebook.verb import Result


def job(verb: str, result: Result, job_id: str = "j-1") -> Job:
    at = "2026-01-02T03:04:05.000000Z"
    return Job(
        job_id=job_id, user_id="ada", job_type=KINDS[verb], verb=verb, status="completed",
        result=result.model_dump(mode="json"), created_at=at, updated_at=at,
    )  # fmt: skip


EVALUATION = Evaluation(
    questions=9, answered=8, right=7, wrong=1, coverage=0.7, precision=0.875, datasets=["bronze.orders"]
)
SELFTEST = Selftest(datasets=[{"name": "orders", "version": 2}], asked=60, answered=58, held=26, failed=2)


def test_figures_of_an_evaluation() -> None:
    made = figures(job("evaluate", EVALUATION))
    assert (made.kind, made.asked, made.answered, made.right, made.wrong) == ("evaluation", 9, 8, 7, 1)
    assert (made.coverage, made.precision, made.user_id, made.job_id) == (0.7, 0.875, "ada", "j-1")


def test_figures_of_a_self_test() -> None:
    made = figures(job("ask.selftest", SELFTEST))
    assert (made.kind, made.asked, made.answered, made.right, made.wrong) == ("selftest", 60, 58, 26, 2)
    assert (made.coverage, made.precision, made.datasets) == (None, None, ["orders"])


def listed(**request: Any) -> list[str]:
    other = Selftest(datasets=[{"name": "weather", "version": 1}])
    jobs = [job("ask.selftest", other, "j-3"), job("evaluate", EVALUATION, "j-2"), job("ask.selftest", SELFTEST)]

    def newest(_limit: int, *, completed: tuple[str, ...]) -> list[Job]:
        assert completed == tuple(KINDS)
        return jobs

    dataset = SimpleNamespace(name="orders", layer="bronze")
    runtime = SimpleNamespace(
        jobs=SimpleNamespace(newest=newest), catalog=SimpleNamespace(dataset=lambda _name: dataset)
    )
    call = cast(Call, SimpleNamespace(runtime=runtime))
    return [each.job_id for each in list_measured(call, MeasuredRequest(**request)).items]


def test_those_of_a_dataset_by_either_name() -> None:
    assert listed() == ["j-3", "j-2", "j-1"]
    assert listed(limit=1) == ["j-3"]
    assert listed(dataset="orders") == ["j-2", "j-1"]
