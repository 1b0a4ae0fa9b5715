"""How a statement is shown that a model wrote and that did not pass every check: its doubts first, never its rows."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lakebook.query.answer import Answer

_FONT = "font-family: var(--jp-code-font-family, monospace); white-space: pre-wrap; margin: 4px 0"
_FAINT = "color: var(--jp-ui-font-color2, #616161)"
_HINT = "Look at the SQL; run it with %%sql or `lakebook query` if it says what you mean."


def unverified_text(answer: Answer) -> str:
    """The doubts, the statement and what was mended in it."""
    lines = [f"Not verified, so not an answer: {answer.reason}", f"The {answer.source} wrote:", answer.sql]
    if answer.repairs:
        lines += ["Mended:", answer.repairs]
    return "\n".join([*lines, _HINT, *([answer.help] if answer.help else [])])


def unverified_html(answer: Answer) -> str:
    """The same for a cell."""
    parts = [
        f"<div><b>Not verified</b>, so not an answer: {html.escape(answer.reason)}</div>",
        f'<div style="{_FAINT}">The {html.escape(answer.source)} wrote:</div>',
        f'<pre style="{_FONT}">{html.escape(answer.sql)}</pre>',
    ]
    if answer.repairs:
        mended = f'<pre style="{_FONT}">{html.escape(answer.repairs)}</pre>'
        parts.append(f'<details><summary style="{_FAINT}">Mended</summary>{mended}</details>')
    parts.append(f'<div style="{_FAINT}">{html.escape(_HINT)}</div>')
    return "".join(parts)
