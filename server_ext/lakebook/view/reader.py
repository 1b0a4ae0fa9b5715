"""The program that reads one text file for the viewer: answers requests at once, counts the rows in between."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import sys
from pathlib import Path
from typing import Any

from lakebook.errors import BadFile, LakebookError
from lakebook.view.sample import sample
from lakebook.view.text import TextRows

MEMORY_BYTES = 3 << 30
IDLE_SECONDS = 900.0
READ_BYTES = 1 << 16
MOST_LATE = 1000


def main() -> None:
    """Serve one parent over stdin and stdout; takes the file's path, its format and a folder for the sample."""
    path, kind, temporary = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    # macOS knows no such limit; there the blocks' own size bounds the memory.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        head = sample(path, kind, temporary)
        rows = TextRows(path, head["dialect"], head["names"])
    except LakebookError as error:
        _say({"error": error.to_dict()})
        return
    except (OSError, UnicodeError, LookupError, MemoryError) as error:
        _say({"error": BadFile(f"{path.name} cannot be read: {type(error).__name__}.").to_dict()})
        return
    known = len(head["names"])
    rows.count_on()
    _say({**head, **_state(rows, known)})
    _serve(rows, known)


def _serve(rows: TextRows, known: int) -> None:
    pending = b""
    while True:
        ready, _, _ = select.select([0], [], [], IDLE_SECONDS if rows.done else 0)
        if not ready:
            if rows.done:
                return
            rows.count_on()
            continue
        read = os.read(0, READ_BYTES)
        if not read:
            return
        *lines, pending = (pending + read).split(b"\n")
        for line in lines:
            _say(_answer(rows, known, json.loads(line)))


def _answer(rows: TextRows, known: int, request: dict[str, Any]) -> dict[str, Any]:
    first = int(request["first_column"])
    last = first + int(request["column_limit"])
    given = [row[first:last] for row in rows.rows(int(request["offset"]), int(request["limit"]))]
    return {"rows": given, "names": rows.columns[first:last], **_state(rows, known)}


def _state(rows: TextRows, known: int) -> dict[str, Any]:
    """How far the rows are counted, and the columns that were met below the sample."""
    return {"rows_known": rows.rows_known, "counted": rows.counted, "done": rows.done,
            "column_count": len(rows.columns), "late": rows.columns[known : known + MOST_LATE]}  # fmt: skip


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
