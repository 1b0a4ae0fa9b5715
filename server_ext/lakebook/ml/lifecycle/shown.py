"""Tests and drift for shell and cell."""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING

from lakebook.display import table_html, table_text

if TYPE_CHECKING:
    from lakebook.ml.lifecycle.records import Drift, RouteResult
    from lakebook.ml.record import Interval

ARMS = ("version", "share", "answers", "outcomes", "score", "lead over the first")
COLUMNS = ("column", "PSI", "by chance below", "verdict", "what moved")
SHOWN = 20


def test_text(result: RouteResult) -> str:
    """Words, then the versions."""
    return f"{result.words}\n\n{table_text(ARMS, _arms(result))}"


def test_html(result: RouteResult) -> str:
    """Words, then the versions."""
    return f"<p>{html.escape(result.words)}</p>{table_html(ARMS, _arms(result))}"


def drift_text(drift: Drift) -> str:
    """Words, then the columns that moved most."""
    return f"{drift.words}\n\n{table_text(COLUMNS, _columns(drift))}"


def drift_html(drift: Drift) -> str:
    """Words, the picture, and the columns that moved most."""
    picture = ""
    if drift.chart is not None:
        from lakebook.charts import png

        encoded = base64.b64encode(png(drift.chart)).decode()
        picture = f'<p><img alt="{html.escape(drift.words)}" width="560" src="data:image/png;base64,{encoded}"></p>'
    return f"<p>{html.escape(drift.words)}</p>{picture}{table_html(COLUMNS, _columns(drift))}"


def _arms(result: RouteResult) -> list[list[str]]:
    return [
        [
            arm.reference, "shadow" if arm.share is None else f"{arm.share:.0%}", f"{arm.answers:,}",
            f"{arm.outcomes:,}", _figure(arm.score, arm.score_interval), _figure(arm.lead, arm.lead_interval, "+"),
        ]
        for arm in result.arms
    ]  # fmt: skip


def _columns(drift: Drift) -> list[list[str]]:
    measured = [drift.answer, *([drift.confidence] if drift.confidence else []), *drift.columns]
    return [[one.column, f"{one.psi:.3f}", f"{one.by_chance:.3f}", one.verdict, one.words] for one in measured[:SHOWN]]


def _figure(value: float | None, interval: Interval | None, sign: str = "") -> str:
    if value is None:
        return ""
    said = f"{value:{sign}.4g}"
    return said if interval is None else f"{said} ({interval[0]:{sign}.4g} to {interval[1]:{sign}.4g})"
