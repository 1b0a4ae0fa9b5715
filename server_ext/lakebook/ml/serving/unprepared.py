"""Why a model answers through its engine."""

from __future__ import annotations


class Unprepared(Exception):
    """The model cannot be asked without its engine, for this reason."""
