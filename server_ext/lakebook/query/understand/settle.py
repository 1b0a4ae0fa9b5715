"""From drafts to readings: what a draft must have to mean one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.tables import Column
from lakebook.query.understand.draft import Draft
from lakebook.query.understand.names import is_identifier
from lakebook.query.understand.nouns import is_additive, one_row_each
from lakebook.query.understand.reading import Condition, Dimension, Period, Reading, Trace
from lakebook.query.understand.scope import Scope


def settled(scope: Scope, draft: Draft, question: str) -> Iterator[tuple[Reading, bool]]:
    """The readings of a finished draft, each with whether it is vague; none where the draft makes no sense.

    A vague reading is never answered, and it keeps the others from being answered as if they were the only ones.
    """
    if not _sound(draft):
        return
    yield _reading(scope, draft, question), _vague(scope, draft)
    for column in draft.together:
        group = Dimension(column)
        if draft.shape in ("", "groups") and group not in draft.groups:
            apart = replace(draft, shape="groups", groups=(*draft.groups, group), together=())
            if _sound(apart):
                yield _reading(scope, apart, question), _vague(scope, apart)


def _sound(draft: Draft) -> bool:
    return _shape_fits(draft) and _periods_meet(draft) and not _contradicts_itself(draft)


def _vague(scope: Scope, draft: Draft) -> bool:
    return _blurs_rows_and_sums(draft) or _figure_per_thing(scope, draft) or _blurs_none_and_some(scope, draft)


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


def _figure_per_thing(scope: Scope, draft: Draft) -> bool:
    """ "revenue per customer" may mean each customer's revenue or what a customer brings in on average."""
    if not any(is_identifier(group.column) for group in draft.groups):
        return False
    return any(scope.tokens[span.start].fold == "per" for span in draft.spans if span.part == "group")


def _blurs_none_and_some(scope: Scope, draft: Draft) -> bool:
    """ "customers not in France" may mean with some row elsewhere or with no row there."""
    things = [measure.operand[0] for measure in draft.measures if measure.kind == "distinct"]
    things += draft.columns if draft.shape == "values" else ()
    many = [thing for thing in things if not one_row_each(scope, thing)]
    sorted_out = {*draft.columns, *(group.column for group in draft.groups)}
    negative = [each for each in draft.conditions if each.operator in ("not in", "other", "missing", "<>")]
    return bool(many) and any(each.column not in sorted_out for each in negative)


def _contradicts_itself(draft: Draft) -> bool:
    """Values asked for and values excluded of one column: the words were cut in the wrong place."""
    wanted = {each.column for each in draft.conditions if each.operator == "in"}
    return any(each.column in wanted for each in draft.conditions if each.operator in ("not in", "other"))


def _reading(scope: Scope, draft: Draft, question: str) -> Reading:
    conditions = draft.conditions
    if draft.shape == "ranking" or draft.having:
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
        having=draft.having,
        order=order,
        limit=draft.limit,
        trace=_traces(scope, draft),
    )


def _known(conditions: tuple[Condition, ...], column: Column) -> tuple[Condition, ...]:
    """Rows that lack the thing ranked or listed are not one of the things."""
    said = [each.operator for each in conditions if each.column == column]
    if said == ["not in"]:
        return tuple(replace(each, operator="other") if each.column == column else each for each in conditions)
    return conditions if said else (*conditions, Condition(column, "known"))


def _traces(scope: Scope, draft: Draft) -> tuple[Trace, ...]:
    spans = sorted(draft.spans, key=lambda span: span.start)
    said = (" ".join(token.text for token in scope.tokens[span.start : span.end]) for span in spans)
    return tuple(Trace(words, span.part) for words, span in zip(said, spans, strict=True))
