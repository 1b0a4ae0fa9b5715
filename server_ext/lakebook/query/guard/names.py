"""Bind the names of a statement: tables to those it may see, columns to the tables' columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from lakebook.errors import Reason, nearest_name
from lakebook.query.guard.places import reason_at
from lakebook.query.tables import Table, find_table, folded

# The schema of a connection that holds nothing but the tables it was given: `main.orders` means `orders`.
DEFAULT_SCHEMA = "main"

_WHERE = re.compile(r"\s*Line: (\d+), Col: (\d+)$")
_MOST_NAME = 60
_COLUMN = re.compile(r"(?:Column|Unknown column:?) '?([^']+?)'? ?(could not|$)")


def bind_tables(nodes: Sequence[exp.Expr], tables: Sequence[Table], source: str) -> tuple[list[Table], list[Reason]]:
    """Rewrite each table's name among a statement's nodes to `layer.name`; the tables used, what cannot be bound."""
    used: list[Table] = []
    reasons: list[Reason] = []
    for node in nodes:
        if isinstance(node, exp.Column) and node.args.get("db") and node.db == DEFAULT_SCHEMA and not node.catalog:
            node.set("db", None)
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier) or _names_cte(node):
            continue
        layer = None if node.db in ("", DEFAULT_SCHEMA) else node.db
        table = None if node.catalog else find_table(tables, node.name, layer)
        if table is None:
            reasons.append(_unknown_table(node, tables, source))
            continue
        if table not in used:
            used.append(table)
        _rename(node, table)
    return used, reasons


def bound_table(node: exp.Table, used: Sequence[Table]) -> Table | None:
    """The table that a rewritten name means; None for what is no table of the lake or of the engine."""
    if not isinstance(node.this, exp.Identifier) or not node.db:
        return None
    return next((table for table in used if (table.layer, table.name) == (node.db, node.name)), None)


def _rename(node: exp.Table, table: Table) -> None:
    if node.alias == "" and folded(node.name) == folded(table.name) and node.name != table.name:
        node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name, quoted=node.this.args.get("quoted"))))
    node.this.replace(exactly(table.name, table.engine))
    node.set("db", exactly(table.layer, table.engine))


def exactly(name: str, dialect: str) -> exp.Identifier:
    """An identifier that means this very name: Snowflake turns what is not quoted into capitals."""
    if dialect == "snowflake" and name != name.upper():
        return exp.to_identifier(name, quoted=True)
    return exp.to_identifier(name)


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


def name_outputs(statement: exp.Expr) -> None:
    """Give every result column without a name its text as one, as DuckDB does; other engines call it otherwise."""
    for select in statement.find_all(exp.Select):
        for output in list(select.expressions):
            if not isinstance(output, exp.Alias | exp.Column | exp.Star | exp.Columns):
                name = output.sql("duckdb", normalize_functions="lower")[:_MOST_NAME]
                output.replace(exp.alias_(output.copy(), name, quoted=True))


def bind_columns(
    statement: exp.Expr, used: Sequence[Table], source: str, dialect: str = "duckdb", *, typing: bool = True
) -> tuple[list[exp.Expr], list[Reason]]:
    """Copies that together hold every node, all columns bound, with types where asked; and why some cannot be."""
    binder = _Binder(used, source, dialect, typing)
    copy = statement.copy()
    if isinstance(copy, exp.Pivot):
        return binder.pivot(copy)
    pivots = [each for each in copy.find_all(exp.Subquery) if isinstance(each.this, exp.Pivot)]
    found = [binder.pivot(each.this) for each in pivots]
    for number, around in enumerate(pivots):
        # What a pivot gives is known only when it runs; the engine binds the names taken from it.
        around.replace(exp.Table(this=exp.to_identifier(f"pivot {number}"), alias=around.args.get("alias")))
    found.append(binder.query(copy))
    return [tree for typed, _ in found for tree in typed], [reason for _, reasons in found for reason in reasons]


class _Binder:
    """Binds the columns of queries over one set of tables."""

    def __init__(self, used: Sequence[Table], source: str, dialect: str, typing: bool) -> None:
        self._used, self._source, self._dialect, self._typing = used, source, dialect, typing

    def query(self, query: exp.Expr) -> tuple[list[exp.Expr], list[Reason]]:
        """The query bound, in place."""
        schema = _schema(tuple(self._used), self._dialect)
        try:
            bound = qualify(query, dialect=self._dialect, schema=schema, quote_identifiers=False)
            if self._typing or bound.find(exp.Dot):
                bound = annotate_types(bound, dialect=self._dialect, schema=schema)
        except SqlglotError as error:
            return [], [self._unbound(str(error), query)]
        except Exception:  # the binder's own faults on strange trees, of any class: what is not bound does not run
            return [], [Reason("The names in this statement cannot be bound.", 1, 1)]
        special = list(bound.find_all(exp.Pivot, exp.Dot))
        for pivot in special:
            if isinstance(pivot, exp.Pivot):
                _type_columns(pivot, self._used)
        return [bound], list(_missing_fields(special, self._source))

    def _unbound(self, message: str, query: exp.Expr) -> Reason:
        where = _WHERE.search(message)
        sentence = _WHERE.sub("", message).strip()
        named = _COLUMN.search(sentence)
        if named is None:
            said = f"{sentence.rstrip('.')}."
            return Reason(said, int(where[1]), int(where[2])) if where else reason_at(query, said, self._source)
        name = named[1].rpartition(".")[2]
        place = (int(where[1]), int(where[2]) - len(name) + 1) if where else self._place(query, name)
        holders = [table.name for table in self._used if any(_same(column.name, name) for column in table.columns)]
        if len(holders) > 1:
            return Reason(f"The column {name!r} is in {' and in '.join(holders)}: say which.", *place)
        return Reason(_no_column(name, [column.name for table in self._used for column in table.columns]), *place)

    def _place(self, query: exp.Expr, name: str) -> tuple[int | None, int | None]:
        """Where a column of this name stands."""
        node = next((column for column in query.find_all(exp.Column) if _same(column.name, name)), query)
        reason = reason_at(node, "", self._source)
        return reason.line, reason.column

    def pivot(self, pivot: exp.Pivot) -> tuple[list[exp.Expr], list[Reason]]:
        """The binder knows no PIVOT statement: a query inside is bound alone, the pivot's own columns by name."""
        if not isinstance(pivot.this, exp.Table):
            return self.query(pivot.this.copy().unnest())
        known = [column.name for table in self._used for column in table.columns]
        reasons = [
            reason_at(column, _no_column(column.name, known), self._source)
            for column in pivot.find_all(exp.Column)
            if not any(_same(name, column.name) for name in known)
        ]
        _type_columns(pivot, self._used)
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


