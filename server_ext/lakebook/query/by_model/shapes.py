"""Repairs of a SELECT's shape: columns that must be grouped by, conditions on groups that stand in WHERE."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from lakebook.query.by_model.sources import named_by
from lakebook.query.tables import Table, folded


def mend_groups(tree: exp.Expr, _tables: Sequence[Table]) -> list[str]:
    """Each plain column beside an aggregate is grouped by."""
    changes = []
    for select in list(tree.find_all(exp.Select)):
        if not any(_has_aggregate(each) for each in select.expressions) or _has_odd_group(select):
            continue
        group = select.args.get("group")
        known = _grouped(select)
        for each in select.expressions:
            inner = each.unalias()
            if _has_aggregate(each) or not inner.find(exp.Column) or inner.find(exp.Window, exp.Star):
                continue
            if inner.sql("duckdb").casefold() in known or folded(each.alias_or_name) in known:
                continue
            if group is None:
                group = exp.Group(expressions=[])
                select.set("group", group)
            group.append("expressions", inner.copy())
            changes.append(f"grouped by {inner.sql('duckdb')}")
    return changes


def mend_conditions(tree: exp.Expr, _tables: Sequence[Table]) -> list[str]:
    """Conditions on figures of groups move from WHERE to HAVING."""
    changes = []
    for select in list(tree.find_all(exp.Select)):
        where = select.args.get("where")
        if not isinstance(where, exp.Where) or not (select.args.get("group") or _is_aggregated(select)):
            continue
        conditions = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
        moved = [each for each in conditions if _is_on_groups(each, select)]
        if not moved:
            continue
        kept = [each for each in conditions if all(each is not other for other in moved)]
        having = select.args.get("having")
        before = [having.this] if isinstance(having, exp.Having) else []
        select.set("where", exp.Where(this=exp.and_(*kept)) if kept else None)
        select.set("having", exp.Having(this=exp.and_(*before, *moved)))
        changes += [f"{each.sql('duckdb')} moved to HAVING" for each in moved]
    return changes


def _is_on_groups(condition: exp.Expr, select: exp.Select) -> bool:
    """It holds an aggregate, or the name that the SELECT gives to one."""
    if isinstance(condition, exp.Or) or condition.find(exp.Subquery, exp.Exists, exp.Query):
        return False
    given = named_by(select)
    for column in condition.find_all(exp.Column):
        meant = given.get(folded(column.name)) if not column.table else None
        if meant is not None and _has_aggregate(meant):
            return True
    return condition.find(exp.AggFunc) is not None


def _has_aggregate(node: exp.Expr) -> bool:
    """An aggregate of this SELECT's rows, not of a query inside and not over a window."""
    for found in node.find_all(exp.AggFunc):
        inside = found.find_ancestor(exp.Window, exp.Query)
        above = node.find_ancestor(exp.Query) if not isinstance(node, exp.Query) else node
        if inside is None or inside is above:
            return True
    return False


def _is_aggregated(select: exp.Select) -> bool:
    return any(_has_aggregate(each) for each in select.expressions)


def _has_odd_group(select: exp.Select) -> bool:
    group = select.args.get("group")
    return isinstance(group, exp.Group) and any(
        group.args.get(kind) for kind in ("all", "cube", "rollup", "grouping_sets")
    )


def _grouped(select: exp.Select) -> set[str]:
    """What the SELECT groups by: as text, as the projection's name, or by the projection's number."""
    group = select.args.get("group")
    found: set[str] = set()
    for each in group.expressions if isinstance(group, exp.Group) else []:
        if isinstance(each, exp.Literal) and each.is_int and 0 < int(each.name) <= len(select.expressions):
            each = select.expressions[int(each.name) - 1].unalias()
        found.add(each.sql("duckdb").casefold())
        if isinstance(each, exp.Column) and not each.table:
            found.add(folded(each.name))
        elif isinstance(each, exp.Column):
            found.add(folded(each.name)) if _is_unique(each, select) else None
    return found


def _is_unique(column: exp.Column, select: exp.Select) -> bool:
    return not (select.args.get("joins") or [])
