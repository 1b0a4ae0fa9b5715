"""`make mutate`: faults put into the guard, one at a time; the tests must notice at least four of five.

Each mutant runs in a fork of a process that has everything loaded; `--every N` tries each Nth alone.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import resource
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
GUARD = ROOT / "server_ext" / "lakebook" / "query" / "guard"
MODULES = ("guarded", "strangers", "statement", "names", "size", "exact", "rules", "places")
TESTS = tuple(f"tests/unit/query/test_{name}.py" for name in ("guard_edges", "guard_corners", "rules", "guard"))
# Of the processor, so that a busy machine makes no fault look like an endless loop; the tests take four.
CPU_SECONDS, LEAST = 40, 0.8


class Faulty(MetaPathFinder, Loader):
    """Gives the mutant in place of the module."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """The mutant's spec for its name alone."""
        return importlib.util.spec_from_loader(fullname, self) if fullname == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutant's source."""
        exec(compile(self._source, f"<mutant of {self._name}>", "exec"), module.__dict__)


def survives(module: str, mutant: Mutant) -> bool:
    """Whether no test notices the fault; one that never ends is noticed."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        _run(f"lakebook.query.guard.{module}", mutant.source)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _run(name: str, source: str) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    sys.meta_path.insert(0, Faulty(name, source))
    try:
        code = int(pytest.main([*TESTS, "-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist"]))
    except BaseException:
        code = 1
    os._exit(code)


def main() -> int:
    """Print the survivors and the score; 1 where it is too low."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--every", type=int, default=1)
    words.add_argument("--first", type=int, default=0)
    words.add_argument("modules", nargs="*", default=MODULES)
    said = words.parse_args()
    os.chdir(ROOT)
    for loaded in ("duckdb", "pyarrow", "sqlglot.optimizer.qualify", "hypothesis"):
        importlib.import_module(loaded)
    if not survives("guarded", Mutant(0, "none", (GUARD / "guarded.py").read_text())):
        print("the tests fail without any fault")
        return 1
    chosen = [(module, each) for module in said.modules for each in mutants((GUARD / f"{module}.py").read_text())]
    chosen = chosen[said.first :: said.every]
    survived: Counter[str] = Counter()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for (module, mutant), alive in zip(chosen, pool.map(lambda each: survives(*each), chosen), strict=True):
            if alive:
                survived[module] += 1
                print(f"survived: {module}.py:{mutant.line} {mutant.what}", flush=True)
    tried = Counter(module for module, _ in chosen)
    for module in said.modules:
        print(f"{module}: {tried[module] - survived[module]} of {tried[module]} noticed")
    score = 1 - survived.total() / max(1, len(chosen))
    print(f"mutation score {score:.1%} of {len(chosen)} (at least {LEAST:.0%})")
    return 0 if score >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
