"""Any two versions on the same rows: the paired difference of their scores, with its interval, in words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lakebook.errors import Conflict, InvalidRequest
from lakebook.ml.labels import compared
from lakebook.ml.lifecycle.records import ComparedVersion, Comparison
from lakebook.ml.lifecycle.unrecorded import ask
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.problem import Problem
from lakebook.ml.scoring import Answers, interval, own_interval, replicate_scores
from lakebook.ml.splits import HELD_OUT
from lakebook.ml.training_source import rows_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from lakebook.call import Call

MOST_ROWS = 20_000
SEED = 0


def compare(call: Call, first: ModelVersion, second: ModelVersion, dataset: str | None = None) -> Comparison:
    """Both asked about the table's rows, or about those that were held out from the newer of the two.

    Raises Conflict where the two predict different things or no rows were kept, InvalidRequest where columns lack.
    """
    if first.model_id == second.model_id:
        raise InvalidRequest(f"{said(first)} was named twice.", hint="Name two versions to compare.")
    check_alike(first, second, hint="Compare versions that predict the same column.")
    newer, older = sorted((first, second), key=lambda model: model.created_at, reverse=True)
    if dataset is None:
        table, rows_from = held_out(call, newer), f"the rows held out from {said(newer)}"
    else:
        table, rows_from = dataset_rows(call, dataset), f"rows of {dataset}"
    target = _target(table, newer, rows_from)
    table = _known(table, target)
    for model in (first, second):
        _check_columns(table, model, rows_from)
    answers = [ask(call, model, table)[1] for model in (first, second)]
    truth = table.column(target).to_pylist()
    problem, truths, predicted = coded(newer, truth, [[one.prediction for one in found] for found in answers])
    notes = _notes(newer, older, dataset)
    return measured(problem, truths, predicted, (first, second), rows_from, notes)


def measured(
    problem: Problem, truth: np.ndarray, predicted: Sequence[np.ndarray], versions: tuple[ModelVersion, ModelVersion],
    rows_from: str, notes: list[str],
) -> Comparison:  # fmt: skip
    """The comparison of two versions' answers (rows) with what came true (rows)."""
    import numpy as np

    rows = len(truth)
    replicated = replicate_scores(problem, truth, [Answers(found) for found in predicted], SEED)
    if problem.kind == "regression":
        metric, sign = "rmse", -1.0
        scores = [float(np.sqrt(np.mean(np.square(truth - found)))) for found in predicted]
    else:
        metric, sign = "accuracy", 1.0
        scores = [float(np.mean(truth == found)) for found in predicted]
    lead = interval(sign * (replicated[1] - replicated[0]))
    compared = [
        ComparedVersion(
            reference=said(version), model_id=version.model_id, score=score,
            score_interval=own_interval(problem, score, rows, found),
        )
        for version, score, found in zip(versions, scores, replicated, strict=True)
    ]  # fmt: skip
    better = said(versions[1]) if lead[0] > 0 else said(versions[0]) if lead[1] < 0 else None
    difference = sign * (scores[1] - scores[0])
    return Comparison(
        metric=metric, rows=rows, rows_from=rows_from, first=compared[0], second=compared[1], difference=difference,
        difference_interval=lead, better=better, notes=notes,
        words=_words(metric, rows, rows_from, compared, difference, lead, better),
    )  # fmt: skip


def held_out(call: Call, model: ModelVersion) -> pa.Table:
    """The rows that were kept from a version's training, at most `MOST_ROWS` of them; Conflict where none were."""
    from pyarrow import parquet as pq

    content = call.runtime.models.file(model, HELD_OUT)
    if content is None:
        raise Conflict(
            f"No held-out rows were kept with {said(model)}: an older lakebook trained it.",
            hint="Name a table with `--dataset`, or train it again.",
        )
    return thinned(pq.read_table(io.BytesIO(content)))


def dataset_rows(call: Call, reference: str, most: int = MOST_ROWS) -> pa.Table:
    """A table's rows, at most `most` of them, spread over it."""
    return thinned(rows_of(call, reference).to_arrow(), most)


