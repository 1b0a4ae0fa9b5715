"""Schedules: each due time starts one run, whoever looks and however often; missed times are caught up once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.errors import InvalidRequest, NameTaken, NotFound
from lakebook.ids import rfc3339
from lakebook.metadata import schema
from lakebook.pipelines import schedules
from lakebook.pipelines.models import RunsRequest, ScheduleNameRequest, ScheduleRequest, SchedulesRequest
from lakebook.pipelines.verbs import list_runs
from lakebook.runtime import Runtime
from tests.local_home import USER, code, write_notebook

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A notebook that takes a day."""
    return write_notebook(tmp_path / "daily.ipynb", code("day = 'today'", "parameters"), "print(day)")


def wanted(**fields: Any) -> ScheduleRequest:
    return ScheduleRequest.model_validate({"notebook": "daily.ipynb", "cron": "0 6 * * *", "timezone": "UTC", **fields})


def set_next(runtime: Runtime, schedule_id: str, moment: datetime) -> None:
    table = schema.schedule
    with runtime.database.write() as connection:
        connection.execute(table.update().where(table.c.schedule_id == schedule_id).values(next_at=rfc3339(moment)))


def names(call: Call) -> list[str]:
    return [found.name for found in schedules.list_schedules(call, SchedulesRequest()).items]


def test_a_schedule_is_kept_as_asked(call: Call, notebook: Path) -> None:
    made = schedules.schedule(call, wanted(cron=" 0  6 * * * ", timezone="Europe/Berlin", parameters={"day": "x"}))
    assert made.name == "daily"
    assert made.notebook == str(notebook)
    assert (made.cron, made.timezone, made.parameters) == ("0 6 * * *", "Europe/Berlin", {"day": "x"})
    assert (made.user_id, made.last_at) == (USER, None)
    assert made.next_at is not None
    assert made.next_at > made.created_at
    assert schedules.list_schedules(call, SchedulesRequest()).items == [made]


def test_without_a_zone_it_keeps_this_machines(call: Call, notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert notebook.exists()
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert schedules.schedule(call, wanted(timezone=None)).timezone == "Asia/Tokyo"


def test_a_taken_name_is_refused_also_in_other_letters(call: Call, notebook: Path) -> None:
    assert notebook.exists()
    schedules.schedule(call, wanted(name="Täglich"))
    with pytest.raises(NameTaken, match="already called 'Täglich'"):
        schedules.schedule(call, wanted(name="TÄGLICH"))
    assert names(call) == ["Täglich"]


def test_replacing_keeps_the_schedules_id(call: Call, notebook: Path) -> None:
    assert notebook.exists()
    first = schedules.schedule(call, wanted())
    second = schedules.schedule(call, wanted(cron="30 7 * * *", mode="replace"))
    assert (second.schedule_id, second.created_at) == (first.schedule_id, first.created_at)
    assert second.cron == "30 7 * * *"
    assert second.next_at is not None
    assert second.next_at.endswith("T07:30:00.000000Z")
    assert names(call) == ["daily"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"notebook": "gone.ipynb"}, NotFound),
        ({"cron": "every day"}, InvalidRequest),
        ({"timezone": "Mars/Olympus"}, InvalidRequest),
        ({"parameters": {"dya": 1}}, InvalidRequest),
        ({"name": "a/b"}, InvalidRequest),
    ],
)
def test_what_could_never_run_is_refused_at_once(
    call: Call, notebook: Path, fields: dict[str, Any], error: type[Exception]
) -> None:
    assert notebook.exists()
    with pytest.raises(error):
        schedules.schedule(call, wanted(**fields))
    assert names(call) == []


def test_schedules_are_listed_by_name_and_deleted_by_id_or_name(call: Call, notebook: Path) -> None:
    assert notebook.exists()
    made = {name: schedules.schedule(call, wanted(name=name)) for name in ("c", "A", "b")}
    assert names(call) == ["A", "b", "c"]
    assert schedules.delete_schedule(call, ScheduleNameRequest(schedule="a")) == made["A"]
    assert schedules.delete_schedule(call, ScheduleNameRequest(schedule=made["c"].schedule_id)) == made["c"]
    assert names(call) == ["b"]
    with pytest.raises(NotFound, match="No schedule is called 'bb'") as refused:
        schedules.delete_schedule(call, ScheduleNameRequest(schedule="bb"))
    assert "'b'" in refused.value.hint


