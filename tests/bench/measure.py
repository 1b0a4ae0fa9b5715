"""Medians and ratios of commands that are run in turns, so that a noisy machine troubles all of them alike."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROUNDS = 7


@dataclass(frozen=True)
class Cost:
    """Seconds of a run, or their medians over runs: by the clock, and of the processors (children included)."""

    wall: float
    cpu: float
    runs: int = 1


def cost(command: Sequence[str]) -> Cost:
    """Run a command to its end; raises CalledProcessError where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def in_turns(
    commands: Mapping[str, Sequence[str]], rounds: int = ROUNDS, written: Path | None = None
) -> dict[str, Cost]:
    """Median cost of each command; every round runs each of them once, after one round to warm the caches.

    Where the commands write a file, each finds none: giving back the room of the one before is no part of a first load.
    """
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            if written:
                written.unlink(missing_ok=True)
            one = cost(command)
            if number:
                runs[name].append(one)
    return {
        name: Cost(median(one.wall for one in costs), median(one.cpu for one in costs), len(costs))
        for name, costs in runs.items()
    }


def python(code: str) -> list[str]:
    """The command that runs this code in a fresh Python."""
    return [sys.executable, "-c", code]


def tell(title: str, costs: Mapping[str, Cost], compare: Callable[[str, Mapping[str, Cost]], str]) -> None:
    """Print a table: one row for each command, with what `compare` says of it."""
    print(f"\n{title} ({os.cpu_count()} cores)")
    for name, one in costs.items():
        row = f"  {name:<31} wall {one.wall:7.3f} s  CPU {one.cpu:7.3f} s  median of {one.runs}  {compare(name, costs)}"
        print(row.rstrip())


def more_than(base: str) -> Callable[[str, Mapping[str, Cost]], str]:
    """Says how many milliseconds of the clock and of the processors a row costs more than the base."""

    def say(name: str, costs: Mapping[str, Cost]) -> str:
        if name == base:
            return ""
        wall, cpu = costs[name].wall - costs[base].wall, costs[name].cpu - costs[base].cpu
        return f"{wall * 1000:+.0f} ms wall, {cpu * 1000:+.0f} ms CPU"

    return say


def times_of(base: str) -> Callable[[str, Mapping[str, Cost]], str]:
    """Says how many times cheaper a row is than the base."""

    def say(name: str, costs: Mapping[str, Cost]) -> str:
        if name == base:
            return ""
        wall, cpu = costs[base].wall / costs[name].wall, costs[base].cpu / costs[name].cpu
        return f"{wall:.2f} times by wall, {cpu:.2f} by CPU ({base} is 1)"

    return say
