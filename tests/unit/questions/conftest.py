"""Homes with the tables that the questions are about, loaded as a person would load them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lakebook.call import Call
from lakebook.ingest.models import IngestRequest
from lakebook.query.measure.evaluate import evaluate
from lakebook.query.measure.models import EvaluateRequest, Evaluation
from lakebook.query.measure.question_file import read
from lakebook.runtime import Runtime, open_runtime
from lakebook.semantics.requests import ModelLoad
from lakebook.verbs import BY_NAME
from tests.properties.in_process import call_of, ingested, queue, work
from tests.questions import worlds

SETS = Path(__file__).resolve().parent.parent.parent / "questions"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """A call on a home that holds the made worlds, without a semantic model."""
    folder = tmp_path_factory.mktemp("made")
    runtime = open_runtime(folder / "home", upgrade=True)
    _ingest_database(runtime, worlds.write(folder / "worlds.sqlite"))
    yield call_of(runtime)
    runtime.close()


@pytest.fixture(scope="module")
def known(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """A call on a home that holds the shared tables and the semantic models of two of them."""
    data = shared / "data"
    runtime = open_runtime(tmp_path_factory.mktemp("known") / "home", upgrade=True)
    for name, path in (("orders", "retail/online_retail.parquet"), ("penguins", "penguins/penguins.csv"),
                       ("weather", "weather/seattle-weather.csv")):  # fmt: skip
        ingested(runtime, data / path, name=name)
    _ingest_database(runtime, data / "chinook/chinook.sqlite")
    for name in ("retail", "chinook"):
        document = (data / f"questions/{name}.ossie.yaml").read_text(encoding="utf-8")
        BY_NAME["semantics.load"].run(call_of(runtime), ModelLoad(document=document))
    yield call_of(runtime)
    runtime.close()


def _ingest_database(runtime: Runtime, path: Path) -> None:
    done = work(runtime, queue(runtime, "ingest", IngestRequest(source=f"sqlite:///{path}")))
    assert done.status == "completed", done.failure


def evaluated(call: Call, path: Path, *, no_scope: bool = False, every: int = 1) -> Evaluation:
    """The questions of a file evaluated, or every so many of them."""
    return evaluate(call, EvaluateRequest(questions=read(path)[::every], no_scope=no_scope))
