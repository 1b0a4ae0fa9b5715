"""One home for all tests of the life of models, with a registry in which they take names of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.runtime import Runtime, open_runtime
from tests.unit.ml.lifecycle.made_models import Oracle, Register, Rule, found, right, things, write_beside


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory, store: ModelStore) -> Iterator[Runtime]:
    """The services of the session's home, with the registry that all tests of models share."""
    opened = open_runtime(tmp_path_factory.mktemp("life") / "home", upgrade=True)
    opened.__dict__["models"] = store
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def oracle(runtime: Runtime) -> Oracle:
    """Answers for every model, in place of the serving processes."""
    made = Oracle(runtime.models)
    runtime.__dict__["predictors"] = made
    return made


@pytest.fixture
def call(runtime: Runtime, oracle: Oracle) -> Call:
    """A call of Ada's."""
    assert runtime.__dict__["predictors"] is oracle
    return Call(runtime, Principal("ada"))


@pytest.fixture
def register(runtime: Runtime, oracle: Oracle, tmp_path: Path) -> Register:
    """Registers a model of this name that answers by a rule; `held_out=None` as an older lakebook did."""
    count = iter(range(1000))

    def one(name: str, rule: Rule = right, held_out: pa.Table | str | None = "", **more: Any) -> ModelVersion:
        number, trained = next(count), found(**more)
        folder = tmp_path / f"model-{number}"
        folder.mkdir()
        (folder / "model.pkl").write_bytes(b"never loaded here")
        beside = None
        if held_out is not None:
            table = things() if isinstance(held_out, str) else held_out
            beside = write_beside(tmp_path / f"beside-{number}", trained, table, rule)
        made = runtime.models.register(trained, folder, name=name, user_id="ada", beside=beside)
        oracle.rules[made.model_id] = rule
        return made

    return one
