"""Whose turn it is: people's own before the clock's, one user after the other, nobody left to wait for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.call import Call
from lakebook.ingest.models import IngestRequest
from lakebook.jobs.models import Job
from lakebook.jobs.queue import Jobs
from lakebook.jobs.turns import AGE_SECONDS, LEVELS, PATIENT_SECONDS, Served, Waiting, next_of
from lakebook.verb import Priority
from lakebook.verbs import BY_NAME
from tests.unit.core.core_home import Days, told

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high")


def waiting(name: str, priority: Priority = "normal", waited: float = 0.0, user: str = "ada") -> Waiting:
    return Waiting(name, user, LEVELS[priority], NOON - timedelta(seconds=waited))


def order(*all_of_them: Waiting, **served: Served) -> str:
    """The jobs' names in the order of their turns, their users being served at the same times as at first."""
    left, names = list(all_of_them), ""
    while (turn := next_of(left, served, NOON)) is not None:
        left.remove(turn)
        names += turn.job_id
    return names


def test_nobody_waits() -> None:
    assert next_of([], {}, NOON) is None


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ((waiting("a"), waiting("b")), "ab"),
        ((waiting("a", "low"), waiting("b"), waiting("c", "high")), "cba"),
        ((waiting("a"), waiting("b", "high", AGE_SECONDS - 1)), "ba"),
        ((waiting("a", "high"), waiting("b", "normal", AGE_SECONDS)), "ab"),
        ((waiting("a", "high"), waiting("b", "normal", 2 * AGE_SECONDS)), "ba"),
        ((waiting("a"), waiting("b", "low", PATIENT_SECONDS - 1)), "ab"),
        ((waiting("a"), waiting("b", "low", PATIENT_SECONDS)), "ba"),
    ],
    ids=["age", "priority", "not yet older", "as high by waiting", "higher by waiting", "patient", "impatient"],
)
def test_turns_of_one_user(jobs: Sequence[Waiting], expected: str) -> None:
    assert order(*jobs) == expected
    assert order(*reversed(jobs)) == expected


@pytest.mark.parametrize(
    ("ada", "eve", "expected"),
    [
        (Served(1, ""), Served(0, "2026"), "eve"),
        (Served(0, "2026-02"), Served(0, "2026-01"), "eve"),
        (Served(0, "2026-01"), Served(0, "2026-02"), "ada"),
        (Served(0, ""), Served(0, "2026"), "ada"),
        (Served(1, "2026-02"), Served(1, "2026-01"), "eve"),
    ],
    ids=["at work", "served later", "served earlier", "never served", "both at work"],
)
def test_turns_among_users(ada: Served, eve: Served, expected: str) -> None:
    """What one user says of priorities changes nothing for another."""
    for one in PRIORITIES[1:]:
        turn = next_of(
            [waiting("a", one, user="ada"), waiting("b", "normal", user="eve")], {"ada": ada, "eve": eve}, NOON
        )
        assert turn is not None
        assert turn.user_id == expected


def test_what_people_wait_for_goes_before_anybodys_schedule() -> None:
    jobs = [waiting("a", "low", user="ada"), waiting("b", user="eve")]
    turn = next_of(jobs, {"eve": Served(3, "2026")}, NOON)
    assert turn is not None
    assert turn.job_id == "b"


@dataclass
class Asked:
    """A job that somebody asks for at a second, and when it began."""

    name: str
    user: str
    priority: Priority
    at: int
    began: int | None = None


asked = st.builds(
    lambda user, priority, at: (user, priority, at),
    st.sampled_from(["ada", "bob", "eve"]), st.sampled_from(PRIORITIES), st.integers(0, 200),
)  # fmt: skip


def play(jobs: list[Asked], seconds_each: int) -> None:
    """One worker does the jobs, each taking so many seconds."""
    clock, served = 0, dict[str, Served]()
    while left := [job for job in jobs if job.began is None]:
        here = {
            job.name: Waiting(job.name, job.user, LEVELS[job.priority], NOON + timedelta(seconds=job.at))
            for job in left
            if job.at <= clock
        }
        turn = next_of(list(here.values()), served, NOON + timedelta(seconds=clock))
        if turn is None:
            clock = min(job.at for job in left)
            continue
        next(job for job in jobs if job.name == turn.job_id).began = clock
        served[turn.user_id] = Served(0, f"{clock:09d}")
        clock += seconds_each


