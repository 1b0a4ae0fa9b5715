"""The processes that read the text files that are looked at, one a file, the latest few kept."""

from __future__ import annotations

import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.view.files import ViewFile
from lakebook.view.program import Program
from lakebook.view.sample import sample_of
from lakebook.view.typed import Typed

if TYPE_CHECKING:
    import pyarrow as pa

MOST_FILES = 4
SECONDS = 30.0
FOLDER = "view-"


class Reader:
    """A text file that is looked at: what its beginning shows, its rows, and its typed copy once it is wanted."""

    def __init__(self, file: ViewFile, folder: Path) -> None:
        self.file, self._folder = file, folder
        self._lock = threading.Lock()
        self._program: Program | None = None
        self._typed: Typed | None = None
        self._head: dict[str, Any] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def head(self, is_cancelled: Callable[[], bool]) -> dict[str, Any]:
        """Dialect, column names, statistics of the sample, and how far the rows are counted."""
        with self._lock:
            self._started(is_cancelled)
        self.rows(0, 1, 0, 1, is_cancelled)
        return self._head

    def rows(self, offset: int, limit: int, first: int, count: int, is_cancelled: Callable[[], bool]) -> dict[str, Any]:
        """The values of these rows and columns, as far as they are counted."""
        asked = {"offset": offset, "limit": limit, "first_column": first, "column_limit": count}
        with self._lock:
            program = self._started(is_cancelled)
            program.send(asked)
            answer = program.receive(SECONDS, is_cancelled)
            self._head |= {name: answer[name] for name in ("rows_known", "counted", "done", "column_count", "late")}
        return answer

    def typed(self) -> Typed:
        """The file's typed copy, which is begun when it is first asked for."""
        with self._lock:
            if self._typed is None:
                self._typed = Typed(self.file, self._head["dialect"], self._folder)
            return self._typed

    def whole(self) -> dict[str, Any] | None:
        """What the pass over the whole file found, where it was begun and has ended well."""
        with self._lock:
            copy = self._typed
        return None if copy is None or copy.failed else copy.look()

    def close(self) -> None:
        """Stop the processes and drop the copy."""
        with self._lock:
            if self._program is not None:
                self._program.kill()
            if self._typed is not None:
                self._typed.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _started(self, is_cancelled: Callable[[], bool]) -> Program:
        if self._program is None or not self._program.alive():
            if self._program is not None:
                self._program.kill()
            arguments = [str(self.file.path), self.file.format, str(self._folder)]
            self._program = Program("lakebook.view.reader", arguments)
            self._head = self._program.receive(SECONDS, is_cancelled)
        return self._program


class Readers:
    """The readers by file; one that is not among the latest is closed, and so is that of a file that changed."""

    def __init__(self, cache: Path) -> None:
        _sweep(cache)
        self._folder, self._lock = cache / f"{FOLDER}{os.getpid()}", threading.Lock()
        self._open: OrderedDict[str, Reader] = OrderedDict()

    def of(self, file: ViewFile) -> Reader:
        """The reader of this file as it stands."""
        gone: list[Reader] = []
        with self._lock:
            for key, reader in list(self._open.items()):
                if reader.file.path == file.path and key != file.key:
                    gone.append(self._open.pop(key))
            found = self._open.pop(file.key, None) or Reader(file, self._folder / _name(file))
            self._open[file.key] = found
            while len(self._open) > MOST_FILES:
                gone.append(self._open.popitem(last=False)[1])
        for reader in gone:
            reader.close()
        return found

    def sampled(self, file: ViewFile, rows: Callable[[], pa.Table]) -> tuple[list[dict[str, Any]], int]:
        """Statistics of these rows of a file, and their number."""
        folder = self._folder / _name(file)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return sample_of(rows(), folder)

    def close(self) -> None:
        """Stop every process."""
        with self._lock:
            readers, self._open = list(self._open.values()), OrderedDict()
        for reader in readers:
            reader.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _sweep(cache: Path) -> None:
    """Drop the folders of processes that ended without closing."""
    import psutil

    for folder in cache.glob(f"{FOLDER}*"):
        owner = folder.name.removeprefix(FOLDER)
        if owner.isdigit() and (int(owner) == os.getpid() or not psutil.pid_exists(int(owner))):
            shutil.rmtree(folder, ignore_errors=True)


def _name(file: ViewFile) -> str:
    return sha256(file.key.encode()).hexdigest()[:24]
