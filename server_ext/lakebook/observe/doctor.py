"""The doctor: what is there, what is missing, what would run where."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from typing import Literal

from lakebook.errors import LakebookError
from lakebook.verb import Result

MARKS = {"good": "✓", "absent": "–", "wrong": "✗"}


class Finding(Result):
    """One thing that was looked at."""

    what: str
    level: Literal["good", "absent", "wrong"]
    state: str
    hint: str = ""

    @property
    def mark(self) -> str:
        """A sign for the level."""
        return MARKS[self.level]


def examine(home: str | None = None) -> list[Finding]:
    """Look at everything that lakebook may use; never raises."""
    return [_python(), *_home(home), _native(), *_optional(), _disk(home)]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(what="Python", level="good", state=version)


def _home(home: str | None) -> list[Finding]:
    from lakebook.jobs.staff import living
    from lakebook.runtime import open_runtime
    from lakebook.settings import find_home

    where = find_home(home)
    if not where.exists():
        return [Finding(what="home", level="absent", state=f"none yet; the first verb makes {where}")]
    try:
        runtime = open_runtime(where)
    except LakebookError as error:
        return [Finding(what="home", level="wrong", state=error.message, hint=error.hint)]
    settings = runtime.settings
    workers, tables = living(runtime), runtime.catalog.datasets()
    waiting = len(runtime.jobs.newest(active=True))
    runtime.close()
    engine = "SQLite" if settings.metadata_address.startswith("sqlite") else "PostgreSQL"
    return [
        Finding(what="home", level="good", state=f"{where}, {len(tables)} tables"),
        Finding(what="metadata", level="good", state=engine),
        Finding(what="statements", level="good", state="DuckDB, in sealed processes on this machine"),
        Finding(what="topics", level="good", state=settings.events or "the metadata database"),
        Finding(
            what="workers",
            level="good" if workers else "absent",
            state=f"{len(workers)} at work, {waiting} jobs open" if workers else "none; one starts with the first job",
        ),
    ]


def _native() -> Finding:
    if importlib.util.find_spec("lakebook_native") is None:
        return Finding(what="native module", level="wrong", state="missing", hint="Install the lakebook-native wheel.")
    return Finding(what="native module", level="good", state=f"there, {os.cpu_count()} threads")


def _optional() -> list[Finding]:
    parts = (
        ("training", "autogluon.tabular", "AutoGluon", "ml"),
        ("model registry", "mlflow", "MLflow", "ml"),
        ("Kafka topics", "aiokafka", "aiokafka", "kafka"),
    )
    return [_part(*part) for part in parts]


def _part(what: str, module: str, name: str, extra: str) -> Finding:
    try:
        there = importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        there = False
    if there:
        return Finding(what=what, level="good", state=name)
    return Finding(what=what, level="absent", state=f"{name} is not installed", hint=f"pip install 'lakebook[{extra}]'")


def _disk(home: str | None) -> Finding:
    from lakebook.settings import find_home

    place = find_home(home)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    level: Literal["good", "wrong"] = "good" if free > 2**30 else "wrong"
    hint = "" if level == "good" else "Free some space: a load needs room for the file and its table."
    return Finding(what="disk", level=level, state=f"{free / 2**30:,.1f} GiB free", hint=hint)
