"""Trainings killed at moments of their own choosing, each in a process forked from one that has all loaded.

Run as a program: a home's folder, a table's file, and how many are killed; prints what each left as JSON lines.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from functools import partial, wraps
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

from lakebook.ids import new_id
from lakebook.ml import autogluon_engine, simple_models, training
from lakebook.ml.mlflow_run import quiet_client
from lakebook.ml.model_version import DatasetRef
from lakebook.ml.registry import ModelStore

SEED = 20
# Where a half model could come from: these moments are chosen as often as all others together.
REGISTERING = frozenset({"lakebook.ml.registry", "lakebook.ml.seal", "lakebook.ml.mlflow_run"})
# Loaded before the processes are forked; what uses threads is only used in them.
LOADED = (
    "mlflow.models", "mlflow.tracking", "pyarrow.parquet", "scipy.stats", "sklearn.ensemble", "sklearn.linear_model",
    "sklearn.metrics", "sklearn.pipeline", "sklearn.tree", "threadpoolctl",
)  # fmt: skip


class Moments:
    """Counts the beginnings and ends of lakebook's functions that learn and register, and dies at the one chosen."""

    def __init__(self, chosen: int | None = None) -> None:
        self.modules: list[str] = []
        self._chosen = chosen

    def reached(self, module: str) -> None:
        """One more moment, of a function of this module."""
        self.modules.append(module)
        if len(self.modules) - 1 == self._chosen:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Count every function of lakebook's that learns, whichever module calls it."""
        modules = [module for name, module in sys.modules.items() if name.startswith("lakebook.ml.")]
        spaces: list[Any] = [*modules, ModelStore]
        for space in spaces:
            for name, found in list(vars(space).items()):
                if isinstance(found, FunctionType) and found.__module__.startswith("lakebook.ml."):
                    setattr(space, name, self._counted(found))

    def _counted(self, function: FunctionType) -> Callable[..., Any]:
        @wraps(function)
        def counted(*given: Any, **named: Any) -> Any:
            self.reached(function.__module__)
            result = function(*given, **named)
            self.reached(function.__module__)
            return result

        return counted


def learn(home: Path, file: str, name: str, training_id: str, moments: Moments) -> None:
    """One whole training, its moments counted."""
    moments.watch()
    training.train([file], target="y", name=name, models=store_of(home), workdir=home / "tmp", training_id=training_id,
                   dataset=DatasetRef(dataset_id="d", name="d", version=1))  # fmt: skip


def store_of(home: Path) -> ModelStore:
    """The registry of this home."""
    return ModelStore(f"sqlite:///{home / 'mlflow.sqlite'}", home / "models")


def in_a_fork(work: Callable[[], object]) -> int:
    """The signal that ended a forked process which did this, 0 where none did."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFEXITED(ended) and os.WEXITSTATUS(ended):
        raise RuntimeError("a training failed by itself")
    return os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0


def counted(home: Path, file: str) -> list[str]:
    """The module of each moment of a training that nobody kills."""
    said = home / "moments.json"

    def work() -> None:
        moments = Moments()
        learn(home, file, "whole", new_id(), moments)
        said.write_text(json.dumps(moments.modules))

    in_a_fork(work)
    modules: list[str] = json.loads(said.read_text())
    return modules


def main(home: Path, file: str, kills: int) -> None:
    """Kill so many trainings, half of them while they register."""
    for module in LOADED:
        import_module(module)
    autogluon_engine.is_installed = lambda: False
    for model in ("boosted_model", "linear_model", "lightgbm_model"):
        setattr(simple_models, model, lambda _frame, problem, seed: simple_models.constant_model(problem, seed))
    (home / "tmp").mkdir(parents=True)
    quiet_client(f"sqlite:///{home / 'mlflow.sqlite'}", home / "models")
    modules, chance = counted(home, file), random.Random(SEED)
    registering = [number for number, name in enumerate(modules) if name in REGISTERING]
    for number in range(kills):
        moment = chance.choice(registering if number % 2 else range(len(modules)))
        training_id, name = new_id(), f"killed_{number}"
        ended = in_a_fork(partial(learn, home, file, name, training_id, Moments(moment)))
        print(
            json.dumps({"name": name, "training_id": training_id, "signal": ended, "at": modules[moment]}), flush=True
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
