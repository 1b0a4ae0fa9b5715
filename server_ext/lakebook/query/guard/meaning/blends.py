"""Choices between values, and aggregates of some rows only."""

from __future__ import annotations

from sqlglot import exp

from lakebook.query.guard.meaning.numbers import scale
from lakebook.query.guard.meaning.texts import beside
from lakebook.query.guard.meaning.typed import (
    Differs,
    Kind,
    family,
    is_decimal,
    is_fraction,
    is_whole,
    of_type,
    require,
)
from lakebook.query.guard.meaning.typed import whole as whole_number


def chosen(node: exp.Case, _engine: str) -> exp.Expr:
    """CASE: all results of one family."""
    if node.this is not None:
        for each in node.args["ifs"]:
            beside(node.this, each.this)
    results = [each.args["true"] for each in node.args["ifs"]]
    default = node.args.get("default")
    return _blend(node, [*results, default] if default is not None else results)


def first_known(node: exp.Coalesce, _engine: str) -> exp.Expr:
    """The first value that is not NULL."""
    node.set("is_nvl", None)
    return _blend(node, [node.this, *node.expressions])


def unless(node: exp.Nullif, _engine: str) -> exp.Expr:
    """NULL where both are equal."""
    beside(node.this, node.expression)
    node.type = node.this.type
    return node


def same(node: exp.Func, _engine: str) -> exp.Expr:
    """One of the argument's values, or the value itself: it has the argument's type."""
    node.type = node.this.type or node.type
    require(family(node) != "unknown", "The type of a value is not known.")
    return node


def _blend(node: exp.Expr, values: list[exp.Expr]) -> exp.Expr:
    """Give the node the type that DuckDB gives to a choice of these values."""
    known = [each for each in values if family(each) != "null"]
    for each in known[1:]:
        beside(known[0], each)
    if not known:
        return of_type(node, Kind.NULL)
    if any(is_fraction(each) for each in known):
        return of_type(node, Kind.DOUBLE)
    if any(is_decimal(each) for each in known):
        node.type = exp.DataType.build(f"DECIMAL(38, {max(scale(each) for each in known)})")
        return node
    if all(is_whole(each) for each in known):
        return of_type(node, Kind.BIGINT)
    node.type = next((each.type for each in known if each.type is not None and not each.is_type(Kind.DATE)),
                     known[0].type)  # fmt: skip
    return node


def counted(node: exp.Count, _engine: str) -> exp.Expr:
    """Rows, values or different values of one expression."""
    inner = node.this
    if isinstance(inner, exp.Distinct):
        require(len(inner.expressions) == 1 and not isinstance(inner.expressions[0], exp.Tuple),
                "Different pairs are counted differently.")  # fmt: skip
    require(not node.expressions, "Only one expression is counted.")
    return of_type(node, Kind.BIGINT)


def counted_if(node: exp.CountIf, _engine: str) -> exp.Expr:
    """How often a condition holds."""
    case = exp.Case(ifs=[exp.If(this=node.this, true=whole_number(1))])
    return of_type(exp.Count(this=case), Kind.BIGINT)


def filtered(node: exp.Filter, _engine: str) -> exp.Expr:
    """FILTER as CASE inside of the aggregate: Snowflake has none."""
    aggregate: exp.Expr = node.this
    condition = node.expression.this
    if isinstance(aggregate, exp.WithinGroup):
        ordered = aggregate.expression.expressions[0]
        ordered.set("this", _where(condition, ordered.this))
    elif isinstance(aggregate, exp.Anonymous):
        aggregate.set("expressions", [_where(condition, aggregate.expressions[0]), *aggregate.expressions[1:]])
    elif isinstance(aggregate.this, exp.Distinct):
        aggregate.this.set("expressions", [_where(condition, aggregate.this.expressions[0])])
    elif isinstance(aggregate, exp.AggFunc) and aggregate.args.get("expression") is None:
        operand = whole_number(1) if isinstance(aggregate.this, exp.Star) else aggregate.this
        aggregate.set("this", _where(condition, operand))
    else:
        raise Differs("This aggregate may have no filter.")
    aggregate.type = node.type if aggregate.type is None else aggregate.type
    return aggregate


def _where(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    case = exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())])
    case.type = value.type
    return case


def windowed(node: exp.Window, _engine: str) -> exp.Expr:
    """A window with an order gets its frame written out: engines do not agree on the frame that none means."""
    function = node.this
    ranks = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile, exp.PercentRank, exp.CumeDist, exp.Lag, exp.Lead)
    if node.args.get("order") and not node.args.get("spec") and not isinstance(function, ranks):
        node.set("spec", exp.WindowSpec(kind="RANGE", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"))
    node.type = function.type
    return node
