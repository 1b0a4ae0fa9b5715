"""Terms, conditions and figures of a reading in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from lakebook.query.reading import (
    Aggregate,
    Among,
    Beside,
    Compare,
    Condition,
    Difference,
    Either,
    Every,
    Figure,
    Has,
    Like,
    Metric,
    Missing,
    Named,
    OfTotal,
    OverGroups,
    Period,
    Ratio,
    Within,
)
from lakebook.query.tables import folded
from lakebook.query.terms import Bands, Bin, Combined, Computed, Field, Part, Scaled, Term, Thing, Value

_PARTS = {
    "month_of_year": "calendar month",
    "quarter_of_year": "quarter of the year",
    "week_of_year": "week of the year",
    "day_of_month": "day of the month",
    "hour": "hour of the day",
    "hour_of_time": "hour",
}
_AGGREGATES = {
    "distinct": "different",
    "rows": "known",
    "sum": "total",
    "avg": "average",
    "median": "median",
    "min": "least",
    "max": "greatest",
    "stddev": "standard deviation of",
    "variance": "variance of",
    "corr": "correlation of",
}
_LIKE = {"contains": "contains", "starts": "starts with", "ends": "ends with"}
_NAMES = {"name", "title", "label"}
_OF_PERSONS = {"lastname", "last_name", "surname"}  # whose title is their job


def term_words(of: Term | Thing, *, alone: bool = True) -> str:
    """A term or a thing in words; with `alone` false it is said of which table a column is."""
    match of:
        case Thing():
            return _thing(of)
        case Field():
            bare = of.column.name
            if not alone:
                names = folded(bare) in _NAMES and not any(
                    folded(each.name) in _OF_PERSONS for each in of.table.columns
                )
                bare = of.table.name if names else f"{of.table.name} {bare}"
            return f"{of.role} {bare}" if of.role else bare
        case Computed():
            return of.name
        case Combined():
            return of.name or f"{term_words(of.left)} {of.operator} {term_words(of.right)}"
        case Scaled():
            return f"{term_words(of.term)} in {of.unit}"
        case Part():
            said = _PARTS.get(of.part, of.part)
            return f"{said} of {term_words(of.term)}" if _several_times(of.term) else said
        case Bin():
            return f"{term_words(of.term)} in steps of {value_words(of.width)}"
        case Bands():
            return f"{' / '.join(of.names)} by {term_words(of.term)}"


def value_words(value: Value) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | float):
        return format(value, "f").rstrip("0").rstrip(".") if value % 1 else format(value, ".0f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    return value.isoformat() if isinstance(value, date) else str(value)


def condition_words(condition: Condition, groups: Sequence[Term | Thing] = ()) -> str:
    """A condition in words; a value of a group that is left out needs no column's name."""
    match condition:
        case Every():
            return " and ".join(condition_words(each, groups) for each in condition.conditions)
        case Either():
            return "(" + " or ".join(condition_words(each) for each in condition.conditions) + ")"
        case Among():
            return _among(condition, groups)
        case Compare():
            other = condition.value
            said = term_words(other, alone=False) if isinstance(other, Term) else value_words(other)
            return f"{_of(condition.term)} {_sign(condition.operator)} {said}"
        case Like():
            does = f"{'not ' if condition.negated else ''}{_LIKE[condition.kind]}"
            return f'{_of(condition.term)} {does} "{condition.text}"'
        case Missing():
            return f"{_of(condition.term)} is {'known' if condition.negated else 'missing'}"
        case Within():
            said = condition.period.text or period_words(condition.period)
            return f"{_of(condition.term)} {'not ' if condition.negated else ''}{said}"
        case Named():
            return f"{'not ' if condition.negated else ''}{condition.term.name}"
        case Beside():
            of_some = isinstance(condition.figure, Aggregate) and condition.figure.where is not None
            over = "the" if of_some else "the overall"
            return f"{_of(condition.term)} {_sign(condition.operator)} {over} {figure_words(condition.figure)}"
        case Has():
            return _has(condition)


