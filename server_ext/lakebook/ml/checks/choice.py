"""Which columns a model may read, which are left out and why, and what the user said against the checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.errors import BadTarget
from lakebook.ml.checks.afterwards import known_afterwards
from lakebook.ml.checks.columns import is_identifier, remarks, useless
from lakebook.ml.checks.leaks import find_leaks
from lakebook.ml.columns import feature_type
from lakebook.ml.model_version import Excluded, Feature, Finding
from lakebook.ml.problem import Problem, find_column

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Choice:
    """The columns that a model may read, the others with the reason, and what was found; `kept` as the user said."""

    features: list[Feature]
    excluded: list[Excluded]
    findings: list[Finding]
    identifiers: frozenset[str]
    kept: frozenset[str]


def chosen(
    table: pl.DataFrame, target: pl.Series, problem: Problem, *, keep: Sequence[str] = (), drop: Sequence[str] = ()
) -> Choice:
    """Choose among a table's columns (the target is not among them), in the table's order.

    `keep` holds against every check but those of columns that nothing can be read from; `drop` leaves a column out.
    Raises BadTarget where no column is left, InvalidRequest for columns that are not there.
    """
    kept = frozenset(find_column(table.columns, name) for name in keep)
    dropped = {find_column(table.columns, name) for name in drop} - kept
    reasons = dict.fromkeys(dropped, "was to be left out")
    reasons |= {one.name: reason for one in table.iter_columns() if (reason := useless(one)) is not None}
    readable = table.drop(list(reasons))
    identifiers = frozenset(one.name for one in readable.iter_columns() if is_identifier(one))
    found = [
        *find_leaks(readable, target, problem),
        *known_afterwards(readable.columns, target.name),
        *(Finding(code="identifier", column=name, message="only names its row") for name in readable.columns
          if name in identifiers),
    ]  # fmt: skip
    for finding in found:
        if finding.column is not None and finding.column not in kept:
            reasons.setdefault(finding.column, finding.message)
    excluded = [Excluded(column=name, reason=reasons[name]) for name in table.columns if name in reasons]
    columns = [one for one in readable.iter_columns() if one.name not in reasons]
    if not columns:
        raise BadTarget(
            f"No column is left to predict {target.name!r} from: "
            + "; ".join(f"{one.column} {one.reason}" for one in excluded),
            hint="Add columns that differ from row to row and are known before the target is.",
        )
    said = [_with_choice(finding, kept) for finding in found]
    return Choice(
        [Feature(name=one.name, type=kind) for one in columns if (kind := feature_type(one.dtype)) is not None],
        excluded, [*said, *(remark for one in columns for remark in remarks(one))], identifiers, kept,
    )  # fmt: skip


def _with_choice(finding: Finding, kept: frozenset[str]) -> Finding:
    """The finding with what became of its column."""
    became = "kept as you said" if finding.column in kept else f"left out; `--keep {finding.column}` learns from it"
    return finding.model_copy(update={"message": f"{finding.message} ({became})"})
