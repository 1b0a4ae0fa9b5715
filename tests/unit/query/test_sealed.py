"""The program of a sealed child, spoken to directly."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from lakebook.query.children.frames import DATA, END, READY, FrameReader
from lakebook.query.children.sealed import _answer, _problem, _seal
from lakebook.query.tables import Table


class Talk:
    """A child process and the frames that it sends."""

    def __init__(self) -> None:
        path = os.pathsep.join(each for each in sys.path if each)
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lakebook.query.children.sealed", str(256 << 20), "1"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": path},
        )
        self._reader = FrameReader()
        self._waiting: list[tuple[bytes, bytes]] = []

    def frame(self) -> tuple[bytes, bytes]:
        assert self.process.stdout
        while not self._waiting:
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            assert data, "the child has ended"
            self._waiting.extend(self._reader.feed(data))
        return self._waiting.pop(0)

    def ask(self, **request: Any) -> tuple[bytes, dict[str, Any]]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        rows = b""
        while True:
            kind, payload = self.frame()
            if kind == END:
                return rows, json.loads(payload)
            assert kind == DATA
            rows += payload


@pytest.fixture
def talk() -> Iterator[Talk]:
    talk = Talk()
    yield talk
    talk.process.kill()
    talk.process.wait()
    for pipe in (talk.process.stdin, talk.process.stdout):
        if pipe:
            pipe.close()


def view(table: Table) -> dict[str, Any]:
    return {"layer": table.layer, "name": table.name, "bare": True, "files": list(table.files), "columns": []}


def test_a_talk(talk: Talk, shop: dict[str, Table]) -> None:
    assert talk.frame() == (READY, str(talk.process.pid).encode())
    assert talk.ask(do="seal", views=[view(shop["birds"])]) == (b"", {})
    rows, end = talk.ask(do="run", sql="SELECT count(*) AS n FROM birds")
    assert end == {}
    assert pa.ipc.open_stream(rows).read_all().to_pylist() == [{"n": 7}]


def test_errors_end_the_answer_and_not_the_child(talk: Talk, shop: dict[str, Table]) -> None:
    talk.frame()
    talk.ask(do="seal", views=[view(shop["birds"])])
    _, end = talk.ask(do="run", sql="SELECT nothing FROM birds")
    assert end["kind"] == "failed"
    assert talk.ask(do="run", sql="SELECT 1")[1] == {}


def test_an_error_in_the_middle_of_the_rows(talk: Talk, shop: dict[str, Table]) -> None:
    talk.frame()
    talk.ask(do="seal", views=[])
    sql = "SELECT CASE WHEN x = 300000 THEN CAST('y' || x AS INTEGER) ELSE x END AS x FROM range(300001) t(x)"
    _, end = talk.ask(do="run", sql=sql)
    assert end["kind"] == "failed"
    assert "Could not convert" in end["message"]


def test_the_end_of_the_requests_ends_the_child(talk: Talk) -> None:
    talk.frame()
    assert talk.process.stdin
    talk.process.stdin.close()
    assert talk.process.wait(10) == 0


def test_no_file_can_be_written(talk: Talk, shop: dict[str, Table], tmp_path: Any) -> None:
    """Not even before the sealing, when the engine itself still may."""
    talk.frame()
    target = tmp_path / "out.csv"
    _, end = talk.ask(do="run", sql=f"COPY (SELECT 1) TO '{target}'")
    assert end
    assert not target.exists() or target.stat().st_size == 0


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MemoryError(), "memory"),
        (duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate"), "memory"),
        (duckdb.FatalException("FATAL Error: the database is invalid"), "fault"),
        (duckdb.InternalException("INTERNAL Error: oh"), "fault"),
        (duckdb.BinderException("Binder Error: no"), "failed"),
        (ValueError("a\nb"), "failed"),
    ],
)
def test_the_kinds_of_problems(error: Exception, kind: str) -> None:
    problem = _problem(error)
    assert problem["kind"] == kind
    assert "\n" not in problem["message"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('IO Error: Cannot open "/home/me/lake/x.parquet": gone', "IO Error: Cannot open a file: gone"),
        ('No files found that match the pattern "/a/b.parquet"', "No files found that match the pattern a file"),
        ("a/b is no path, 1/2 neither", "a/b is no path, 1/2 neither"),
    ],
)
def test_problems_name_no_paths(said: str, told: str) -> None:
    assert _problem(ValueError(said))["message"] == told


def test_rows_are_sent_in_frames() -> None:
    pipe = io.BytesIO()
    assert _answer(duckdb.connect(), "SELECT range AS n FROM range(200000)", pipe) is None
    frames = FrameReader().feed(pipe.getvalue())
    assert {kind for kind, _ in frames} == {DATA}
    table = pa.ipc.open_stream(b"".join(payload for _, payload in frames)).read_all()
    assert table.num_rows == 200_000


def test_a_view_that_cannot_be_made_is_a_problem() -> None:
    broken = {"layer": "bronze", "name": "x", "bare": True, "files": ["/not/there.parquet"], "columns": []}
    problem = _seal(duckdb.connect(), [broken])
    assert problem
    assert problem["kind"] == "failed"
