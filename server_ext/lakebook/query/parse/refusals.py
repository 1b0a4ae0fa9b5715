"""Questions that ask for something else than what the tables say, and statements pasted as questions."""

from __future__ import annotations

import re
from functools import cache

from lakebook.query.parse.lexicon.refusals import OPEN, REASONS

_STATEMENT = re.compile(
    r"""^\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:\(\s*)*(?:
    select\s+(?:distinct\s+)?(?:\*|['"(\d]|\w+\s*\(|[\w.]+\s*,\s*[\w.]+.*\bfrom\b
        |[\w."]+\s+as\b|[\w."]+\s+from\s+[\w."]+\s*
        (?:;|$|where\b|group\s+by|order\s+by|limit\b|join\b))
    | with\s+(?:recursive\s+)?[\w"]+\s*(?:\([^)]*\))?\s*as\s*(?:(?:not\s+)?materialized\s*)?\(
    | insert\s+into\b | update\s+\S+\s+set\b | delete\s+from\s+[\w."]+\s*(?:;|$|where\b)
    | truncate\s+table\b | attach\s+'
    | (?:drop|create|alter)\s+(?:or\s+replace\s+)?(?:temp\w*\s+)?(?:table|view|schema|database|index|macro|function)
        \s+(?:if\s+(?:not\s+)?exists\s+)?[\w."]+\s*(?:;|$|\(|as\b|add\b|rename\b|drop\b|cascade\b)
    | copy\s+\S+\s+(?:to|from)\s+' | pragma\s+\w | explain\s+select\b | install\s+\w+\s*; | load\s+'
    | values\s*\( | from\s+[\w."]+\s+select\b
    )""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((reason, re.compile("|".join(patterns))) for reason, patterns in REASONS.items())


def refusal(question: str) -> tuple[str, tuple[str, ...]] | None:
    """Why no query answers the question, and the words that another meaning could be given; None where one may."""
    said = " ".join(question.casefold().replace("’", "'").split())
    for reason, pattern in _patterns():
        match = pattern.search(said)
        if match:
            return reason, (match.group().strip(),) if reason == OPEN else ()
    return None


def is_statement(question: str) -> bool:
    """Whether the question is SQL: it is guarded and run as such, not understood."""
    return bool(_STATEMENT.match(question))
