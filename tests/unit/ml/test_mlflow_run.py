"""MLflow's side: made once, silent towards the outside, told of failures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakebook.ml import mlflow_run
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.serving.model_child import _environment

OPEN = """
import sys
from pathlib import Path
from lakebook.ml.mlflow_run import quiet_client
client = quiet_client(sys.argv[1], Path(sys.argv[2]))
print(client.get_experiment_by_name("lakebook").experiment_id)
from mlflow.telemetry.utils import is_telemetry_disabled
print(is_telemetry_disabled())
"""


def test_processes_that_open_a_new_store_at_once_make_it_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN, f"sqlite:///{tmp_path / 'm.sqlite'}", str(tmp_path / "models")]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment())
        for _ in range(2)
    ]
    ended = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0], ended
    assert ended[0][0] == ended[1][0]
    assert ended[0][0].splitlines()[1] == "True"


def test_a_failed_registration_is_a_failed_run(
    store: ModelStore, again: Callable[..., ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[tuple[str, str]] = []
    finish = mlflow_run.finish_run

    def watched(client: Any, run_id: str, status: str) -> None:
        ended.append((run_id, status))
        finish(client, run_id, status)

    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lakebook.ml.registry.finish_run", watched)
    with monkeypatch.context() as patch:
        patch.setattr("lakebook.ml.registry._write_record", full)
        with pytest.raises(OSError, match="No space left"):
            again("full disk")
    assert [status for _, status in ended] == ["FAILED"]
    client = mlflow_run.quiet_client(store.tracking_uri, store.artifacts)
    assert client.get_run(ended[0][0]).info.status == "FAILED"


def test_every_feature_type_has_a_column_type(boosted: ModelVersion) -> None:
    described = mlflow_run.mlmodel(boosted, "run", boosted.model_id, boosted.created_at)
    types = dict(zip(described.signature.inputs.input_names(), described.signature.inputs.input_types(), strict=True))
    assert {name: kind.name for name, kind in types.items()} == {
        "age": "double", "fare": "double", "siblings": "long", "paid": "boolean", "port": "string"
    }  # fmt: skip
    assert described.metadata == {"lakebook_model_id": boosted.model_id}
    assert set(mlflow_run.COLUMN_TYPES) == {"integer", "number", "boolean", "text", "date", "timestamp"}