def thinned(table: pa.Table, most: int = MOST_ROWS) -> pa.Table:
    """At most so many rows, spread evenly over the table."""
    if table.num_rows <= most:
        return table
    return table.take([number * table.num_rows // most for number in range(most)])


def coded(
    model: ModelVersion, truth: Sequence[Any], predicted: Sequence[Sequence[Any]]
) -> tuple[Problem, np.ndarray, list[np.ndarray]]:
    """The problem, and truths and answers as amounts or as codes of classes; a class unknown to both has its own."""
    import numpy as np

    if model.problem_type == "regression":
        columns = [np.asarray(values, dtype=np.float64) for values in (truth, *predicted)]
        return Problem("regression"), columns[0], columns[1:]
    spelled = [[compared(label) for label in values] for values in (truth, *predicted)]
    codes = {label: code for code, label in enumerate(sorted({label for values in spelled for label in values}))}
    columns = [np.array([codes[label] for label in values], dtype=np.int64) for values in spelled]
    return Problem(model.problem_kind, tuple(model.classes)), columns[0], columns[1:]


def said(model: ModelVersion) -> str:
    """A version as people name it."""
    return f"{model.name}@{model.version}"


def check_alike(first: ModelVersion, second: ModelVersion, hint: str) -> None:
    """Raise Conflict where two versions answer different questions."""
    mine, theirs = ((one.problem_type, one.target_column.casefold()) for one in (first, second))
    if mine != theirs:
        raise Conflict(
            f"{said(first)} is a {first.problem_type} of {first.target_column}, {said(second)} a "
            f"{second.problem_type} of {second.target_column}: they answer different questions.",
            hint=hint,
        )


def _target(table: pa.Table, model: ModelVersion, rows_from: str) -> str:
    for name in table.column_names:
        if name.casefold() == model.target_column.casefold():
            return str(name)
    raise InvalidRequest(
        f"There is no column {model.target_column!r} in {rows_from}: what came true is not known.",
        hint="Name a table that holds the target, too.",
    )


def _known(table: pa.Table, target: str) -> pa.Table:
    known = table.filter(table.column(target).is_valid())
    if not known.num_rows:
        raise InvalidRequest(f"The column {target!r} is empty in every row.", hint="Name rows whose outcome is known.")
    return known


def _check_columns(table: pa.Table, model: ModelVersion, rows_from: str) -> None:
    missing = [feature.name for feature in model.features if feature.name not in table.column_names]
    if missing:
        raise InvalidRequest(
            f"{said(model)} reads {', '.join(missing)}, which {rows_from} do not hold.",
            hint="Name a table that holds every column of both versions with `--dataset`.",
        )


def _notes(newer: ModelVersion, older: ModelVersion, dataset: str | None) -> list[str]:
    """What may make the comparison unfair, in words."""
    learned = {newer.dataset_name.casefold(), older.dataset_name.casefold()}
    if dataset is not None:
        if dataset.casefold().rpartition(".")[2] in learned:
            return ["Part of these rows was learned from: on them both look better than they are."]
        return []
    if newer.dataset_id != older.dataset_id:
        return [f"{said(older)} learned from another table, which may hold some of these rows."]
    if (newer.seed, newer.split.kind, newer.split.column) != (older.seed, older.split.kind, older.split.column):
        return [f"{said(older)} was split otherwise and may have learned from some of these rows, which flatters it."]
    return []


def _words(
    metric: str, rows: int, rows_from: str, compared: Sequence[ComparedVersion], difference: float,
    lead: tuple[float, float], better: str | None,
) -> str:  # fmt: skip
    first, second = compared
    figures = (
        f"{metric} {second.score:.4g} of {second.reference} against {first.score:.4g} of {first.reference} on "
        f"{rows:,} rows ({rows_from}), a lead of {difference:+.3g} ({lead[0]:+.3g} to {lead[1]:+.3g})"
    )
    if better is None:
        return f"Neither is better beyond chance: {figures}."
    return f"{better} is better: {figures}."
