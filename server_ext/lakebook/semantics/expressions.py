"""Expressions of a model: which dialect's is read, what columns it names, and fields within it written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

    from lakebook.semantics.ossie import Expression

# The first of these that an expression is given in is read; the other languages are no SQL.
DIALECTS = {"ANSI_SQL": "", "OSSIE_SQL_2026": "", "SNOWFLAKE": "snowflake", "DATABRICKS": "databricks",
            "BIGQUERY": "bigquery"}  # fmt: skip
LONGEST = 4_000
# Aggregates that the standard does not have, so that the parser takes them for any function.
OTHER_AGGREGATES = frozenset({"quantile_cont", "quantile_disc", "fsum", "kahan_sum", "mad", "bool_and", "bool_or"})


def sql_of(expression: Expression) -> str | None:
    """The expression in ANSI SQL, or None where it is given in no SQL; what cannot be read is left as it is."""
    given = {one.dialect: one.expression for one in expression.dialects}
    for name, dialect in DIALECTS.items():
        if name in given:
            return given[name] if not dialect else _translated(given[name], dialect)
    return None


def _translated(text: str, dialect: str) -> str:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        return sqlglot.parse_one(text, read=dialect).sql()
    except SqlglotError:
        return text


def tree_of(text: str) -> exp.Expr | None:
    """The expression's tree, or None for what is no single expression."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        trees = sqlglot.parse(text)
    except (SqlglotError, RecursionError):
        return None
    tree = trees[0] if len(trees) == 1 else None
    is_value = isinstance(tree, (exp.Condition, exp.Filter, exp.WithinGroup)) and not isinstance(tree, exp.Query)
    return tree if is_value else None


def columns_of(tree: exp.Expr) -> Iterator[exp.Column]:
    """The columns that an expression names."""
    from sqlglot import exp

    yield from tree.find_all(exp.Column)


def aggregates_of(tree: exp.Expr) -> list[exp.Expr]:
    """The aggregate functions of an expression."""
    from sqlglot import exp

    others = [one for one in tree.find_all(exp.Anonymous) if str(one.this).casefold() in OTHER_AGGREGATES]
    return [*tree.find_all(exp.AggFunc), *others]


def written_out(text: str, expression_of: Callable[[str, str], str | None]) -> str:
    """The expression with each field, `(dataset, column)`, replaced by what `expression_of` gives for it.

    Left as it is where it would be longer than `LONGEST`: fields of fields can double at each step.
    """
    tree = tree_of(text)
    if tree is None:
        return text
    fields = [(one, inner) for one in columns_of(tree) if (inner := expression_of(one.table, one.name)) is not None]
    if not fields or len(text) + sum(len(inner) for _column, inner in fields) > LONGEST:
        return text
    for column, inner in fields:
        new = _within(column, inner)
        if new is not None and column is tree:
            tree = new
        elif new is not None:
            column.replace(new)
    return tree.sql()


def _within(column: exp.Column, inner: str) -> exp.Expr | None:
    """What a field stands for, its columns named as those of the same dataset."""
    from sqlglot import exp

    tree = tree_of(inner)
    if tree is None:
        return None
    for one in columns_of(tree):
        if column.table and not one.table:
            one.set("table", exp.to_identifier(column.table, quoted=column.args["table"].quoted))
    return tree if isinstance(tree, exp.Column) else exp.Paren(this=tree)
