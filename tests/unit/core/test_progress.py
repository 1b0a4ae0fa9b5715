"""The line of progress: drawn over itself on a terminal, absent elsewhere."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from lakebook.jobs.models import Job
from lakebook_cli import progress
from lakebook_cli.progress import WIDTH, Line

STAMP = "2026-01-01T00:00:00.000000Z"


class Terminal(io.StringIO):
    """A terminal that keeps what was drawn."""

    def isatty(self) -> bool:
        return True


def a_job(percent: int, title: str = "orders.csv", message: str = "reading") -> Job:
    return Job(
        job_id="j", user_id="u", job_type="t", verb="ingest", title=title, status="processing", progress=percent,
        message=message, created_at=STAMP, updated_at=STAMP,
    )  # fmt: skip


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard error as a terminal."""
    drawn = Terminal()
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=drawn))
    return drawn


@pytest.mark.parametrize(("percent", "full"), [(0, 0), (1, 0), (50, 12), (99, 24), (100, 24)])
def test_the_bar_fills(terminal: Terminal, percent: int, full: int) -> None:
    Line(quiet=False).show(a_job(percent))
    drawn = terminal.getvalue()
    assert drawn.count("▓") == full
    assert drawn.count("▓") + drawn.count("░") == WIDTH
    assert drawn.endswith(f" {percent} % reading")
    assert "orders.csv" in drawn


def test_states_are_drawn_over_each_other_and_wiped(terminal: Terminal) -> None:
    with Line(quiet=False) as line:
        line.show(a_job(10))
        line.show(a_job(20))
    drawn = terminal.getvalue()
    assert "\n" not in drawn
    assert drawn.count("\r\x1b[K") == 3
    assert drawn.endswith("\r\x1b[K")


def test_a_files_name_cannot_draw(terminal: Terminal) -> None:
    Line(quiet=False).show(a_job(10, title="a\x1b[2J\nb.csv", message="x\ry"))
    assert terminal.getvalue().count("\x1b") == 1
    assert terminal.getvalue().count("\r") == 1
    assert "\n" not in terminal.getvalue()


def test_quiet_draws_nothing(terminal: Terminal) -> None:
    with Line(quiet=True) as line:
        line.show(a_job(10))
    assert terminal.getvalue() == ""


def test_no_terminal_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=pipe))
    with Line(quiet=False) as line:
        line.show(a_job(10))
    assert pipe.getvalue() == ""


def test_the_line_is_wiped_after_an_error_too(terminal: Terminal) -> None:
    def interrupted() -> None:
        with Line(quiet=False) as line:
            line.show(a_job(10))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert terminal.getvalue().endswith("\r\x1b[K")
