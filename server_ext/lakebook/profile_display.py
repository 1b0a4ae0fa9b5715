"""A profile for people: headline, what ties the columns, issues worst first, one row for each column."""

from __future__ import annotations

import html
import math
from textwrap import indent
from typing import TYPE_CHECKING

from lakebook.display import said, table_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.catalog.models import ColumnProfile, DataProfile

PROFILE_COLUMNS = ("column", "type", "missing", "distinct", "min", "max", "mean", "most frequent")
SHOWN_CHARACTERS = 26
SHOWN_TIES = 5
SHADES = {"high": "#c62828", "medium": "#ef8f00", "low": "#78909c"}
LINE = "border-bottom:1px solid var(--jp-border-color2,#ddd)"
CELL = f"padding:3px 10px;text-align:{{align}};vertical-align:middle;white-space:nowrap;{LINE}"
QUIET = "opacity:.65;font-size:90%"


def profile_headline(profile: DataProfile) -> str:
    """`orders: 541,909 rows · 8 columns · 5,268 duplicate rows · quality 0.83`; only what is perfect has 1.00."""
    columns = "1 column" if profile.column_count == 1 else f"{profile.column_count} columns"
    return (
        f"{profile.name}: {profile.row_count:,} rows · {columns} · {profile.duplicate_rows:,} duplicate rows · "
        f"quality {math.floor(profile.quality_score * 100 + 1e-9) / 100:.2f}"
    )


def tie_lines(profile: DataProfile) -> list[str]:
    """Keys, dependencies and correlations, one line each."""
    lines = []
    if profile.keys:
        lines.append(f"every row has its own {', or '.join(' and '.join(key) for key in profile.keys[:SHOWN_TIES])}")
    lines += [f"{one.column} decides {one.decides}" for one in profile.dependencies[:SHOWN_TIES]]
    lines += [
        f"{' and '.join(one.columns)} move {'together' if one.coefficient > 0 else 'against each other'} "
        f"(correlation {one.coefficient:.2f})"
        for one in profile.correlations[:SHOWN_TIES]
    ]
    return lines


def issue_lines(profile: DataProfile) -> list[str]:
    """One line for each issue, worst first."""
    return [f"{issue.column + ': ' if issue.column else ''}{issue.description}" for issue in profile.issues]


def change_lines(profile: DataProfile) -> list[str]:
    """What changed since the version that was named, worst first; nothing where none was."""
    if profile.against is None:
        return []
    lines = [f"{change.column + ': ' if change.column else ''}{change.description}" for change in profile.changes]
    return [f"since version {profile.against}: {line}" for line in lines or ["nothing changed."]]


def profile_rows(profile: DataProfile) -> list[list[str]]:
    """One row for each column of the profile, as `PROFILE_COLUMNS` says."""
    return [
        [
            column.label or column.name,
            column.data_type,
            f"{column.null_percentage:.1f} %",
            distinct(column),
            said(column.min_value),
            said(column.max_value),
            "" if column.mean is None else f"{column.mean:,.4g}",
            ", ".join(frequent(column)),
        ]
        for column in profile.columns
    ]


def distinct(column: ColumnProfile) -> str:
    """How many distinct values there are, with a sign before an estimate."""
    return f"{'' if column.unique_exact else '≈ '}{column.unique_count:,}"


def frequent(column: ColumnProfile) -> list[str]:
    """The three most frequent values; none where no value comes twice."""
    return [value for value, count in column.top_values[:3] if count > 1]


def profile_html(profile: DataProfile) -> str:
    """A profile as HTML without a script, in the colours of the page around it."""
    head = f"<p><b>{html.escape(profile_headline(profile))}</b></p>"
    ties = "".join(f"<li>{html.escape(line)}</li>" for line in tie_lines(profile))
    changes = "".join(f"<li>{html.escape(line)}</li>" for line in change_lines(profile))
    lists = [_list(issues_html(profile), "none"), _list(changes, "disc"), _list(ties, "none", QUIET)]
    return f"{head}{''.join(lists)}{_table(profile)}"


