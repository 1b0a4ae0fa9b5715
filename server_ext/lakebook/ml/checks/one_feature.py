"""Columns that predict the target all by themselves, better than an honest column does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.ml.model_version import Finding
from lakebook.ml.problem import Problem

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

ROWS = 5000
FEWEST_ROWS = 100
# What one column explains of the amounts' variance, or lifts of the rows that the commonest class misses.
TOO_GOOD = 0.999
LEAVES = 64


def too_good(frame: pd.DataFrame, target: np.ndarray, problem: Problem, seed: int) -> list[Finding]:
    """The columns from which a small tree alone tells `target` (codes or amounts) in nearly every row it never saw."""
    import numpy as np

    if len(frame) < FEWEST_ROWS:
        return []
    chosen = np.random.default_rng(seed).permutation(len(frame))[:ROWS]
    found = []
    for name in frame.columns:
        skill = _skill(_numbers(frame[name].iloc[chosen]), target[chosen], problem)
        if skill >= TOO_GOOD:
            said = f"alone tells {skill:.1%} of what is asked for, which is too good to be known before it is"
            found.append(Finding(code="leak_too_good", column=name, message=said, stop=True))
    return found


def _skill(values: np.ndarray, target: np.ndarray, problem: Problem) -> float:
    """How much of the way from a constant to the truth a tree of one column goes, on the half it never saw."""
    half = len(values) // 2
    tree = _tree(problem).fit(values[:half, None], target[:half])
    predicted, truth = tree.predict(values[half:, None]), target[half:]
    if problem.kind == "regression":
        spread = float(((truth - target[:half].mean()) ** 2).mean())
        return 1 - float(((truth - predicted) ** 2).mean()) / spread if spread else 0.0
    import numpy as np

    common = np.bincount(target[:half]).argmax()
    missed = float((truth != common).mean())
    return 1 - float((truth != predicted).mean()) / missed if missed else 0.0


def _tree(problem: Problem) -> Any:
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    if problem.kind == "regression":
        return DecisionTreeRegressor(max_leaf_nodes=LEAVES * 16, random_state=0)
    return DecisionTreeClassifier(max_leaf_nodes=LEAVES, random_state=0)


def _numbers(column: pd.Series) -> np.ndarray:
    """The column as numbers in their order; words by their own, a gap as a value of its own."""
    import numpy as np
    import pandas as pd

    if column.dtype == object:
        codes: np.ndarray = pd.factorize(column.astype(str).where(column.notna(), ""), sort=True)[0].astype(np.float64)
        return codes
    numbers = column.astype("int64") if column.dtype.kind == "M" else column
    values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    known = column.notna().to_numpy()
    least = values[known].min() if known.any() else 0.0
    return np.where(known, values, least - 1.0 - abs(least))
