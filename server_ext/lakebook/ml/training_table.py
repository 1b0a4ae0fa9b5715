"""The table a training learns from: read, checked, cleaned of what no model may see, split in rows seen and unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.errors import BadFile, BadTarget
from lakebook.ml.checks import rows as row_checks
from lakebook.ml.checks.choice import Choice, chosen
from lakebook.ml.checks.one_feature import too_good
from lakebook.ml.columns import feature_type, to_frame, travel_column
from lakebook.ml.model_version import Excluded, Feature, Finding
from lakebook.ml.problem import Problem, find_column, find_target, understand
from lakebook.ml.splits import AT_RANDOM, Split, SplitWish, at_random, by_group, by_time, row_hashes

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import polars as pl
    import pyarrow as pa


@dataclass(frozen=True)
class Wish:
    """What was asked of the training: kind of problem, split, columns to keep or drop against the checks, seed."""

    problem_type: str | None = None
    split: SplitWish = AT_RANDOM
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    seed: int = 0


PLAIN = Wish()


@dataclass(frozen=True)
class Rows:
    """Features (rows x columns) beside their targets (class codes or amounts)."""

    features: pd.DataFrame
    target: np.ndarray

    def __len__(self) -> int:
        return len(self.target)

    def at(self, numbers: np.ndarray) -> Rows:
        """The rows of these numbers."""
        return Rows(self.features.iloc[numbers].reset_index(drop=True), self.target[numbers])


@dataclass(frozen=True)
class TrainingTable:
    """What a model may learn from, what it is scored on, and what was kept from it.

    `validation` numbers the rows seen that judge while others teach, where the split is not at random; `held_out`
    holds the unseen rows with their target as the table has it.
    """

    target: str
    problem: Problem
    features: list[Feature]
    excluded: list[Excluded]
    findings: list[Finding]
    split: Split
    seen: Rows
    unseen: Rows
    validation: np.ndarray | None
    held_out: pa.Table
    rows_dropped: int
    dataset_hash: str
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


def prepare(files: Sequence[str], target: str, wish: Wish = PLAIN) -> TrainingTable:
    """Read, check and split a table; BadTarget where nothing can be learned from it, or nothing honestly."""
    table = read(files)
    target = find_target(table.columns, target)
    if table.width == 1:
        raise BadTarget(
            f"The table has no column but {target!r}: there is nothing to predict it from.",
            hint="Add the columns that go with it.",
        )
    table, column, dropped, infinite = _with_target(table, target)
    problem = understand(column, wish.problem_type)
    choice = chosen(table.drop(target), column, problem, keep=wish.keep, drop=_dropped(wish))
    rows = Rows(_frame(table, choice.features), problem.encode(column))
    _stop_at(too_good(rows.features.drop(columns=list(choice.kept), errors="ignore"), rows.target, problem, wish.seed))
    hashes = row_hashes(_frame(table, _told_apart(table, choice)), wish.seed)
    split, validation = _split(table, rows.target, problem, hashes, wish)
    if len(set(rows.target[split.seen].tolist())) == 1:
        raise BadTarget(
            f"The column {target!r} holds one value only in the rows to learn from: there is nothing to learn.",
            hint="Split by another column, or at random.",
        )
    findings = [
        *row_checks.of_rows(target, len(rows), dropped, infinite, len(choice.features)),
        *row_checks.of_classes(target, problem, rows.target, split),
        *row_checks.of_split(split),
        *choice.findings,
    ]
    names = [feature.name for feature in choice.features]
    return TrainingTable(
        target, problem, choice.features, choice.excluded, findings, split,
        seen=rows.at(split.seen), unseen=rows.at(split.unseen), validation=validation,
        held_out=_held_out(table, choice.features, target, split.unseen),
        rows_dropped=dropped, dataset_hash=_digest(table, hashes),
        example=table.select(names).row(int(split.unseen[0]), named=True),
    )  # fmt: skip


def _with_target(table: pl.DataFrame, target: str) -> tuple[pl.DataFrame, pl.Series, int, int]:
    """The rows that have a target, the target, how many rows have none, and in how many of these it is no number."""
    import polars as pl

    column = table[target]
    empty = column.null_count()
    if column.dtype.is_float():
        column = pl.select(pl.when(column.is_finite()).then(column).alias(target)).to_series()
    known = column.is_not_null()
    if not known.any():
        raise BadTarget(f"The column {target!r} is empty in every row.", hint="Choose a column that is filled in.")
    dropped = column.null_count()
    return table.filter(known), column.filter(known), dropped, dropped - empty


def _frame(table: pl.DataFrame, features: Sequence[Feature]) -> pd.DataFrame:
    return to_frame(table.select([feature.name for feature in features]).to_arrow(), features)


def _dropped(wish: Wish) -> tuple[str, ...]:
    """What is not learned from: a group's name says nothing of the groups to come."""
    group = wish.split.group_column
    return wish.drop if group is None else (*wish.drop, group)


def _stop_at(findings: Sequence[Finding]) -> None:
    for finding in findings:
        if finding.stop and finding.column is not None:
            raise BadTarget(
                f"The column {finding.column!r} {finding.message}.",
                hint=f"Leave it out with `--drop {finding.column}`, or say `--keep {finding.column}` where it is.",
                details={"finding": finding.model_dump(mode="json")},
            )


def _told_apart(table: pl.DataFrame, choice: Choice) -> list[Feature]:
    """The columns by which rows are told apart, the target too: all that can be read but those that number the rows."""
    kinds = {name: feature_type(dtype) for name, dtype in table.schema.items() if name not in choice.identifiers}
    return [Feature(name=name, type=kind) for name, kind in kinds.items() if kind is not None]


def _split(
    table: pl.DataFrame, target: np.ndarray, problem: Problem, hashes: np.ndarray, wish: Wish
) -> tuple[Split, np.ndarray | None]:
    """The rows seen and unseen; and, of those seen, the ones that judge where these are not chosen at random."""
    import polars as pl

    time, group = wish.split.time_column, wish.split.group_column
    if time is not None:
        times = table[find_column(table.columns, time)]
        split = by_time(times, hashes)
        inner = times.gather(split.seen.tolist())
        return split, by_time(inner, hashes[split.seen]).unseen if inner.n_unique() > 2 else None
    if group is not None:
        groups = table[find_column(table.columns, group)].cast(pl.String).to_pandas()
        split = by_group(groups, hashes, wish.seed)
        left = groups.iloc[split.seen]
        return split, by_group(left, hashes[split.seen], wish.seed + 1).unseen if left.nunique() > 1 else None
    return at_random(hashes, None if problem.kind == "regression" else target), None


def _held_out(table: pl.DataFrame, features: Sequence[Feature], target: str, unseen: np.ndarray) -> pa.Table:
    """The unseen rows as models read them, with the target as the table has it."""
    import pyarrow as pa

    rows = table[unseen.tolist()].select([*(feature.name for feature in features), target]).to_arrow()
    columns = [travel_column(rows.column(feature.name), feature.type) for feature in features]
    return pa.table([*columns, rows.column(target)], names=rows.column_names)


def _digest(table: pl.DataFrame, hashes: np.ndarray) -> str:
    """SHA-256 of the columns with their types, and of the rows in their order."""
    import numpy as np

    schema = ";".join(f"{name}:{dtype}" for name, dtype in table.schema.items())
    return hashlib.sha256(schema.encode() + hashes.astype(np.uint64).tobytes()).hexdigest()
