"""What each feature adds to an answer: Shapley values by permutation, between the usual row and the one asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook.ml.scoring import Answers
from lakebook.ml.splits import HELD_OUT

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

# Each order of the features is walked forth and back, which halves what chance adds.
ORDERS = 4
MOST_ROWS = 100


def contributions(ask: Callable[[pa.Table], Answers], table: pa.Table, usual: pa.Table) -> np.ndarray:
    """What each feature adds (rows x features), in the unit of the answer: probability of its class, or amount.

    A row's sum is exactly its answer less the usual row's. The same rows always give the same figures.
    """
    import numpy as np

    rows, width = table.num_rows, table.num_columns
    orders = _orders(width)
    # Step k of an order takes its first k features from the row asked about and the others from the usual one.
    own = np.zeros((len(orders), width + 1, width), dtype=bool)
    for number, order in enumerate(orders):
        for step in range(1, width + 1):
            own[number, step, order[:step]] = True
    scores = _scores(ask(_mixed(table, usual, own.reshape(-1, width))), ask(table), rows)
    scores = scores.reshape(rows, len(orders), width + 1)
    gains = np.diff(scores, axis=2)
    found = np.zeros((rows, width))
    for number, order in enumerate(orders):
        found[:, order] += gains[:, number, :]
    return found / len(orders)


def _orders(width: int) -> list[np.ndarray]:
    import numpy as np

    random = np.random.default_rng(0)
    forth = [random.permutation(width) for _ in range(ORDERS)]
    return [order for one in forth for order in (one, one[::-1])]


def _mixed(table: pa.Table, usual: pa.Table, own: np.ndarray) -> pa.Table:
    """For each row asked about, one row for each line of `own`: its features from there, the others usual."""
    import numpy as np
    import pyarrow as pa

    number = np.repeat(np.arange(table.num_rows), len(own))
    columns = {}
    for place, name in enumerate(table.column_names):
        both = pa.concat_arrays([*table.column(name).chunks, *usual.column(name).chunks])
        taken = np.where(np.tile(own[:, place], table.num_rows), number, table.num_rows)
        columns[name] = both.take(taken)
    return pa.table(columns)


def _scores(mixed: Answers, asked: Answers, rows: int) -> np.ndarray:
    """The answers to all mixed rows, each as the probability of the class that its row was given."""
    import numpy as np

    if mixed.probabilities is None:
        return mixed.predicted
    each = len(mixed.predicted) // rows
    codes = np.repeat(np.asarray(asked.predicted, dtype=np.int64), each)
    found: np.ndarray = mixed.probabilities[np.arange(len(codes)), codes]
    return found


def usual_row(folder: Path, schema: pa.Schema) -> pa.Table:
    """The median of each number and the commonest word in the rows never seen; nulls where none were kept."""
    import polars as pl
    import pyarrow as pa

    path = folder / HELD_OUT
    if not path.is_file():
        return pa.table({field.name: pa.nulls(1, field.type) for field in schema}, schema=schema)
    held_out = pl.read_parquet(path, columns=schema.names)
    usual = {}
    for field in schema:
        column = held_out[field.name].drop_nulls()
        if not len(column):
            usual[field.name] = [None]
        elif pa.types.is_string(field.type):
            usual[field.name] = [column.mode().sort()[0]]
        else:
            usual[field.name] = [column.sort()[len(column) // 2]]
    return pa.table({name: pa.array(value).cast(schema.field(name).type) for name, value in usual.items()})
