"""Fill a folder with the demo: all of its data or none, and the notebooks."""

from __future__ import annotations

import errno
import shutil
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

from lakebook.demo.models import DemoFile, DemoResult
from lakebook.errors import Conflict, DiskFull, InvalidRequest, NotFound

FIRST_FILE = "orders.csv"


def make_demo(
    folder: Path,
    *,
    lines: int = 200_000,
    seed: int = 7,
    today: date | None = None,
    if_absent: bool = False,
    force: bool = False,
) -> DemoResult:
    """Write the shop's data and the notebooks into the folder; nobody's files are lost.

    Raises Conflict where a file of the demo is there already (unless `if_absent` or `force`), InvalidRequest where
    the folder cannot be used, DiskFull where there is no room; then nothing was written.
    """
    started = time.monotonic()
    today = today or datetime.now().astimezone().date()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".demo-", dir=folder) as staging:
            files = _fill(folder, Path(staging), lines, seed, today, if_absent, force)
    except OSError as error:
        raise _unusable(folder, error) from error
    return DemoResult(folder=str(folder), files=files, seconds=round(time.monotonic() - started, 3))


def notebooks_dir() -> Path:
    """The folder of the notebooks: in the installed package, else the repository's."""
    packaged = Path(__file__).parent / "notebooks"
    repository = Path(__file__).parents[3] / "notebooks"
    for folder in (packaged, repository):
        if (folder / "00_welcome.ipynb").is_file():
            return folder
    raise NotFound("The notebooks are missing from this installation.", hint="Install lakebook again.")


def _fill(
    folder: Path, staging: Path, lines: int, seed: int, today: date, if_absent: bool, force: bool
) -> list[DemoFile]:
    """Make everything in `staging`, then move it to its place."""
    rows: dict[str, int | None] = dict.fromkeys(_copy_notebooks(staging))
    # One missing file is not made anew on its own: files of different days would not fit together.
    data_is_there = (folder / FIRST_FILE).exists()
    if not (data_is_there and if_absent) or force:
        if data_is_there and not force:
            raise _taken(folder, FIRST_FILE)
        from lakebook.demo.files import write_data

        rows = {**write_data(staging, lines, seed, today), **rows}
    taken = {name for name in rows if (folder / name).exists()} if not force else set()
    if taken and not if_absent:
        raise _taken(folder, min(taken))
    for name in rows.keys() - taken:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(folder / name)
    kept = {name: name in taken for name in rows}
    if FIRST_FILE not in rows:
        kept = {FIRST_FILE: True, **kept}
    return [DemoFile(path=name, rows=None if was else rows[name], kept=was) for name, was in kept.items()]


def _copy_notebooks(staging: Path) -> list[str]:
    """Copy the notebooks into `staging`; returns their paths in it."""
    source = notebooks_dir()
    names = sorted(str(path.relative_to(source)) for path in source.rglob("*.ipynb") if not _hidden(path, source))
    for name in names:
        (staging / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, staging / name)
    return names


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _taken(folder: Path, name: str) -> Conflict:
    return Conflict(
        f"{folder} already holds {name}; nothing was written.",
        hint="Choose another folder, keep what is there with `--if-absent`, or write over it with `--force`.",
    )


def _unusable(folder: Path, error: OSError) -> Exception:
    """What to say of a folder that cannot be filled."""
    if error.errno == errno.ENOSPC:
        return DiskFull(f"No room left on the disk of {folder}.", hint="Free some space, or ask for fewer `--lines`.")
    if isinstance(error, FileExistsError | NotADirectoryError):
        return InvalidRequest(f"{folder} is a file, not a folder.", hint="Choose another folder.")
    return InvalidRequest(f"{folder} cannot be written.", hint="Make it writable, or choose another folder.")
