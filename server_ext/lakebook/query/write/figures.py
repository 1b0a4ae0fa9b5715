"""Figures as aggregates over the rows of a scope, and figures made of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from lakebook.errors import NotConnected
from lakebook.query.reading import Aggregate, Difference, Figure, Metric, OfTotal, OverGroups, Ratio
from lakebook.query.tables import Table, folded
from lakebook.query.terms import Scaled, Term, Thing
from lakebook.query.write.conditions import Conditions
from lakebook.query.write.scope import Scope
from lakebook.query.write.terms import bound, column_of, grouped, leaves, number, parsed, term
from lakebook.query.write.things import is_row
from lakebook.query.write.ways import Ways

Leaf = Aggregate | Metric | OverGroups | OfTotal

_AGGREGATES: dict[str, type[exp.AggFunc]] = {
    "sum": exp.Sum,
    "avg": exp.Avg,
    "median": exp.Median,
    "min": exp.Min,
    "max": exp.Max,
    "stddev": exp.StddevSamp,
    "variance": exp.Variance,
}
# The engine gives the middle of two DECIMAL values in their own scale, cut off.
_BETWEEN_VALUES = {"median", "quantile"}
HUNDRED = 100


def leaves_of(figure: Figure) -> Iterator[Leaf]:
    """The figures that are computed over rows, of which this one is made."""
    match figure:
        case Ratio():
            yield from leaves_of(figure.top)
            yield from leaves_of(figure.bottom)
        case Difference():
            yield from leaves_of(figure.left)
            yield from leaves_of(figure.right)
        case OfTotal():
            yield from leaves_of(figure.figure)
            yield figure
        case _:
            yield figure


def combined(figure: Figure, value: Callable[[Leaf], exp.Expr]) -> exp.Expr:
    """The figure out of the values of its leaves."""
    match figure:
        case Ratio():
            top, bottom = combined(figure.top, value), combined(figure.bottom, value)
            if figure.percent:
                top = _zeroed(figure.top, value)
            return _divided(top, bottom, percent=figure.percent)
        case Difference():
            left, right = (_zeroed(each, value) for each in (figure.left, figure.right))
            less = exp.Sub(this=grouped(left), expression=grouped(right))
            return _divided(exp.paren(less), right.copy(), percent=True) if figure.percent else less
        case OfTotal():
            return _divided(combined(figure.figure, value), value(figure), percent=figure.percent)
        case _:
            return value(figure)


def compared(figure: Figure, value: Callable[[Leaf], exp.Expr]) -> exp.Expr:
    """The figure where it stands beside another one: a sum of no rows is 0 there."""
    return _zeroed(figure, value)


def is_sum(figure: Figure) -> bool:
    """Whether the figure of no rows at all is 0."""
    match figure:
        case Aggregate():
            return figure.kind in ("sum", "rows", "distinct")
        case Metric():
            return isinstance(parsed(figure.sql).unnest(), exp.Sum | exp.Count)
        case OverGroups():
            return figure.kind == "sum"
        case _:
            return False


def base_of(figure: Leaf, ways: Ways) -> Table:
    """The table whose rows the figure is computed over; raises NotConnected where no table has one row for each."""
    match figure:
        case Aggregate():
            return _base((figure.table, *_tables(figure)), ways)
        case Metric():
            return _base(figure.tables, ways)
        case _:
            return base_of(next(leaves_of(figure.figure)), ways)


def leaf(conditions: Conditions, scope: Scope, figure: Aggregate | Metric) -> exp.Expr:
    """The aggregate over the scope's rows."""
    such = conditions.all(scope, [figure.where]) if figure.where is not None else []
    if isinstance(figure, Metric):
        return _metric(scope, figure, such)
    if isinstance(figure.of, Scaled) and figure.kind in _AGGREGATES and figure.kind != "variance":
        plain = _filtered(_aggregate(scope, figure, figure.of.term), such)
        return exp.Div(this=plain, expression=number(figure.of.divisor))
    return _filtered(_aggregate(scope, figure, figure.of), such)


