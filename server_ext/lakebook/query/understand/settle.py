"""From drafts to readings: what a draft must have to mean one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.tables import Column
from lakebook.query.understand.draft import Draft, Span
from lakebook.query.understand.names import is_identifier
from lakebook.query.understand.nouns import is_additive
from lakebook.query.understand.reading import Condition, Dimension, Period, Reading, Trace
from lakebook.query.understand.scope import Scope


def settled(scope: Scope, draft: Draft, question: str) -> Iterator[Reading]:
    """The readings of a finished draft: none where it is not sound, several where it is open."""
    if not _sound(scope, draft):
        return
    yield _reading(scope, draft, question)
    for column in draft.together:
        group = Dimension(column)
        if draft.shape in ("", "groups") and group not in draft.groups:
            apart = replace(draft, shape="groups", groups=(*draft.groups, group), together=())
            if _sound(scope, apart):
                yield _reading(scope, apart, question)


def _sound(scope: Scope, draft: Draft) -> bool:
    return (
        _shape_fits(draft)
        and _periods_meet(draft)
        and not _blurs_rows_and_sums(draft)
        and not _averages_per_thing(scope, draft)
    )


def _shape_fits(draft: Draft) -> bool:
    match draft.shape:
        case "":
            return bool(draft.measures) and not draft.order and draft.limit is None
        case "groups":
            return bool(draft.measures) and bool(draft.groups) and draft.limit is None
        case "ranking":
            return len(draft.measures) == 1 and len(draft.groups) == 1 and draft.limit is not None
        case "values":
            return draft.order in ("", "natural")
        case _:
            return bool(draft.conditions or draft.limit or draft.columns) and not draft.order


def _periods_meet(draft: Draft) -> bool:
    """Two periods on one column must be the two ends of one stretch."""
    seen: dict[Column, list[Period]] = {}
    for condition in draft.conditions:
        if condition.operator == "period" and isinstance(condition.values[0], Period):
            seen.setdefault(condition.column, []).append(condition.values[0])
    for periods in seen.values():
        if len(periods) > 2:
            return False
        if len(periods) == 2:
            starts = [period.start for period in periods if period.start]
            ends = [period.end for period in periods if period.end]
            if len(starts) != 1 or len(ends) != 1 or starts[0] >= ends[0]:
                return False
    return True


def _blurs_rows_and_sums(draft: Draft) -> bool:
    """ "countries with quantity over 1000" may mean each row's quantity or the country's."""
    if draft.per_row:
        return False
    numeric = ("=", "<>", "<", "<=", ">", ">=", "between")
    return any(each.operator in numeric and is_additive(each.column) for each in draft.conditions)


def _averages_per_thing(scope: Scope, draft: Draft) -> bool:
    """ "average quantity per invoice" may mean the average in each invoice or the average of the invoices' sums."""
    if not any(measure.kind in ("avg", "median") for measure in draft.measures):
        return False
    if not any(is_identifier(group.column) for group in draft.groups):
        return False
    return any(_says_per(scope, span) for span in draft.spans if span.part == "group")


def _says_per(scope: Scope, span: Span) -> bool:
    return scope.tokens[span.start].fold != "by"


def _reading(scope: Scope, draft: Draft, question: str) -> Reading:
    conditions = draft.conditions
    if draft.shape == "ranking":
        conditions = _known(conditions, draft.groups[0].column)
    elif draft.shape == "values":
        conditions = _known(conditions, draft.columns[0])
    order = draft.order
    if draft.shape == "groups" and not order:
        order = "natural" if any(group.column.is_time for group in draft.groups) or len(draft.groups) > 1 else "desc"
    return Reading(
        question=question,
        table=scope.table,
        shape=draft.shape or "total",
        measures=draft.measures,
        groups=draft.groups,
        columns=draft.columns,
        conditions=conditions,
        order=order,
        limit=draft.limit,
        trace=_traces(scope, draft),
    )


def _known(conditions: tuple[Condition, ...], column: Column) -> tuple[Condition, ...]:
    """Rows that lack the thing ranked or listed are not one of the things."""
    if any(each.column == column and each.operator in ("in", "=", "period", "missing") for each in conditions):
        return conditions
    present = Condition(column, "present")
    return conditions if present in conditions else (*conditions, present)


def _traces(scope: Scope, draft: Draft) -> tuple[Trace, ...]:
    spans = sorted(draft.spans, key=lambda span: span.start)
    return tuple(Trace(" ".join(token.text for token in scope.tokens[each.start : each.end]), each.part) for each in spans)