@lru_cache(maxsize=256)
def _schema(used: tuple[Table, ...], dialect: str) -> MappingSchema:
    layers: dict[str, dict[str, object]] = {}
    for table in used:
        layers.setdefault(_bound_name(table.layer, dialect), {})[_bound_name(table.name, dialect)] = {
            _bound_name(column.name, dialect): _type(column.data_type) for column in table.columns
        }
    # The names are already in the form that the binder gives them: parsing them again would break odd ones.
    return MappingSchema(dict(layers), dialect=dialect, normalize=False)


@lru_cache(maxsize=1024)
def _type(text: str) -> exp.DataType:
    try:
        return exp.DataType.build(text, dialect="duckdb")
    except (SqlglotError, ValueError):
        return exp.DataType.build("unknown")


def _missing_fields(nodes: Iterable[exp.Expr], source: str) -> Iterator[Reason]:
    for dot in nodes:
        kind = dot.this.type if isinstance(dot, exp.Dot) else None
        if kind is None or not kind.is_type(exp.DataType.Type.STRUCT) or not kind.expressions:
            continue
        fields = [field.name for field in kind.expressions]
        name = dot.expression.name
        if not any(_same(field, name) for field in fields):
            yield reason_at(dot.expression, f"There is no field {name!r}; there are {', '.join(fields)}.", source)


def _bound_name(name: str, dialect: str) -> str:
    """The name in the form that the binder compares, which for DuckDB folds ASCII letters alone."""
    return Dialect.get_or_raise(dialect).normalize_identifier(exp.to_identifier(name, quoted=True)).name
