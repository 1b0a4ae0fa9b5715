"""What is to be said of the rows and the target as a whole: few of them, rare classes, repeats, gaps."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lakebook.ml.model_version import Finding
from lakebook.ml.problem import Problem
from lakebook.ml.splits import Split

if TYPE_CHECKING:
    import numpy as np

FEW_ROWS = 100
RARE_ROWS = 10
NAMED = 5


def of_rows(target: str, rows: int, dropped: int, infinite: int, features: int) -> list[Finding]:
    """Few rows, rows without a target, infinite targets, and a single feature."""
    found = []
    if rows < FEW_ROWS:
        found.append(Finding(code="few_rows", message=f"Only {rows} rows: the score is little more than a guess."))
    if infinite:
        said = f"is infinite or not a number in {infinite:,} rows, which were left out"
        found.append(Finding(code="infinite", column=target, message=said))
    if dropped > infinite:
        said = f"is missing in {dropped - infinite:,} rows, which were left out"
        found.append(Finding(code="target_missing", column=target, message=said))
    if features == 1:
        found.append(Finding(code="one_feature", message="There is one column only to predict from."))
    return found


def of_classes(target: str, problem: Problem, codes: np.ndarray, split: Split) -> list[Finding]:
    """Classes of few rows, and classes that the rows seen or the rows kept from the training lack."""
    if problem.kind == "regression":
        return []
    counts = Counter(codes.tolist())
    rare = [label for code, label in enumerate(problem.classes) if counts[code] < RARE_ROWS]
    found = []
    if rare:
        said = f"has classes of fewer than {RARE_ROWS} rows, which are hardly learned: {_named(rare)}"
        found.append(Finding(code="rare_classes", column=target, message=said))
    for code, rows, where in (
        ("class_unseen", split.seen, "learned from"),
        ("class_unscored", split.unseen, "scored on"),
    ):
        there = set(codes[rows].tolist())
        lacking = [label for number, label in enumerate(problem.classes) if number not in there]
        if lacking:
            said = f"has classes that are not among the rows {where}: {_named(lacking)}"
            found.append(Finding(code=code, column=target, message=said))
    return found


def of_split(split: Split) -> list[Finding]:
    """Rows that repeat others, all on one side."""
    repeats = split.facts.duplicates
    if not repeats:
        return []
    said = f"{repeats:,} rows repeat another; each stands on the same side of the split as the one it repeats."
    return [Finding(code="duplicate_rows", message=said)]


def _named(labels: list[bool | int | float | str]) -> str:
    more = f" and {len(labels) - NAMED} more" if len(labels) > NAMED else ""
    return ", ".join(str(label) for label in labels[:NAMED]) + more
