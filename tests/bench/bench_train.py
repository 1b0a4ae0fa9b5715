"""Models of lakebook beside a default LightGBM and AutoGluon called by hand: the same rows, the same seconds."""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

import polars as pl

from lakebook.ml.fitted import FittedModel
from lakebook.ml.model_version import DatasetRef, ProblemType
from lakebook.ml.registry import ModelStore
from lakebook.ml.training import train
from lakebook.ml.training_table import TrainingTable, Wish, prepare

ROOT = Path(__file__).resolve().parents[2]
TARGETS: dict[str, tuple[str, ProblemType]] = {
    "adult": ("income", "classification"),
    "titanic": ("survived", "classification"),
    "credit_g": ("y", "classification"),
    "wine_quality": ("quality", "regression"),
    "abalone": ("rings", "regression"),
}
LAKEBOOK, BY_HAND, LIGHTGBM = "lakebook", "AutoGluon by hand", "LightGBM default"
# Nowhere worse than AutoGluon by more than this share of its score, the interval excluding zero.
MOST_WORSE = 0.005
# Student's t at 97.5 %, by the number of splits.
STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}


@dataclass(frozen=True)
class Run:
    """What one way of learning a split gave: the scores on rows never seen, and the seconds of its training."""

    scores: dict[str, float]
    seconds: float


def one(way: str, file: str, table: str, seed: int, seconds: float) -> dict[str, Run]:
    """Learn the split of this seed in one way; lakebook's own record brings its LightGBM along."""
    target, problem_type = TARGETS[table]
    wish = Wish(problem_type=problem_type, seed=seed)
    if way == BY_HAND:
        return {way: by_hand(prepare([file], target, wish), seconds)}
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        model = train(
            [file], target=target, name=table, workdir=home, time_limit=seconds, wish=wish,
            models=ModelStore(f"sqlite:///{home / 'mlflow.sqlite'}", home / "models"),
            dataset=DatasetRef(dataset_id=table, name=table, version=1),
        )  # fmt: skip
    default = next(baseline for baseline in model.baselines if baseline.name == "lightgbm")
    return {LAKEBOOK: Run(model.metrics, model.training_time_seconds), LIGHTGBM: Run(default.metrics, math.nan)}


def by_hand(table: TrainingTable, seconds: float) -> Run:
    """AutoGluon as its first page shows it, on the rows that lakebook's training sees."""
    from autogluon.tabular import TabularPredictor

    from lakebook.ml.scoring import metrics

    problem = table.problem
    with tempfile.TemporaryDirectory() as folder:
        metric = "root_mean_squared_error" if problem.kind == "regression" else "accuracy"
        predictor = TabularPredictor(
            label="y_", path=folder, eval_metric=metric, problem_type=problem.kind, verbosity=0
        )
        began = time.monotonic()
        predictor.fit(table.seen.features.assign(y_=table.seen.target), time_limit=seconds)
        spent = time.monotonic() - began
        fitted = FittedModel("autogluon", predictor, problem.kind, len(problem.classes))
        return Run(metrics(problem, table.unseen.target, fitted.answers(table.unseen.features)), spent)


def in_its_own_process(way: str, file: str, table: str, seed: int, seconds: float) -> dict[str, Run]:
    """The same in a fresh process, so that no way finds warm what another has loaded."""
    command = [sys.executable, __file__, "--one", way, file, table, str(seed), str(seconds)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {name: Run(**run) for name, run in json.loads(said.strip().splitlines()[-1]).items()}


def measured(table: str) -> tuple[str, ...]:
    """The metrics compared for a table, the one that is trained for first."""
    return ("rmse",) if TARGETS[table][1] == "regression" else ("accuracy", "roc_auc")


def lead(metric: str, ours: Run, other: Run) -> float:
    """How much better ours is, as a share of the other's score."""
    sign = -1.0 if metric == "rmse" else 1.0
    return sign * (ours.scores[metric] - other.scores[metric]) / other.scores[metric]


def with_interval(leads: Sequence[float]) -> tuple[float, float, float]:
    """The mean of paired differences and its 95 % interval; of a single one nothing is known but itself."""
    if len(leads) < 2:
        return leads[0], -math.inf, math.inf
    reach = STUDENT.get(len(leads), 2.262) * stdev(leads) / math.sqrt(len(leads))
    return mean(leads), mean(leads) - reach, mean(leads) + reach


def tell(table: str, runs: dict[str, list[Run]]) -> dict[str, float]:
    """Print a table's scores and lakebook's leads; the leads by the metric that is trained for."""
    found = {}
    seconds = "   ".join(f"{way} {mean(run.seconds for run in runs[way]):.0f} s" for way in (LAKEBOOK, BY_HAND))
    print(f"\n{table}: {len(runs[LAKEBOOK])} splits   {seconds}")
    for metric in measured(table):
        for way in (LAKEBOOK, BY_HAND, LIGHTGBM):
            scores = [run.scores[metric] for run in runs[way]]
            told = f"  {metric:9} {way:18} {mean(scores):.4f}"
            if way != LAKEBOOK:
                leads = [lead(metric, ours, other) for ours, other in zip(runs[LAKEBOOK], runs[way], strict=True)]
                middle, low, high = with_interval(leads)
                told += f"   lakebook {middle:+.2%} ({low:+.2%} to {high:+.2%})"
                if metric == measured(table)[0]:
                    found[way] = middle
                    if way == BY_HAND and middle < -MOST_WORSE and high < 0:
                        told += "   WORSE"
            print(told, flush=True)
    return found


def options() -> argparse.Namespace:
    """What to measure; without a word, a short run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time", type=float, default=15.0, help="seconds for each training")
    parser.add_argument("--tables", default="titanic,abalone", help="tables, parted by commas")
    parser.add_argument("--splits", type=int, default=1, help="seeded splits of each table")
    parser.add_argument("--one", nargs=5, metavar=("WAY", "FILE", "TABLE", "SEED", "SECONDS"), help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Measure every table, then say in how many lakebook is ahead."""
    asked = options()
    if asked.one:
        way, file, table, seed, seconds = asked.one
        found = one(way, file, table, int(seed), float(seconds))
        print(json.dumps({name: {"scores": run.scores, "seconds": run.seconds} for name, run in found.items()}))
        return
    shared = Path(os.environ.get("SHARED", ROOT / "../shared")).resolve() / "data" / "tabular"
    leads: defaultdict[str, list[float]] = defaultdict(list)
    print(f"{asked.time:g} s each, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        for table in asked.tables.split(","):
            file, runs = str(Path(folder) / f"{table}.parquet"), defaultdict[str, list[Run]](list)
            pl.read_csv(shared / f"{table}.csv", infer_schema_length=None).write_parquet(file)
            for seed in range(asked.splits):
                for way in (LAKEBOOK, BY_HAND):
                    results: dict[str, Any] = in_its_own_process(way, file, table, seed, asked.time)
                    for name, run in results.items():
                        runs[name].append(run)
            for way, share in tell(table, runs).items():
                leads[way].append(share)
    for way, shares in leads.items():
        print(f"\nlakebook against {way}, {len(shares)} tables: median {median(shares):+.2%}, least {min(shares):+.2%}")


if __name__ == "__main__":
    main()
