"""A training killed at any moment leaves a whole registered model or none."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lakebook.ml import families, seal
from lakebook.ml.families import ID_TAG, SEAL_TAG
from lakebook.ml.registry import ModelStore

ROOT = Path(__file__).resolve().parents[3]
KILLS = 4


@pytest.mark.timeout(300)
def test_a_killed_training_leaves_no_half_model(
    tmp_path: Path, survivors: pl.DataFrame, to_parquet: Callable[[pl.DataFrame], list[str]]
) -> None:
    file = to_parquet(survivors.rename({"survived": "y"}))[0]
    home = tmp_path / "home"
    command = [sys.executable, "-m", "tests.unit.ml.killed_trainings", str(home), file, str(KILLS)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    killed = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [one["signal"] for one in killed] == [signal.SIGKILL] * KILLS
    store = ModelStore(f"sqlite:///{home / 'mlflow.sqlite'}", home / "models")
    known = {family.name: family for family in families.read(store.tracking_uri, lambda: None)}
    assert "whole" in known
    for family in known.values():
        for number, tags in family.versions.items():
            seal.check(home / "models" / tags[ID_TAG], tags[SEAL_TAG])
            assert store.get(f"{family.name}@{number}").rows_held_out > 0
    for one in killed:
        registered = store.trained_by(one["training_id"])
        assert (registered is not None) == (one["name"] in known)
    assert len(known) < 1 + KILLS, "all were killed after their end"
