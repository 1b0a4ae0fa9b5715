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
    assert model.rows_held_out == 168
    assert "constant" in model.verdict or "same answer" in model.verdict
    assert model.mlflow_run_id
    assert {"accuracy", "precision", "recall"} <= model.metrics.keys()


def test_the_card_is_the_same_at_every_door(server: LiveServer) -> None:
    cards = []
    for address in (server.home, server.address):
        with lakebook.open(address) as lb:
            cards.append(lb.models.card("titanic_survived").model_dump())
    with server.http() as http:
        cards.append(http.get("/models/titanic_survived@1/card").json())
        refused = http.get("/models/titanic_survived@9/card")
    assert cards[0] == cards[1] == cards[2]
    assert cards[0]["pictures"][0]["name"] == "scores"
    assert cards[0]["usage"][0].startswith("%predict titanic_survived@1 --features ")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "not_found")


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


def test_a_table_becomes_another_by_shell_and_rest(server: LiveServer, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("pclass,sex,age,fare\n3,male,22,7.25\n1,female,,80\n")
    shell = [sys.executable, "-m", "lakebook_cli", "predict", "titanic_survived", "--home", str(server.home), "--json"]
    table = subprocess.run([*shell, "--dataset", "titanic", "--to", "scored"], capture_output=True, text=True)
    assert table.returncode == 0, table.stderr
    made = json.loads(table.stdout)
    assert (made["to"], made["rows"], made["version"]) == ("gold.scored", 891, 1)
    file = subprocess.run([*shell, "--file", "rows.csv"], capture_output=True, text=True, cwd=tmp_path)
    assert file.returncode == 0, file.stderr
    with lakebook.open(server.home) as lb:
        scored = lb.table("gold.scored").arrow()
        wanted = lb.predict("titanic_survived", dataset="titanic", limit=20)
        row = lb.predict("titanic_survived", features=ROW, explain=True)
    assert scored.column_names[-2:] == ["prediction", "confidence"]
    assert scored["prediction"].to_pylist()[:20] == [one.prediction for one in wanted.predictions]
    assert figures(json.loads(file.stdout)["predictions"][0]) == figures(row.model_dump())
    assert row.predictions[0].contributions is not None
    asked = {"model": "titanic_survived", "dataset": "titanic", "to": "scored again"}
    with server.http() as http:
        queued = http.post("/predict/table", json=asked)
        refused = http.post("/predict/table", json={**asked, "dataset": "titanik"})
    assert (queued.status_code, queued.json()["verb"]) == (202, "predict.to")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "not_found")


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


def test_a_models_life_goes_on_over_rest(server: LiveServer) -> None:
    base = "/models/titanic_survived"
    with server.http() as http:
        routed = http.post(f"{base}/route", json={"to": {"1": 1.0}})
        assert routed.status_code == 200, routed.text
        asked = {"model": "titanic_survived", "features": ROW, "key": "passenger 1"}
        assert http.post("/predict", json=asked).json()["version"] == 1
        told = http.post(f"{base}/outcomes", json={"truth": {"passenger 1": 0, "nobody": 1}}).json()
        assert (told["arms"][0]["answers"], told["arms"][0]["outcomes"], told["unknown_keys"]) == (1, 1, 1)
        assert http.get(f"{base}/route").json()["state"] == "running"
        drift = http.get(f"{base}/drift", params={"dataset": "titanic"}).json()
        assert drift["should_retrain"] is False
        assert drift["words"].startswith("Nothing has drifted: the 891 rows of titanic look like")
        counted = http.get(f"{base}/drift").json()
        assert counted["days"][-1]["rows"] == counted["rows"] >= 1
        refusals = {
            "archive": http.post(f"{base}/archive", json={}),
            "promote": http.post(f"{base}@1/promote", json={}),
            "compare": http.post(f"{base}/compare", json={"other": "titanic_survived@1"}),
        }
        assert {name: answer.status_code for name, answer in refusals.items()} == {
            "archive": 409, "promote": 409, "compare": 400,
        }  # fmt: skip
        assert http.post(f"{base}/route", json={"stop": True}).json()["state"] == "ended"


def test_who_answers_is_shown_and_set_in_the_shell(server: LiveServer) -> None:
    def shell(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lakebook_cli", *words, "--home", str(server.home)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    refused = shell("models", "route", "titanic_survived", "--to", "1=0.5")
    assert refused.returncode == 1
    assert "they add up to 1" in refused.stderr
    moved = shell("models", "promote", "titanic_survived@1", "--force")
    assert moved.returncode == 1
    assert "is the champion already" in moved.stderr
