"""The verb `stream`: what it takes, at which pace, and where it stops."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lakebook.call import Call
from lakebook.errors import BadFile, InvalidRequest, JobCancelled
from lakebook.streaming.models import StreamRequest
from lakebook.streaming.verbs import stream


def asked(**fields: Any) -> StreamRequest:
    return StreamRequest.model_validate({"topic": "sales", **fields})


def sent(call: Call) -> list[dict[str, Any]]:
    found, after = list[dict[str, Any]](), 0
    while batch := call.runtime.topics.read("sales", after):
        found += [row for _, row, _ in batch]
        after = batch[-1][0]
    return found


def test_rows_given_are_sent_in_order(call: Call) -> None:
    rows = [{"n": number} for number in range(450)]
    done = stream(call, asked(rows=rows))
    assert (done.topic, done.sent) == ("sales", 450)
    assert sent(call) == rows


def test_a_file_is_sent_from_the_callers_folder(call: Call, tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text("n,country\n1,Eire\n2,Spain\n")
    assert stream(call, asked(source="day.csv")).sent == 2
    assert sent(call) == [{"n": 1, "country": "Eire"}, {"n": 2, "country": "Spain"}]


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_a_limit_is_a_limit(call: Call, limit: int) -> None:
    rows = [{"n": number} for number in range(5)]
    assert stream(call, asked(rows=rows, limit=limit)).sent == min(limit, 5)
    assert sent(call) == rows[:limit]


def test_a_rate_spreads_the_rows_over_time(call: Call) -> None:
    rows = [{"n": number} for number in range(6)]
    began = time.monotonic()
    done = stream(call, asked(rows=rows, rate=20))
    assert time.monotonic() - began >= 0.25
    assert done.seconds >= 0.25
    assert sent(call) == rows


def test_a_slow_stream_stops_at_a_cancel_and_keeps_what_it_sent(call: Call) -> None:
    looks = iter(range(8))
    call.is_cancelled = lambda: next(looks, None) is None
    began = time.monotonic()
    with pytest.raises(JobCancelled):
        stream(call, asked(rows=[{"n": 1}, {"n": 2}], rate=0.01))
    assert time.monotonic() - began < 10
    assert sent(call) == [{"n": 1}]


def test_progress_is_said_in_rows(call: Call) -> None:
    said: list[int] = []
    call.report_to = lambda _fraction, _message, facts: said.append(facts["rows"])
    stream(call, asked(rows=[{"n": number} for number in range(450)]))
    assert said == [200, 400, 450]


def test_what_was_sent_is_audited(call: Call) -> None:
    stream(call, asked(rows=[{"n": 1}]))
    (entry,) = call.runtime.audit.entries()
    assert (entry["action"], entry["resource"], entry["details"]) == ("stream", "topic:sales", {"rows": 1})


@pytest.mark.parametrize("fields", [{}, {"source": "x.csv", "rows": []}])
def test_either_a_file_or_rows(call: Call, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match="Either a file or rows"):
        stream(call, asked(**fields))


@pytest.mark.parametrize("source", ["gone.csv", "."])
def test_a_missing_file_is_refused(call: Call, source: str) -> None:
    with pytest.raises(BadFile, match="There is no file"):
        stream(call, asked(source=source))
    assert call.runtime.topics.newest("sales") == 0


@pytest.mark.parametrize("topic", ["", "a b", "a/b", "x" * 201, "a\nb"])
def test_a_topics_name_is_plain(topic: str) -> None:
    with pytest.raises(ValidationError):
        StreamRequest.model_validate({"topic": topic, "rows": []})
