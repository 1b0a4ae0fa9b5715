"""Twenty seeded kills of workers and servers in the midst of loads, and what the soak makes of a breach."""

from __future__ import annotations

import os
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from lakebook.jobs.models import Job
from tests.soak import soak
from tests.soak.checks import as_it_should
from tests.soak.loads import KINDS, Expected, Load, Mix
from tests.soak.rounds import TARGETS, Kill, Round, Soak, kills
from tests.soak.scene import POINTS, Broken

KILLS = 10
HERE = Path()


def job(status: str = "completed", **more: object) -> Job:
    return Job.model_validate(
        {
            "job_id": "j", "user_id": "u", "job_type": "ingestion", "verb": "ingest", "status": status,
            "created_at": "", "updated_at": "", **more,
        }
    )  # fmt: skip


def load(folder: Path, *, sound: bool = True, rejected: int = 0, table: str = "t", mode: str = "fail") -> Load:
    return Load("small", folder / "a.csv", "whole", table, mode, 10, 5, rejected, sound)


# Two series side by side: they mostly wait.
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.xdist_group(f"series {seed}")) for seed in (4, 5)]
)
def test_twenty_kills_lose_nothing_double_nothing_leave_nothing(tmp_path: Path, seed: int) -> None:
    """The soak raises at the first breach; the lines before it say what was played."""
    played = []
    for one in Soak(tmp_path, seed).rounds(KILLS):
        played.append(one)
        print(soak.line(one, KILLS))
    assert [one.number for one in played] == list(range(1, KILLS + 1))
    assert Counter(one.kill.target for one in played) == {"worker": 4, "server": 3, "both": 3}
    assert {one.kind for round_ in played for one in round_.loads} == set(KINDS)
    assert any(job.attempts > 1 for one in played for job in one.jobs)
    assert {job.status for one in played for job in one.jobs} == {"completed", "failed"}


def test_a_seed_is_one_series() -> None:
    again = [list(kills(Random(7), 200)) for _ in range(2)]
    assert again[0] == again[1]
    assert again[0] != list(kills(Random(8), 200))


def test_a_long_series_kills_everybody_everywhere() -> None:
    series = list(kills(Random(1), 200))
    assert {(one.target, one.point) for one in series if one.point} == {
        (target, point) for target in TARGETS for point in POINTS
    }
    assert min(one.after for one in series if not one.point) < 0.1
    assert max(one.after for one in series if not one.point) > 1.4


def test_loads_come_in_every_kind_and_never_with_an_id_twice(tmp_path: Path) -> None:
    mix = Mix(tmp_path, Random(3))
    made = [mix.load() for _ in range(2 * len(KINDS))]
    assert Counter(one.kind for one in made) == dict.fromkeys(KINDS, 2)
    assert len({one.path for one in made}) == len(made)
    spans = sorted((one.first, one.first + one.rows) for one in made if one.rows)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert all(one.path.stat().st_size > 0 for one in made)


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    bodies = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        mix = Mix(folder, Random(3))
        bodies.append([(one.kind, one.path.read_bytes()) for one in (mix.load() for _ in range(4)) if one.kind != "gz"])
    assert bodies[0] == bodies[1]


def test_what_a_table_must_hold(tmp_path: Path) -> None:
    expected = Expected()
    expected.took(load(tmp_path, table="ledger", mode="append"))
    expected.took(load(tmp_path, table="ledger", mode="append"))
    expected.took(load(tmp_path, table="stock", mode="replace"))
    expected.took(load(tmp_path, table="stock", mode="replace"))
    assert list(expected.tables()) == [("ledger", 10, 120), ("stock", 5, 60)]


FAILURE = {"code": "bad_file", "message": "It is no table.", "hint": "Look at it.", "details": {}}


@pytest.mark.parametrize(
    ("made", "ended"),
    [
        (load(HERE), job("failed", failure=FAILURE, error_message="It is no table.")),
        (load(HERE), job("cancelled")),
        (load(HERE, sound=False), job(result={"rejected_rows": 0})),
        (load(HERE, sound=False), job("failed", failure={**FAILURE, "hint": ""}, error_message="It is no table.")),
        (load(HERE, sound=False), job("failed")),
        (load(HERE, rejected=2), job(result={"rejected_rows": 1})),
    ],
    ids=["lost", "cancelled", "made of nothing", "no hint", "no reason", "a row less"],
)
def test_an_end_that_must_not_be_is_a_breach(made: Load, ended: Job) -> None:
    with pytest.raises(Broken, match=r"a\.csv"):
        as_it_should(made, ended)


def test_ends_that_may_be(tmp_path: Path) -> None:
    as_it_should(load(tmp_path, rejected=2), job(result={"rejected_rows": 2}))
    as_it_should(load(tmp_path, sound=False), job("failed", failure=FAILURE, error_message="It is no table."))


def test_a_breach_ends_the_soak_with_its_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def rounds(played: Soak, count: int) -> object:
        assert (played.seed, count) == (31, 200)
        yield Round(1, Kill("worker", point="claimed"), [load(tmp_path)], [job(attempts=2)], 2.5, hit=False)
        raise Broken("left over: tmp/x")

    monkeypatch.setattr(Soak, "rounds", rounds)
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    assert soak.main(["--seed", "31"]) == 1
    said = capsys.readouterr().out
    assert "kill soak: 200 kills, seed 31" in said
    assert "1/200  worker at claimed (the point was not passed): small completed at attempt 2  2.5 s" in said
    assert "BREACH in kill 2: left over: tmp/x" in said
    assert "--seed 31" in said


def test_a_soak_without_a_breach_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Soak, "rounds", lambda _played, count: iter([Round(count, Kill("both", 0.5), [], [], 1.0)]))
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    assert soak.main(["--kills", "1", "--keep", str(tmp_path / "kept")]) == 0
    said = capsys.readouterr().out
    assert "nothing lost" in said
    assert (tmp_path / "kept").is_dir()
