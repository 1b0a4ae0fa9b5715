"""Refuse what is bound to run away before it runs: endless recursion, huge generators, blind cross joins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import exp

from lakebook.errors import Reason
from lakebook.query.guard.places import reason_at

MAX_GENERATED = 100_000
MAX_UNJOINED = 3


def excesses(nodes: Iterable[exp.Expr], source: str) -> Iterator[Reason]:
    """What would run away among the nodes of a statement."""
    for node in nodes:
        if isinstance(node, exp.GenerateSeries):
            yield from _generator(node, source)
        elif isinstance(node, exp.With):
            yield from _recursion(node, source)
        elif isinstance(node, exp.Select):
            yield from _cross_join(node, source)


def _generator(node: exp.GenerateSeries, source: str) -> Iterator[Reason]:
    start, end, step = node.args.get("start"), node.args.get("end"), node.args.get("step")
    numbers = [_number(part) for part in (start, end)]
    if numbers[0] is not None and numbers[1] is not None:
        stride = abs(_number(step) or 1.0) or 1.0
        if abs(numbers[1] - numbers[0]) / stride > MAX_GENERATED:
            yield reason_at(node, f"A series may have at most {MAX_GENERATED:,} values.", source)
    elif not all(_is_time(part) for part in (start, end)):
        yield reason_at(node, "A series may only run between numbers or times written out.", source)


def _number(node: object) -> float | None:
    if isinstance(node, exp.Neg):
        inner = _number(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Literal) and not node.is_string:
        return float(node.name)
    return None


def _is_time(node: object) -> bool:
    return isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal)


def _recursion(clause: exp.With, source: str) -> Iterator[Reason]:
    if not clause.args.get("recursive"):
        return
    for cte in clause.expressions:
        step = cte.this.expression if isinstance(cte.this, exp.SetOperation) else None
        if step is None or not _reads(step, cte.alias):
            continue
        if step.find(exp.Where) is None:
            yield reason_at(cte, f"The recursion of {cte.alias!r} has no end: give its second part a WHERE.", source)


def _reads(query: exp.Expr, name: str) -> bool:
    return any(table.name.lower() == name.lower() for table in query.find_all(exp.Table))


def _cross_join(select: exp.Select, source: str) -> Iterator[Reason]:
    unjoined = [join for join in select.args.get("joins") or [] if not _ties(join)]
    if select.args.get("where") is None and len(unjoined) + 1 > MAX_UNJOINED:
        yield reason_at(
            unjoined[0], f"{len(unjoined) + 1} tables are joined without a condition that ties them.", source
        )


def _ties(join: exp.Join) -> bool:
    """Whether a join says how its rows belong together; `ON true` and `ON a.id = a.id` do not."""
    if join.args.get("using") or join.method.upper() == "NATURAL" or isinstance(join.this, exp.Lateral | exp.Unnest):
        return True
    condition = join.args.get("on")
    if condition is None:
        return False
    sides = {column.table.lower() for column in condition.find_all(exp.Column)}
    return len(sides) > 1 or "" in sides
