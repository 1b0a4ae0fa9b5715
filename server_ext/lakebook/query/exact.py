"""Make sums and averages of binary fractions independent of the order of the rows, visibly."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

_MARK = "aggregate"
_INEXACT = (exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT)


def spell_averages(statement: exp.Expr) -> None:
    """Write `mean` as `avg`, in place."""
    for node in list(statement.find_all(exp.Anonymous)):
        if node.name.lower() == "mean" and len(node.expressions) == 1:
            node.replace(exp.Avg(this=node.expressions[0].copy()))


def mark_aggregates(statement: exp.Expr) -> None:
    """Number the sums and averages, so that they are found again in a bound copy."""
    for number, node in enumerate(statement.find_all(exp.Sum, exp.Avg)):
        node.meta[_MARK] = number


def sum_exactly(statement: exp.Expr, typed: Sequence[exp.Expr]) -> None:
    """Replace `sum` by `fsum` and `avg` by `fsum / count` in place, where a typed copy says DOUBLE or FLOAT."""
    inexact = {
        node.meta.get(_MARK)
        for copy in typed
        for node in copy.find_all(exp.Sum, exp.Avg)
        if _argument(node).type is not None and _argument(node).is_type(*_INEXACT)
    }
    nodes = list(statement.find_all(exp.Sum, exp.Avg))
    # The binder may put a reference to a projection in place of a repeated aggregate: the repeats go by their text.
    repeated = {node.sql("duckdb") for node in nodes if node.meta.get(_MARK) in inexact}
    for node in nodes:
        if node.meta.get(_MARK) in inexact or node.sql("duckdb") in repeated:
            _keep_name(node)
            if isinstance(node, exp.Sum):
                node.replace(_call("fsum", node))
            elif node.find_ancestor(exp.Pivot):
                node.replace(_call("favg", node))  # a pivot takes single aggregates, not quotients of them
            else:
                _divide(node)


def _argument(node: exp.Expr) -> exp.Expr:
    inner: exp.Expr = node.this
    if isinstance(inner, exp.Distinct) and inner.expressions:
        inner = inner.expressions[0]
    return inner


def _call(name: str, node: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[node.this.copy()])


def _keep_name(node: exp.Expr) -> None:
    """A projection without a name keeps the one it would have had."""
    projection: exp.Expr = node
    while projection.parent is not None and not isinstance(projection.parent, exp.Query):
        projection = projection.parent
    select = projection.parent
    if not isinstance(select, exp.Select) or not any(projection is item for item in select.expressions):
        return
    if isinstance(projection, exp.Alias):
        return
    name = projection.sql("duckdb", normalize_functions="lower")
    alias = exp.Alias(alias=exp.to_identifier(name, quoted=True))
    projection.replace(alias)
    alias.set("this", projection)


def _divide(average: exp.Expr) -> None:
    """Put fsum / count in place of the average, each with the filter and the window that the average had."""
    whole = average
    while isinstance(whole.parent, exp.Filter | exp.Window) and whole.parent.this is whole:
        whole = whole.parent
    total, count = whole.copy(), whole.copy()
    quotient = exp.Div(
        this=_swap(total, _call("fsum", average)), expression=_swap(count, exp.Count(this=average.this.copy()))
    )
    whole.replace(exp.Paren(this=quotient))


def _swap(whole: exp.Expr, aggregate: exp.Expr) -> exp.Expr:
    inner = whole
    while isinstance(inner, exp.Filter | exp.Window):
        inner = inner.this
    if inner is whole:
        return aggregate
    inner.replace(aggregate)
    return whole