def period_words(period: Period) -> str:
    """A period by its ends."""
    ends = []
    if period.start is not None:
        ends.append(f"from {value_words(period.start)}")
    if period.end is not None:
        ends.append(f"before {value_words(period.end)}")
    return " and ".join(ends)


def figure_words(figure: Figure) -> str:
    """A figure in words."""
    match figure:
        case Aggregate():
            return _aggregate(figure) + _such(figure.where)
        case Metric():
            return figure.name.replace("_", " ") + _such(figure.where)
        case Ratio():
            if figure.name:
                return figure.name
            top, bottom = figure_words(figure.top), figure_words(figure.bottom)
            return f"{top} in percent of {bottom}" if figure.percent else f"{top} per {bottom}"
        case Difference():
            said = f"{figure_words(figure.left)} less {figure_words(figure.right)}"
            return f"{said}, in percent" if figure.percent else said
        case OfTotal():
            return f"share of {figure_words(figure.figure)}{' in percent' if figure.percent else ''}"
        case OverGroups():
            groups = " and ".join(term_words(each) for each in figure.groups)
            return f"{_AGGREGATES.get(figure.kind, figure.kind)} {figure_words(figure.figure)} per {groups}"


def _aggregate(figure: Aggregate) -> str:
    if figure.of is None:
        return f"rows of {figure.table.name}"
    if isinstance(figure.of, Thing):
        return f"number of {_thing(figure.of)}"
    said = term_words(figure.of)
    if figure.names_itself:
        return said
    if figure.kind == "quantile":
        return f"{value_words(Decimal(str(figure.fraction)) * 100)} % quantile of {said}"
    if figure.kind == "corr" and figure.other is not None:
        said = f"{said} and {term_words(figure.other)}"
    kind = _AGGREGATES[figure.kind]
    return f"sum of {said}" if folded(said).startswith("total") and kind == "total" else f"{kind} {said}"


def _several_times(of: Term) -> bool:
    return isinstance(of, Field) and sum(column.is_time for column in of.table.columns) > 1


def _such(condition: Condition | None) -> str:
    return "" if condition is None else f" ({condition_words(condition)})"


def _thing(thing: Thing) -> str:
    if len(thing.key) == 1 and isinstance(thing.key[0], Field) and not thing.labels:
        key = thing.key[0].column.name
        own = folded(key).removesuffix("id") == folded(thing.table.name)
        return thing.role or (thing.table.name if own else key)
    if len(thing.key) == 1 and isinstance(thing.key[0], Field) and not thing.role and thing.key[0].repeats:
        beside = " and ".join(term_words(each) for each in thing.labels if each not in thing.key)
        return f"{term_words(thing.key[0])} (with {beside})" if beside else term_words(thing.key[0])
    others = [each.table.name for each in thing.labels if isinstance(each, Field) and each.table != thing.table]
    beside = f" (with {' and '.join(dict.fromkeys(others))})" if others else ""
    return (thing.role or thing.table.name) + beside


def _of(of: Term) -> str:
    inner = of
    while not isinstance(inner, Field | Computed | Combined):
        inner = inner.term
    named = isinstance(inner, Field) and folded(inner.column.name) in _NAMES
    return term_words(of, alone=not (named and of is inner))


def _among(condition: Among, groups: Sequence[Term | Thing]) -> str:
    said = " or ".join(dict.fromkeys(value_words(each).strip() for each in condition.values))
    grouped = condition.term in groups or any(condition.term in (*each.key, *each.labels) for each in _things(groups))
    if condition.negated and grouped:
        return f"without {said}"
    return f"{_of(condition.term)} {'≠' if condition.negated else '='} {said}"


def _things(groups: Sequence[Term | Thing]) -> list[Thing]:
    return [each for each in groups if isinstance(each, Thing)]


def _has(condition: Has) -> str:
    what = _thing(condition.of)
    such = f" where {condition_words(condition.where)}" if condition.where is not None else ""
    if condition.only:
        return f"{'not ' if condition.negated else ''}only with {what}{such}"
    return f"{'without any' if condition.negated else 'with'} {what}{such}"


def _sign(operator: str) -> str:
    return {"<=": "≤", ">=": "≥", "<>": "≠"}.get(operator, operator)
