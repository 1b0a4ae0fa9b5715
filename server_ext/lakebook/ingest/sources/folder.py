"""A folder or a pattern as one table: its files of one kind, sorted, united by column name."""

from __future__ import annotations

import glob
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from lakebook.call import Call
from lakebook.errors import BadFile
from lakebook.ingest.keep import keep_file
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.ingest.sources import packed, workbooks
from lakebook.ingest.sources.material import Material
from lakebook.ingest.sources.workbook_parts import kind_of

KINDS = {".tsv": ".csv", ".txt": ".csv", ".ndjson": ".jsonl", ".json": ".jsonl"}


def parts(source: str) -> list[Path] | None:
    """The files of a folder or pattern in the order of their names; None where the source names one file.

    Raises BadFile where there are none, or they are of several kinds.
    """
    at = Path(source)
    try:
        found = _within(at, source)
    except PermissionError as error:
        raise BadFile(f"{at.name} may not be read.", hint="Let the user that runs lakebook read it.") from error
    if found is None:
        return None
    if not found:
        raise BadFile(f"No file with content is in {at.name}.", hint="Check the folder, or the pattern.")
    kinds = sorted({_kind(path) or "no ending" for path in found})
    if len(kinds) > 1:
        raise BadFile(
            f"{at.name} holds files of several kinds: {', '.join(kinds)}.",
            hint=f"Choose one kind with a pattern, such as `*{kinds[0] if kinds[0].startswith('.') else '.csv'}`.",
        )
    return found


def _within(at: Path, source: str) -> list[Path] | None:
    """The files with content, by name; None where the source names no folder and no pattern."""
    if at.is_dir():
        found = [path for path in at.iterdir() if path.is_file() and not path.name.startswith(".")]
    elif at.exists() or not glob.has_magic(source):
        return None
    else:
        found = [path for path in map(Path, glob.iglob(source, recursive=True)) if path.is_file()]
    return sorted(path for path in found if path.stat().st_size)


def _kind(path: Path) -> str:
    suffix = path.suffix.lower()
    return KINDS.get(suffix, suffix)


def united(
    call: Call, request: IngestRequest, files: list[Path], source: str, options: Callable[[str], Options]
) -> Material:
    """All the files as one table; the source's hash is over the parts' hashes."""
    kept, digest, books = [], hashlib.sha256(), []
    for path in files:
        copy, part = keep_file(call, path, path.name)
        if kind_of(copy, path.name) is not None:
            books.append((path, copy))
        elif packed.packing_of(copy) is not None:
            raise BadFile(f"{path.name} is compressed; a folder's files are read plain.", hint="Unpack it first.")
        kept.append(copy)
        digest.update(bytes.fromhex(part))
    made = Material(None, kept, options(files[0].name), f"{source} ({len(files)} files)", "folder", digest.hexdigest())
    if books and len(books) < len(files):
        raise BadFile(f"{source} holds workbooks and other files.", hint="Choose one kind with a pattern.")
    return workbooks.united(call, request, books, made) if books else made


def title(pattern: Path) -> str:
    """What a pattern's table is called: the words of its last part, or the folder before it."""
    words = re.sub(r"[*?\[\]]+", "", pattern.stem).strip("_-. ")
    plain = [part for part in pattern.parts[:-1] if not glob.has_magic(part)]
    return words or plain[-1]
