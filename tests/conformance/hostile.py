"""Statements that the guard lets through and that would take all memory and all time: their limits must hold."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass

from lakebook.errors import QueryFailed
from lakebook.query.children import forked
from lakebook.query.children.pool import Children
from lakebook.query.guard.guarded import guard
from lakebook.query.tables import Table

SERIES = "range(0, 100000)"
# A table of this name with one text column `word` and one whole number `n` is read by all of them.
HOSTILE = {
    "cross joins": f"select count(*) from words a, words b, words c, {SERIES} r where a.n + b.n + c.n + r.range > 7",
    "cross join kept": f"select a.n, r.range from {SERIES} r, {SERIES} s(n), words a where a.n <> r.range order by 2",
    "recursion": "with recursive t(n) as (select 1 union all select n + 1 from t where n < 1000000000) "
    "select max(n) from t",
    "doubling text": "with recursive t(s, n) as (select 'ab', 1 union all select s || s, n + 1 from t where n < 60) "
    "select max(length(s)) from t",
    "huge texts": f"select max(length(repeat(a.word, 100000000))) from words a, {SERIES} r where a.n < r.range",
    "huge texts kept": f"select repeat(a.word || r.range, 3000000) as s from words a, {SERIES} r order by s",
    "regex bomb": f"select count(*) from {SERIES} r, words a where regexp_matches(repeat('a', 20000) || a.n || "
    "r.range, '(a*)*(a*)*(a|aa)+$')",
    "like bomb": f"select count(*) from {SERIES} r, words a where repeat('a', 20000) || r.range like "
    "'%a%a%a%a%a%a%a%a%a%a%a%a%a%b' and a.n >= 0",
    "lists": f"select length(list(r.range || repeat('x', 2000))) from {SERIES} r, words a, words b",
    "list of lists": f"select len(flatten(list(l))) from (select list(range) as l from {SERIES}) q, {SERIES} r",
    "texts joined": f"select length(string_agg(repeat(a.word, 2000), ',')) from words a, words b, {SERIES} r",
    "groups": f"select count(*) from (select r.range * 100000 + s.n as k, count(*) from {SERIES} r, {SERIES} s(n) "
    "group by 1) q",
    "different values": f"select count(distinct (r.range::varchar || '-' || s.n)) from {SERIES} r, {SERIES} s(n)",
    "window": f"select max(m) from (select median(r.range) over (order by s.n rows between 50000 preceding and 50000 "
    f"following) as m from {SERIES} r, {SERIES} s(n)) q",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """How a statement ended, and how long after its limit in seconds."""

    name: str
    ended: str
    late: float


def attempt(pool: Children, name: str, words: Table, *, seconds: float) -> Outcome:
    """Run one of the statements for so long."""
    guarded = guard(HOSTILE[name], [words])
    started = time.monotonic()
    try:
        pool.run(guarded, principal="hostile", time_limit=seconds)
        ended = "answered"
    except QueryFailed as error:
        ended = type(error).__name__
    late = time.monotonic() - started - seconds
    return Outcome(name, ended, late)


def peak_of_children() -> int:
    """The highest resident memory of any child so far, in bytes.

    The system tells it of processes that were waited for: the program that children are forked from is ended first.
    """
    for server in forked._servers:
        server.stop()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
