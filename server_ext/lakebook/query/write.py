"""A reading as SQL, built as a tree by sqlglot."""

from __future__ import annotations

from datetime import date
from typing import cast

from sqlglot import exp

from lakebook.query.tables import Column, Table
from lakebook.query.understand.reading import Condition, Dimension, Measure, Period, Reading

_COMPARE: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NullSafeNEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def write(reading: Reading) -> str:
    """The SELECT that the reading means, in DuckDB's dialect."""
    source = exp.Table(
        this=exp.to_identifier(reading.table.name, quoted=_odd(reading.table.name)),
        db=exp.to_identifier(reading.table.layer),
    )
    select = exp.Select().from_(source)
    match reading.shape:
        case "values":
            select = _values(select, reading)
        case "rows":
            columns = reading.columns or None
            select = select.select(*(_column(each) for each in columns)) if columns else select.select(exp.Star())
        case _:
            select = _figures(select, reading)
    conditions = [_condition(each) for each in reading.conditions]
    if conditions:
        select = select.where(*conditions)
    if reading.limit is not None:
        select = select.limit(reading.limit)
    return select.sql("duckdb", pretty=True)


def distinct_values(table: Table, column: Column, limit: int) -> str:
    """The SELECT that lists a column's different values, at most `limit` of them."""
    source = exp.Table(this=exp.to_identifier(table.name, quoted=True), db=exp.to_identifier(table.layer))
    known = exp.not_(exp.Is(this=_column(column), expression=exp.Null()))
    return exp.Select().from_(source).select(_column(column)).distinct().where(known).limit(limit).sql("duckdb")


def _values(select: exp.Select, reading: Reading) -> exp.Select:
    columns = [_column(each) for each in reading.columns]
    return select.select(*columns).distinct().order_by(*(column.copy() for column in columns))


def _figures(select: exp.Select, reading: Reading) -> exp.Select:
    names = _aliases(reading)
    groups = [_dimension(each) for each in reading.groups]
    for tree, name in zip(groups, names, strict=False):
        select = select.select(tree if name is None else exp.alias_(tree.copy(), name, quoted=_odd(name)))
    for measure, name in zip(reading.measures, names[len(groups) :], strict=True):
        select = select.select(exp.alias_(_measure(measure), cast(str, name), quoted=_odd(cast(str, name))))
    if not groups:
        return select
    select = select.group_by(*(tree.copy() for tree in groups))
    sorts = [_sort(group, None) for group in reading.groups if group.part == "weekday"]
    if sorts:
        select = select.group_by(*(tree.copy() for tree in sorts))
    for having in reading.having:
        figure = _measure(having.measure)
        select = select.having(_COMPARE[having.operator](this=figure, expression=_number(having.value)))
    natural = [
        exp.Ordered(this=_sort(group, name), nulls_first=False)
        for group, name in zip(reading.groups, names, strict=False)
    ]
    if reading.order == "natural":
        return select.order_by(*natural)
    leading = exp.column(_identifier(cast(str, names[len(groups)])))
    first = exp.Ordered(this=leading, desc=reading.order == "desc", nulls_first=False)
    return select.order_by(first, *natural)


def _aliases(reading: Reading) -> list[str | None]:
    """The names of the result's columns; None where a column keeps its own."""
    names: list[str | None] = [group.alias if group.part else None for group in reading.groups]
    taken = {group.alias.casefold() for group in reading.groups}
    for measure in reading.measures:
        name = measure.alias
        while name.casefold() in taken:
            name += "_2"
        taken.add(name.casefold())
        names.append(name)
    return names


def _identifier(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=_odd(name))


def _odd(name: str) -> bool:
    return not name.isidentifier() or not name.isascii()


def _column(column: Column) -> exp.Column:
    return exp.column(exp.to_identifier(column.name, quoted=True))


def _dimension(dimension: Dimension) -> exp.Expr:
    column = _column(dimension.column)
    match dimension.part:
        case "":
            return column
        case "year":
            return exp.Year(this=column)
        case "day":
            return column if dimension.column.is_date else exp.cast(column, exp.DataType.Type.DATE)
        case "weekday":
            return exp.Dayname(this=column)
        case part:
            trunc = exp.TimestampTrunc(this=column, unit=exp.var(part.upper()))
            return exp.cast(trunc, exp.DataType.Type.DATE)


def _sort(dimension: Dimension, name: str | None) -> exp.Expr:
    """What rows are put in order by: the group's own name in the result, but weekdays by their number."""
    if dimension.part == "weekday":
        return exp.DayOfWeekIso(this=_column(dimension.column))
    return _column(dimension.column) if name is None else exp.column(_identifier(name))


def _measure(measure: Measure) -> exp.Expr:
    if measure.kind == "rows":
        return exp.Count(this=exp.Star())
    operand: exp.Expr = _column(measure.operand[0])
    if len(measure.operand) == 2:
        operand = exp.Mul(this=operand, expression=_column(measure.operand[1]))
    match measure.kind:
        case "distinct":
            return exp.Count(this=exp.Distinct(expressions=[operand]))
        case "sum":
            return exp.Sum(this=operand)
        case "avg":
            return exp.Avg(this=operand)
        case "median":
            return exp.Median(this=operand)
        case "stddev":
            return exp.StddevSamp(this=operand)
        case "min":
            return exp.Min(this=operand)
        case _:
            return exp.Max(this=operand)


def _condition(condition: Condition) -> exp.Expr:
    column = _column(condition.column)
    match condition.operator:
        case "in":
            return _among(column, condition.values)
        case "not in":
            unknown = exp.Is(this=column.copy(), expression=exp.Null())
            return exp.paren(exp.or_(unknown, exp.not_(_among(column, condition.values))))
        case "other":
            if len(condition.values) == 1:
                return exp.NEQ(this=column, expression=_texts(condition.values)[0])
            return exp.not_(_among(column, condition.values))
        case "weekday":
            return _among(exp.Dayname(this=column), condition.values)
        case "missing":
            return exp.Is(this=column, expression=exp.Null())
        case "present" | "known":
            return exp.not_(exp.Is(this=column, expression=exp.Null()))
        case "between":
            low, high = condition.values
            return exp.Between(this=column, low=_number(low), high=_number(high))
        case "period":
            return _period(condition.column, cast(Period, condition.values[0]))
        case operator:
            return _COMPARE[operator](this=column, expression=_number(condition.values[0]))


def _texts(values: tuple[object, ...]) -> list[exp.Expr]:
    return [exp.Literal.string(str(value)) for value in values]


def _among(column: exp.Expr, values: tuple[object, ...]) -> exp.Expr:
    texts = _texts(values)
    if len(texts) == 1:
        return exp.EQ(this=column, expression=texts[0])
    return exp.In(this=column, expressions=texts)


def _number(value: object) -> exp.Expr:
    return exp.convert(value) if isinstance(value, int | float) else exp.Literal.string(str(value))


def _period(column: Column, period: Period) -> exp.Expr:
    bounds: list[exp.Expr] = []
    if period.start:
        bounds.append(exp.GTE(this=_column(column), expression=_moment(column, period.start)))
    if period.end:
        bounds.append(exp.LT(this=_column(column), expression=_moment(column, period.end)))
    return exp.and_(*bounds)


def _moment(column: Column, day: date) -> exp.Expr:
    kind = exp.DataType.Type.DATE if column.is_date else exp.DataType.Type.TIMESTAMP
    if column.base_type in ("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"):
        kind = exp.DataType.Type.TIMESTAMPTZ
    return exp.cast(exp.Literal.string(day.isoformat()), kind)
