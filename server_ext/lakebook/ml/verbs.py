"""The verbs over models: train, list, show, predict."""

from __future__ import annotations

from typing import Any

from lakebook.call import Call, JobSeat
from lakebook.errors import InvalidRequest, JobCancelled, NotFound
from lakebook.ml.lifecycle import lineage
from lakebook.ml.model_card import ModelCard, card_of
from lakebook.ml.model_version import DatasetRef, ModelVersion
from lakebook.ml.problem import find_column, find_target
from lakebook.ml.requests import ModelRequest, ModelsRequest, PredictRequest, PredictResult, TrainRequest
from lakebook.ml.splits import SplitWish
from lakebook.ml.training_source import files, pinned, rows_of
from lakebook.ml.training_table import Wish
from lakebook.verb import Listing

SEARCH_SHARE = 0.8


def prepare(call: Call, request: TrainRequest) -> dict[str, Any]:
    """Refuse at once what cannot work, and pin the table's version."""
    facts, columns, series = pinned(call, request.dataset)
    request.target = find_target(columns, request.target)
    for given in ("time_column", "group_column"):
        name = getattr(request, given)
        setattr(request, given, None if name is None else find_column(columns, name))
    request.keep = [find_column(columns, name) for name in request.keep]
    request.drop = [find_column(columns, name) for name in request.drop]
    free = not (request.time_column or request.group_column or request.random_split)
    if free and series not in (None, request.target, *request.drop):
        request.time_column = series
    request.name = call.runtime.models.clean_name(request.name or f"{facts['dataset_name']}_{request.target}")
    return {"title": request.name, **facts}


def train(call: Call, request: TrainRequest) -> ModelVersion:
    """Train, compare and register a model; a training found registered is returned, never redone.

    A cancelled one ends as cancelled, its best model so far registered and named.
    """
    from lakebook.ml.training import train

    if call.job is None:
        raise InvalidRequest("Train runs as a job.", hint="Call it through a door.")
    facts, runtime, seat = call.job.metadata, call.runtime, call.job
    done = runtime.models.trained_by(seat.job_id)
    if done is not None and not done.stopped_early:
        return done
    registered = train(
        files(call, facts),
        target=request.target,
        name=request.name or facts["title"],
        models=runtime.models,
        dataset=DatasetRef(
            dataset_id=facts["dataset_id"], name=facts["dataset_name"], version=facts["dataset_version"]
        ),
        workdir=runtime.settings.folder("tmp"),
        # The hard limit ends the whole group: what comes after the search must fit in before it.
        time_limit=min(float(request.time), max(1.0, SEARCH_SHARE * runtime.settings.train_seconds)),
        wish=wish_of(request),
        gpus=request.gpus,
        report=call.report_to,
        cancelled=call.is_cancelled,
        lost=lambda: _is_lost(call, seat),
        user_id=call.principal.user_id,
        training_id=seat.job_id,
    )
    runtime.models.draw(registered)
    lineage.made(call, registered)
    call.audit("train", f"model:{registered.model_id}", name=registered.name, version=registered.version)
    if registered.stopped_early:
        raise JobCancelled(
            f"The training was cancelled; its best model so far ({registered.winner}, {registered.score_metric} "
            f"{registered.score:.4g}) is registered as {registered.name}@{registered.version}.",
            hint="Train again for longer when you want a better one.",
            details={"model_id": registered.model_id, "name": registered.name, "version": registered.version},
        )
    return registered


def _is_lost(call: Call, seat: JobSeat) -> bool:
    """Whether the job is another worker's by now, or has ended."""
    try:
        row = call.runtime.jobs.row(seat.job_id)
    except NotFound:
        return False
    return bool(row["lease_epoch"] != seat.epoch or row["status"] != "processing")


def wish_of(request: TrainRequest) -> Wish:
    """What the request says of problem, split and columns."""
    return Wish(
        problem_type=request.problem_type,
        split=SplitWish(time_column=request.time_column, group_column=request.group_column),
        keep=tuple(request.keep),
        drop=tuple(request.drop),
    )


def list_models(call: Call, request: ModelsRequest) -> Listing[ModelVersion]:
    """Every version of every model, newest first."""
    return Listing[ModelVersion](items=call.runtime.models.list())


def show_model(call: Call, request: ModelRequest) -> ModelVersion:
    """One model version; a plain name means its champion."""
    return call.runtime.models.get(request.model)


def show_card(call: Call, request: ModelRequest) -> ModelCard:
    """A model's card, in words and pictures."""
    return card_of(call.runtime.models.get(request.model))


def predict(call: Call, request: PredictRequest) -> PredictResult:
    """Predict the rows given, or a table's first rows."""
    if (request.features is None) == (request.dataset is None) or request.file is not None:
        raise InvalidRequest(
            "Predict takes rows or a table.", hint="Give either `features` or `dataset`, and not both."
        )
    if request.dataset is not None:
        rows: Any = rows_of(call, request.dataset, request.limit).to_arrow()
    else:
        rows = [request.features] if isinstance(request.features, dict) else request.features
    found = call.runtime.predictors.predict(
        request.model, rows, key=request.key, explained=request.explain, words=request.words
    )
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
