"""Bind the names of a statement: tables to those it may see, columns to the tables' columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from lakebook.errors import Reason, nearest_name
from lakebook.query.places import reason_at
from lakebook.query.tables import Table, find_table, folded

# The schema of a connection that holds nothing but the tables it was given: `main.orders` means `orders`.
DEFAULT_SCHEMA = "main"

_WHERE = re.compile(r"\s*Line: (\d+), Col: (\d+)$")
_COLUMN = re.compile(r"(?:Column|Unknown column:?) '?([^']+?)'? ?(could not|$)")


def bind_tables(statement: exp.Expr, tables: Sequence[Table], source: str) -> tuple[list[Table], list[Reason]]:
    """Rewrite each table's name to `layer.name`; returns the tables used and what could not be bound."""
    used: list[Table] = []
    reasons: list[Reason] = []
    for node in list(statement.find_all(exp.Table)):
        if not isinstance(node.this, exp.Identifier) or _names_cte(node):
            continue
        layer = None if node.db in ("", DEFAULT_SCHEMA) else node.db
        table = None if node.catalog else find_table(tables, node.name, layer)
        if table is None:
            reasons.append(_unknown_table(node, tables, source))
            continue
        if table not in used:
            used.append(table)
        _rename(node, table)
    for column in statement.find_all(exp.Column):
        if column.db == DEFAULT_SCHEMA and not column.catalog:
            column.set("db", None)
    return used, reasons


def _rename(node: exp.Table, table: Table) -> None:
    if node.alias == "" and folded(node.name) == folded(table.name) and node.name != table.name:
        node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name)))
    node.this.replace(exp.to_identifier(table.name))
    node.set("db", exp.to_identifier(table.layer))


def _unknown_table(node: exp.Table, tables: Sequence[Table], source: str) -> Reason:
    name = ".".join(part.name for part in node.parts)
    known = [table.name for table in tables] + [table.full_name for table in tables]
    nearest = nearest_name(name, known)
    more = f" Did you mean {nearest!r}?" if nearest else ""
    return reason_at(node.this, f"There is no table {name!r} here.{more}", source)


def _names_cte(node: exp.Table) -> bool:
    """Whether the name means a WITH query that can be seen from where it stands."""
    if node.db or node.catalog:
        return False
    return any(_same(cte.alias, node.name) for cte in _visible_ctes(node))


def _visible_ctes(node: exp.Expr) -> Iterator[exp.CTE]:
    inside: exp.Expr = node
    while (outer := inside.parent) is not None:
        if isinstance(outer, exp.With):
            ctes: list[exp.CTE] = outer.expressions
            own = next(place for place, cte in enumerate(ctes) if cte is inside)
            yield from ctes[: own + 1 if outer.args.get("recursive") else own]
        elif not isinstance(inside, exp.With):
            attached = outer.args.get("with_")
            if isinstance(attached, exp.With):
                yield from attached.expressions
        inside = outer


def _same(left: str, right: str) -> bool:
    return left.lower() == right.lower()


def bind_columns(statement: exp.Expr, used: Sequence[Table], source: str) -> tuple[list[exp.Expr], list[Reason]]:
    """Typed copies that together hold every node, all columns bound; and the reasons why some cannot be."""
    copy = statement.copy()
    pivots = [copy] if isinstance(copy, exp.Pivot) else list(_pivot_statements(copy))
    typed: list[exp.Expr] = []
    reasons: list[Reason] = []
    for pivot in pivots:
        more, troubles = _bind_pivot(pivot, used, source)
        typed.extend(more)
        reasons.extend(troubles)
    if copy not in pivots:
        for number, pivot in enumerate(pivots):
            outer = pivot.parent
            if isinstance(outer, exp.Subquery):
                # What a pivot gives is known only when it runs; the engine binds the names taken from it.
                outer.replace(exp.Table(this=exp.to_identifier(f"pivot {number}"), alias=outer.args.get("alias")))
        more, troubles = _bind_query(copy, used, source)
        typed.extend(more)
        reasons.extend(troubles)
    return typed, reasons


def _pivot_statements(copy: exp.Expr) -> Iterator[exp.Pivot]:
    for pivot in list(copy.find_all(exp.Pivot)):
        if isinstance(pivot.parent, exp.Subquery) and pivot.parent.this is pivot:
            yield pivot


