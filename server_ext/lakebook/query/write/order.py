"""The order of a result, always one and the same; and the limit, for all of it or for each of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from lakebook.query.write.scope import identifier
from lakebook.query.write.terms import number


@dataclass(frozen=True)
class Sort:
    """What rows are put in order by, those without a value last; `name` is its column in the result."""

    by: exp.Expr
    descending: bool = False
    name: str = ""

    def ordered(self, *, named: bool) -> exp.Ordered:
        """The part of an ORDER BY clause."""
        tree = exp.column(identifier(self.name)) if named and self.name else self.by.copy()
        return exp.Ordered(this=tree, desc=self.descending or None, nulls_first=False)


def in_order(
    select: exp.Select, sorts: Sequence[Sort], limit: int | None, parts: Sequence[exp.Expr] = ()
) -> exp.Select:
    """The statement in this order, with at most `limit` rows, or so many of each part."""
    sorts = _once(sorts)
    if limit is not None and parts:
        window = exp.Window(
            this=exp.RowNumber(),
            partition_by=[part.copy() for part in parts],
            order=exp.Order(expressions=[sort.ordered(named=False) for sort in _within(sorts, parts)]),
        )
        select.set("qualify", exp.Qualify(this=exp.LTE(this=window, expression=number(limit))))
        sorts, limit = _once([*(Sort(part) for part in parts), *sorts]), None
    if sorts:
        select = select.order_by(*(sort.ordered(named=True) for sort in sorts))
    return select if limit is None else select.limit(limit)


def _within(sorts: Sequence[Sort], parts: Sequence[exp.Expr]) -> list[Sort]:
    """What is left to put in order where the parts are told apart already."""
    apart = {part.sql("duckdb") for part in parts}
    return [sort for sort in sorts if sort.by.sql("duckdb") not in apart]


def _once(sorts: Sequence[Sort]) -> list[Sort]:
    kept: dict[str, Sort] = {}
    for sort in sorts:
        if not isinstance(sort.by, exp.Literal):
            kept.setdefault(sort.by.sql("duckdb"), sort)
    return list(kept.values())
