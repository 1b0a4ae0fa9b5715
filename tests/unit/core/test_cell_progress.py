"""A job's progress in a cell: drawn over itself, one quiet line at the end; a training with its curve."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lakebook.jobs.models import Job
from lakebook_magics import progress
from lakebook_magics.learning import LearningProgress
from lakebook_magics.progress import CellProgress

STAMP = "2026-01-01T00:00:00.000000Z"
HOSTILE = "<img src=x onerror=alert(1)>"


def a_job(percent: int = 40, title: str = "orders.csv", message: str = "reading", **facts: Any) -> Job:
    return Job(
        job_id="j", user_id="u", job_type="t", verb="train", title=title, status="processing", progress=percent,
        message=message, facts=facts, created_at=STAMP, updated_at=STAMP,
    )  # fmt: skip


class Cell:
    """An output that keeps each drawing."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    def display(self, made: Any, *, display_id: bool) -> Cell:
        assert display_id
        self.update(made)
        return self

    def update(self, made: Any) -> None:
        self.drawn.append(made.data)


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Cell:
    """The output of the cell at work; progress shows at once."""
    made = Cell()
    monkeypatch.setattr("IPython.display.display", made.display)
    monkeypatch.setattr(progress, "SHOW_AFTER", -1)
    return made


def learnt(cell: Cell, *states: dict[str, Any]) -> LearningProgress:
    """A training that went through these states."""
    shown = LearningProgress()
    for facts in states:
        shown.show(a_job(message="LightGBM: 0.8", **facts))
    return shown


def heights(drawing: str) -> list[float]:
    """The heights on the page through which the step line goes, from left to right."""
    path = re.search(r'<path d="([^"]+)" fill="none" stroke="var\(--jp-brand', drawing)
    assert path is not None
    return [float(at) for at in re.findall(r"(?:M[\d.]+ |V)([\d.]+)", path[1])]


def test_work_that_ends_at_once_shows_nothing(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SHOW_AFTER", 60)
    shown = CellProgress()
    shown.show(a_job())
    shown.done()
    assert cell.drawn == []


def test_states_are_drawn_over_each_other_and_one_line_stays(cell: Cell) -> None:
    shown = CellProgress()
    shown.show(a_job(10, rows_read=331_000, share=0.123456, nothing=None))
    shown.show(a_job(20))
    shown.done()
    first, second, last = cell.drawn
    assert "10 % reading · rows read 331,000, share 0.1235 · 0 s" in first
    assert "width:20%" in second
    assert re.fullmatch(r"<small>done in \d\.\d s</small>", last)


@pytest.mark.parametrize("kind", [CellProgress, LearningProgress], ids=lambda kind: str(kind.__name__))
def test_names_are_no_markup(cell: Cell, kind: type[CellProgress]) -> None:
    shown = kind()
    shown.show(a_job(title=HOSTILE, message=HOSTILE, model=HOSTILE, best=0.5))
    shown.done()
    assert not any("<img" in drawing for drawing in cell.drawn)


def test_a_training_shows_its_best_score_beside_the_baseline(cell: Cell) -> None:
    shown = learnt(cell, {"rows": 713}, {"baseline": 0.62}, {"model": "a", "score": 0.8, "best": 0.8, "baseline": 0.62})
    assert "<svg" not in cell.drawn[0]
    assert "<svg" not in cell.drawn[1]
    assert "1 model · best 0.8 · baseline 0.62" in cell.drawn[2]
    assert 'aria-label="1 model, best 0.8, baseline 0.62"' in cell.drawn[2]
    assert cell.drawn[2].count("<path") == 2
    shown.done()
    assert re.fullmatch(r"<small>trained in \d\.\d s, 1 model, best 0.8, baseline 0.62</small>", cell.drawn[-1])


def test_the_curve_rises_with_the_best_and_keeps_what_a_state_leaves_out(cell: Cell) -> None:
    rising = [{"model": name, "best": best} for name, best in (("a", 0.7), ("b", 0.7), ("c", 0.9), ("d", 0.95))]
    shown = learnt(cell, {"baseline": 0.6}, *rising, {"best": None}, {"note": "scoring"})
    assert heights(cell.drawn[-1]) == sorted(heights(cell.drawn[-1]), reverse=True)
    assert len(heights(cell.drawn[-1])) == 3
    assert shown.found() == ["4 models", "best 0.95", "baseline 0.6"]


def test_an_error_that_falls_goes_down_the_page(cell: Cell) -> None:
    learnt(cell, {"baseline": 4.0}, {"best": 3.0}, {"best": 2.5})
    drawn = heights(cell.drawn[-1])
    assert drawn == sorted(drawn)
    assert drawn[0] > 12


def test_one_level_alone_is_a_line(cell: Cell) -> None:
    learnt(cell, {"best": 0.0}, {"best": 0.0, "baseline": 0.0})
    assert len(set(heights(cell.drawn[-1]))) == 1
    assert "nan" not in cell.drawn[-1]


@pytest.mark.parametrize("best", [float("nan"), True, "0.9", None], ids=str)
def test_what_is_no_number_is_no_point(cell: Cell, best: Any) -> None:
    assert learnt(cell, {"model": "a", "best": best}).points == []
    assert "<svg" not in cell.drawn[-1]
