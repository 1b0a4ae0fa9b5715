"""A typed copy of a text file, made once beside it in the cache, so that it can be sorted and filtered."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

from lakebook.errors import BadFile, LakebookError
from lakebook.runtime import native_pass
from lakebook.view.files import ViewFile
from lakebook.view.program import Program

TABLE = "typed.parquet"


class Typed:
    """The native pass over a whole file, as its parent sees it; `table` is None until it is done."""

    def __init__(self, file: ViewFile, dialect: dict[str, Any], folder: Path) -> None:
        self._lock = threading.Lock()
        self._table = folder / TABLE
        self._program = Program("lakebook.view.typed", [str(file.path), str(folder), json.dumps(dialect)])
        self._done: dict[str, Any] | None = None
        self.failed: LakebookError | None = None
        self.progress = 0.0

    def look(self) -> dict[str, Any] | None:
        """What the pass found, once it is done; raises what stopped it."""
        from lakebook.received_error import from_dict

        with self._lock:
            while self._done is None and self.failed is None:
                try:
                    said = self._program.said()
                except LakebookError as error:
                    self.failed = error
                    break
                if said is None:
                    break
                if "error" in said:
                    self.failed = from_dict(said["error"])
                elif "statistics" in said:
                    self._done = said
                else:
                    self.progress = float(said["progress"])
            if self.failed is not None:
                raise self.failed
            return self._done

    @property
    def table(self) -> str:
        """Where the typed copy lies."""
        return str(self._table)

    def close(self) -> None:
        """Stop the pass."""
        with self._lock:
            self._program.kill()


def main() -> None:
    """Make the copy; takes the file's path, the folder of the copy and the file's dialect as JSON."""
    path, folder, dialect = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    try:
        done = native_pass([path], folder / TABLE, temporary=folder, report=_report, **_said(dialect))
    except LakebookError as error:
        _say({"error": error.to_dict()})
        return
    except MemoryError:
        _say({"error": BadFile(f"{path.name} needs more memory than there is.").to_dict()})
        return
    _say({"statistics": done.columns, "row_count": done.row_count, "rejected_rows": done.rejected_rows})


def _said(dialect: dict[str, Any]) -> dict[str, Any]:
    """The dialect that the sample showed holds for the whole file; a wider encoding is left to be told."""
    if dialect.get("format") == "json":
        return {"format": "json"}
    return {"format": "csv", "delimiter": dialect.get("delimiter"), "quote": dialect.get("quote") or "",
            "header": dialect.get("header"), "skip_lines": dialect.get("skipped_lines")}  # fmt: skip


def _report(part: float, _rows: int) -> None:
    _say({"progress": part})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
