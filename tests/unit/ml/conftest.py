"""Models to test with: one registry, one serving process, and small tables for the whole session."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakebook.ml.model_version import DatasetRef, ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.serving.predictor import Predictors
from lakebook.ml.training import train

DATASET = DatasetRef(dataset_id="0190-dataset", name="table", version=3)
ToParquet = Callable[[pl.DataFrame], list[str]]


@pytest.fixture(scope="session")
def to_parquet(tmp_path_factory: pytest.TempPathFactory) -> ToParquet:
    """Writes a frame as the one Parquet file of a table."""

    def write(frame: pl.DataFrame) -> list[str]:
        path = tmp_path_factory.mktemp("table") / "part-0.parquet"
        frame.write_parquet(path)
        return [str(path)]

    return write


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    """The session's registry."""
    home = tmp_path_factory.mktemp("home")
    return ModelStore(f"sqlite:///{home / 'mlflow.sqlite'}", home / "models")


@pytest.fixture(scope="session")
def predictors(store: ModelStore) -> Iterator[Predictors]:
    """The session's serving process."""
    serving = Predictors(store)
    serving.warm()
    yield serving
    serving.close()


@pytest.fixture(scope="session")
def titanic(shared: Path) -> pl.DataFrame:
    """891 passengers, of whom 342 survived."""
    return pl.read_csv(shared / "data/tabular/titanic.csv", infer_schema_length=None)


@pytest.fixture(scope="session")
def survivors() -> pl.DataFrame:
    """120 seeded rows whose class follows `age` and `fare` with some noise; dirt and every feature type included."""
    chance = random.Random(7)
    rows: list[dict[str, Any]] = []
    for number in range(120):
        age, fare = chance.uniform(1, 80), chance.uniform(5, 100)
        rows.append(
            {
                "age": None if number % 17 == 0 else round(age, 1),
                "fare": fare,
                "siblings": chance.randrange(4),
                "paid": chance.random() < 0.5,
                "port": chance.choice(["Cherbourg", "Queenstown", None]),
                "survived": "yes" if fare - age / 2 + chance.gauss(0, 8) > 25 else "no",
            }
        )
    return pl.DataFrame(rows)


@pytest.fixture(scope="session")
def boosted(store: ModelStore, survivors: pl.DataFrame, to_parquet: ToParquet, session_patch: pytest.MonkeyPatch,
            tmp_path_factory: pytest.TempPathFactory) -> ModelVersion:  # fmt: skip
    """A model trained without AutoGluon, quickly."""
    with session_patch.context() as patch:
        patch.setattr("lakebook.ml.autogluon_engine.is_installed", lambda: False)
        return train(
            to_parquet(survivors), target="survived", name="boosted", models=store, dataset=DATASET,
            workdir=tmp_path_factory.mktemp("work"), user_id="ada",
        )  # fmt: skip


@pytest.fixture(scope="session")
def session_patch() -> Iterator[pytest.MonkeyPatch]:
    """A monkeypatch for fixtures of the session."""
    patch = pytest.MonkeyPatch()
    yield patch
    patch.undo()


@pytest.fixture
def again(store: ModelStore, boosted: ModelVersion, tmp_path: Path) -> Callable[..., ModelVersion]:
    """Registers the boosted model once more, under another name."""

    def register(name: str, **more: Any) -> ModelVersion:
        folder = tmp_path / "copy"
        shutil.copytree(store.artifacts / boosted.model_id / "model", folder)
        return store.register(boosted, folder, name=name, **{"user_id": "ada", **more})

    return register