def _bind_query(query: exp.Expr, used: Sequence[Table], source: str) -> tuple[list[exp.Expr], list[Reason]]:
    schema = _schema(used)
    try:
        typed = annotate_types(qualify(query, dialect="duckdb", schema=schema), dialect="duckdb", schema=schema)
    except SqlglotError as error:
        return [], [_unbound(str(error), used)]
    except Exception:  # the binder's own faults on strange trees, of any class: what is not bound does not run
        return [], [Reason("The names in this statement cannot be bound.")]
    for pivot in typed.find_all(exp.Pivot):
        _type_columns(pivot, used)
    return [typed], list(_missing_fields(typed, source))


def _bind_pivot(pivot: exp.Pivot, used: Sequence[Table], source: str) -> tuple[list[exp.Expr], list[Reason]]:
    """The binder knows no PIVOT statement: a query inside is bound alone, the pivot's own columns by name."""
    if not isinstance(pivot.this, exp.Table):
        inner = pivot.this.copy()
        return _bind_query(inner.unnest() if isinstance(inner, exp.Subquery) else inner, used, source)
    known = [column.name for table in used for column in table.columns]
    reasons = [
        reason_at(column, _no_column(column.name, known), source)
        for column in pivot.find_all(exp.Column)
        if not any(_same(name, column.name) for name in known)
    ]
    _type_columns(pivot, used)
    return [pivot], reasons


def _type_columns(pivot: exp.Expr, used: Sequence[Table]) -> None:
    """The binder leaves the columns inside of a pivot untyped."""
    types = {column.name.lower(): _type(column.data_type) for table in used for column in table.columns}
    for column in pivot.find_all(exp.Column):
        if column.type is None or column.type.is_type(exp.DataType.Type.UNKNOWN):
            column.type = types.get(column.name.lower())


def _no_column(name: str, known: Sequence[str]) -> str:
    nearest = nearest_name(name, known)
    more = f" Did you mean {nearest!r}?" if nearest and not _same(nearest, name) else ""
    return f"There is no column {name!r} to be had here.{more}"


def _schema(used: Sequence[Table]) -> MappingSchema:
    mapping: dict[str, object] = {}
    for table in used:
        columns = {_bound_name(column.name): _type(column.data_type) for column in table.columns}
        layer = mapping.setdefault(_bound_name(table.layer), {})
        if isinstance(layer, dict):
            layer[_bound_name(table.name)] = columns
    # The names are already in the form that the binder gives them: parsing them again would break odd ones.
    return MappingSchema(mapping, dialect="duckdb", normalize=False)


def _type(text: str) -> exp.DataType:
    try:
        return exp.DataType.build(text, dialect="duckdb")
    except (SqlglotError, ValueError):
        return exp.DataType.build("unknown")


def _unbound(message: str, used: Sequence[Table]) -> Reason:
    where = _WHERE.search(message)
    sentence = _WHERE.sub("", message).strip()
    named = _COLUMN.search(sentence)
    line, end = (int(where[1]), int(where[2])) if where else (None, None)
    if named is None:
        return Reason(f"{sentence.rstrip('.')}.", line, end)
    name = named[1]
    start = end - len(name) + 1 if end is not None else None
    holders = [table.name for table in used if any(_same(column.name, name) for column in table.columns)]
    if len(holders) > 1:
        return Reason(f"The column {name!r} is in {' and in '.join(holders)}: say which.", line, start)
    return Reason(_no_column(name, [column.name for table in used for column in table.columns]), line, start)


def _missing_fields(typed: exp.Expr, source: str) -> Iterator[Reason]:
    for dot in typed.find_all(exp.Dot):
        kind = dot.this.type
        if kind is None or not kind.is_type(exp.DataType.Type.STRUCT) or not kind.expressions:
            continue
        fields = [field.name for field in kind.expressions]
        name = dot.expression.name
        if not any(_same(field, name) for field in fields):
            yield reason_at(dot.expression, f"There is no field {name!r}; there are {', '.join(fields)}.", source)


def _bound_name(name: str) -> str:
    """The name in the form that the binder compares, which for DuckDB folds ASCII letters alone."""
    return Dialect.get_or_raise("duckdb").normalize_identifier(exp.to_identifier(name, quoted=True)).name