def _aggregate(scope: Scope, figure: Aggregate, of: Term | Thing | None) -> exp.Expr:
    if isinstance(of, Thing):
        return _count_of(scope, figure, of)
    if of is None:
        return exp.Count(this=exp.Star(), big_int=True)
    value = term(scope, of)
    if figure.kind in _BETWEEN_VALUES and _is_decimal(of):
        value = exp.cast(value, exp.DataType.Type.DOUBLE)
    match figure.kind:
        case "rows":
            return exp.Count(this=value, big_int=True)
        case "distinct":
            return exp.Count(this=exp.Distinct(expressions=[value]), big_int=True)
        case "quantile":
            return exp.PercentileCont(this=value, expression=number(figure.fraction))
        case "corr":
            if figure.other is None:
                raise NotConnected("A correlation needs two columns.")
            return exp.Corr(this=value, expression=term(scope, figure.other))
        case kind:
            return _AGGREGATES[kind](this=value)


def aggregated(kind: str, value: exp.Expr) -> exp.Expr:
    """A figure of figures."""
    if kind in _BETWEEN_VALUES:
        value = exp.cast(value, exp.DataType.Type.DOUBLE)
    return _AGGREGATES[kind](this=value)


def _count_of(scope: Scope, figure: Aggregate, thing: Thing) -> exp.Expr:
    """How many different things the rows name."""
    one_a_row = thing.table.full_name == scope.root.full_name and not thing.role
    if one_a_row and is_row(thing, scope.writing.domain):
        return exp.Count(this=exp.Star(), big_int=True)
    if figure.kind not in ("rows", "distinct"):
        raise NotConnected("Only a count may be of things.")
    key = [term(scope, each) for each in thing.key]
    values = key if len(key) == 1 else [exp.Tuple(expressions=key)]
    return exp.Count(this=exp.Distinct(expressions=values), big_int=True)


def _metric(scope: Scope, figure: Metric, such: list[exp.Expr]) -> exp.Expr:
    tables = {folded(table.name): table for table in figure.tables}
    for model in scope.writing.domain.models:
        for dataset in model.datasets:
            for table in figure.tables:
                if folded(dataset.source) in (folded(table.name), folded(table.full_name)):
                    tables.setdefault(folded(dataset.name), table)
    alone = figure.tables[0] if len(figure.tables) == 1 else None
    tree = bound(scope, parsed(figure.sql), tables, alone)
    return tree.transform(lambda node: _counting(node, such)) if such else tree


def _counting(node: exp.Expr, such: list[exp.Expr]) -> exp.Expr:
    """An aggregate of a metric, over the rows that count."""
    if isinstance(node, exp.Filter):
        return _filtered(node.this.copy(), [node.expression.this.copy(), *(each.copy() for each in such)])
    return _filtered(node.copy(), [each.copy() for each in such]) if isinstance(node, exp.AggFunc) else node


def _filtered(aggregate: exp.Expr, such: list[exp.Expr]) -> exp.Expr:
    return exp.Filter(this=aggregate, expression=exp.Where(this=exp.and_(*such))) if such else aggregate


def _base(tables: tuple[Table, ...], ways: Ways) -> Table:
    """The table with one row of each of the others for a row of its own."""
    for table in tables:
        if all(not any(step.fans_out for step in ways.path(table, other)) for other in tables):
            return table
    raise NotConnected(f"No table has one row for each of {' and '.join(table.name for table in tables)}.")


def _tables(figure: Aggregate) -> Iterator[Table]:
    for of in (figure.of, figure.other):
        if isinstance(of, Thing):
            yield of.table
        elif of is not None:
            yield from (each.table for each in leaves(of))


def _is_decimal(of: Term) -> bool:
    column = column_of(of)
    return column is None or column.base_type in ("DECIMAL", "NUMERIC")


def _zeroed(figure: Figure, value: Callable[[Leaf], exp.Expr]) -> exp.Expr:
    found = combined(figure, value)
    counts = isinstance(figure, Aggregate) and figure.kind != "sum"
    return _or_zero(found) if is_sum(figure) and not counts else found


def _or_zero(found: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=found, expressions=[number(0)])


def _divided(top: exp.Expr, bottom: exp.Expr, *, percent: bool) -> exp.Expr:
    quotient = exp.Div(this=grouped(top), expression=exp.Nullif(this=bottom, expression=number(0)))
    return exp.Mul(this=number(HUNDRED), expression=exp.paren(quotient)) if percent else quotient
