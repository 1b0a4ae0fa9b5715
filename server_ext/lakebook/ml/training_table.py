"""The table a training learns from: read, cleaned of what no model may see, and split in rows seen and unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.errors import BadFile, BadTarget
from lakebook.ml.columns import feature_type, to_frame
from lakebook.ml.leaks import find_leaks
from lakebook.ml.model_version import Excluded, Feature
from lakebook.ml.problem import Problem, find_target, understand

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import polars as pl

HELD_OUT_SHARE = 0.2


@dataclass(frozen=True)
class Rows:
    """Features (rows x columns) beside their targets (class codes or amounts)."""

    features: pd.DataFrame
    target: np.ndarray

    def __len__(self) -> int:
        return len(self.target)


@dataclass(frozen=True)
class TrainingTable:
    """What a model may learn from, what it is scored on, and what was kept from it."""

    target: str
    problem: Problem
    features: list[Feature]
    excluded: list[Excluded]
    seen: Rows
    unseen: Rows
    rows_dropped: int
    example: dict[str, object]


def read(files: Sequence[str], limit: int | None = None) -> pl.DataFrame:
    """The rows of the Parquet files, or the first `limit`; columns by name, DECIMAL as float64; BadFile otherwise."""
    import polars as pl
    import polars.selectors as cs

    if not files:
        raise BadFile("The table has no rows yet: nothing can be read from it.", hint="Ingest some rows first.")
    try:
        parts = [pl.scan_parquet(file).with_columns(cs.decimal().cast(pl.Float64)) for file in files]
        rows = pl.concat(parts, how="diagonal_relaxed")
        return (rows if limit is None else rows.head(limit)).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadFile("The table's files cannot be read.", hint="Ingest the table again.") from error


def prepare(files: Sequence[str], target: str, *, problem_type: str | None = None, seed: int = 0) -> TrainingTable:
    """Read, check and split a table; BadTarget where nothing can be learned from it."""
    import polars as pl

    table = read(files)
    target = find_target(table.columns, target)
    if table.width == 1:
        raise BadTarget(
            f"The table has no column but {target!r}: there is nothing to predict it from.",
            hint="Add the columns that go with it.",
        )
    column = table[target]
    if column.dtype.is_float():
        column = pl.select(pl.when(column.is_finite()).then(column).alias(target)).to_series()
    known = column.is_not_null()
    if not known.any():
        raise BadTarget(f"The column {target!r} is empty in every row.", hint="Choose a column that is filled in.")
    table, column = table.filter(known), column.filter(known)
    problem = understand(column, problem_type)
    features, excluded = choose_features(table.drop(target), column, problem)
    if not features:
        raise BadTarget(
            f"No column is left to predict {target!r} from: " + "; ".join(f"{e.column} {e.reason}" for e in excluded),
            hint="Add columns that differ from row to row and are known before the target is.",
        )
    frame = to_frame(table.select([feature.name for feature in features]).to_arrow(), features)
    amounts = problem.encode(column)
    seen, unseen = split(amounts, stratified=problem.kind != "regression", seed=seed)
    return TrainingTable(
        target, problem, features, excluded,
        seen=Rows(frame.iloc[seen].reset_index(drop=True), amounts[seen]),
        unseen=Rows(frame.iloc[unseen].reset_index(drop=True), amounts[unseen]),
        rows_dropped=int((~known).sum()),
        example=table.select([feature.name for feature in features]).row(int(unseen[0]), named=True),
    )  # fmt: skip


def choose_features(table: pl.DataFrame, target: pl.Series, problem: Problem) -> tuple[list[Feature], list[Excluded]]:
    """The columns a model may read, in the table's order, and the others with the reason."""
    excluded = {leak.column: leak for leak in find_leaks(table, target, problem)}
    features = []
    for column in table.iter_columns():
        if column.name in excluded:
            continue
        kind = feature_type(column.dtype)
        if column.null_count() == column.len():
            excluded[column.name] = Excluded(column=column.name, reason="is empty in every row")
        elif kind is None:
            excluded[column.name] = Excluded(column=column.name, reason="holds values that no model here can read")
        elif column.n_unique() == 1:
            excluded[column.name] = Excluded(column=column.name, reason="holds one value only")
        else:
            features.append(Feature(name=column.name, type=kind))
    return features, [excluded[name] for name in table.columns if name in excluded]


def split(amounts: np.ndarray, *, stratified: bool, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers seen and unseen: a fifth is unseen, of each class alike; every class keeps a seen row."""
    import numpy as np

    random = np.random.default_rng(seed)
    everything = [np.arange(len(amounts))]
    groups = [np.flatnonzero(amounts == code) for code in np.unique(amounts)] if stratified else everything
    order = [random.permutation(group) for group in groups]
    wanted = max(2, round(len(amounts) * HELD_OUT_SHARE))
    counts = [min(round(len(group) * HELD_OUT_SHARE), len(group) - 1) for group in groups]
    while sum(counts) < wanted and any(count < len(group) - 1 for count, group in zip(counts, groups, strict=True)):
        spare = [len(group) - 1 - count for count, group in zip(counts, groups, strict=True)]
        counts[int(np.argmax(spare))] += 1
    unseen = np.sort(np.concatenate([rows[:count] for rows, count in zip(order, counts, strict=True)]))
    seen = np.setdiff1d(np.arange(len(amounts)), unseen)
    return seen, unseen
