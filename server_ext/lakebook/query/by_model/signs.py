"""What a statement shows: aggregates, orders, negations, parts of times, the columns and the values that it uses."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

_BY_CLASS: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], str], ...] = (
    (exp.Avg, "avg"),
    ((exp.Count, exp.CountIf), "count"),
    (exp.Sum, "sum"),
    (exp.Min, "min"),
    (exp.Max, "max"),
    ((exp.Median, exp.PercentileCont, exp.PercentileDisc, exp.Quantile), "median"),
    ((exp.Stddev, exp.StddevSamp, exp.StddevPop, exp.Variance, exp.VariancePop), "stddev"),
    (exp.Corr, "corr"),
    ((exp.Div, exp.IntDiv, exp.SafeDivide), "division"),
    (exp.Distinct, "distinct"),
    (exp.Group, "group"),
    (exp.Limit, "limit"),
    ((exp.NEQ, exp.Except), "negation"),
    (exp.GT, "gt"),
    (exp.GTE, "gte"),
    (exp.LT, "lt"),
    (exp.LTE, "lte"),
    (exp.Between, "between"),
    ((exp.Lag, exp.Lead), "lag"),
    (exp.Sub, "minus"),
    (exp.Window, "window"),
    (exp.SetOperation, "union"),
    (exp.TableSample, "random"),
    (exp.Rank, "rank"),
    (exp.Year, "year"),
    (exp.Month, "month"),
    (exp.Quarter, "quarter"),
    ((exp.Week, exp.WeekOfYear), "week"),
    ((exp.Day, exp.DayOfMonth), "day"),
    ((exp.Dayname, exp.DayOfWeek, exp.DayOfWeekIso), "weekday"),
    (exp.Hour, "hour"),
    (exp.Monthname, "month"),
)
_UNITS = ("year", "quarter", "month", "week", "day", "hour")
_FORMATS = {"%Y": "year", "%m": "month", "%B": "month", "%b": "month", "%d": "day", "%H": "hour", "%A": "weekday"}
# What a statement may do besides without changing what it says.
_PLAIN = (exp.Cast, exp.TryCast, exp.Coalesce, exp.Round, exp.And, exp.Or, exp.Case, exp.If, exp.Paren, exp.Nullif)
_TIMES = (exp.TimestampTrunc, exp.DateTrunc, exp.Extract, exp.TimeToStr, exp.Date)


def signs_of(tree: exp.Expr) -> frozenset[str]:
    """Every sign that the statement shows."""
    return frozenset(sign for node in tree.walk() for sign in _signs(node))


def _signs(node: exp.Expr) -> Iterator[str]:
    known = False
    for kinds, sign in _BY_CLASS:
        if isinstance(node, kinds):
            known = True
            yield sign
    if isinstance(node, exp.Ordered):
        yield "desc" if node.args.get("desc") else "asc"
    if isinstance(node, exp.Is):
        yield "notnull" if isinstance(node.parent, exp.Not) else "null"
    elif isinstance(node, exp.Not) and not isinstance(node.this, exp.Is):
        yield "negation"
    if isinstance(node, exp.AggFunc) and not node.find(exp.Column, exp.Star):
        yield "odd"
    if isinstance(node, exp.Literal) and not node.is_string and float(node.name) == 100:
        yield "percent"
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc):
        yield str(node.args["unit"].name).lower()
    elif isinstance(node, exp.Extract):
        said = node.this.name.lower()
        yield said if said in _UNITS else "weekday" if "dow" in said else "odd"
    elif isinstance(node, exp.TimeToStr):
        yield from (sign for form, sign in _FORMATS.items() if form in node.args["format"].name)
    elif isinstance(node, exp.Func) and not known and not isinstance(node, (*_PLAIN, *_TIMES)):
        yield "odd"


def columns_of(tree: exp.Expr) -> list[exp.Column]:
    """The columns that the statement uses, but for those that only say how tables belong together."""
    found = []
    for column in tree.find_all(exp.Column):
        above = column.parent
        joins = isinstance(above, exp.EQ) and all(
            isinstance(side, exp.Column) for side in (above.this, above.expression)
        )
        if not joins and isinstance(column.this, exp.Identifier):
            found.append(column)
    return found


def texts_of(tree: exp.Expr) -> list[exp.Literal]:
    """The texts that rows are compared with or that they are shown as; not the formats of times."""
    return [
        each
        for each in tree.find_all(exp.Literal)
        if each.is_string and not isinstance(each.parent, exp.TimeToStr | exp.Interval | exp.Extract)
    ]


def numbers_of(tree: exp.Expr) -> list[exp.Literal]:
    """The numbers that rows or groups are compared with, and those of a LIMIT."""
    compared = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Limit, exp.Offset, exp.Neg)
    return [each for each in tree.find_all(exp.Literal) if not each.is_string and isinstance(each.parent, compared)]