@given(st.lists(asked, min_size=1, max_size=40), st.integers(1, 30))
def test_nobodys_flood_holds_up_another(given_jobs: list[tuple[str, Priority, int]], seconds_each: int) -> None:
    """Between two turns of a user who waits no other user has two, whatever they ask for and how urgently."""
    jobs = [Asked(f"{n:03d}", *one) for n, one in enumerate(given_jobs)]
    play(jobs, seconds_each)
    for job in jobs:
        assert job.began is not None
        wanted = job.at if job.priority != "low" else job.at + int(PATIENT_SECONDS)
        own = [other.began for other in jobs if other.user == job.user and other.began is not None]
        since = max([wanted, *(began for began in own if began < job.began)])
        for user in {"ada", "bob", "eve"} - {job.user}:
            between = [other for other in jobs if other.user == user and since < (other.began or 0) < job.began]
            assert len(between) <= 1


@given(st.lists(asked, min_size=1, max_size=40), st.integers(1, 30))
def test_a_users_own_jobs_are_overtaken_by_more_urgent_ones_for_a_while(
    given_jobs: list[tuple[str, Priority, int]], seconds_each: int
) -> None:
    """A job asked for three ages later never goes before: waiting counts more than any priority."""
    jobs = [Asked(f"{n:03d}", *one) for n, one in enumerate(sorted(given_jobs, key=lambda one: one[2]))]
    play(jobs, seconds_each)
    for one in jobs:
        for other in jobs:
            if one.user == other.user and other.at > one.at + 3 * AGE_SECONDS:
                assert (one.began or 0) < (other.began or 0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Days:
    return told(monkeypatch, "jobs.queue")


def submitted(call: Call, name: str, user: str = "tester", priority: Priority = "normal") -> Job:
    from dataclasses import replace

    from lakebook.access.principal import Principal

    request = IngestRequest(source=name, priority=priority).model_dump(mode="json")
    return call.runtime.jobs.submit(replace(call, principal=Principal(user)), BY_NAME["ingest"], request, name, {})


def claims(jobs: Jobs, clock: Days, count: int, *, ending: bool = True) -> list[str]:
    """The titles of the next jobs claimed, each a second after the other."""
    titles = []
    for _ in range(count):
        clock.go(seconds=1)
        row = jobs.claim("w")
        assert row is not None
        titles.append(row["title"])
        if ending:
            jobs.complete(row["job_id"], row["lease_epoch"], {})
    return titles


def test_the_queue_takes_turns_among_users(call: Call, clock: Days) -> None:
    for n in range(4):
        submitted(call, f"a{n}", "ada")
    for n in range(2):
        submitted(call, f"e{n}", "eve")
    assert claims(call.runtime.jobs, clock, 6) == ["a0", "e0", "a1", "e1", "a2", "a3"]


def test_who_has_a_job_at_work_waits_for_who_has_none(call: Call, clock: Days) -> None:
    for name, user in (("a0", "ada"), ("a1", "ada"), ("e0", "eve"), ("b0", "bob"), ("a2", "ada")):
        submitted(call, name, user)
    assert claims(call.runtime.jobs, clock, 5, ending=False) == ["a0", "e0", "b0", "a1", "a2"]


def test_the_queue_goes_by_priority_and_says_it(call: Call, clock: Days) -> None:
    for priority in PRIORITIES:
        job = submitted(call, priority, priority=priority)
        assert job.priority == priority
    assert call.runtime.jobs.show(job.job_id).priority == "high"
    assert claims(call.runtime.jobs, clock, 3) == ["high", "normal", "low"]


def test_a_low_job_has_waited_long_enough(call: Call, clock: Days) -> None:
    submitted(call, "scheduled", priority="low")
    clock.go(seconds=PATIENT_SECONDS)
    submitted(call, "fresh")
    assert claims(call.runtime.jobs, clock, 2) == ["scheduled", "fresh"]


def test_a_job_that_was_begun_and_left_is_taken_first(call: Call, clock: Days) -> None:
    submitted(call, "left", priority="low")
    claims(call.runtime.jobs, clock, 1, ending=False)
    submitted(call, "urgent", priority="high")
    clock.go(seconds=60)
    assert claims(call.runtime.jobs, clock, 2) == ["left", "urgent"]


def test_a_request_without_a_word_of_it_is_normal(call: Call) -> None:
    job = call.runtime.jobs.submit(call, BY_NAME["publish"], {"notebook": "x"}, "x", {})
    assert job.priority == "normal"
