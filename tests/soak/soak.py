"""The kill soak: `python tests/soak/soak.py --kills 200 [--seed N]` over real servers and workers.

Exits 1 at the first breach, with the seed that shows it again.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.soak.rounds import Round, Soak
from tests.soak.scene import Broken

TESTS = Path(__file__).parents[1]


def line(one: Round, count: int) -> str:
    """One round in a line."""
    ends = ", ".join(
        f"{load.kind} {job.status}" + (f" at attempt {job.attempts}" if job.attempts > 1 else "")
        for load, job in zip(one.loads, one.jobs, strict=True)
    )
    missed = "" if one.hit else " (the point was not passed)"
    return f"{one.number:4d}/{count}  {one.kill}{missed}: {ends}  {one.seconds:.1f} s"


def table(rounds: Sequence[Round]) -> list[str]:
    """What was killed and what came of it: a row for each target, then for each point."""
    rows = [f"{'killed':<16}{'kills':>6}{'loads':>7}{'completed':>11}{'failed':>8}{'again':>7}{'seconds':>9}"]
    groups = {target: [one for one in rounds if one.kill.target == target] for target in ("worker", "server", "both")}
    for point in sorted({one.kill.point for one in rounds if one.kill.point and one.hit}):
        groups[f"  {point}"] = [one for one in rounds if one.kill.point == point and one.hit]
    for name, group in {**groups, "all": list(rounds)}.items():
        jobs = [job for one in group for job in one.jobs]
        ends = Counter(job.status for job in jobs)
        again = sum(job.attempts > 1 for job in jobs)
        mean = sum(one.seconds for one in group) / max(1, len(group))
        rows.append(
            f"{name:<16}{len(group):>6}{len(jobs):>7}{ends['completed']:>11}{ends['failed']:>8}{again:>7}{mean:>9.1f}"
        )
    return rows


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="lb-soak-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def main(words: Sequence[str]) -> int:
    """Play the soak; the exit status."""
    parser = argparse.ArgumentParser(description="Kill workers and servers in the midst of loads; nothing may be lost.")
    parser.add_argument("--kills", type=int, default=200, help="how many kills")
    parser.add_argument("--seed", type=int, default=None, help="the seed of an earlier run, to play it again")
    parser.add_argument("--workers", type=int, default=1, help="workers that the server keeps")
    parser.add_argument("--keep", type=Path, help="an empty folder to play in, kept for a look at what came of it")
    options = parser.parse_args(words)
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    for variable in [name for name in os.environ if name.startswith("LAKEBOOK_")]:
        if not variable.startswith("LAKEBOOK_TEST_"):
            del os.environ[variable]
    own = [str(TESTS / name) for name in ("loopback", "quick_start")]
    os.environ["PYTHONPATH"] = os.pathsep.join([*own, *filter(None, [os.environ.get("PYTHONPATH")])])
    print(f"kill soak: {options.kills} kills, seed {seed}", flush=True)
    done: list[Round] = []
    began = time.monotonic()
    with _folder(options.keep) as folder:
        try:
            for one in Soak(folder, seed, options.workers).rounds(options.kills):
                done.append(one)
                print(line(one, options.kills), flush=True)
        except Broken as breach:
            print("\n".join(table(done)))
            print(f"BREACH in kill {len(done) + 1}: {breach}\nshow it again: make soak SOAK_ARGS='--seed {seed}'")
            return 1
    print("\n".join(table(done)))
    print(f"{len(done)} kills in {time.monotonic() - began:.0f} s, nothing lost, nothing doubled, nothing left over")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
