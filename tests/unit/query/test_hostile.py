"""Statements that want all memory and all time, once each: the limits of `make bench` in short."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from lakebook.errors import QueryMemoryExceeded
from lakebook.query.children.pool import Children
from lakebook.query.guard.guarded import guard
from lakebook.query.tables import Column, Table
from tests.conformance.hostile import HOSTILE, attempt

MEMORY = 384 << 20
SECONDS = 0.4
# Other tests run beside these: what the clock says of them is looser than of the bench.
MOST_LATE = 2.0


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """A table of three hundred short texts."""
    file = tmp_path_factory.mktemp("hostile") / "words.parquet"
    duckdb.connect().execute(f"COPY (SELECT 'word ' || range AS word, range AS n FROM range(300)) TO '{file}'")
    return Table("words", "bronze", "w", 1, 300, (str(file),), (Column("word", "VARCHAR"), Column("n", "BIGINT")))


@pytest.fixture(scope="module")
def pool() -> Iterator[Children]:
    made = Children(memory_limit_bytes=MEMORY, time_limit=30.0)
    made.warm()
    yield made
    made.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_limits_hold_and_the_next_statement_runs(name: str, pool: Children, words: Table) -> None:
    outcome = attempt(pool, name, words, seconds=SECONDS)
    assert outcome.ended in ("QueryTimedOut", "QueryMemoryExceeded", "QueryFailed", "answered")
    assert outcome.late < MOST_LATE
    counted = pool.run(guard("select count(*) as n from words", [words]), principal="next")
    assert counted.to_pylist() == [{"n": 300}]


def test_the_kernel_holds_the_memory(pool: Children, words: Table) -> None:
    """Past its limit a child is refused memory, however fast it grows."""
    greedy = guard("select length(repeat(word, 100000000)) as n from words", [words])
    pool.run(guard("select 1 as n from words", [words]), principal="greedy")
    (child,) = [each for each in pool._kept.values() if "greedy" in str(each.key)]
    limits = Path(f"/proc/{child.pid}/limits").read_text().splitlines()
    (most,) = [line.split() for line in limits if line.startswith("Max data size")]
    assert int(most[3]) < 2 * MEMORY
    with pytest.raises(QueryMemoryExceeded, match="more than 384 MiB"):
        pool.run(greedy, principal="greedy")
    assert not child.alive()
