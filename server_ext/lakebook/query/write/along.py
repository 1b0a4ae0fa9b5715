"""A figure along time: its difference or growth from group to group, or its running total."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlglot import exp

from lakebook.errors import NotConnected
from lakebook.query.reading import Along, Condition, Every, Period, Reading, Within
from lakebook.query.terms import Part, Term, Thing
from lakebook.query.write.figures import HUNDRED
from lakebook.query.write.grouped import shown
from lakebook.query.write.names import distinct_names
from lakebook.query.write.order import Sort, in_order
from lakebook.query.write.scope import Writing, column, identifier
from lakebook.query.write.terms import literal, number, sort_key

_NAMES = {"difference": "change", "growth": "growth_percent", "running": "running_total"}


def along(writing: Writing, reading: Reading) -> exp.Select:
    """The statement of a reading along time."""
    asked = reading.along or Along("running")
    time = _time(reading)
    where, first = _from_before(reading.where, time) if asked.kind != "running" else (reading.where, None)
    groups = shown(writing, replace(reading, where=where, order=(), limit=None, each=(), columns=()))
    names = [name for name in groups.names if name]
    alias = writing.name("step")
    keys = {name: column(alias, name) for name in names}
    at = keys[next(name for key, name in zip(groups.keys, groups.names, strict=True) if key.term == time)]
    others = [each for each in keys.values() if each is not at]
    select = exp.Select().from_(groups.select.subquery(alias)).select(*(each.copy() for each in keys.values()))
    select = select.where(exp.not_(exp.Is(this=at.copy(), expression=exp.Null())))
    changes = []
    wanted = distinct_names([_name(asked, name, len(groups.figure_names)) for name in groups.figure_names])
    for name, change_name in zip(groups.figure_names, wanted, strict=True):
        figure = column(alias, name)
        change = _change(asked.kind, figure, at, others)
        select = select.select(figure.copy()) if asked.show_figure else select
        select = select.select(exp.alias_(change.copy(), identifier(change_name)))
        changes.append(change)
    kept: list[exp.Expr] = [exp.GTE(this=at.copy(), expression=first)] if first is not None else []
    if asked.kind != "running" and not asked.show_figure:
        before = _window(exp.Lag(this=column(alias, groups.figure_names[0])), at, others)
        kept.append(exp.not_(exp.Is(this=before, expression=exp.Null())))
    if kept:
        select.set("qualify", exp.Qualify(this=exp.and_(*kept)))
    descending = [each.descending for each in reading.order if not isinstance(each.by, Term)]
    sorts = [Sort(changes[0], descending[0], wanted[0])] if descending else []
    sorts += [Sort(each) for each in others] + [Sort(sort_key(time, at))]
    return in_order(select, sorts, reading.limit)


def _name(asked: Along, figure: str, number_of: int) -> str:
    return _NAMES[asked.kind] if number_of == 1 else f"{_NAMES[asked.kind]}_of_{figure}"


def _time(reading: Reading) -> Term:
    terms = [each for each in reading.groups if not isinstance(each, Thing)]
    times = [each for each in terms if isinstance(each, Part)]
    if not terms:
        raise NotConnected("A change from one time to the next needs a time to group by.")
    return (times or terms)[-1]


def _change(kind: str, figure: exp.Expr, at: exp.Expr, others: list[exp.Column]) -> exp.Expr:
    if kind == "running":
        return _window(exp.Sum(this=figure.copy()), at, others)
    before = _window(exp.Lag(this=figure.copy()), at, others)
    less = exp.Sub(this=figure.copy(), expression=before)
    if kind == "difference":
        return less
    quotient = exp.Div(this=exp.paren(less), expression=exp.Nullif(this=before.copy(), expression=number(0)))
    return exp.Mul(this=number(HUNDRED), expression=exp.paren(quotient))


def _window(figure: exp.Expr, at: exp.Expr, others: list[exp.Column]) -> exp.Expr:
    order = exp.Order(expressions=[exp.Ordered(this=at.copy(), nulls_first=False)])
    window = exp.Window(this=figure, order=order)
    if others:
        window.set("partition_by", [each.copy() for each in others])
    return window


def _from_before(where: Condition | None, time: Term) -> tuple[Condition | None, exp.Expr | None]:
    """The condition with all that lies before its period, to compare the first with, and where the result starts."""
    parts = list(where.conditions) if isinstance(where, Every) else [where] if where else []
    for place, each in enumerate(parts):
        if not (isinstance(each, Within) and isinstance(time, Part) and each.term == time.term and not each.negated):
            continue
        start = each.period.start
        if start is None or time.part not in ("year", "quarter", "month") or start.day != 1:
            continue
        period = Period(None, each.period.end, each.period.text)
        parts[place : place + 1] = [replace(each, period=period)] if period.end is not None else []
        first = number(start.year) if time.part == "year" else literal(_day(start))
        return (Every(tuple(parts)) if parts else None), first
    return where, None


def _day(start: date | datetime) -> date:
    return start.date() if isinstance(start, datetime) else start
