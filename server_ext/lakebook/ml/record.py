"""The base of what a training writes down."""

from __future__ import annotations

from pydantic import ConfigDict

from lakebook.verb import Result

Interval = tuple[float, float]


class Record(Result):
    """A record that never changes once written."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())
