"""What an MLflow run holds as files, read back by the run's id as any client of MLflow does."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lakebook
from lakebook.ml import run_artifacts
from lakebook.ml.mlflow_run import quiet_client
from lakebook.ml.model_version import CurvePoint, Excluded, Finding, ModelVersion
from lakebook.ml.registry import ModelStore

PNG = b"\x89PNG\r\n"


@pytest.fixture
def client(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> Any:
    """MLflow's own client on the session's store; without the variable it would ask a Spark session for one."""
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", store.tracking_uri)
    return quiet_client(store.tracking_uri, store.artifacts)


def read(client: Any, model: ModelVersion, path: str, folder: Path) -> str:
    """An artifact's text, read back by run id."""
    return Path(client.download_artifacts(model.mlflow_run_id, path, str(folder))).read_text(encoding="utf-8")


def test_a_run_holds_what_made_the_model(client: Any, boosted: ModelVersion, tmp_path: Path) -> None:
    names = {artifact.path for artifact in client.list_artifacts(boosted.mlflow_run_id)}
    assert names >= {
        "baselines.json", "leaderboard.json", "features.json", "excluded.json", "findings.json", "curve.json",
        "environment.json", "requirements.txt", "input_example.json", "signature.json", "split.json", "training.log",
    }  # fmt: skip
    environment = json.loads(read(client, boosted, "environment.json", tmp_path))
    assert (environment["python"], environment["lakebook"]) == (platform.python_version(), lakebook.__version__)
    assert {"numpy", "scikit-learn", "mlflow"} <= environment["packages"].keys()
    wanted = read(client, boosted, "requirements.txt", tmp_path).splitlines()
    assert f"numpy=={environment['packages']['numpy']}" in wanted
    assert json.loads(read(client, boosted, "input_example.json", tmp_path)) == boosted.input_example
    signature = json.loads(read(client, boosted, "signature.json", tmp_path))
    assert [column["name"] for column in json.loads(signature["inputs"])] == [one.name for one in boosted.features]
    log = read(client, boosted, "training.log", tmp_path)
    assert log.splitlines()[-1].endswith(boosted.verdict)


def test_a_run_names_its_code_and_its_data(client: Any, boosted: ModelVersion) -> None:
    params = client.get_run(boosted.mlflow_run_id).data.params
    assert params["code_version"] == f"{lakebook.__version__}+{run_artifacts.code_digest()}"
    assert (params["python"], params["dataset_version"]) == (platform.python_version(), "3")
    assert params["split"] == boosted.split.kind


def test_pictures_and_card_are_added_once_the_model_stands(
    store: ModelStore, client: Any, boosted: ModelVersion, tmp_path: Path
) -> None:
    store.draw(boosted)
    names = {artifact.path for artifact in client.list_artifacts(boosted.mlflow_run_id, "plots")}
    assert {"plots/scores.png", "plots/scores.vl.json"} <= names
    picture = Path(client.download_artifacts(boosted.mlflow_run_id, "plots/scores.png", str(tmp_path)))
    assert picture.read_bytes().startswith(PNG)
    page = read(client, boosted, "card.html", tmp_path)
    assert "<!doctype html>" in page
    assert boosted.winner in page


def test_a_model_stands_where_its_pictures_fail(
    store: ModelStore, boosted: ModelVersion, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: Any) -> None:
        raise ValueError("no font")

    monkeypatch.setattr("lakebook.ml.registry.log_pictures", broken)
    store.draw(boosted)
    assert f"model {boosted.model_id} has no pictures in its run: ValueError" in caplog.text


def test_the_log_tells_findings_models_and_notes_in_order(boosted: ModelVersion) -> None:
    told = boosted.model_copy(
        update={
            "findings": [Finding(code="rare", column="port", message="Few rows of 'x'.", stop=False),
                         Finding(code="leak", column="alive", message="Alive is a copy.", stop=True)],
            "excluded": [Excluded(column="alive", reason="is a copy")],
            "curve": [CurvePoint(seconds=1.5, model="LightGBM", score=0.8, best=0.8)],
            "notes": ["A note."],
        }
    )  # fmt: skip
    lines = list(run_artifacts.log_lines(told))
    assert lines[1:6] == [
        "warning rare: Few rows of 'x'.", "stop leak: Alive is a copy.", "left out alive: is a copy",
        "    1.50 s  LightGBM  0.8  best so far 0.8", "A note.",
    ]  # fmt: skip
    assert len(lines) == 7


def test_the_codes_digest_is_that_of_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain: Callable[[], str] = run_artifacts.code_digest.__wrapped__
    (tmp_path / "a.py").write_text("1")
    monkeypatch.setattr(run_artifacts, "__file__", str(tmp_path / "run_artifacts.py"))
    first = plain()
    assert first == plain()
    assert len(first) == 32
    (tmp_path / "a.py").write_text("2")
    second = plain()
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({first, second, plain()}) == 3


def test_what_is_not_installed_has_no_version() -> None:
    assert run_artifacts._version("no-such-package-anywhere") is None
