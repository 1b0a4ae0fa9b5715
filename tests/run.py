"""Runs the groups of tests; says at the end how long each took and what came of it.

`python tests/run.py` runs all, `python tests/run.py unit server` those two. Groups that mostly wait run two side by
side, and each is printed when it has ended; the others run one after the other, each on two cores. Exits 1 when any
group failed, none is skipped for another's failure. The last line counts the tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / ".cache" / "reports"
PYTEST_GROUPS = ("unit", "properties", "server", "magics", "soak", "packaging", "ui", "notebooks", "services")
COUNTS = ("passed", "failed", "skipped")
# Two at a time where tests wait on processes of their own. What has broken two would break the next one too.
WORKERS = ("-n", "2", "--max-worker-restart", "1")
# A module's tests stay together, for they share a server. Modules keep the order of their collection, in which the long
# ones come first.
BY_MODULE = (*WORKERS, "--dist", "loadscope", "--no-loadscope-reorder")
# The tests of one module go side by side all the same where they are marked as groups.
BY_GROUP = (*WORKERS, "--dist", "loadgroup")
SPREAD = {"unit": BY_MODULE, "properties": BY_MODULE, "server": BY_MODULE, "magics": BY_GROUP, "soak": BY_GROUP}


@dataclass(frozen=True)
class Outcome:
    """What one group came to: its seconds, its tests, and whether all is well."""

    group: str
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    ok: bool = True


Say = Callable[[str], object]


def say(line: str) -> None:
    """Print a line of a tool's at once."""
    print(line, end="", flush=True)


def run_plain(group: str, command: Sequence[str], folder: str, pattern: str = "", *, tell: Say = say) -> Outcome:
    """Run a command that prints its counts; `pattern` has groups named passed, failed, skipped.

    A pattern promises tests: none at all is a failure.
    """
    started = time.monotonic()
    counts = dict.fromkeys(COUNTS, 0)
    with subprocess.Popen(
        command, cwd=ROOT / folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        for line in process.stdout or ():
            tell(line)
            for found in re.finditer(pattern, line) if pattern else ():
                for name, count in found.groupdict(default="0").items():
                    counts[name] += int(count)
    ran_tests = not pattern or sum(counts.values()) > 0
    return Outcome(group, time.monotonic() - started, **counts, ok=process.returncode == 0 and ran_tests)


def run_pytest(group: str, *, tell: Say = say) -> Outcome:
    """Run one folder of tests by pytest; no tests at all is a failure."""
    report = REPORTS / f"{group}.xml"
    report.unlink(missing_ok=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", f"tests/{group}", "-q", f"--junitxml={report}"]
    ended = run_plain(group, [*command, *SPREAD.get(group, ())], ".", tell=tell)
    return Outcome(group, time.monotonic() - started, **read_report(report), ok=ended.ok)


def read_report(report: Path) -> dict[str, int]:
    """Counts from a JUnit file; errors in set-up count as failures, a missing file as one."""
    if not report.exists():
        return {"passed": 0, "failed": 1, "skipped": 0}
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in suites:
        for name in totals:
            totals[name] += int(suite.get(name, "0"))
    failed = totals["failures"] + totals["errors"]
    return {"passed": totals["tests"] - failed - totals["skipped"], "failed": failed, "skipped": totals["skipped"]}


CARGO_TEST = ("cargo", "test", "--quiet", "--workspace", "--locked")
CARGO_COUNTS = r"test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed; (?P<skipped>\d+) ignored"
NODE_COUNTS = r"^(?:#|ℹ) (?:pass (?P<passed>\d+)|fail (?P<failed>\d+)|skipped (?P<skipped>\d+))$"

GROUPS: Mapping[str, Callable[..., Outcome]] = {
    "lint": partial(run_plain, "lint", ("make", "--no-print-directory", "lint"), "."),
    "native": partial(run_plain, "native", CARGO_TEST, "native", CARGO_COUNTS),
    "extension": partial(run_plain, "extension", ("jlpm", "run", "test"), "extension", NODE_COUNTS),
    **{group: partial(run_pytest, group) for group in PYTEST_GROUPS},
}
# Stages follow each other; the rows of a stage go side by side, the groups of a row one after the other.
STAGES = (
    (("lint",), ("native", "extension", "packaging", "soak")),
    (("unit", "properties", "server", "magics"),),
    (("ui",), ("notebooks", "services")),
)


def run_stages(names: Sequence[str]) -> list[Outcome]:
    """Run the named groups by their stages; their outcomes in the order of the groups."""
    outcomes: list[Outcome] = []
    for stage in STAGES:
        rows = [row for row in ([group for group in row if group in names] for row in stage) if row]
        run = run_row if len(rows) == 1 else partial(run_row, aside=threading.Lock())
        with ThreadPoolExecutor(max(1, len(rows))) as threads:
            outcomes += [one for row in threads.map(run, rows) for one in row]
    return sorted(outcomes, key=lambda one: list(GROUPS).index(one.group))


def run_row(row: Sequence[str], *, aside: threading.Lock | None = None) -> list[Outcome]:
    """Run groups one after the other; beside others (`aside` is theirs too) each is printed as a whole at its end."""
    outcomes = []
    for group in row:
        if aside is None:
            print(f"\n== {group}", flush=True)
            outcomes.append(GROUPS[group](tell=say))
            continue
        lines: list[str] = []
        outcomes.append(GROUPS[group](tell=lines.append))
        with aside:
            print(f"\n== {group}\n{''.join(lines)}", end="", flush=True)
    return outcomes


def summary(outcomes: Sequence[Outcome], setup_seconds: float | None) -> list[str]:
    """The closing lines: a row for each group, then the counts of all."""
    rows = [] if setup_seconds is None else [f"{'set-up':<12}{setup_seconds:8.1f} s"]
    for one in outcomes:
        counted = f"{one.passed} passed, {one.failed} failed, {one.skipped} skipped" if total(one) else ""
        rows.append(f"{one.group:<12}{one.seconds:8.1f} s  {'ok    ' if one.ok else 'FAILED'}  {counted}".rstrip())
    counts = [sum(getattr(one, name) for one in outcomes) for name in COUNTS]
    # A group that failed without a failed test (lint, a refused connection) is one failure in the last line.
    counts[1] += sum(1 for one in outcomes if not one.ok and not one.failed)
    return [*rows, "lakebook: " + ", ".join(f"{count} {name}" for count, name in zip(counts, COUNTS, strict=True))]


def total(outcome: Outcome) -> int:
    """How many tests the group had."""
    return outcome.passed + outcome.failed + outcome.skipped


def main(names: Sequence[str]) -> int:
    """Run the named groups, or all; returns the exit status."""
    if unknown := [name for name in names if name not in GROUPS]:
        print(f"No group is called {unknown[0]!r}. There are: {' '.join(GROUPS)}", file=sys.stderr)
        return 2
    REPORTS.mkdir(parents=True, exist_ok=True)
    started = os.environ.get("STARTED")
    setup_seconds = time.time() - float(started) if started else None
    outcomes = run_stages(names or list(GROUPS))
    print("\n" + "\n".join(summary(outcomes, setup_seconds)), flush=True)
    return 0 if all(one.ok for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
