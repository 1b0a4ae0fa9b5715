"""Logs: one JSON object a line, times in UTC, what was handed along kept."""

from __future__ import annotations

import io
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lakebook.observe.logs import JsonLines, configure
from lakebook.settings import Settings


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The logger set up for this test alone; call it for the lines so far."""
    logger, written = logging.getLogger("lakebook"), io.StringIO()
    before = (logger.handlers[:], logger.level, logger.propagate)
    logger.handlers = []
    monkeypatch.setattr(sys, "stderr", written)
    configure(Settings(home=tmp_path, log_level="INFO"))
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.handlers, logger.level, logger.propagate = before


def test_a_line_has_its_fields(lines: Callable[[], list[dict[str, Any]]]) -> None:
    facts = {"request_id": "r1", "job_id": "j1"}
    logging.getLogger("lakebook.jobs").info("job %s", "started", extra=facts)
    (line,) = lines()
    instant = datetime.fromisoformat(line.pop("timestamp"))
    assert line == {"level": "INFO", "logger": "lakebook.jobs", "message": "job started", **facts}
    assert abs(datetime.now(UTC) - instant) < timedelta(minutes=1)


def test_times_are_utc_whatever_the_machines_zone(
    lines: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        logging.getLogger("lakebook").warning("now")
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    stamp = lines()[0]["timestamp"]
    assert stamp.endswith("Z")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(stamp)) < timedelta(minutes=1)


def test_text_of_many_lines_stays_one_line(lines: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("lakebook.x").error('two\nlines and "quotes" é')
    assert [line["message"] for line in lines()] == ['two\nlines and "quotes" é']


def test_an_error_keeps_its_stack(lines: Callable[[], list[dict[str, Any]]]) -> None:
    try:
        raise ValueError("inside")
    except ValueError:
        logging.getLogger("lakebook.x").exception("broke")
    assert "ValueError: inside" in lines()[0]["exc_info"]


def test_less_than_the_level_is_not_said(lines: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("lakebook.x").debug("quiet")
    logging.getLogger("other").error("not ours")
    assert lines() == []


def test_setting_up_twice_says_everything_once(lines: Callable[[], list[dict[str, Any]]], tmp_path: Path) -> None:
    configure(Settings(home=tmp_path))
    logging.getLogger("lakebook").error("once")
    assert len(lines()) == 1
    assert sum(isinstance(handler, JsonLines) for handler in logging.getLogger("lakebook").handlers) == 1
