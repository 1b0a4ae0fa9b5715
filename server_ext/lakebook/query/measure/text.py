"""Evaluations and self tests for the shell and the cell: the figures, then what went wrong."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from lakebook.display import table_text

if TYPE_CHECKING:
    from lakebook.query.measure.models import Evaluation, ResultRows, Selftest, Verdict

SHOWN_ROWS = 5
SHOWN_WRONG = 20


def evaluation(result: Evaluation) -> str:
    """The figures, those of each rung, and the wrong answers beside what was expected."""
    figures = [
        ("questions", f"{result.questions:,} ({result.answerable:,} answerable)"),
        ("answered", f"{result.answered:,}"),
        ("right", f"{result.right:,}"),
        ("wrong", f"{result.wrong:,}"),
        ("declined", f"{result.declined:,}"),
        ("coverage", percent(result.coverage)),
        ("precision", percent(result.precision)),
        ("unanswerable, answered", f"{result.unanswerable_answered:,}"),
        ("right with columns besides", f"{result.right_with_columns_besides:,}"),
    ]
    if result.unchecked:
        figures.append(("not checked: gold fails", f"{result.unchecked:,}"))
    parts = [table_text((), [list(figure) for figure in figures])]
    if result.rungs:
        rows = [[each.rung, f"{each.answered:,}", f"{each.right:,}", percent(each.precision)] for each in result.rungs]
        parts.append(table_text(("rung", "answered", "right", "precision"), rows))
    shown = [each for each in result.verdicts if each.verdict in ("wrong", "unchecked")]
    parts += [_verdict(each) for each in shown[:SHOWN_WRONG]]
    if len(shown) > SHOWN_WRONG:
        parts.append(f"{len(shown) - SHOWN_WRONG:,} more; --json shows all.")
    return "\n\n".join(parts)


def selftest(result: Selftest) -> str:
    """The figures by check, and each contradiction with its questions."""
    tables = ", ".join(f"{each['name']} v{each['version']}" for each in result.datasets)
    said = f"{result.asked:,} questions on {tables}: {result.answered:,} answered in {result.seconds:,.1f} s"
    rows = [[each.check, f"{each.held:,}", f"{each.failed:,}", f"{each.declined:,}"] for each in result.checks]
    parts = [said, table_text(("what must hold", "held", "failed", "not answered"), rows)]
    for check in result.checks:
        for failure in check.failures:
            parts.append("\n".join([f"{check.check}: {failure.why}", *(f"  {each}" for each in failure.questions)]))
    return "\n\n".join(parts)


def as_html(text: str) -> str:
    """Lines of a shell for a cell, in letters of one width."""
    return f"<pre>{html.escape(text)}</pre>"


def percent(share: float | None) -> str:
    """A share as percent, or a dash where there is nothing to share."""
    return "-" if share is None else f"{100 * share:.1f} %"


def _verdict(verdict: Verdict) -> str:
    lines = [f"{verdict.verdict} {verdict.id}: {verdict.question}"]
    if verdict.reading:
        lines.append(f"  read as: {verdict.reading}")
    if verdict.why:
        lines.append(f"  {verdict.why}")
    for name, rows in (("expected", verdict.expected), ("given", verdict.given)):
        if rows is not None:
            lines += [f"  {name}, {rows.row_count:,} rows:", _indented(rows)]
    return "\n".join(lines)


def _indented(rows: ResultRows) -> str:
    shown = [["∅" if value is None else str(value) for value in row] for row in rows.rows[:SHOWN_ROWS]]
    return "\n".join(f"    {line}" for line in table_text(tuple(rows.columns), shown).splitlines())
