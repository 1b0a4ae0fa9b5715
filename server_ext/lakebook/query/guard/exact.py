"""Make figures exact, visibly: sums of binary fractions in any order of rows, the middle between two decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

_MARK = "aggregate"
_INEXACT = (exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT)
_SUMMED = (exp.Sum, exp.Avg)
_MIDDLE = (exp.Median, exp.PercentileCont)


def spell_averages(nodes: Sequence[exp.Expr]) -> list[exp.Expr]:
    """A statement's nodes with `mean` written as `avg`, in place."""
    return [_average(node) if isinstance(node, exp.Anonymous) else node for node in nodes]


def _average(node: exp.Anonymous) -> exp.Expr:
    if node.name.lower() != "mean" or len(node.expressions) != 1:
        return node
    average = exp.Avg()
    node.replace(average)
    average.set("this", node.expressions[0])
    return average


def mark_aggregates(nodes: Iterable[exp.Expr]) -> list[exp.Expr]:
    """Number what may need to be written otherwise, so that it is found again in a bound copy; returns it."""
    marked: list[exp.Expr] = [node for node in nodes if isinstance(node, (*_SUMMED, *_MIDDLE))]
    for number, node in enumerate(marked):
        node.meta[_MARK] = number
    return marked


def sum_exactly(nodes: Sequence[exp.Expr], typed: Sequence[exp.Expr]) -> None:
    """Rewrite the aggregates of a statement in place, by the types of a typed copy.

    Over DOUBLE and FLOAT `sum` becomes `fsum` and `avg` becomes `fsum / count`; the median and quantiles of DECIMAL
    become those of DOUBLE, since DuckDB would cut off what lies between two values.
    """
    marked = [node for copy in typed for node in copy.find_all(*_SUMMED, *_MIDDLE)]
    inexact = {node.meta.get(_MARK) for node in marked if isinstance(node, _SUMMED) and _is_of(node, *_INEXACT)}
    decimal = {node.meta.get(_MARK) for node in marked if isinstance(node, _MIDDLE) and _is_decimal(node)}
    if not inexact | decimal:
        return
    # The binder may put a reference to a projection in place of a repeated aggregate: the repeats go by their text.
    repeated = {node.sql("duckdb") for node in nodes if node.meta.get(_MARK) in inexact | decimal}
    for node in nodes:
        if node.meta.get(_MARK) not in inexact | decimal and node.sql("duckdb") not in repeated:
            continue
        _keep_name(node)
        if isinstance(node, _MIDDLE):
            node.set("this", exp.cast(node.this.copy(), exp.DataType.Type.DOUBLE))
        elif isinstance(node, exp.Sum):
            node.replace(_call("fsum", node))
        elif node.find_ancestor(exp.Pivot):
            node.replace(_call("favg", node))  # a pivot takes single aggregates, not quotients of them
        else:
            _divide(node)


def _is_of(node: exp.Expr, *types: exp.DType) -> bool:
    argument = _argument(node)
    return argument.type is not None and argument.is_type(*types)


def _is_decimal(node: exp.Expr) -> bool:
    """Whether it is `median(x)` or `quantile_cont(x, …)` of decimals; the form WITHIN GROUP names its values later."""
    is_call = isinstance(node, exp.Median) or node.args.get("expression") is not None
    return is_call and _is_of(node, exp.DataType.Type.DECIMAL)


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
