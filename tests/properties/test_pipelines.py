"""Schedules over arbitrary times: each due time once, nothing twice, nothing lost, whatever the clock does."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.ids import rfc3339
from lakebook.metadata import schema
from lakebook.notebooks.source import check_parameters
from lakebook.pipelines.clock import next_after, zone
from lakebook.pipelines.models import ScheduleRequest
from lakebook.pipelines.schedules import schedule, start_due
from lakebook.runtime import Runtime, open_runtime
from tests.local_home import code, write_notebook

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia",
         "America/Sao_Paulo", "Africa/Casablanca")  # fmt: skip

zones = st.sampled_from(ZONES)
START = datetime(2020, 1, 1, tzinfo=UTC)
instants = st.integers(0, 15 * 365 * 86_400).map(lambda second: START + timedelta(seconds=second))
fixed = st.tuples(st.integers(0, 59), st.integers(0, 23)).map(lambda time: f"{time[0]} {time[1]} * * *")
frequent = st.sampled_from(["* * * * *", "*/7 * * * *", "0 * * * *", "*/30 9-17 * * 1-5", "15,45 */2 * * *"])


@given(st.one_of(fixed, frequent), zones, instants)
def test_the_next_time_is_later_and_nothing_lies_between(cron: str, timezone: str, instant: datetime) -> None:
    following = next_after(cron, timezone, instant)
    assert following > instant
    assert following.tzinfo is UTC
    halfway = instant + (following - instant) / 2
    assert next_after(cron, timezone, halfway) == following


@given(fixed, zones, instants)
def test_a_daily_time_comes_once_on_every_day_of_its_zone(cron: str, timezone: str, instant: datetime) -> None:
    moment, days = instant, list[str]()
    for _ in range(12):
        moment = next_after(cron, timezone, moment)
        days.append(moment.astimezone(zone(timezone)).date().isoformat())
    assert len(set(days)) == len(days)
    first, last = datetime.fromisoformat(days[0]), datetime.fromisoformat(days[-1])
    assert (last - first).days == 11


@given(fixed, zones, instants)
def test_a_daily_time_is_the_wall_clocks_where_the_clock_shows_it(cron: str, timezone: str, instant: datetime) -> None:
    minute, hour = (int(field) for field in cron.split()[:2])
    found = next_after(cron, timezone, instant).astimezone(zone(timezone))
    wall = found.replace(hour=hour, minute=minute, tzinfo=zone(timezone))
    exists = wall.astimezone(UTC).astimezone(zone(timezone)).replace(fold=0) == wall.replace(fold=0)
    assume(exists)
    assert (found.hour, found.minute) == (hour, minute)


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    """One home for all examples."""
    return open_runtime(Path(tempfile.mkdtemp(prefix="lb-")) / "home", upgrade=True)


@settings(max_examples=25)
@given(
    due=instants,
    looks=st.lists(st.integers(-3600, 40 * 86_400), min_size=1, max_size=12),
    cron=st.sampled_from(["0 6 * * *", "*/10 * * * *", "0 0 1 * *"]),
)
def test_looks_at_any_times_start_each_due_time_at_most_once(
    runtime: Runtime, due: datetime, looks: list[int], cron: str
) -> None:
    folder = runtime.settings.folder("tmp")
    write_notebook(folder / "a.ipynb", "1")
    call = Call(runtime, Principal("tester"), folder=folder)
    with runtime.database.write() as connection:
        connection.execute(schema.schedule.delete())
        connection.execute(schema.job.delete())
    schedule(call, ScheduleRequest.model_validate({"notebook": "a.ipynb", "cron": cron, "timezone": "UTC"}))
    with runtime.database.write() as connection:
        connection.execute(schema.schedule.update().values(next_at=rfc3339(due)))
    model_next, expected, started = due, 0, 0
    for offset in sorted(looks):
        moment = due + timedelta(seconds=offset)
        started += start_due(runtime, instant=moment)
        if model_next <= moment:
            expected, model_next = expected + 1, next_after(cron, "UTC", moment)
    assert started == expected
    with runtime.database.read() as connection:
        dues = [row["metadata"]["due_at"] for row in connection.execute(schema.job.select()).mappings()]
        (row,) = connection.execute(schema.schedule.select()).mappings().all()
    assert len(set(dues)) == len(dues) == started
    assert row["next_at"] == rfc3339(model_next)


@given(
    st.lists(st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True), min_size=1, max_size=6, unique=True),
    st.sets(st.integers(0, 5)),
)
def test_the_parameters_that_a_cell_sets_are_taken_and_no_other(names: list[str], chosen: set[int]) -> None:
    import keyword

    from lakebook.errors import InvalidRequest

    assume(not any(keyword.iskeyword(name) for name in names))
    with tempfile.TemporaryDirectory() as folder:
        text = "\n".join(f"{name} = {number}" for number, name in enumerate(names))
        path = write_notebook(Path(folder) / "a.ipynb", code(text, "parameters"))
        check_parameters(path, [names[number] for number in chosen if number < len(names)])
        with pytest.raises(InvalidRequest) as refused:
            check_parameters(path, [*names, "not_there_at_all"])
    assert refused.value.details == {"unknown": ["not_there_at_all"], "known": names}
