"""The stages of a model in the lineage: what it learned from, how it was scored, where it is kept, whom it replaced."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lakebook.ids import new_id, now, rfc3339

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.ml.model_version import ModelVersion


def made(call: Call, model: ModelVersion) -> None:
    """Keep that the model was trained, validated and registered."""
    rows = f"{model.rows_held_out} held-out rows of {model.dataset_name} v{model.dataset_version}"
    _keep(
        call,
        model,
        [
            ("train", f"{model.dataset_name} v{model.dataset_version}"),
            ("validate", f"{model.score_metric} {model.score:.6g} on {rows}"),
            ("register", f"MLflow run {model.mlflow_run_id}"),
        ],
    )


def deployed(call: Call, model: ModelVersion, replaced: ModelVersion) -> None:
    """Keep that the model answers for its name now."""
    _keep(call, model, [("deploy", f"champion of {model.name} in place of version {replaced.version}")])


def _keep(call: Call, model: ModelVersion, stages: Sequence[tuple[str, str]]) -> None:
    from lakebook.metadata import schema

    job_id = call.job.job_id if call.job else None
    with call.runtime.database.write() as connection:
        for kind, source in stages:
            connection.execute(
                schema.lineage.insert().values(
                    edge_id=new_id(), dataset_id=model.model_id, version=model.version, source_kind=kind,
                    source=source, job_id=job_id, run_id=os.environ.get("LAKEBOOK_RUN_ID"),
                    created_at=rfc3339(now()),
                )
            )  # fmt: skip
