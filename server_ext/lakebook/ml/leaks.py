"""Columns that give the target away because they are the target, in the same or in other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.ml.model_version import Excluded
from lakebook.ml.problem import Problem

if TYPE_CHECKING:
    import polars as pl


def find_leaks(table: pl.DataFrame, target: pl.Series, problem: Problem) -> list[Excluded]:
    """The columns of `table` that repeat `target`, in the table's order."""
    says_it_again = _repeats_amounts if problem.kind == "regression" else _repeats_classes
    reason = f"is a copy of {target.name!r}"
    return [Excluded(column=c.name, reason=reason) for c in table.iter_columns() if says_it_again(c, target)]


def _repeats_classes(column: pl.Series, target: pl.Series) -> bool:
    """Whether each class has its own value in the column and each value its own class."""
    import polars as pl

    if column.dtype.is_nested() or column.n_unique() != target.n_unique():
        return False
    pairs = pl.DataFrame({"column": column, "target": target})
    return pairs.n_unique() == target.n_unique()


def _repeats_amounts(column: pl.Series, target: pl.Series) -> bool:
    """Whether the column holds the target's numbers, as numbers or as text."""
    import polars as pl

    if column.dtype == pl.String:
        if column.null_count():
            return False
        column = column.cast(pl.Float64, strict=False)
    if not column.dtype.is_numeric() or column.null_count():
        return False
    return bool((column.cast(pl.Float64) == target.cast(pl.Float64)).all())