def issues_html(profile: DataProfile) -> str:
    """One item for each issue, with its severity as a dot and its fix folded away."""
    items = []
    for line, issue in zip(issue_lines(profile), profile.issues, strict=True):
        dot = f'<span style="color:{SHADES[issue.severity]}" title="{issue.severity}">●</span> '
        items.append(f"<li>{dot}{html.escape(line)}{_fix(issue.fix, issue.issue_id)}</li>")
    if profile.ignored:
        items.append(f'<li style="{QUIET}">ignored: {html.escape(", ".join(profile.ignored))}</li>')
    return "".join(items)


def _list(items: str, mark: str, style: str = "") -> str:
    inside = "padding-left:.2em" if mark == "none" else "padding-left:1.4em"
    return f'<ul style="list-style:{mark};{inside};margin:.4em 0;{style}">{items}</ul>' if items else ""


def _fix(fix: str | None, issue_id: str) -> str:
    if not fix:
        return ""
    called = f'<span style="{QUIET}"> {html.escape(issue_id)}</span>'
    return f"{called}<details><summary>Fix</summary><pre>{html.escape(fix)}</pre></details>"


def _table(profile: DataProfile) -> str:
    heads = (("column", "left"), ("type", "left"), ("missing", "right"), ("distinct", "right"), ("spread", "left"),
             ("from", "left"), ("to", "left"), ("mean", "right"), ("most frequent", "left"),
             ("form", "left"))  # fmt: skip
    head = "".join(f'<th style="{CELL.format(align=align)}">{name}</th>' for name, align in heads)
    body = "".join(_row(column, [align for _, align in heads]) for column in profile.columns)
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:90%;'
        f'font-variant-numeric:tabular-nums"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(column: ColumnProfile, aligned: Sequence[str]) -> str:
    forms = [f"{pattern} {share:.0%}" for pattern, share in (column.patterns or [])[:1]]
    cells = [
        f"<b>{_cut(column.label or column.name)}</b>",
        f'<span style="{QUIET}">{_cut(column.data_type)}</span>',
        _missing(column),
        distinct(column),
        _spread(column),
        _cut(said(column.min_value)),
        _cut(said(column.max_value)),
        "" if column.mean is None else f"{column.mean:,.4g}",
        _cut(", ".join(frequent(column))),
        _cut("".join(forms)),
    ]
    return "<tr>" + "".join(
        f'<td style="{CELL.format(align=align)}">{cell}</td>' for cell, align in zip(cells, aligned, strict=True)
    ) + "</tr>"  # fmt: skip


def _missing(column: ColumnProfile) -> str:
    if not column.null_count:
        return f'<span style="{QUIET}">–</span>'
    return f"{column.null_percentage:.1f} %" if column.null_percentage >= 0.05 else "&lt; 0.1 %"


def _cut(text: str) -> str:
    if len(text) <= SHOWN_CHARACTERS:
        return html.escape(text)
    return f'<span title="{html.escape(text[:500])}">{html.escape(text[: SHOWN_CHARACTERS - 1])}…</span>'


def _spread(column: ColumnProfile) -> str:
    """The histogram, or the shares of the most frequent values, as a picture of bars."""
    counts = [count for _, _, count in column.histogram] or [count for _, count in column.top_values]
    most = max(counts, default=0)
    if most < 2 or len(counts) < 2:
        return ""
    width, bars = 80 / len(counts), []
    for number, count in enumerate(counts):
        # A value that is there at all is seen.
        height = max(1.0, 18 * count / most) if count else 0.0
        bars.append(
            f'<rect x="{number * width:.1f}" y="{18 - height:.1f}" width="{width * 0.85:.1f}" height="{height:.1f}"/>'
        )
    return f'<svg width="80" height="18" fill="currentColor" fill-opacity=".5">{"".join(bars)}</svg>'


def profile_text(profile: DataProfile) -> str:
    """A profile for the shell."""
    issues = [
        f"- {line}" + (f"\n\n{indent(issue.fix, '    ')}\n" if issue.fix else "")
        for line, issue in zip(issue_lines(profile), profile.issues, strict=True)
    ]
    ignored = [f"- ignored: {', '.join(profile.ignored)}"] if profile.ignored else []
    besides = [f"- {line}" for line in (*change_lines(profile), *tie_lines(profile))]
    rows = table_text(PROFILE_COLUMNS, profile_rows(profile))
    return "\n".join([profile_headline(profile), *issues, *ignored, *besides, rows])
