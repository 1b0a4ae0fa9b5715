"""Where in the source a node stands."""

from __future__ import annotations

from sqlglot import exp

from lakebook.errors import Reason


def reason_at(node: exp.Expr, message: str, source: str) -> Reason:
    """A reason with the line and column, counted from 1, of the node's first placed part, else of what is around it."""
    around: exp.Expr | None = node
    while around is not None:
        for part in around.walk(bfs=False):
            start = part.meta.get("start")
            if isinstance(start, int) and start <= len(source):
                return Reason(message, *place_of(start, source))
        around = around.parent
    return Reason(message, 1, 1)


def place_of(offset: int, source: str) -> tuple[int, int]:
    """The line and the column, counted from 1, of an offset into the source."""
    before = source[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")
