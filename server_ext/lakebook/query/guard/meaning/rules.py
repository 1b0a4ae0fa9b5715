"""Which rule says what each construct of DuckDB's SQL means elsewhere; what has none is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from lakebook.query.guard.allowed import listed
from lakebook.query.guard.meaning import blends, numbers, texts, times
from lakebook.query.guard.meaning.typed import (
    PLAIN_POINT,
    TEXT,
    WHOLE,
    Differs,
    Kind,
    family,
    is_time,
    of_type,
    require,
)

Rule = Callable[[Any, str], exp.Expr]

# What is written and means the same everywhere, with nothing to check or to change.
ALIKE = listed(
    """
    Alias And Boolean Column CTE DataType DataTypeParam Distinct Exists From Group Having Identifier If Interval Is
    Limit Literal Not Null Offset Or Ordered Paren Qualify Select Star Subquery Table TableAlias Tuple Union Except
    Intersect Var Where WindowSpec With Join Order WithinGroup RowNumber Rank DenseRank Ntile PercentRank CumeDist
    """
)


def _plus(node: exp.Add | exp.Sub, engine: str) -> exp.Expr:
    return times.moved(node, engine) if is_time(node.this) else numbers.arithmetic(node, engine)


def _cast(node: exp.Cast, engine: str) -> exp.Expr:
    target = node.to.this
    require(type(node) is exp.Cast, "A cast that may fail is not the same in every engine.")
    if target in TEXT:
        found = texts.cast_text(node, engine)
    elif target is Kind.DATE or target in PLAIN_POINT:
        found = times.cast_time(node, engine)
    elif target in WHOLE or target in (Kind.DOUBLE, Kind.DECIMAL):
        countable = {"number", "null"} | ({"boolean"} if target in WHOLE else set())
        require(family(node.this) in countable, "Only numbers are turned into numbers.")
        found = numbers.cast_number(node, engine)
    else:
        raise Differs(f"A cast to {node.to.sql('duckdb')} is not the same in every engine.")
    found.type = node.to
    return found


def _list(node: exp.Array, _engine: str) -> exp.Expr:
    require(isinstance(node.parent, exp.Anonymous), "Lists are counted and kept differently.")
    return node


def _literal(node: exp.Literal, _engine: str) -> exp.Expr:
    if node.is_string:
        return of_type(node, Kind.TEXT)
    if "e" in node.name.lower():
        return of_type(node, Kind.DOUBLE)
    places = len(node.name.partition(".")[2])
    node.type = exp.DataType.build(f"DECIMAL(38, {places})" if places else "BIGINT", dialect="duckdb")
    return node


def _in_parentheses(node: exp.Paren, _engine: str) -> exp.Expr:
    node.type = node.this.type
    return node


def _scalar(node: exp.Subquery, _engine: str) -> exp.Expr:
    query = node.unnest()
    if isinstance(query, exp.Query) and len(query.selects) == 1:
        node.type = query.selects[0].type
    return node


def _join(node: exp.Join, engine: str) -> exp.Expr:
    kind, method = node.kind.upper(), node.method.upper()
    require(method == "" and kind in ("", "INNER", "OUTER", "CROSS"), "This kind of join is not in every engine.")
    require(not isinstance(node.this, exp.Lateral), "Lateral joins are not the same in every engine.")
    del engine
    return node


def _order(node: exp.Order, _engine: str) -> exp.Expr:
    for each in node.expressions:
        require(not (isinstance(each.this, exp.Column) and each.this.name.upper() == "ALL" and not each.this.table)
                and not isinstance(each.this, exp.Var | exp.All), "Write the columns to order by.")  # fmt: skip
        each.set("nulls_first", bool(each.args.get("nulls_first")))
    return node


def _limit(node: exp.Limit, _engine: str) -> exp.Expr:
    plain = isinstance(node.expression, exp.Literal) and node.expression.is_int and not node.args.get("limit_options")
    require(plain, "A limit must be a whole number.")
    return node


def _set_operation(node: exp.SetOperation, _engine: str) -> exp.Expr:
    require(not node.args.get("by_name"), "Queries are put together by place, not by name.")
    require(isinstance(node, exp.Union) or bool(node.args.get("distinct")), "EXCEPT ALL is not in every engine.")
    return node


def _with(node: exp.With, _engine: str) -> exp.Expr:
    require(not node.args.get("recursive"), "Recursive queries are not the same in every engine.")
    for each in node.expressions:
        each.set("materialized", None)
    return node


def _select(node: exp.Select, _engine: str) -> exp.Expr:
    distinct = node.args.get("distinct")
    require(distinct is None or not distinct.args.get("on"), "DISTINCT ON is not in every engine.")
    require(not node.args.get("sample"), "Samples are not the same in every engine.")
    require(not node.args.get("windows"), "Write each window where it is used.")
    return node


def _rank(node: exp.Func, _engine: str) -> exp.Expr:
    return of_type(node, Kind.DOUBLE if isinstance(node, exp.PercentRank | exp.CumeDist) else Kind.BIGINT)


def _truth(node: exp.Expr, _engine: str) -> exp.Expr:
    return of_type(node, Kind.BOOLEAN)


RULES: dict[type[exp.Expr], Rule] = {
    exp.Add: _plus, exp.Sub: _plus, exp.Mul: numbers.arithmetic, exp.Div: numbers.divide, exp.Mod: numbers.modulo,
    exp.IntDiv: numbers.whole_divide, exp.Neg: numbers.same_number, exp.Avg: numbers.average, exp.Sum: numbers.total,
    exp.Stddev: numbers.deviation, exp.StddevSamp: numbers.deviation, exp.StddevPop: numbers.deviation,
    exp.Variance: numbers.deviation, exp.VariancePop: numbers.deviation, exp.Corr: numbers.correlation,
    exp.Median: numbers.median, exp.PercentileCont: numbers.quantile, exp.Round: numbers.rounded,
    exp.Floor: numbers.floor, exp.Ceil: numbers.floor, exp.Log: numbers.logarithm, exp.Ln: numbers.natural_logarithm,
    exp.Abs: numbers.same_number, exp.Sqrt: numbers.as_double, exp.Exp: numbers.as_double, exp.Pow: numbers.as_double,
    exp.Year: times.part, exp.Quarter: times.part, exp.Month: times.part, exp.Day: times.part,
    exp.DayOfMonth: times.part, exp.DayOfYear: times.part, exp.Hour: times.part, exp.Minute: times.part,
    exp.Extract: times.extract, exp.DayOfWeek: times.weekday, exp.DayOfWeekIso: times.iso_weekday,
    exp.Week: times.week, exp.WeekOfYear: times.week, exp.Dayname: times.day_name, exp.Monthname: times.month_name,
    exp.TimestampTrunc: times.truncated, exp.DateTrunc: times.truncated, exp.DateDiff: times.difference,
    exp.TimeToStr: times.formatted, exp.LastDay: times.last_day,
    exp.EQ: texts.compared, exp.NEQ: texts.compared, exp.LT: texts.compared, exp.LTE: texts.compared,
    exp.GT: texts.compared, exp.GTE: texts.compared, exp.NullSafeEQ: texts.compared, exp.NullSafeNEQ: texts.compared,
    exp.In: texts.among, exp.Between: texts.between, exp.Like: texts.pattern, exp.ILike: texts.pattern,
    exp.DPipe: texts.joined, exp.Concat: texts.concatenated, exp.Lower: texts.text, exp.Upper: texts.text,
    exp.Replace: texts.text, exp.Trim: texts.trimmed, exp.Length: texts.length, exp.Substring: texts.part_of_text,
    exp.Left: texts.part_of_text, exp.Right: texts.part_of_text, exp.Contains: texts.contained,
    exp.StartsWith: texts.contained, exp.EndsWith: texts.contained, exp.Anonymous: texts.place_in_list,
    exp.Case: blends.chosen, exp.Coalesce: blends.first_known, exp.Nullif: blends.unless, exp.Min: blends.same,
    exp.Max: blends.same, exp.Lag: blends.same, exp.Lead: blends.same, exp.FirstValue: blends.same,
    exp.LastValue: blends.same, exp.Count: blends.counted, exp.CountIf: blends.counted_if,
    exp.Filter: blends.filtered, exp.Window: blends.windowed,
    exp.Cast: _cast, exp.TryCast: _cast, exp.Literal: _literal, exp.Paren: _in_parentheses, exp.Subquery: _scalar,
    exp.Join: _join, exp.Order: _order, exp.Limit: _limit, exp.Union: _set_operation, exp.Except: _set_operation,
    exp.Intersect: _set_operation, exp.With: _with, exp.Select: _select, exp.RowNumber: _rank, exp.Rank: _rank,
    exp.DenseRank: _rank, exp.Ntile: _rank, exp.PercentRank: _rank, exp.CumeDist: _rank, exp.And: _truth,
    exp.Array: _list, exp.Or: _truth, exp.Not: _truth, exp.Is: _truth, exp.Exists: _truth,
}  # fmt: skip


def said_in(node: exp.Expr, engine: str) -> exp.Expr:
    """The node as the engine says it, with the type that DuckDB gives it; raises Differs where there is no way."""
    rule = RULES.get(type(node))
    if rule is not None:
        return rule(node, engine)
    if type(node).__name__ not in ALIKE:
        raise Differs(f"{_called(node)} is not known to mean the same in every engine.")
    return node


def _called(node: exp.Expr) -> str:
    return f"The function {node.sql_name().lower()!r}" if isinstance(node, exp.Func) else type(node).__name__
