"""The program of a sealed child: load DuckDB, see the given files and nothing else, answer statements until EOF."""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from lakebook.engines.duckdb import View, blank, seal
from lakebook.query.children.frames import END, READY, FrameWriter, write_frame

if TYPE_CHECKING:
    import duckdb

BATCH_ROWS = 65_536
ORPHAN_CHECK_SECONDS = 0.5
# What a statement may take is its limit; the kernel stops what grows faster than the parent can look.
HARD_SHARE = 1.05

_PATH = re.compile(r'"?/[^\s"\']*/[^\s"\']*"?')


def serve(memory_limit: int, threads: int) -> None:
    """Serve one parent over stdin and stdout; `memory_limit` in bytes."""
    requests, answers = _private_pipes()
    _forbid_files()
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    connection = blank(memory_limit_bytes=memory_limit, threads=threads)
    _hold_memory(memory_limit)
    write_frame(answers, READY, str(os.getpid()).encode())
    for line in requests:
        request = json.loads(line)
        if request["do"] == "seal":
            problem = _seal(connection, request["views"])
        else:
            problem = _answer(connection, request["sql"], answers)
        write_frame(answers, END, json.dumps(problem or {}).encode())


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from 0 and 1, so that nothing printed by a library can get between the frames."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return requests, answers


def _forbid_files() -> None:
    """No file can grow and no core is left, whatever the engine is talked into."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _hold_memory(limit: int) -> None:
    """Let the kernel refuse memory past the limit, which the parent's looks would see too late; on Linux alone."""
    status = Path("/proc/self/status")
    if not status.exists():
        return
    figures = {line.partition(":")[0]: line.split()[1] for line in status.read_text().splitlines() if "kB" in line}
    untouched = max(0, int(figures["VmData"]) - int(figures["VmRSS"])) * 1024
    most = int(limit * HARD_SHARE) + untouched
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _end_with_parent(parent: int) -> None:
    waiting = threading.Event()
    while os.getppid() == parent:
        waiting.wait(ORPHAN_CHECK_SECONDS)
    os._exit(1)


def _seal(connection: duckdb.DuckDBPyConnection, views: list[dict[str, Any]]) -> dict[str, str] | None:
    made = [
        View(
            layer=view["layer"],
            name=view["name"],
            bare=view["bare"],
            files=tuple(view["files"]),
            columns=tuple((name, data_type) for name, data_type in view["columns"]),
        )
        for view in views
    ]
    try:
        seal(connection, made)
    except Exception as error:  # whatever the engine says is the parent's to tell
        return _problem(error)
    return None


def _answer(connection: duckdb.DuckDBPyConnection, sql: str, answers: BinaryIO) -> dict[str, str] | None:
    import pyarrow as pa

    try:
        reader = connection.sql(sql).to_arrow_reader(BATCH_ROWS)
        with pa.ipc.new_stream(pa.PythonFile(FrameWriter(answers), mode="w"), reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
    except Exception as error:  # whatever the engine says is the parent's to tell
        return _problem(error)
    return None


def _problem(error: Exception) -> dict[str, str]:
    name = type(error).__name__
    said = str(error).strip().splitlines()[0] if str(error).strip() else name
    kind = "failed"
    if isinstance(error, MemoryError) or name == "OutOfMemoryException":
        kind = "memory"
    elif name in ("FatalException", "InternalException"):
        kind = "fault"
    return {"kind": kind, "message": _PATH.sub("a file", said)}


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
