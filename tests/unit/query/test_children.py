"""Sealed children: limits held from outside, one principal and one set of versions each, never reused after a fault."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from lakebook.errors import QueryCancelled, QueryFailed, QueryMemoryExceeded, QueryTimedOut, Unavailable
from lakebook.query.children.pool import Children
from lakebook.query.guard.guarded import Guarded, guard
from lakebook.query.tables import Table

# Runs for minutes on any machine, in next to no memory.
ENDLESS = """
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 1000000000)
SELECT count(*) FROM t, birds WHERE birds.year = t.n
"""
# Wants far more memory than any limit here.
GREEDY = (
    "SELECT max(len(repeat(Description || a.n::VARCHAR, 2000000))), list(repeat(Description, 3000000)) FROM orders, a"
)


@pytest.fixture
def pool() -> Iterator[Children]:
    pool = Children(size=1, memory_limit_bytes=512 << 20, time_limit=30.0)
    yield pool
    pool.close()


def counted(shop: dict[str, Table], name: str = "birds") -> Guarded:
    return guard(f"select count(*) as n from {name}", [shop[name]])


def endless(shop: dict[str, Table]) -> Guarded:
    return guard(ENDLESS, [shop["birds"]])


def greedy(shop: dict[str, Table]) -> Guarded:
    text = f"with a as (select range as n from range(1000)) {GREEDY}"
    return guard(text, [shop["orders"]])


def own_children() -> set[int]:
    return {
        child.pid
        for server in psutil.Process().children()
        if server.status() != psutil.STATUS_ZOMBIE and "lakebook.query.children.fork_server" in server.cmdline()
        for child in server.children()
    }


def test_rows_come_back_as_arrow(children: Children, shop: dict[str, Table]) -> None:
    table = children.run(
        guard("select species, year from birds order by year, species", [shop["birds"]]), principal="a"
    )
    assert table.column_names == ["species", "year"]
    assert table.num_rows == 7
    assert table.column("year").to_pylist() == [2007, 2007, 2007, 2008, 2008, 2009, 2009]


def test_no_rows_keep_their_columns(children: Children, shop: dict[str, Table]) -> None:
    table = children.run(guard("select species, year from birds where year = 1", [shop["birds"]]), principal="a")
    assert (table.num_rows, table.column_names) == (0, ["species", "year"])


def test_a_result_larger_than_one_frame(children: Children, shop: dict[str, Table]) -> None:
    text = "select x, repeat('y', 60) as y from range(100000) s(x)"
    table = children.run(guard(text, [shop["birds"]], row_limit=None), principal="a")
    assert table.num_rows == 100_000
    assert table.nbytes > 4 << 20
    assert table.column("x").to_pylist()[-1] == 99_999


def test_a_warm_child_answers_again(pool: Children, shop: dict[str, Table]) -> None:
    pool.warm()
    for _ in range(3):
        assert pool.run(counted(shop), principal="a").to_pylist() == [{"n": 7}]
    assert len(own_children()) >= 1


def test_one_principal_and_one_set_of_versions_a_child(pool: Children, shop: dict[str, Table]) -> None:
    """Nothing of one principal's process is ever seen by another."""
    text = "select count(*) as n from birds"
    pool.run(guard(text, [shop["birds"]]), principal="a")
    first = {child.key: child.pid for child in pool._kept.values()}
    pool.run(guard(text, [shop["birds"]]), principal="a")
    assert {child.key: child.pid for child in pool._kept.values()} == first
    for principal, table in (("b", shop["birds"]), ("a", replace(shop["birds"], version=2))):
        pool.run(guard(text, [table]), principal=principal)
        kept = {child.key: child.pid for child in pool._kept.values()}
        assert not set(kept.values()) & set(first.values())


def test_time_is_held(pool: Children, shop: dict[str, Table]) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimedOut, match="longer than 1 s"):
        pool.run(endless(shop), principal="a", time_limit=1.0)
    assert time.monotonic() - started < 1.5
    assert pool.run(counted(shop), principal="a").to_pylist() == [{"n": 7}]


def test_memory_is_held(pool: Children, shop: dict[str, Table]) -> None:
    with pytest.raises(QueryMemoryExceeded, match="more than 512 MiB"):
        pool.run(greedy(shop), principal="a")
    assert pool.run(counted(shop), principal="a").to_pylist() == [{"n": 7}]


def test_resident_memory_is_watched_from_outside(pool: Children, shop: dict[str, Table]) -> None:
    """Below what a child needs to live the supervisor stops it, whatever the engine thinks of its own limit."""
    with pytest.raises(QueryMemoryExceeded, match="more than 16 MiB"):
        pool.run(endless(shop), principal="a", memory_limit_bytes=16 << 20)


def test_a_child_is_not_used_after_it_was_stopped(pool: Children, shop: dict[str, Table]) -> None:
    pool.run(counted(shop), principal="a")
    (victim,) = [child.pid for child in pool._kept.values()]
    with pytest.raises(QueryTimedOut):
        pool.run(endless(shop), principal="a", time_limit=0.3)
    pool.run(counted(shop), principal="a")
    assert victim not in [child.pid for child in pool._kept.values()]
    assert not psutil.pid_exists(victim)


def test_cancel(pool: Children, shop: dict[str, Table]) -> None:
    cancel = threading.Event()
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    started = time.monotonic()
    with pytest.raises(QueryCancelled):
        pool.run(endless(shop), principal="a", cancel=cancel)
    assert time.monotonic() - started < 1.3
    timer.join()


