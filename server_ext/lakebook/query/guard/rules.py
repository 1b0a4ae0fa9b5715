"""Hooks for what a person may see of a table: an extra condition on its rows, columns that are masked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from lakebook.errors import Reason, RefusedStatement
from lakebook.query.guard.names import bound_table
from lakebook.query.tables import Table, folded

_MOVED = ("pivots", "sample", "joins", "laterals")


class Rules(Protocol):
    """What access control says of each table."""

    def condition(self, table: Table) -> str | None:
        """The condition, over the table's own columns, that a row must meet to be seen; None for every row."""

    def masked(self, table: Table) -> Collection[str]:
        """The columns whose values are not seen: they read as null."""


def apply_rules(statement: exp.Expr, used: Sequence[Table], rules: Rules, dialect: str) -> None:
    """Put what may be seen of each table in the place of the table, in the bound statement."""
    for node in list(statement.find_all(exp.Table)):
        table = bound_table(node, used)
        if table is None:
            continue
        condition, masked = rules.condition(table), {folded(name) for name in rules.masked(table)}
        if condition is None and not masked:
            continue
        _unqualify(statement, node)
        node.replace(_seen(node, table, condition, masked, dialect))


def _seen(node: exp.Table, table: Table, condition: str | None, masked: set[str], dialect: str) -> exp.Subquery:
    """A subquery of the rows and values that may be seen, under the name that the table had."""
    select = exp.Select(
        expressions=[_column(column.name, column.data_type, folded(column.name) in masked) for column in table.columns],
        from_=exp.From(this=exp.Table(this=node.this.copy(), db=node.args["db"].copy())),
    )
    if condition is not None:
        select.set("where", exp.Where(this=_condition(condition, dialect)))
    alias = node.args.get("alias") or exp.TableAlias(this=node.this.copy())
    moved = {name: node.args[name] for name in _MOVED if node.args.get(name)}
    return exp.Subquery(this=select, alias=alias.copy(), **moved)


def _column(name: str, data_type: str, is_masked: bool) -> exp.Expr:
    identifier = exp.to_identifier(name, quoted=True)
    if not is_masked:
        return exp.Column(this=identifier)
    return exp.Alias(this=exp.cast(exp.Null(), exp.DataType.build(data_type, dialect="duckdb")), alias=identifier)


def _condition(text: str, dialect: str) -> exp.Expr:
    try:
        return exp.Paren(this=parse_one(text, read=dialect, into=exp.Condition))
    except SqlglotError as error:
        raise RefusedStatement([Reason("A rule of access to these tables cannot be read.")]) from error


def _unqualify(statement: exp.Expr, node: exp.Table) -> None:
    """`layer.table.column` means the subquery's column now."""
    for column in statement.find_all(exp.Column):
        if column.db and folded(column.table) == folded(node.name):
            column.set("db", None)
