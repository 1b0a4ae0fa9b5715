"""Prepares a fitted model for quick answers, or says why it cannot be."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.ml.fitted import FittedModel
from lakebook.ml.scoring import Answers
from lakebook.ml.serving.prepared import Prepared
from lakebook.ml.serving.unprepared import Unprepared

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

PREPARED = "prepared"
TOLERANCE = 1e-6
CHECKED_ROWS = 10_000
# So many more rows miss a value each, or hold a word that was never seen.
SPOILT_ROWS = 200
log = logging.getLogger(__name__)


def prepare(fitted: FittedModel, folder: Path, rows: pd.DataFrame) -> str | None:
    """Write `folder/prepared/`, from which the model answers without its engine; None, or why there is none.

    `rows` are features that the model has not seen, of which the first 10,000 are asked: what was prepared is kept
    only where its answers to them, and to rows with missing and unknown values, are the engine's to 1e-6.
    """
    try:
        prepared = _prepared(fitted, rows)
        _check(fitted, prepared, rows)
    except Unprepared as reason:
        return f"Answers come through {fitted.engine}, which is slower: {reason}."
    except Exception as error:
        # Another version of the engine may keep its parts elsewhere: the model itself is none the worse for it.
        log.warning("the model was not prepared: %s: %s", type(error).__name__, error)
        return f"Answers come through {fitted.engine}, which is slower: its parts could not be read."
    prepared.save(folder / PREPARED)
    return None


def _prepared(fitted: FittedModel, rows: pd.DataFrame) -> Prepared:
    from lakebook.ml.autogluon_engine import quiet
    from lakebook.ml.serving.from_autogluon import Taken

    if fitted.engine != "autogluon":
        raise Unprepared("its steps have no quick form")
    if not len(rows):
        raise Unprepared("there are no rows to check it with")
    with quiet():
        taken = Taken(fitted.model, rows)
        part = taken.part()
    labels = [] if fitted.kind == "regression" else [int(code) for code in fitted.model.class_labels]
    return Prepared(fitted.kind, fitted.classes, labels, taken.encoder, part)


def _check(fitted: FittedModel, prepared: Prepared, rows: pd.DataFrame) -> None:
    clean = rows.head(CHECKED_ROWS).reset_index(drop=True)
    for frame in (clean, spoilt(clean.head(SPOILT_ROWS))):
        furthest = distance(fitted.answers(frame.copy()), prepared.answers(table_of(frame)))
        if not furthest <= TOLERANCE:
            raise Unprepared(f"its quick answers differ by {furthest:.2g}")


def distance(wanted: Answers, got: Answers) -> float:
    """The largest difference of probabilities; of amounts, in shares of the largest."""
    import numpy as np

    if wanted.probabilities is not None and got.probabilities is not None:
        return float(np.abs(wanted.probabilities - got.probabilities).max())
    largest = max(1.0, float(np.abs(wanted.predicted).max()))
    return float(np.abs(wanted.predicted - got.predicted).max()) / largest


def spoilt(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows, each without one of its values in turn; of the words, every other is one that no table holds."""
    import pandas as pd

    made = frame.copy()
    for place, name in enumerate(made.columns):
        rows = [row for row in range(len(made)) if row % made.shape[1] == place]
        column = made[name].copy()
        column.iloc[rows] = pd.NaT if column.dtype.kind == "M" else None
        if column.dtype == object:
            column.iloc[rows[::2]] = "\x00spoilt\x00"
        made[name] = column
    return made


def table_of(frame: pd.DataFrame) -> pa.Table:
    """A frame of features as the table in which rows travel to the models."""
    import pyarrow as pa

    arrays: dict[str, Any] = {}
    for name in frame.columns:
        kind = frame[name].dtype.kind
        wanted = pa.timestamp("us") if kind == "M" else pa.string() if kind == "O" else pa.float64()
        arrays[name] = pa.array(frame[name], type=wanted, from_pandas=True, safe=False)
    return pa.table(arrays)
