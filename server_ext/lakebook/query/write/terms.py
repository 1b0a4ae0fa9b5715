"""A term of a reading as an expression over the rows of a scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from sqlglot import exp, parse_one

from lakebook.errors import NotConnected
from lakebook.query.tables import Column, Table, folded
from lakebook.query.terms import Bands, Bin, Combined, Computed, Field, Part, Scaled, Term, Value
from lakebook.query.write.scope import Scope
from lakebook.query.write.ways import Path

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# An edge of a bin is compared at so many digits: 0.3 / 0.1 is a hair below 3 in binary.
_DIGITS = 9

_OPERATORS: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div}
_CUT = {"quarter", "month", "week"}
_RECURRING: dict[str, type[exp.Func]] = {
    "year": exp.Year,
    "month_of_year": exp.Month,
    "quarter_of_year": exp.Quarter,
    "week_of_year": exp.Week,
    "day_of_month": exp.Day,
    "hour": exp.Hour,
    "weekday": exp.Dayname,
}


def term(scope: Scope, of: Term) -> exp.Expr:
    """The term's value in each row of the scope."""
    match of:
        case Field():
            return scope.column(of.table, of.column.name, of.role)
        case Computed():
            return computed(scope, of)
        case Combined():
            return _combined(scope, of)
        case Scaled():
            return exp.Div(this=grouped(term(scope, of.term)), expression=number(of.divisor))
        case Part():
            return _part(scope, of)
        case Bin():
            return _bin(scope, of)
        case Bands():
            return _bands(scope, of)


def leaves(of: Term) -> Iterator[Field | Computed]:
    """The columns and formulas that the term is made of."""
    match of:
        case Field() | Computed():
            yield of
        case Combined():
            yield from leaves(of.left)
            yield from leaves(of.right)
        case _:
            yield from leaves(of.term)


def path_of(scope: Scope, leaf: Field | Computed) -> Path:
    """The way to the row that the column or formula is of."""
    return scope.path(leaf.table, leaf.role if isinstance(leaf, Field) else "")


def column_of(of: Term) -> Column | None:
    """The column where the term is one, for its type."""
    return of.column if isinstance(of, Field) else None


def sort_key(of: Term, value: exp.Expr) -> exp.Expr:
    """What values of the term are put in order by: weekdays and bands have an order of their own."""
    names: tuple[str, ...] = ()
    if isinstance(of, Part) and of.part == "weekday":
        names = WEEKDAYS
    elif isinstance(of, Bands):
        names = of.names
    if not names:
        return value
    listed = exp.Array(expressions=[exp.Literal.string(name) for name in names])
    return exp.Anonymous(this="list_position", expressions=[listed, value])


def literal(value: Value, beside: Term | None = None) -> exp.Expr:
    """A value written out, in the type of the column it stands beside."""
    column = column_of(beside) if beside is not None else None
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, datetime | date):
        return _moment(value, column)
    if isinstance(value, str) or (column is not None and column.is_text):
        return exp.Literal.string(str(value))
    return number(value)


def number(value: int | float | Decimal) -> exp.Expr:
    """A number written out, never in powers of ten."""
    text = format(abs(Decimal(str(value))), "f")
    plain = exp.Literal.number(text)
    return exp.Neg(this=plain) if value < 0 else plain


def grouped(tree: exp.Expr) -> exp.Expr:
    """The expression in parentheses where it needs them inside of another."""
    return exp.paren(tree) if isinstance(tree, exp.Binary | exp.Neg | exp.Not) else tree


def computed(scope: Scope, formula: Computed) -> exp.Expr:
    """A formula of the semantic model over its table's columns."""
    return bound(scope, _parsed(formula.sql).copy(), {folded(formula.table.name): formula.table}, formula.table)


