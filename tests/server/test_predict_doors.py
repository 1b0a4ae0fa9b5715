"""A model trained once answers the same from shell, cell, Python here, Python there, and REST."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import lakebook
from tests.live_server import LiveServer, live_server

ROW = {"pclass": 3, "sex": "male", "age": 22, "fare": 7.25}


@pytest.fixture(scope="module")
def server(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server whose home holds a model of who survived."""
    with live_server(tmp_path_factory.mktemp("models")) as server, lakebook.open(server.home) as lb:
        lb.ingest(shared / "data" / "tabular" / "titanic.csv")
        model = lb.train("titanic", target="survived", time=12)
        assert model.name == "titanic_survived"
        yield server


def figures(plain: dict[str, object]) -> tuple[object, object]:
    return plain["prediction"], plain["confidence"]


def test_the_model_is_honest(server: LiveServer) -> None:
    with lakebook.open(server.home) as lb:
        model = lb.models.show("titanic_survived")
    constant, linear = (next(b for b in model.baselines if b.name == name) for name in ("constant", "linear"))
    assert constant.beaten
    assert constant.difference_interval[0] > 0
    assert model.score_interval[0] < model.score < model.score_interval[1]
    assert linear.score_interval[0] < linear.score < linear.score_interval[1]
    assert model.rows_held_out == 178
    assert "constant" in model.verdict or "same answer" in model.verdict
    assert model.mlflow_run_id
    assert {"accuracy", "precision", "recall"} <= model.metrics.keys()


def test_same_figures_at_every_door(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [f"{name}={value}" for name, value in ROW.items()]
    words = ["predict", "titanic_survived", "--home", str(server.home), "--json", "--features", *pairs]
    shell_door = subprocess.run([sys.executable, "-m", "lakebook_cli", *words], capture_output=True, text=True)
    assert shell_door.returncode == 0, shell_door.stderr
    found = [figures(json.loads(shell_door.stdout))]
    for address in (server.home, server.address):
        with lakebook.open(address) as lb:
            found.append(figures(lb.predict("titanic_survived", features=ROW).model_dump()))
            found.append(figures(lb.predict("titanic_survived@champion", features=[ROW]).model_dump()))
    with server.http() as http:
        found.append(figures(http.post("/predict", json={"model": "titanic_survived", "features": ROW}).json()))
        seed = {"model_id": http.get("/models/titanic_survived").json()["model_id"], "features": ROW}
        found.append(figures(http.post("/ml/predict", json=seed).json()))
    monkeypatch.setenv("LAKEBOOK_HOME", str(server.home))
    InteractiveShell.clear_instance()
    cell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    cell.run_line_magic("load_ext", "lakebook")
    magic = cell.run_line_magic("predict", f"titanic_survived --features {' '.join(pairs)}")
    InteractiveShell.clear_instance()
    found.append(figures(magic.model_dump()))
    assert len(set(found)) == 1, found
    assert found[0][1] is not None


def test_a_table_is_predicted_row_by_row(server: LiveServer) -> None:
    with lakebook.open(server.home) as lb:
        many = lb.predict("titanic_survived", dataset="titanic", limit=20)
        rows = lb.table("titanic").arrow().slice(0, 20).to_pylist()
        one = lb.predict("titanic_survived", features={k: v for k, v in rows[7].items() if k != "survived"})
    assert len(many.predictions) == 20
    assert many.predictions[7].prediction == one.prediction
    assert many.predictions[7].confidence == pytest.approx(one.confidence, abs=1e-6)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"model": "titanic_survived"}, 400, "rows or a table"),
        ({"model": "titanic_survivd", "features": ROW}, 404, "titanic_survived"),
        ({"model": "titanic_survived@nobody", "features": ROW}, 404, "nobody"),
        ({"model": "titanic_survived", "features": {**ROW, "age": "old"}}, 400, "age"),
    ],
)
def test_bad_requests_are_told(server: LiveServer, body: dict[str, object], status: int, said: str) -> None:
    with server.http() as http:
        answer = http.post("/predict", json=body)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert said in error["message"] + error["hint"]
