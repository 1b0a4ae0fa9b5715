"""Progress of a job in a cell: one line that is drawn over, and goes when the result comes."""

from __future__ import annotations

import html
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lakebook.jobs.models import Job

SHOW_AFTER = 0.3
BAR = (
    '<div style="display:inline-block;width:14em;height:.7em;border:1px solid var(--jp-border-color1,#999);'
    'vertical-align:middle"><div style="width:{percent}%;height:100%;background:var(--jp-brand-color1,#1976d2)">'
    "</div></div>"
)


class CellProgress:
    """Shows each state of a job in the cell's output."""

    def __init__(self) -> None:
        self.handle: Any = None
        self.began = time.monotonic()

    def show(self, job: Job) -> None:
        """Draw the state over the one before; work that ends at once shows nothing."""
        if time.monotonic() - self.began < SHOW_AFTER:
            return
        from IPython.display import HTML, display

        text = self.drawn(job, time.monotonic() - self.began)
        if self.handle is None:
            self.handle = display(HTML(text), display_id=True)
        else:
            self.handle.update(HTML(text))

    def drawn(self, job: Job, seconds: float) -> str:
        """The state as HTML: a bar, the message, the numbers so far."""
        facts = ", ".join(_fact(name, value) for name, value in job.facts.items() if value is not None)
        said = f"{job.message}{' · ' + facts if facts else ''} · {seconds:.0f} s"
        return f"{html.escape(job.title)} {bar(job.progress)} {job.progress} % {html.escape(said)}"

    def summary(self, seconds: float) -> str:
        """The line that stays."""
        return f"done in {seconds:.1f} s"

    def done(self) -> None:
        """Leave one quiet line, so that the saved notebook reads well."""
        if self.handle is not None:
            from IPython.display import HTML

            said = html.escape(self.summary(time.monotonic() - self.began))
            self.handle.update(HTML(f"<small>{said}</small>"))


def bar(percent: int) -> str:
    """A bar that is filled so far."""
    return BAR.format(percent=percent)


def _fact(name: str, value: Any) -> str:
    shown = f"{value:,}" if isinstance(value, int) else f"{value:.4g}" if isinstance(value, float) else str(value)
    return f"{name.replace('_', ' ')} {shown}"