def test_a_child_killed_from_outside(pool: Children, shop: dict[str, Table]) -> None:
    pool.run(counted(shop), principal="a")
    (child,) = pool._kept.values()
    psutil.Process(child.pid).kill()
    psutil.Process(child.pid).wait(5)
    assert pool.run(counted(shop), principal="a").to_pylist() == [{"n": 7}]


def test_a_child_killed_in_the_middle(pool: Children, shop: dict[str, Table]) -> None:
    def kill_all() -> None:
        for pid in [child.pid for child in list(pool._all)]:
            psutil.Process(pid).kill()

    timer = threading.Timer(0.5, kill_all)
    timer.start()
    with pytest.raises(QueryFailed, match="in the middle"):
        pool.run(endless(shop), principal="a")
    timer.join()
    assert pool.run(counted(shop), principal="a").to_pylist() == [{"n": 7}]


def test_an_engine_error_is_told_without_paths(pool: Children, shop: dict[str, Table]) -> None:
    with pytest.raises(QueryFailed, match="Could not convert string"):
        pool.run(guard("select cast(species as int) from birds", [shop["birds"]]), principal="a")
    gone = replace(shop["birds"], files=("/nowhere/at/all.parquet",))
    with pytest.raises(QueryFailed) as caught:
        pool.run(guard("select * from birds", [gone]), principal="a")
    assert "/nowhere" not in str(caught.value)


def test_a_child_whose_sealing_failed_is_never_used(pool: Children, shop: dict[str, Table]) -> None:
    gone = replace(shop["birds"], files=("/nowhere/at/all.parquet",))
    for _ in range(2):
        with pytest.raises(QueryFailed, match="No files found"):
            pool.run(guard("select * from birds", [gone]), principal="a")
        assert not pool._kept


def test_a_child_sees_only_the_tables_of_its_statement(pool: Children, shop: dict[str, Table]) -> None:
    """Even a statement that no guard has seen finds no other file."""
    sneaky = replace(counted(shop), sql=f"select * from read_parquet('{shop['orders'].files[0]}')")
    with pytest.raises(QueryFailed, match="file system operations are disabled"):
        pool.run(sneaky, principal="a")
    with pytest.raises(QueryFailed, match="does not exist"):
        pool.run(replace(counted(shop), sql="select * from bronze.orders"), principal="a")


def test_a_child_inherits_nothing_of_the_environment(
    pool: Children, shop: dict[str, Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET_OF_THE_SERVER", "s3cr3t")
    pool.run(counted(shop), principal="a")
    for child in pool._all:
        assert "A_SECRET_OF_THE_SERVER" not in psutil.Process(child.pid).environ()


def test_from_several_threads(pool: Children, shop: dict[str, Table]) -> None:
    found: list[object] = []

    def run(principal: str) -> None:
        found.append(pool.run(counted(shop), principal=principal).column("n").to_pylist()[0])

    threads = [threading.Thread(target=run, args=(str(number % 3),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [7] * 6


def test_waiting_for_a_place_counts_as_time(shop: dict[str, Table]) -> None:
    pool = Children(size=1, memory_limit_bytes=512 << 20, most=1)
    stop, running = threading.Event(), threading.Event()

    def occupy() -> None:
        running.set()
        with pytest.raises(QueryCancelled):
            pool.run(endless(shop), principal="a", cancel=stop)

    busy = threading.Thread(target=occupy)
    busy.start()
    running.wait(5)
    while not pool._all:
        running.wait(0.01)
    with pytest.raises(QueryTimedOut, match="busy"):
        pool.run(counted(shop), principal="b", time_limit=0.3)
    stop.set()
    busy.join()
    assert pool.run(counted(shop), principal="b").to_pylist() == [{"n": 7}]
    pool.close()


def test_close_leaves_no_process_behind(shop: dict[str, Table]) -> None:
    pool = Children(size=2)
    pool.warm()
    pool.run(counted(shop), principal="a")
    pids = {child.pid for child in pool._all}
    assert len(pids) >= 2
    pool.close()
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    with pytest.raises(Unavailable):
        pool.run(counted(shop), principal="a")


SCRIPT = """
import sys, threading
from lakebook.query.children.pool import Children
from lakebook.query.guard.guarded import guard
from lakebook.query.tables import Column, Table
table = Table("birds", "bronze", "x", 1, 7, ({file!r},), (Column("species", "VARCHAR"),))
pool = Children()
pool.warm()
print(pool.run(guard("select count(*) as n from birds", [table]), principal="a").to_pylist()[0]["n"])
print(*[child.pid for child in pool._all])
{end}
"""


@pytest.mark.parametrize(
    "end", ["", "sys.exit(3)", "raise ValueError", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
)
def test_children_end_with_their_parent(end: str, shop: dict[str, Table], tmp_path: Path) -> None:
    """At a normal exit, at an error and at kill -9; the exit does not hang."""
    script = tmp_path / "parent.py"
    script.write_text(SCRIPT.format(file=shop["birds"].files[0], end=end), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    ended = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    count, pids = ended.stdout.splitlines()
    assert count == "7"
    for pid in map(int, pids.split()):
        try:
            psutil.Process(pid).wait(5)
        except psutil.NoSuchProcess:
            continue
