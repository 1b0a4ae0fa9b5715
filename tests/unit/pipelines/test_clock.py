"""Cron in a time zone: right on the days the clock changes, refused in one line where it makes no sense."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lakebook.errors import InvalidRequest
from lakebook.pipelines import clock
from lakebook.pipelines.clock import local_zone, next_after, zone

BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(cron: str, timezone: str, start: str, count: int) -> list[str]:
    moment, found = at(start), list[str]()
    for _ in range(count):
        moment = next_after(cron, timezone, moment)
        found.append(moment.strftime("%m-%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("cron", "timezone", "expected"),
    [
        ("0 6 * * *", "UTC", "2026-03-02T06:00"),
        ("0 6 * * *", BERLIN, "2026-03-02T05:00"),
        ("0 6 * * *", "Asia/Kathmandu", "2026-03-02T00:15"),
        ("*/15 * * * *", "UTC", "2026-03-01T12:15"),
        ("0 0 1 * *", "America/New_York", "2026-04-01T04:00"),
        ("30 9 * * MON-FRI", "UTC", "2026-03-02T09:30"),
        ("0 0 29 2 *", "UTC", "2028-02-29T00:00"),
        ("0 18 L * *", "UTC", "2026-03-31T18:00"),
    ],
)
def test_the_next_time_is_in_utc(cron: str, timezone: str, expected: str) -> None:
    assert next_after(cron, timezone, at("2026-03-01T12:00")) == at(expected)


def test_a_time_that_is_now_is_not_next() -> None:
    assert next_after("0 6 * * *", "UTC", at("2026-03-01T06:00")) == at("2026-03-02T06:00")


def test_an_hour_skipped_in_spring_runs_once() -> None:
    assert times("30 2 * * *", BERLIN, "2026-03-27T12:00", 4) == [
        "03-28 01:30", "03-29 01:00", "03-30 00:30", "03-31 00:30",
    ]  # fmt: skip


def test_an_hour_doubled_in_autumn_runs_once() -> None:
    assert times("30 2 * * *", BERLIN, "2026-10-23T12:00", 4) == [
        "10-24 00:30", "10-25 00:30", "10-26 01:30", "10-27 01:30",
    ]  # fmt: skip


def test_every_hour_follows_real_time_through_both() -> None:
    spring = times("0 * * * *", BERLIN, "2026-03-28T23:30", 4)
    autumn = times("0 * * * *", BERLIN, "2026-10-24T22:30", 5)
    assert spring == ["03-29 00:00", "03-29 01:00", "03-29 02:00", "03-29 03:00"]
    assert autumn == ["10-24 23:00", "10-25 00:00", "10-25 01:00", "10-25 02:00", "10-25 03:00"]


@pytest.mark.parametrize(
    "cron", ["", "daily", "* * * *", "0 6 * * * *", "61 * * * *", "0 25 * * *", "0 0 30 2 *", "a b c d e", "0 0 0 * *"]
)
def test_what_never_runs_is_refused_with_an_example(cron: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        next_after(cron, "UTC", at("2026-03-01T12:00"))
    assert repr(cron) in refused.value.message
    assert "0 6 * * *" in refused.value.hint


@pytest.mark.parametrize("name", ["Berlin", "Europe/Atlantis", "", "../../etc/passwd", "/etc/localtime", "Europe"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match="no time zone"):
        zone(name)


def test_every_day_of_a_year_has_its_run_in_every_kind_of_zone() -> None:
    for timezone in (BERLIN, "America/Sao_Paulo", "Australia/Lord_Howe", "UTC"):
        moment, days = at("2026-01-01T00:00"), list[str]()
        while moment < at("2027-01-01T00:00"):
            moment = next_after("15 2 * * *", timezone, moment)
            days.append(moment.astimezone(zone(timezone)).date().isoformat())
        assert len(days) == len(set(days))
        assert len(days) in (365, 366)


def test_this_machines_zone_is_what_tz_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", ":Asia/Tokyo")
    assert local_zone() == "Asia/Tokyo"


def test_a_tz_that_is_no_zone_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Lisbon")
    monkeypatch.setattr(clock, "LOCALTIME", link)
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    assert local_zone() in ("Europe/Lisbon", "Portugal")


def test_a_machine_that_says_nothing_is_on_utc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(clock, "LOCALTIME", tmp_path / "none")
    monkeypatch.delenv("TZ", raising=False)
    assert local_zone() == "UTC"


def test_catching_up_looks_from_now_not_from_what_was_missed() -> None:
    week_later = at("2026-03-08T12:00")
    assert next_after("0 6 * * *", "UTC", week_later) - week_later < timedelta(days=1)
