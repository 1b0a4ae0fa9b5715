"""Say a bound statement of DuckDB's dialect in the dialect of another engine, with the same meaning or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from lakebook.errors import Reason
from lakebook.query.guard.meaning.qualified import without_qualify
from lakebook.query.guard.meaning.rules import said_in
from lakebook.query.guard.meaning.typed import Differs
from lakebook.query.guard.names import exactly
from lakebook.query.guard.places import reason_at
from lakebook.query.tables import Table

NAMES = {"duckdb": "the lake", "snowflake": "Snowflake", "spark": "Spark"}


def retargeted(
    statement: exp.Expr, typed: Sequence[exp.Expr], used: Sequence[Table], engine: str, source: str
) -> tuple[exp.Expr | None, list[Reason]]:
    """The statement for `snowflake` or `spark`, made of its bound copy; or None and what cannot be said there."""
    tree = typed[0] if len(typed) == 1 else None
    if tree is None or tree.find(exp.Pivot):
        return None, [reason_at(statement, f"A pivot is not the same in {NAMES[engine]}.", source)]
    names = _named(statement)
    reasons: list[Reason] = []
    for scope in traverse_scope(tree):
        _resolve(scope, used, engine)
        tree = _rewrite(scope, tree, engine, source, reasons)
    if reasons:
        return None, list(dict.fromkeys(reasons))
    if engine == "spark":
        tree = without_qualify(tree)
    _name_outputs(tree, names)
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("quoted", True)  # names are bound: no engine may fold them once more
    return tree, []


def _resolve(scope: Scope, used: Sequence[Table], engine: str) -> None:
    """Give columns the types of what they are read from, and the very names that the engine has for them."""
    for column in scope.columns:
        read = scope.sources.get(column.table)
        if isinstance(read, Scope):
            outputs = read.expression.selects if isinstance(read.expression, exp.Query) else []
            column.type = next((each.type for each in outputs if each.alias_or_name == column.name), column.type)
    for reference in scope.tables:
        table = next((each for each in used if _is_at(reference, each)), None)
        if table is None:
            continue
        known = {each.name.lower(): each.name for each in table.columns}
        for column in scope.columns:
            if column.table == reference.alias_or_name:
                column.set("this", exactly(known.get(column.name.lower(), column.name), engine))
        reference.set("this", exactly(table.name, engine))
        reference.set("db", exactly(table.layer, engine))


def _is_at(reference: exp.Table, table: Table) -> bool:
    return (reference.db.lower(), reference.name.lower()) == (table.layer.lower(), table.name.lower())


def _rewrite(scope: Scope, tree: exp.Expr, engine: str, source: str, reasons: list[Reason]) -> exp.Expr:
    """Rewrite the scope's own nodes, the inner ones first; the scopes inside of it have been rewritten before."""
    for node in reversed(list(scope.walk())):
        inner = isinstance(node, exp.Query) and node is not scope.expression
        if inner and not isinstance(node, exp.Subquery):
            continue
        try:
            said = said_in(node, engine)
        except Differs as differs:
            reasons.append(reason_at(node, f"{differs} It cannot run in {NAMES[engine]}.", source))
            continue
        if said is not node:
            said.type = said.type or node.type
            tree = said if node is tree else tree
            node.replace(said)
        if isinstance(said, exp.Alias):
            said.type = said.this.type
    return tree


def _named(statement: exp.Expr) -> list[str]:
    """The names of the result's columns as the statement spells them."""
    query = statement.unnest() if isinstance(statement, exp.Subquery) else statement
    return query.named_selects if isinstance(query, exp.Query) else []


def _name_outputs(tree: exp.Expr, names: Sequence[str]) -> None:
    """Give the result's columns the names that the statement spells, and ORDER BY with them."""
    query = tree.unnest() if isinstance(tree, exp.Subquery) else tree
    if not isinstance(query, exp.Select) or len(query.selects) != len(names) or "*" in names:
        return
    renamed = {}
    for output, name in zip(list(query.selects), names, strict=True):
        bound = output.alias_or_name
        if name and name != bound and name.lower() == bound.lower():
            renamed[bound] = name
            output.replace(exp.alias_(output.unalias().copy(), name, quoted=True))
    order = query.args.get("order")
    for column in order.find_all(exp.Column) if isinstance(order, exp.Order) else ():
        if not column.table and column.name in renamed:
            column.set("this", exp.to_identifier(renamed[column.name], quoted=True))
