"""Zip archives: their data members, unpacked under limits to names of our own, to be the files of one table."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from lakebook.call import Call
from lakebook.errors import BadFile
from lakebook.ingest.sources import packed
from lakebook.ingest.sources.workbook_parts import kind_of

KINDS = {
    ".csv": "csv", ".tsv": "csv", ".jsonl": "json", ".ndjson": "json", ".json": "json", ".parquet": "parquet",
    ".arrow": "arrow", ".feather": "arrow", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite",
    ".xlsx": "Excel", ".xlsm": "Excel", ".xlsb": "Excel", ".xls": "Excel", ".ods": "Excel",
}  # fmt: skip
UNITED = ("csv", "json", "parquet")
NESTED = (".zip", ".gz", ".bz2", ".xz", ".zst", ".7z", ".tar", ".tgz", ".rar")


def unpack(call: Call, kept: Path, filename: str) -> list[tuple[str, Path]]:
    """The archive's data members, of one kind, in the order of their names: each its name and a plain file in `tmp/`.

    BadFile where the archive is damaged or encrypted, or holds archives, no data or several kinds.
    """
    growth = packed.Growth(call, filename, kept.stat().st_size)
    plain: list[Path] = []
    try:
        with packed.said(filename), zipfile.ZipFile(kept) as archive:
            members = _members(archive, filename)
            for at, member in enumerate(members):
                plain.append(growth.path(f"{kept.stem[:16]}-{at}", _suffix(member)))
                _write(growth, archive, member, plain[-1], sum(one.compress_size for one in members[:at]))
    except BaseException as error:
        for path in plain:
            path.unlink(missing_ok=True)
        if isinstance(error, RuntimeError):
            raise BadFile(f"{filename} is packed in a way that cannot be read.", hint="Unpack it first.") from error
        raise
    return [(_printable(one.filename), path) for one, path in zip(members, plain, strict=True)]


def _printable(name: str) -> str:
    return "".join(one if one.isprintable() else "_" for one in name)


def _members(archive: zipfile.ZipFile, filename: str) -> list[zipfile.ZipInfo]:
    """The members that hold data, all of one kind, in the order of their names."""
    found = [one for one in archive.infolist() if not one.is_dir() and not _hidden(one.filename)]
    if any(one.flag_bits & 1 for one in found):
        raise BadFile(f"{filename} is encrypted.", hint="Unpack it with its password first.")
    if any(_suffix(one) in NESTED for one in found):
        raise BadFile(f"{filename} holds further archives.", hint="Unpack it, then name the folder or one file.")
    data = [one for one in found if _suffix(one) in KINDS] or [one for one in found if _suffix(one) == ".txt"]
    data = sorted((one for one in data if one.file_size), key=lambda one: one.filename)
    if not data:
        raise BadFile(f"{filename} holds no data.", hint="It should hold CSV, JSON lines, Parquet or Excel files.")
    kinds = sorted({KINDS.get(_suffix(one), "csv") for one in data})
    if len(kinds) > 1:
        raise BadFile(f"{filename} holds files of several kinds: {', '.join(kinds)}.", hint="Unpack it, name one kind.")
    if len(data) > 1 and kinds[0] not in UNITED:
        raise BadFile(f"{filename} holds several {kinds[0]} files.", hint="Unpack it, then name them one by one.")
    return data


def _write(growth: packed.Growth, archive: zipfile.ZipFile, member: zipfile.ZipInfo, plain: Path, read: int) -> None:
    with archive.open(member) as source, plain.open("wb") as target:
        ratio, done = member.compress_size / max(1, member.file_size), 0
        while block := source.read(packed.BLOCK):
            done += len(block)
            # The sizes are what the archive says: never trusted past the archive's own.
            growth.write(target, block, min(growth.size, read + int(done * ratio)))
    if packed.packing_of(plain) is not None and kind_of(plain, growth.filename) is None:
        raise BadFile(f"{growth.filename} holds further archives.", hint="Unpack it, then name the folder or one file.")


def _hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()
