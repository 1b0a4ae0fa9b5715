"""The seam between sources and loading: local files, how to read them, and where they came from."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lakebook.errors import LakebookError
from lakebook.ingest.native import Options


def part_hash(whole: str | None, *words: object) -> str | None:
    """The hash of one part of a file, or of a file read in a way that was said; other parts have other hashes."""
    if whole is None or not any(word is not None for word in words):
        return whole
    return hashlib.sha256(repr((whole, *words)).encode()).hexdigest()


@dataclass(frozen=True)
class Reference:
    """A foreign key: these columns name a row of that table by those columns."""

    columns: tuple[str, ...]
    table: str
    table_columns: tuple[str, ...]


@dataclass
class Material:
    """One table to be: local files that the native pass reads, and where they came from.

    `name` is the table's own name inside its source (a sheet, a database's table); None where the source is one table.
    `table` is what it is called here, where the source knows; no two tables of one source are called alike. `called`
    says so of every table of the source.
    `source` is said in lineage and holds no credentials. `passing` names what goes once the load stands or fails.
    `rejected` and `dialect` are what was met on the way to the files, where they were text before.
    `mode` says how the rows join version `standing` of the table; `changes` counts what that did to its rows.
    `fault` is why the table could not be read at all; the source's other tables are loaded all the same.
    """

    name: str | None
    files: list[Path]
    options: Options
    source: str
    source_kind: str = "file"
    source_hash: str | None = None
    table: str | None = None
    deviations: list[dict[str, Any]] = field(default_factory=list)
    deviation_counts: dict[str, int] | None = None
    rejected: list[dict[str, Any]] = field(default_factory=list)
    dialect: dict[str, Any] | None = None
    keys: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    called: dict[str, str] = field(default_factory=dict)
    mode: Literal["append", "merge", "snapshot"] | None = None
    watermark: dict[str, Any] | None = None
    standing: int | None = None
    changes: dict[str, int] | None = None
    fault: LakebookError | None = None
    passing: list[Path] = field(default_factory=list)

    def drop(self) -> None:
        """Remove what was staged for this table alone."""
        for path in self.passing:
            path.unlink(missing_ok=True)

    def counted(self) -> dict[str, int]:
        """How many deviations of each kind there were; the list may hold the first ones alone."""
        if self.deviation_counts is not None:
            return self.deviation_counts
        return dict(Counter(str(one["kind"]) for one in self.deviations))

    def facts(self) -> dict[str, Any]:
        """What the version that comes of it must know for the next load."""
        said = {"watermark": self.watermark, "changes": self.changes}
        return {name: value for name, value in said.items() if value is not None}
