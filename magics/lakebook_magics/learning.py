"""Progress of a training in a cell: the bar, and under it the best score so far beside the baseline."""

from __future__ import annotations

import html
import time
from typing import TYPE_CHECKING, Any

from lakebook_magics.progress import CellProgress, bar

if TYPE_CHECKING:
    from lakebook.jobs.models import Job

WIDTH, HEIGHT, EDGE = 420, 96, 12
INK, QUIET = "var(--jp-brand-color1,#1976d2)", "var(--jp-ui-font-color2,#666)"


class LearningProgress(CellProgress):
    """Draws the curve of the best score while models are tried; what stays is one line."""

    def __init__(self) -> None:
        super().__init__()
        self.points: list[tuple[float, float]] = []
        self.baseline: float | None = None
        self.tried: set[str] = set()

    def show(self, job: Job) -> None:
        """Take in what the state says of the search, then draw it over the one before."""
        facts = job.facts
        seconds = time.monotonic() - self.began
        self.baseline = _number(facts.get("baseline"), self.baseline)
        best = _number(facts.get("best"), None)
        if best is not None and (not self.points or self.points[-1][1] != best):
            self.points.append((seconds, best))
        if facts.get("model"):
            self.tried.add(str(facts["model"]))
        super().show(job)

    def drawn(self, job: Job, seconds: float) -> str:
        """The bar with the numbers of the search, and the curve once there is one."""
        said = " · ".join([job.message, *self.found(), f"{seconds:.0f} s"])
        line = f"{html.escape(job.title)} {bar(job.progress)} {job.progress} % {html.escape(said)}"
        return line + (f"<br>{self.curve(seconds)}" if self.points else "")

    def found(self) -> list[str]:
        """What the search has found so far, in words."""
        known = [("best", self.points[-1][1] if self.points else None), ("baseline", self.baseline)]
        words = [f"{name} {value:.4g}" for name, value in known if value is not None]
        many = len(self.tried)
        return [*([f"{many} {'model' if many == 1 else 'models'}"] if many else []), *words]

    def summary(self, seconds: float) -> str:
        """The line that stays."""
        return ", ".join([f"trained in {seconds:.1f} s", *self.found()])

    def curve(self, seconds: float) -> str:
        """The best score over the seconds as a step line, the baseline dashed, both with their figures."""
        levels = [best for _, best in self.points] + ([] if self.baseline is None else [self.baseline])
        low, high = min(levels), max(levels)
        span, last = high - low or abs(high) or 1.0, max(seconds, self.points[-1][0], 0.001)

        def across(at: float) -> float:
            return round(EDGE + (WIDTH - 6 * EDGE) * at / last, 1)

        def up(level: float) -> float:
            return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (level - low) / span, 1)

        (began, first), *later = self.points
        path = f"M{across(began)} {up(first)}" + "".join(f"H{across(at)}V{up(best)}" for at, best in later)
        best = self.points[-1][1]
        shapes = [f'<path d="{path}H{across(last)}" fill="none" stroke="{INK}" stroke-width="2"/>']
        shapes += [f'<circle cx="{across(at)}" cy="{up(level)}" r="3" fill="{INK}"/>' for at, level in self.points]
        shapes.append(_label(up(best), f"{best:.4g}", INK))
        if self.baseline is not None:
            level = up(self.baseline)
            shapes.append(
                f'<path d="M{EDGE} {level}H{across(last)}" stroke="{QUIET}" stroke-dasharray="4 4" fill="none"/>'
            )
            shapes.append(_label(level + (EDGE if abs(level - up(best)) < EDGE else 0), f"{self.baseline:.4g}", QUIET))
        label = html.escape(", ".join(self.found()))
        return (
            f'<svg role="img" aria-label="{label}" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(shapes)}</svg>'
        )


def _label(y: float, text: str, colour: str) -> str:
    return f'<text x="{WIDTH - 5 * EDGE + 8}" y="{y + 4}" font-size="11" fill="{colour}">{text}</text>'


def _number(value: Any, otherwise: float | None) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    return float(value) if is_number else otherwise
