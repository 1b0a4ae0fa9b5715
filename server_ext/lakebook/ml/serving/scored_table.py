"""A whole table predicted by a job: read, answered and written batch by batch, then a table of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.call import Call
from lakebook.errors import BadFile
from lakebook.ml.labels import spelled
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.requests import PredictTableRequest, ScoredTable
from lakebook.ml.serving.feature_rows import from_table
from lakebook.ml.serving.predictions import residual_span
from lakebook.ml.serving.predictor import Meant

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 65_536
# The rest of the work is the native pass over what was predicted.
PREDICTING = 0.7


def prepare(call: Call, request: PredictTableRequest) -> dict[str, Any]:
    """Refuse at once what cannot work; pin the table's version and the model's."""
    row = call.runtime.catalog.row(request.dataset)
    model = call.runtime.predictors.meant(call.runtime.predictors.choose(request.model).reference).model
    layer, name = names.split_layer(request.to)
    return {
        "title": names.checked(name), "to": f"{layer or 'gold'}.{names.checked(name)}", "model_id": model.model_id,
        "dataset_id": row["dataset_id"], "dataset_version": row["version"], "dataset_name": row["name"],
    }  # fmt: skip


def predict_table(call: Call, request: PredictTableRequest) -> ScoredTable:
    """Predict every row of a table into another, with what the answers are worth beside them."""
    began, runtime = time.monotonic(), call.runtime
    facts = call.job.metadata if call.job is not None else prepare(call, request)
    row = runtime.catalog.row(facts["dataset_id"])
    files = runtime.files(row, facts["dataset_version"])
    meant = runtime.predictors.meant(facts["model_id"])
    staged = call.staged(".parquet")
    try:
        rows, warnings = _write(call, meant, files, staged)
        rest = replace(
            call, report_to=lambda share, said, more: call.report_to(PREDICTING + (1 - PREDICTING) * share, said, more)
        )
        made = runtime.replace_table(rest, facts["to"], staged, f"{meant.model.name}@{meant.model.version}")
    finally:
        staged.unlink(missing_ok=True)
    call.audit("predict", f"model:{meant.model.model_id}", dataset_id=facts["dataset_id"], to=facts["to"], rows=rows)
    return ScoredTable(
        model_id=meant.model.model_id, name=meant.model.name, version=meant.model.version,
        dataset_id=made.dataset_id, to=facts["to"], rows=rows, warnings=warnings,
        seconds=round(time.monotonic() - began, 3),
    )  # fmt: skip


def _write(call: Call, meant: Meant, files: Sequence[str], staged: Path) -> tuple[int, list[str]]:
    """Predict the rows of the files into one more; returns how many there were, and what to warn of."""
    from pyarrow import parquet as pq

    total, done, said = sum(pq.ParquetFile(file).metadata.num_rows for file in files), 0, dict[str, None]()
    writer = None
    try:
        for table in batches(files):
            own, warnings = from_table(table, meant.model.features, meant.known)
            answers = call.runtime.predictors.answers(meant, own)
            scored = with_answers(table, meant.model, answers)
            writer = writer or pq.ParquetWriter(staged, scored.schema)
            writer.write_table(scored)
            done, said = done + table.num_rows, said | dict.fromkeys(warnings)
            call.report(PREDICTING * done / total, f"{done:,} of {total:,} rows predicted", rows=done)
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise BadFile("The table has no rows yet: nothing can be predicted.", hint="Ingest some rows first.")
    return done, list(said)


def batches(files: Sequence[str]) -> Iterator[pa.Table]:
    """The rows of Parquet files in parts, each with every column that any of the files has."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    schema = pa.unify_schemas([pq.read_schema(file) for file in files], promote_options="permissive")
    for file in files:
        for batch in pq.ParquetFile(file).iter_batches(BATCH_ROWS):
            table = pa.Table.from_batches([batch])
            for field in schema:
                if field.name not in table.column_names:
                    table = table.append_column(field, pa.nulls(table.num_rows, field.type))
            if table.num_rows:
                yield table.select(schema.names).cast(schema)


def with_answers(table: pa.Table, model: ModelVersion, answers: pa.Table) -> pa.Table:
    """The rows with `prediction`, and `confidence` or `prediction_low` and `prediction_high` beside them."""
    import numpy as np
    import pyarrow as pa

    predicted = answers.column("predicted").to_numpy()
    made: dict[str, Any] = {}
    if model.problem_type == "regression":
        spread = residual_span(model)
        made["prediction"] = pa.array(predicted)
        if spread is not None:
            made |= {"prediction_low": pa.array(predicted + spread[0])}
            made |= {"prediction_high": pa.array(predicted + spread[1])}
    else:
        labels = pa.array(_labels(model))
        shares = np.column_stack([answers.column(f"p{code}").to_numpy() for code in range(len(model.classes))])
        made["prediction"] = labels.take(pa.array(predicted))
        made["confidence"] = pa.array(shares.max(axis=1))
    for name, column in made.items():
        while name in table.column_names:
            name += "_2"
        table = table.append_column(name, column)
    return table


def _labels(model: ModelVersion) -> list[Any]:
    """The classes in one type: as they are, or as words where they are of several."""
    kinds = {type(label) for label in model.classes}
    return list(model.classes) if len(kinds) == 1 else [spelled(label) for label in model.classes]
