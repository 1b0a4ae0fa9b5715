"""Columns that give the target away: the target itself, in the same or in other words, or a function of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.ml.model_version import Finding
from lakebook.ml.problem import Problem

if TYPE_CHECKING:
    import polars as pl

# Fewer different amounts than this go up together by chance.
FEWEST_AMOUNTS = 20
# Rank or linear correlation from which on an amount is the target, rounded or in another unit.
SAME = 0.99999
# So many rows on average must have each word before words that always go with one class mean anything.
ROWS_A_WORD, FEWEST_ROWS = 10, 50


def find_leaks(table: pl.DataFrame, target: pl.Series, problem: Problem) -> list[Finding]:
    """The columns of `table` that tell `target` with certainty, in the table's order; none of them may be learned."""
    tells = _tells_amounts if problem.kind == "regression" else _tells_classes
    found = []
    for column in table.iter_columns():
        told = tells(column, target)
        if told is not None:
            found.append(Finding(code=told[0], column=column.name, message=f"{told[1]} {target.name!r}"))
    return found


def _tells_classes(column: pl.Series, target: pl.Series) -> tuple[str, str] | None:
    import polars as pl

    if column.dtype.is_nested():
        return None
    pairs = pl.DataFrame({"column": column, "gap": column.is_null(), "target": target})
    if _one_to_one(pairs, "column"):
        return "leak_copy", "is a copy of"
    if column.null_count() and _one_to_one(pairs, "gap"):
        return "leak_gaps", "is filled in exactly where it is known, and so after it is:"
    words = column.n_unique()
    few = words <= len(column) / ROWS_A_WORD and len(column) >= FEWEST_ROWS
    if few and not column.dtype.is_float() and pairs.select("column", "target").n_unique() == words > 1:
        return "leak_function", "says, in finer words, what is asked for:"
    return None


def _one_to_one(pairs: pl.DataFrame, column: str) -> bool:
    """Whether each class has its own value in the column and each value its own class."""
    classes = pairs["target"].n_unique()
    return bool(pairs[column].n_unique() == classes == pairs.select(column, "target").n_unique())


def _tells_amounts(column: pl.Series, target: pl.Series) -> tuple[str, str] | None:
    import numpy as np
    import polars as pl

    if column.dtype == pl.String:
        numbers = column.cast(pl.Float64, strict=False)
        if numbers.null_count() > column.null_count():
            return None
        column = numbers
    if not column.dtype.is_numeric():
        return None
    pairs = pl.DataFrame({"column": column.cast(pl.Float64), "target": target.cast(pl.Float64)})
    pairs = pairs.filter(pl.col("column").is_finite())
    if pairs.height < max(2, 0.9 * len(target)):
        return None
    if bool((pairs["column"] == pairs["target"]).all()):
        return "leak_copy", "is a copy of"
    if min(pairs["column"].n_unique(), pairs["target"].n_unique()) < FEWEST_AMOUNTS:
        return None
    linear = pl.corr("column", "target", method="pearson")
    monotone = pl.corr("column", "target", method="spearman")
    for said, how in (("linear", linear), ("monotone", monotone)):
        alike = pairs.select(how).item()
        if alike is not None and np.isfinite(alike) and abs(alike) >= SAME:
            return f"leak_{said}", f"is a {said} function of"
    return None
