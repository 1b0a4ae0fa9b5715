"""The MLflow side of a registered model: its client, its run and its MLmodel file."""

from __future__ import annotations

import json
import logging
import os
import platform
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import lakebook
from lakebook.ids import now
from lakebook.ml import run_artifacts
from lakebook.ml.model_version import FeatureType, ModelVersion, TrainedModel

EXPERIMENT = "lakebook"
COLUMN_TYPES: dict[FeatureType, str] = {
    "integer": "long",
    "number": "double",
    "boolean": "boolean",
    "text": "string",
    "date": "datetime",
    "timestamp": "datetime",
}


def quiet_client(tracking_uri: str, artifacts: Path) -> Any:
    """MLflow's client for this address, its telemetry off before it is imported; the store is made if missing."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
    for logger in ("mlflow", "alembic"):
        logging.getLogger(logger).setLevel(logging.WARNING)
    from mlflow.tracking import MlflowClient

    artifacts.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Two processes that make the tables of one new SQLite store at once would fail each other.
    with store_lock(artifacts):
        client = MlflowClient(tracking_uri=tracking_uri, registry_uri=tracking_uri)
        if client.get_experiment_by_name(EXPERIMENT) is None:
            client.create_experiment(EXPERIMENT, artifact_location=(artifacts / "runs").as_uri())
    return client


def store_lock(artifacts: Path) -> AbstractContextManager[object]:
    """Held by the one process that changes what the store calls its models."""
    from filelock import FileLock

    return FileLock(artifacts / ".store.lock", timeout=120)


def start_run(client: Any, trained: TrainedModel, name: str, user_id: str) -> str:
    """Start a run that holds the training's parameters, metrics, tables and dataset; returns its id."""
    from mlflow.entities import Dataset, DatasetInput, Metric, Param, RunTag

    experiment = client.get_experiment_by_name(EXPERIMENT)
    run_id: str = client.create_run(experiment.experiment_id, run_name=name).info.run_id
    when = int(now().timestamp() * 1000)
    metrics = dict(trained.metrics) | {
        f"{baseline.name}.{metric}": value
        for baseline in trained.baselines
        for metric, value in baseline.metrics.items()
    }
    params = {
        "target": trained.target_column,
        "problem": trained.problem_kind,
        "engine": f"{trained.engine} {trained.engine_version}",
        "winner": trained.winner,
        "time_limit": trained.time_limit,
        "seed": trained.seed,
        "rows_trained": trained.rows_trained,
        "rows_held_out": trained.rows_held_out,
        "split": trained.split.kind,
        "dataset_version": trained.dataset_version,
        "dataset_hash": trained.dataset_hash or "",
        "code_version": f"{lakebook.__version__}+{run_artifacts.code_digest()}",
        "python": platform.python_version(),
    }
    client.log_batch(
        run_id,
        metrics=[Metric(metric, value, when, 0) for metric, value in metrics.items()],
        params=[Param(param, str(value)[:500]) for param, value in params.items()],
        tags=[RunTag("lakebook.user_id", user_id), RunTag("lakebook.verdict", trained.verdict)],
    )
    with TemporaryDirectory() as folder:
        run_artifacts.write(Path(folder), trained)
        signature = mlmodel(trained, run_id, "", now()).signature.to_dict()
        (Path(folder) / "signature.json").write_text(json.dumps(signature))
        client.log_artifacts(run_id, folder)
    dataset = Dataset(
        name=trained.dataset_name,
        digest=str(trained.dataset_version),
        source_type="lakebook",
        source=trained.dataset_id,
    )
    client.log_inputs(run_id, [DatasetInput(dataset)])
    return run_id


def log_pictures(client: Any, model: ModelVersion) -> None:
    """Add the card as a page and the pictures to a registered model's run."""
    with TemporaryDirectory() as folder:
        run_artifacts.write_pictures(Path(folder), model)
        client.log_artifacts(model.mlflow_run_id, folder)


def finish_run(client: Any, run_id: str, status: str) -> None:
    """End a run as FINISHED, FAILED or KILLED."""
    client.set_terminated(run_id, status)


def mlmodel(trained: TrainedModel, run_id: str, model_id: str, created_at: datetime) -> Any:
    """MLflow's description of the model: run, signature and input example."""
    from mlflow.models import Model, ModelSignature
    from mlflow.types import ColSpec, Schema

    inputs: list[Any] = [
        ColSpec(COLUMN_TYPES[feature.type], feature.name, required=False) for feature in trained.features
    ]
    answer = ColSpec("double" if trained.problem_type == "regression" else "string", trained.target_column)
    return Model(
        run_id=run_id,
        signature=ModelSignature(inputs=Schema(inputs), outputs=Schema([answer])),
        saved_input_example_info={"artifact_path": "input_example.json", "type": "json_object"},
        utc_time_created=created_at.replace(tzinfo=None).isoformat(),
        metadata={"lakebook_model_id": model_id},
    )
