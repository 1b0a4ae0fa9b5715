"""The guard over the shared cases, and the limits of its children under hostile statements, time after time.

`bench_guard.py [ROUNDS]`: one round of hostile statements without an argument; the requirement is 50.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median, quantiles

import duckdb

sys.path.insert(0, str(Path(__file__).parents[2]))

from lakebook.query.children.pool import Children
from lakebook.query.guard.statement_files import cases_of, described, validated
from lakebook.query.tables import Column, Table
from tests.conformance.hostile import HOSTILE, Outcome, attempt, peak_of_children

ROOT = Path(__file__).resolve().parent.parent.parent
REPEATS = 5
MEMORY = 512 << 20
SECONDS = 0.5
MOST_LATE, MOST_MEMORY, MOST_MILLISECONDS = 0.5, 1.1, 2.0


def guarded_cases(folder: Path) -> None:
    """Print how long parse, check and regenerate take over the shared cases, and which come out wrong."""
    tables = described((folder / "schema.sql").read_text(encoding="utf-8"))
    lines = (folder / "cases.jsonl").read_text(encoding="utf-8")
    expected = {case["id"]: case["expect"] == "accept" for case in map(json.loads, lines.splitlines())}
    cases = cases_of(lines, "cases.jsonl")
    known = {dialect: tables.in_dialect(dialect) for dialect in {case.dialect for case in cases}}
    times: defaultdict[str | int, list[float]] = defaultdict(list)
    wrong = set()
    for _ in range(REPEATS + 1):
        for case in cases:
            started = time.perf_counter()
            verdict = validated(case, known[case.dialect])
            times[case.id].append((time.perf_counter() - started) * 1000)
            if verdict["valid"] != expected[str(case.id)]:
                wrong.add(case.id)
    each = [median(spent[1:]) for spent in times.values()]
    print(f"cases {len(cases)}, right {len(cases) - len(wrong)}, wrong {sorted(map(str, wrong))}")
    print(f"parse, check, regenerate: median {median(each):.2f} ms, p95 {quantiles(each, n=20)[18]:.2f} ms "
          f"(at most {MOST_MILLISECONDS:g} ms)")  # fmt: skip


def hostile(folder: Path, rounds: int) -> None:
    """Print for each hostile statement how it ended, how late at most; then the highest memory of any child."""
    file = folder / "words.parquet"
    duckdb.connect().execute(f"COPY (SELECT 'word ' || range AS word, range AS n FROM range(300)) TO '{file}'")
    columns = (Column("word", "VARCHAR"), Column("n", "BIGINT"))
    words = Table("words", "bronze", "words", 1, 300, (str(file),), columns)
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    pool = Children(memory_limit_bytes=MEMORY, time_limit=SECONDS)
    pool.warm()
    for _ in range(rounds):
        for name in HOSTILE:
            outcomes[name].append(attempt(pool, name, words, seconds=SECONDS))
    pool.close()
    peak = peak_of_children() / MEMORY
    print(f"\n{'statement':20} {'late at most':>13}   ended")
    for name, found in outcomes.items():
        late = max(outcome.late for outcome in found)
        ended = ", ".join(f"{kind} {count}" for kind, count in Counter(one.ended for one in found).most_common())
        print(f"{name:20} {late:>+11.3f} s   {ended}")
    late = max(outcome.late for found in outcomes.values() for outcome in found)
    print(f"{rounds} rounds: memory at most {peak:.2f} of the limit (allowed {MOST_MEMORY:g}), "
          f"stopped at most {late:.3f} s late (allowed {MOST_LATE:g} s)")  # fmt: skip


def main() -> None:
    """Print both tables."""
    shared = Path(os.environ.get("SHARED", ROOT / "../shared")).resolve()
    if (shared / "data" / "guard").is_dir():
        guarded_cases(shared / "data" / "guard")
    with tempfile.TemporaryDirectory() as folder:
        hostile(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 1)


if __name__ == "__main__":
    main()
