"""Files below the folder that is worked in: which may be looked at, and whether one has changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lakebook.errors import BadFile, NotFound

Format = Literal["csv", "json", "parquet"]
FORMATS: dict[str, Format] = {
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".txt": "csv", ".jsonl": "json", ".ndjson": "json",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip


@dataclass(frozen=True)
class ViewFile:
    """A file that may be looked at, as it stood when it was asked for."""

    path: Path
    name: str
    format: Format
    size_bytes: int
    modified_ns: int

    @property
    def version(self) -> str:
        """A text that changes whenever the file does."""
        return f"{self.modified_ns:x}-{self.size_bytes:x}"

    @property
    def key(self) -> str:
        """The file and its version as one text."""
        return f"{self.version}:{self.path}"


def find_file(folder: Path, given: str) -> ViewFile:
    """The file of this path below the folder; hidden files and ways out of the folder are no files at all."""
    missing = NotFound(f"There is no file {given}.", hint="Give its path below the folder that you work in.")
    root = folder.resolve()
    try:
        path = (root / given.lstrip("/")).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise missing
        stat = path.stat()
    except (OSError, ValueError) as error:
        raise missing from error
    if any(part.startswith(".") for part in (*Path(given).parts, *path.relative_to(root).parts)):
        raise missing
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise BadFile(f"{path.name} is not shown as a table.", hint=f"These are: {', '.join(sorted(FORMATS))}.")
    if stat.st_size == 0:
        raise BadFile(f"{path.name} is empty.", hint="Choose a file with a header and rows.")
    return ViewFile(path, path.name, kind, stat.st_size, stat.st_mtime_ns)