def bound(scope: Scope, tree: exp.Expr, tables: dict[str, Table], alone: Table | None = None) -> exp.Expr:
    """An expression with each `dataset.column` as the column of that table, in place; a bare one is of `alone`."""
    for quotient in tree.find_all(exp.Div):
        quotient.set("expression", exp.Nullif(this=quotient.expression.unnest(), expression=number(0)))
    for node in list(tree.find_all(exp.Column)):
        table = tables.get(folded(node.table)) if node.table else alone
        found = _bound_column(scope, node, table)
        if node is tree:
            return found
        node.replace(found)
    return tree


def _bound_column(scope: Scope, node: exp.Column, table: Table | None) -> exp.Expr:
    if table is not None:
        for each in table.columns:
            if folded(each.name) == folded(node.name):
                return scope.column(table, each.name)
        formula = _formula(scope, node.name, table)
        if formula:
            return exp.paren(bound(scope, parsed(formula), {folded(table.name): table}, table))
    raise NotConnected(f"The semantic model speaks of {node.sql()}, which is not here.")


def _formula(scope: Scope, name: str, table: Table) -> str:
    """The expression of the model's field of this name, where it is not simply that name again."""
    for model in scope.writing.domain.models:
        for dataset in model.datasets:
            if folded(dataset.source) not in (folded(table.name), folded(table.full_name)):
                continue
            for each in dataset.fields:
                if folded(each.name) == folded(name) and folded(each.expression) != folded(name):
                    return each.expression
    return ""


def parsed(sql: str) -> exp.Expr:
    """A formula in ANSI SQL as a tree of the caller's own."""
    return _parsed(sql).copy()


@cache
def _parsed(sql: str) -> exp.Expr:
    return parse_one(sql)


def _combined(scope: Scope, of: Combined) -> exp.Expr:
    left, right = grouped(term(scope, of.left)), grouped(term(scope, of.right))
    if of.operator == "/":
        right = exp.Nullif(this=right, expression=number(0))
    return _OPERATORS[of.operator](this=left, expression=right)


def _part(scope: Scope, of: Part) -> exp.Expr:
    value = term(scope, of.term)
    if of.part in _CUT:
        return exp.cast(exp.TimestampTrunc(this=value, unit=exp.var(of.part.upper())), exp.DataType.Type.DATE)
    if of.part == "hour_of_time":
        return exp.TimestampTrunc(this=value, unit=exp.var("HOUR"))
    if of.part == "day":
        column = column_of(of.term)
        return value if column is not None and column.is_date else exp.cast(value, exp.DataType.Type.DATE)
    return _RECURRING[of.part](this=value)


def _bin(scope: Scope, of: Bin) -> exp.Expr:
    value: exp.Expr = grouped(term(scope, of.term))
    if of.start:
        value = exp.paren(exp.Sub(this=value, expression=number(of.start)))
    quotient = exp.Div(this=value, expression=number(of.width))
    place = exp.Floor(this=exp.Round(this=quotient, decimals=number(_DIGITS)))
    edge: exp.Expr = exp.Mul(this=exp.cast(place, exp.DataType.Type.BIGINT), expression=number(of.width))
    return exp.Add(this=edge, expression=number(of.start)) if of.start else edge


def _bands(scope: Scope, of: Bands) -> exp.Expr:
    value = grouped(term(scope, of.term))
    case = exp.Case()
    for edge, name in zip(of.edges, of.names, strict=False):
        case = case.when(exp.LT(this=value.copy(), expression=number(edge)), exp.Literal.string(name))
    last = exp.GTE(this=value.copy(), expression=number(of.edges[-1]))
    return case.when(last, exp.Literal.string(of.names[-1]))


def _moment(value: date | datetime, column: Column | None) -> exp.Expr:
    kind = exp.DataType.Type.TIMESTAMP
    if column is not None and column.base_type in ("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"):
        kind = exp.DataType.Type.TIMESTAMPTZ
    elif not isinstance(value, datetime) and (column is None or column.is_date):
        kind = exp.DataType.Type.DATE
    text = value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return exp.cast(exp.Literal.string(text), kind)
