"""Which kind of problem a target column is, and whether it can be learned at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from lakebook.errors import BadTarget, InvalidRequest, nearest_name
from lakebook.ml.columns import feature_type
from lakebook.ml.model_version import Label, ProblemKind, ProblemType

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

MIN_ROWS = 10
MAX_CLASSES = 200
# Whole numbers with at most so many values are codes of classes, not amounts.
MAX_CODE_VALUES = 10


@dataclass(frozen=True)
class Problem:
    """What is asked of the target: its kind and, for a classification, its classes in order."""

    kind: ProblemKind
    classes: tuple[Label, ...] = ()

    @property
    def problem_type(self) -> ProblemType:
        """Classification or regression."""
        return "regression" if self.kind == "regression" else "classification"

    @property
    def positive_class(self) -> Label | None:
        """The class that precision, recall and F1 are about, for a binary problem."""
        return self.classes[1] if self.kind == "binary" else None

    def encode(self, target: pl.Series) -> np.ndarray:
        """The target as class codes (int64) or amounts (float64)."""
        import numpy as np
        import polars as pl

        if self.kind == "regression":
            return target.cast(pl.Float64).to_numpy()
        codes = {label: code for code, label in enumerate(self.classes)}
        return np.array([codes[label] for label in target.to_list()], dtype=np.int64)


def find_target(columns: Sequence[str], target: str) -> str:
    """The column meant by `target`, by exact or case-blind name; BadTarget with the nearest name otherwise."""
    if target in columns:
        return target
    alike = [column for column in columns if column.casefold() == target.casefold()]
    if len(alike) == 1:
        return alike[0]
    nearest = nearest_name(target, columns)
    hint = f"Did you mean {nearest!r}?" if nearest else f"Its columns are: {', '.join(columns[:20])}."
    raise BadTarget(
        f"The table has no column {target!r} to predict.", hint=hint, details={"target": target, "nearest": nearest}
    )


def find_column(columns: Sequence[str], name: str) -> str:
    """The column meant, by exact or case-blind name; InvalidRequest with the nearest name otherwise."""
    try:
        return find_target(columns, name)
    except BadTarget as error:
        raise InvalidRequest(f"The table has no column {name!r} to go by.", hint=error.hint) from error


def understand(target: pl.Series, wanted: str | None = None) -> Problem:
    """The problem that a target without nulls poses; BadTarget where nothing can be learned from it."""
    if wanted is not None and wanted not in get_args(ProblemType):
        raise InvalidRequest(
            f"There is no problem type {wanted!r}.", hint="Use 'classification' or 'regression', or leave it out."
        )
    kind = feature_type(target.dtype)
    if kind is None or kind in ("date", "timestamp"):
        raise BadTarget(
            f"The column {target.name!r} holds {_words_for(target)}, which cannot be predicted.",
            hint="Predict a number, a text with few values, or yes and no.",
        )
    _check_rows(target)
    if kind == "text" and wanted == "regression":
        raise BadTarget(
            f"The column {target.name!r} is text; a regression predicts numbers.",
            hint="Use problem type 'classification', or choose a number column.",
        )
    if wanted == "regression" or (wanted is None and kind not in ("text", "boolean") and not _holds_codes(target)):
        return Problem("regression")
    return _classification(target)


def _holds_codes(target: pl.Series) -> bool:
    """Whether the numbers stand for classes: two of them, or a few whole ones that come again and again."""
    distinct = target.n_unique()
    return distinct == 2 or (_is_whole(target) and distinct <= min(MAX_CODE_VALUES, target.len() // 2))


def _check_rows(target: pl.Series) -> None:
    if target.len() < MIN_ROWS:
        raise BadTarget(
            f"Only {target.len()} rows have a value in {target.name!r}; at least {MIN_ROWS} are needed to learn.",
            hint="Add rows, or choose a column that is filled in.",
        )
    if target.n_unique() == 1:
        raise BadTarget(
            f"The column {target.name!r} holds one value only, {target[0]!r}: there is nothing to learn.",
            hint="Choose a column with at least two values.",
        )


def _classification(target: pl.Series) -> Problem:
    import polars as pl

    distinct = target.n_unique()
    if distinct > MAX_CLASSES or distinct > target.len() / 2:
        raise BadTarget(
            f"The column {target.name!r} has {distinct:,} different values in {target.len():,} rows: "
            "too many to tell apart as classes.",
            hint="Choose a column with fewer values, or group its values first.",
        )
    if target.dtype.is_float() and _is_whole(target):
        target = target.cast(pl.Int64)
    classes = target.unique().cast(pl.String) if isinstance(target.dtype, pl.Categorical | pl.Enum) else target.unique()
    return Problem("binary" if distinct == 2 else "multiclass", tuple(classes.sort().to_list()))


def _is_whole(target: pl.Series) -> bool:
    if target.dtype.is_integer():
        return True
    return target.dtype.is_float() and bool((target == target.floor()).all())


def _words_for(target: pl.Series) -> str:
    if target.dtype.is_temporal():
        return "dates or times"
    return "lists or records" if target.dtype.is_nested() else "binary data"
