"""Where in the source a node stands."""

from __future__ import annotations

from sqlglot import exp

from lakebook.errors import Reason


def reason_at(node: exp.Expr, message: str, source: str) -> Reason:
    """A reason with the line and column, counted from 1, where the node or its first placed part begins."""
    for part in node.walk(bfs=False):
        start = part.meta.get("start")
        if isinstance(start, int) and start <= len(source):
            before = source[:start]
            return Reason(message, before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1)
    return Reason(message)
