"""QUALIFY as a query around the query, for engines that have none."""

from __future__ import annotations

from sqlglot import exp

KEPT, SORTED, INNER = "__kept", "__sorted", "__all"


def without_qualify(tree: exp.Expr) -> exp.Expr:
    """The same statement with every QUALIFY as a condition on a query around its own; order and limit go outside."""
    for select in list(tree.find_all(exp.Select)):
        if select.args.get("qualify") is None:
            continue
        outer = _around(select)
        if select is tree:
            tree = outer
    return tree


def _around(select: exp.Select) -> exp.Select:
    names = [exp.to_identifier(name, quoted=True) for name in select.named_selects]
    condition = select.args["qualify"].this
    clauses = {name: select.args.get(name) for name in ("order", "limit", "offset", "with_")}
    for name in ("qualify", *clauses):
        select.set(name, None)
    place = exp.Select()
    select.replace(place)
    hidden: list[exp.Expr] = [exp.Alias(this=condition, alias=exp.to_identifier(KEPT, quoted=True))]
    outputs = set(select.named_selects)
    order = clauses["order"]
    for number, each in enumerate(order.expressions if isinstance(order, exp.Order) else []):
        if isinstance(each.this, exp.Column) and not each.this.table and each.this.name in outputs:
            continue
        hidden.append(exp.alias_(each.this.copy(), f"{SORTED}_{number}", quoted=True))
        each.set("this", exp.column(f"{SORTED}_{number}", quoted=True))
    select.set("expressions", [*select.expressions, *hidden])
    place.set("expressions", [exp.Column(this=name) for name in names])
    place.set("from_", exp.From(this=exp.Subquery(this=select, alias=exp.TableAlias(this=exp.to_identifier(INNER)))))
    place.set("where", exp.Where(this=exp.Column(this=exp.to_identifier(KEPT, quoted=True))))
    for name, clause in clauses.items():
        place.set(name, clause)
    return place