def test_a_due_schedule_queues_one_run_and_moves_on(call: Call, runtime: Runtime, notebook: Path) -> None:
    made = schedules.schedule(call, wanted(parameters={"day": "x"}))
    set_next(runtime, made.schedule_id, NOON)
    assert schedules.start_due(runtime, instant=NOON - timedelta(seconds=1)) == 0
    assert schedules.start_due(runtime, instant=NOON) == 1
    assert schedules.start_due(runtime, instant=NOON) == 0
    (job,) = runtime.jobs.newest()
    assert (job.verb, job.status, job.user_id, job.title) == ("run", "queued", USER, "daily (daily.ipynb)")
    assert runtime.jobs.row(job.job_id)["request"] == {
        "notebook": str(notebook), "parameters": {"day": "x"}, "time_limit": 3600, "priority": "low",
    }  # fmt: skip
    (moved,) = schedules.list_schedules(call, SchedulesRequest()).items
    assert (moved.last_at, moved.next_at) == (rfc3339(NOON), "2026-03-02T06:00:00.000000Z")
    (run,) = list_runs(call, RunsRequest(limit=10)).items
    assert (run.status, run.schedule_id, run.notebook) == ("queued", made.schedule_id, str(notebook))


def test_a_week_of_missed_times_is_caught_up_once(call: Call, runtime: Runtime, notebook: Path) -> None:
    assert notebook.exists()
    made = schedules.schedule(call, wanted(cron="*/5 * * * *"))
    set_next(runtime, made.schedule_id, NOON - timedelta(days=7))
    started = [schedules.start_due(runtime, instant=NOON + timedelta(seconds=second)) for second in range(5)]
    assert started == [1, 0, 0, 0, 0]
    assert len(runtime.jobs.newest()) == 1
    (moved,) = schedules.list_schedules(call, SchedulesRequest()).items
    assert moved.next_at == "2026-03-01T12:05:00.000000Z"


def test_leaders_that_overlap_start_each_time_once(call: Call, runtime: Runtime, notebook: Path) -> None:
    assert notebook.exists()
    for number in range(4):
        made = schedules.schedule(call, wanted(name=f"s{number}"))
        set_next(runtime, made.schedule_id, NOON)
    began, started = threading.Barrier(4), list[int]()

    def lead() -> None:
        began.wait()
        started.append(schedules.start_due(runtime, instant=NOON))

    leaders = [threading.Thread(target=lead) for _ in range(4)]
    for leader in leaders:
        leader.start()
    for leader in leaders:
        leader.join()
    assert sum(started) == 4
    assert len(runtime.jobs.newest()) == 4


def test_a_time_is_not_lost_where_the_run_cannot_be_queued(
    call: Call, runtime: Runtime, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert notebook.exists()
    made = schedules.schedule(call, wanted())
    set_next(runtime, made.schedule_id, NOON)
    with monkeypatch.context() as broken:
        broken.setattr(runtime.jobs, "submit_in", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            schedules.start_due(runtime, instant=NOON)
    assert runtime.jobs.newest() == []
    assert schedules.start_due(runtime, instant=NOON) == 1


def test_a_zone_that_went_stops_its_schedule_alone(call: Call, runtime: Runtime, notebook: Path) -> None:
    assert notebook.exists()
    lost, well = schedules.schedule(call, wanted(name="lost")), schedules.schedule(call, wanted(name="well"))
    table = schema.schedule
    with runtime.database.write() as connection:
        connection.execute(
            table.update().where(table.c.schedule_id == lost.schedule_id).values(timezone="Europe/Atlantis")
        )
    for made in (lost, well):
        set_next(runtime, made.schedule_id, NOON)
    assert schedules.start_due(runtime, instant=NOON) == 2
    found = {row.name: row.next_at for row in schedules.list_schedules(call, SchedulesRequest()).items}
    assert found == {"lost": None, "well": "2026-03-02T06:00:00.000000Z"}


def test_a_deleted_schedule_starts_nothing(call: Call, runtime: Runtime, notebook: Path) -> None:
    assert notebook.exists()
    made = schedules.schedule(call, wanted())
    set_next(runtime, made.schedule_id, NOON)
    schedules.delete_schedule(call, ScheduleNameRequest(schedule="daily"))
    assert schedules.start_due(runtime, instant=NOON) == 0
    assert runtime.jobs.newest() == []
