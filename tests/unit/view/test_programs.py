"""The viewer's own processes: what they say, how they are stopped, and that nobody waits for a dead one."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lakebook.call import Call
from lakebook.errors import BadFile, QueryCancelled, QueryFailed, QueryTimedOut, Unavailable
from lakebook.view.files import ViewFile, find_file
from lakebook.view.program import Program
from lakebook.view.sample import sample
from lakebook.view.typed import TABLE, Typed
from tests.local_home import until

Start = Callable[..., Program]


def never() -> bool:
    """Somebody waits for the answer."""
    return False


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a program of these lines; each is killed at the end."""
    monkeypatch.syspath_prepend(str(tmp_path))
    started: list[Program] = []

    def starting(*lines: str) -> Program:
        name = f"program_{len(started)}_{os.getpid()}"
        (tmp_path / f"{name}.py").write_text("\n".join(("import sys", *lines)))
        started.append(Program(name, ["argument"]))
        return started[-1]

    yield starting
    for program in started:
        program.kill()


@pytest.fixture
def orders(tmp_path: Path) -> ViewFile:
    """A file of 300 orders with a comma for the decimals."""
    (tmp_path / "orders.csv").write_text("id;price\n" + "".join(f"{n};{n},50\n" for n in range(300)))
    return find_file(tmp_path, "orders.csv")


ECHO = "for line in sys.stdin: print(line, end='', flush=True)"


def test_a_program_answers_line_by_line(start: Start) -> None:
    program = start(ECHO)
    for number in range(3):
        program.send({"n": number, "text": "x\ny" * 50_000})
        answer = program.receive(20, never)
        assert (answer["n"], len(answer["text"])) == (number, 150_000)
    assert program.said() is None
    assert program.alive()


def test_a_program_says_its_error_as_it_would_be_raised(start: Start) -> None:
    error = BadFile("It is torn.", hint="Mend it.").to_dict()
    program = start(f"print({json.dumps(json.dumps({'error': error}))}, flush=True)")
    with pytest.raises(BadFile, match="It is torn") as raised:
        program.receive(20, never)
    assert raised.value.hint == "Mend it."


def test_a_program_that_ends_is_not_waited_for(start: Start) -> None:
    program = start("raise SystemExit(1)")
    with pytest.raises(Unavailable, match="has ended"):
        program.receive(20, never)
    assert not program.alive()


def test_a_program_that_says_nothing_is_killed_in_time(start: Start) -> None:
    program = start("sys.stdin.read()")
    with pytest.raises(QueryTimedOut):
        program.receive(0.2, never)
    assert not program.alive()


def test_a_program_that_nobody_waits_for_is_killed(start: Start) -> None:
    program, gone = start("sys.stdin.read()"), threading.Event()
    gone.set()
    with pytest.raises(QueryCancelled):
        program.receive(20, gone.is_set)
    assert not program.alive()


def test_a_program_sees_no_more_of_the_environment_than_it_needs(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEBOOK_SECRET", "a secret")
    program = start("import os, json", "print(json.dumps(dict(os.environ)), flush=True)")
    seen = program.receive(20, never)
    assert "LAKEBOOK_SECRET" not in seen
    assert "a secret" not in seen.values()
    assert seen["OPENBLAS_NUM_THREADS"] == "1"


def test_a_sample_tells_the_dialect_and_leaves_nothing(orders: ViewFile, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    found = sample(orders.path, "csv", work)
    assert (found["dialect"]["delimiter"], found["dialect"]["decimal"], found["is_whole"]) == (";", ",", True)
    assert (found["names"], found["sampled_rows"]) == (["id", "price"], 300)
    assert list(work.iterdir()) == []


def test_a_sample_of_wide_rows_reads_on(tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text("a,b\n" + "".join(f"{n},{'x' * 20_000}\n" for n in range(400)))
    found = sample(wide, "csv", tmp_path)
    assert found["sampled_rows"] >= 100
    assert not found["is_whole"] or found["sampled_rows"] == 400


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_sample_of_wide_characters_ends_between_them(tmp_path: Path, encoding: str) -> None:
    text = ("\ufeff" if encoding == "utf-16-be" else "") + "a,b\n" + "".join(f"{n},é{n}\n" for n in range(60_000))
    (tmp_path / "wide.csv").write_bytes(text.encode(encoding))
    found = sample(tmp_path / "wide.csv", "csv", tmp_path)
    assert found["names"] == ["a", "b"]
    assert not found["is_whole"]
    assert [column["data_type"] for column in found["statistics"]] == ["BIGINT", "VARCHAR"]


def test_a_typed_copy_has_every_row_with_its_type(orders: ViewFile, tmp_path: Path) -> None:
    copy = Typed(
        orders, {"format": "csv", "delimiter": ";", "quote": '"', "header": True, "skipped_lines": 0}, tmp_path
    )
    done: dict[str, Any] = until(copy.look)
    assert (done["row_count"], done["rejected_rows"]) == (300, 0)
    found = duckdb.connect().execute("SELECT sum(price), count(*) FROM read_parquet(?)", [copy.table]).fetchall()
    assert found == [(sum(range(300)) + 150, 300)]
    assert copy.look() == done
    copy.close()
    assert (tmp_path / TABLE).exists()


def test_a_typed_copy_that_cannot_be_says_why_each_time(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    gone = find_file(tmp_path, "a.csv")
    path.unlink()
    copy = Typed(gone, {"format": "csv", "delimiter": ",", "header": True}, tmp_path)
    for _ in range(2):
        with pytest.raises(BadFile) as raised:
            until(copy.look)
        assert str(tmp_path) not in raised.value.message
    copy.close()


def test_the_viewers_statements_run_sealed(call: Call, tmp_path: Path) -> None:
    path, other = str(tmp_path / "t.parquet"), tmp_path / "secret.csv"
    duckdb.connect().from_query("SELECT i FROM range(10) t(i)").write_parquet(path)
    other.write_text("a\n1\n")
    read = call.runtime.viewers.read
    assert read(f"SELECT sum(i) AS s FROM '{path}'", [path], principal="p", is_cancelled=never).to_pydict() == {
        "s": [45]
    }
    with pytest.raises(QueryFailed):
        read(f"SELECT * FROM '{other}'", [path], principal="p", is_cancelled=never)
    with pytest.raises(QueryCancelled):
        read("SELECT count(*) FROM range(100000000000)", [path], principal="p", is_cancelled=lambda: True)
