"""The verbs over models: train, list, show, predict."""

from __future__ import annotations

from typing import Any

from lakebook.call import Call
from lakebook.errors import InvalidRequest
from lakebook.ml.model_version import DatasetRef, ModelVersion
from lakebook.ml.problem import find_target
from lakebook.ml.requests import ModelRequest, ModelsRequest, PredictRequest, PredictResult, TrainRequest
from lakebook.verb import Listing


def prepare(call: Call, request: TrainRequest) -> dict[str, Any]:
    """Refuse at once what cannot work, and pin the table's version."""
    row = call.runtime.catalog.row(request.dataset)
    profile = call.runtime.catalog.profile(row["dataset_id"], row["version"])
    request.target = find_target([column.name for column in profile.columns], request.target)
    request.name = call.runtime.models.clean_name(request.name or f"{row['name']}_{request.target}")
    return {
        "title": request.name,
        "dataset_id": row["dataset_id"],
        "dataset_version": row["version"],
        "dataset_name": row["name"],
    }


def train(call: Call, request: TrainRequest) -> ModelVersion:
    """Train, compare and register a model; a training found registered is returned, never redone."""
    from lakebook.ml.training import train

    if call.job is None:
        raise InvalidRequest("Train runs as a job.", hint="Call it through a door.")
    facts, runtime = call.job.metadata, call.runtime
    done = runtime.models.trained_by(call.job.job_id)
    if done is not None:
        return done
    row = runtime.catalog.row(facts["dataset_id"])
    version = runtime.catalog.version(facts["dataset_id"], facts["dataset_version"])
    registered = train(
        runtime.lake.paths(runtime.lake.key(row["layer"], facts["dataset_id"]), list(version["files"])),
        target=request.target,
        name=request.name or facts["title"],
        models=runtime.models,
        dataset=DatasetRef(
            dataset_id=facts["dataset_id"], name=facts["dataset_name"], version=facts["dataset_version"]
        ),
        workdir=runtime.settings.folder("tmp"),
        time_limit=float(request.time),
        problem_type=request.problem_type,
        report=call.report_to,
        cancelled=call.is_cancelled,
        user_id=call.principal.user_id,
        training_id=call.job.job_id,
    )
    call.audit("train", f"model:{registered.model_id}", name=registered.name, version=registered.version)
    return registered


def list_models(call: Call, request: ModelsRequest) -> Listing[ModelVersion]:
    """Every version of every model, newest first."""
    return Listing[ModelVersion](items=call.runtime.models.list())


def show_model(call: Call, request: ModelRequest) -> ModelVersion:
    """One model version; a plain name means its champion."""
    return call.runtime.models.get(request.model)


def predict(call: Call, request: PredictRequest) -> PredictResult:
    """Predict the rows given, or a table's first rows."""
    if (request.features is None) == (request.dataset is None):
        raise InvalidRequest(
            "Predict takes rows or a table.", hint="Give either `features` or `dataset`, and not both."
        )
    if request.dataset is not None:
        rows = _table_rows(call, request.dataset, request.limit)
    else:
        rows = [request.features] if isinstance(request.features, dict) else request.features
    found = call.runtime.predictors.predict(request.model, rows)
    only = found[0] if len(found) == 1 else None
    return PredictResult(
        model_id=found.model.model_id,
        name=found.model.name,
        version=found.model.version,
        prediction=only.prediction if only else None,
        confidence=only.confidence if only else None,
        predictions=list(found),
        warnings=found.warnings,
    )


def _table_rows(call: Call, reference: str, limit: int) -> Any:
    """A table's first rows as an Arrow table."""
    from lakebook.ml.training_table import read

    catalog, lake = call.runtime.catalog, call.runtime.lake
    row = catalog.row(reference)
    version = catalog.version(row["dataset_id"], row["version"])
    files = lake.paths(lake.key(row["layer"], row["dataset_id"]), list(version["files"]))
    return read(files, limit).to_arrow()
