"""An error that came as plain data, from a server or a job, as its own class again."""

from __future__ import annotations

from typing import Any

from lakebook.errors import LakebookError, Reason, RefusedStatement


def from_dict(plain: dict[str, Any]) -> LakebookError:
    """The error that `to_dict` described, as its own class again."""
    kind = _by_code().get(plain.get("code", ""), LakebookError)
    error = LakebookError.__new__(kind)
    LakebookError.__init__(
        error, plain.get("message", ""), hint=plain.get("hint", ""), details=plain.get("details") or {}
    )
    if isinstance(error, RefusedStatement):
        error.reasons = [Reason(**reason) for reason in error.details.get("reasons", [])]
    return error


def _by_code() -> dict[str, type[LakebookError]]:
    found: dict[str, type[LakebookError]] = {}
    waiting: list[type[LakebookError]] = [LakebookError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.code, kind)
        waiting += kind.__subclasses__()
    return found
