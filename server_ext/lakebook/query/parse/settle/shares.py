"""Shares of a whole, and groups or periods beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from lakebook.query.parse.binding import Unsettled
from lakebook.query.parse.settle.figure_parts import limited
from lakebook.query.parse.settle.frame import Frame, together
from lakebook.query.parse.wants import Cond, InTime, IsValue, Nouns, Want
from lakebook.query.reading import (
    Aggregate,
    Among,
    Compare,
    Condition,
    Difference,
    Either,
    Figure,
    OfTotal,
    Order,
    Period,
    Ratio,
    Reading,
    Within,
    each_of,
)
from lakebook.query.terms import Bands, Bin, Field, Part, Term, Thing


def shared(frame: Frame) -> Reading:
    """What part of a whole some of it is; of each group, or what part each group is."""
    draft = frame.draft
    if len(draft.figures) != 1 or draft.rank or draft.versus:
        raise Unsettled
    whole = frame.figure(draft.figures[0])
    groups = tuple(frame.group(each) for each in draft.groups)
    percent = draft.share == "percent"
    base, part = _divided(frame)
    if draft.having:
        raise Unsettled
    if not part:
        if not groups:
            raise Unsettled
        order = group_order(frame, groups, OfTotal(whole, percent))
        where = frame.where(base)
        return Reading(
            frame.question,
            subject=frame.subject,
            figures=(OfTotal(whole, percent),),
            groups=groups,
            where=where,
            order=order,
            limit=draft.limit,
        )
    where = frame.where(base)
    condition = frame.where(part)
    if condition is None:
        raise Unsettled
    figure = Ratio(limited(whole, condition), whole, percent)
    order = group_order(frame, groups, figure)
    return Reading(
        frame.question,
        subject=frame.subject,
        figures=(figure,),
        groups=groups,
        where=where,
        order=order,
        limit=draft.limit,
    )


def _divided(frame: Frame) -> tuple[Sequence[Cond], Sequence[Cond]]:
    """The conditions on the whole, and those on the part of it."""
    draft = frame.draft
    conds = draft.where
    if draft.base is not None and draft.base < len(conds):
        before, after = conds[: draft.base], conds[draft.base :]
        times = tuple(each for each in after if isinstance(each, InTime))
        if times and isinstance(after[0], InTime) and len(times) < len(after):
            raise Unsettled  # "was in 2011 from Germany": of that year, or of all
        if len(times) < len(after):
            return (*before, *times), tuple(each for each in after if each not in times)
        return before, after
    if draft.base is not None and draft.base > 0 and draft.groups:
        return conds, ()
    times = tuple(each for each in conds if isinstance(each, InTime))
    others = tuple(each for each in conds if each not in times)
    if draft.groups and not others:
        return conds, ()
    if len(others) == 1:
        return times, others
    if not others and len(times) == 1:
        return (), times
    raise Unsettled


def compared(frame: Frame) -> Reading:
    """A figure for each of the groups or periods named; with `difference` one less the other."""
    draft = frame.draft
    if len(draft.figures) != 1 or draft.rank or draft.having or draft.groups or draft.listed:
        raise Unsettled
    if "difference" in draft.flags:
        return _difference(frame)
    figures = tuple(frame.figure(each) for each in draft.figures)
    figure = figures[0]
    where = frame.where(draft.where)
    try:
        term, among = beside(frame)
    except Unsettled:
        return Reading(frame.question, subject=frame.subject, figures=_side_by_side(frame, figure), where=where)
    return Reading(frame.question, subject=frame.subject, figures=figures, groups=(term,), where=together(where, among))


def _side_by_side(frame: Frame, figure: Figure) -> tuple[Figure, ...]:
    """The figure under each of two conditions that are no values of one column: the two halves of a year."""
    sides: list[Figure] = []
    for conds in frame.draft.versus:
        made, cost = frame.conditions.all(conds, frame.around, frame.subject)
        frame.cost += cost
        in_time = made is not None and all(map(_is_in_time, each_of(made)))
        if made is None or not (isinstance(made, Compare) or in_time):
            raise Unsettled
        sides.append(limited(figure, made))
    if len(set(sides)) != 2 or _are_unlike([getattr(each, "where", None) for each in sides]):
        raise Unsettled
    return tuple(sides)


def _is_in_time(condition: Condition) -> bool:
    return _is_of_part(condition) or isinstance(condition, Within)


def _is_of_part(condition: Condition) -> bool:
    return isinstance(condition, Among) and isinstance(condition.term, Part)


def _are_unlike(conditions: Sequence[Condition | None]) -> bool:
    """ "December and November 2011": not the Decembers of all years beside one November."""
    every = [each_of(condition) for condition in conditions]
    months = any(_is_of_part(each) for side in every for each in side)
    dated = [any(isinstance(each, Within) for each in side) for side in every]
    return months and any(dated) and not all(dated)


def beside(frame: Frame) -> tuple[Term, Condition]:
    """The column or part of time that tells the compared groups apart, and that it is one of those named."""
    pairs = frame.draft.versus
    if len(pairs) == 1 and len(pairs[0]) == 1 and isinstance(pairs[0][0], IsValue):
        among, cost = frame.conditions.one(pairs[0][0], frame.around, frame.subject)
        frame.cost += cost
        if isinstance(among, Among) and isinstance(among.term, Field):
            return among.term, among
        raise Unsettled
    found: list[Condition] = []
    for conds in pairs:
        made, cost = frame.conditions.all(conds, frame.around, frame.subject)
        frame.cost += cost
        if made is None:
            raise Unsettled
        found.append(made)
    if all(isinstance(each, Among) and not each.negated for each in found):
        if any(_is_of_part(each) and isinstance(each, Among) and len(each.values) > 1 for each in found):
            raise Unsettled  # a season is one thing, and not three months
        terms = {each.term for each in found if isinstance(each, Among)}
        values = tuple(value for each in found if isinstance(each, Among) for value in each.values)
        if len(terms) == 1:
            term = terms.pop()
            return term, Among(term, values)
    if all(isinstance(each, Within) for each in found):
        return _periods([each for each in found if isinstance(each, Within)])
    raise Unsettled


def _periods(found: list[Within]) -> tuple[Term, Condition]:
    terms = {each.term for each in found}
    lengths = {_length(each.period) for each in found}
    if len(terms) != 1 or len(lengths) != 1 or None in lengths:
        raise Unsettled
    return Part(terms.pop(), lengths.pop() or "year"), Either(tuple(found))


def _length(period: Period) -> str | None:
    if period.start is None or period.end is None:
        return None
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
    if period.start.day != 1 or period.end.day != 1:
        return None
    return {12: "year", 3: "quarter", 1: "month"}.get(months)


def _difference(frame: Frame) -> Reading:
    first, second = frame.draft.versus
    first = (*first, *_said_of_both(first, second))
    second = (*second, *(each for each in first if not any(_same_kind(each, other) for other in second)))
    figure = frame.figure(frame.draft.figures[0])
    one, cost = frame.conditions.all(first, frame.around, frame.subject)
    other, more = frame.conditions.all(second, frame.around, frame.subject)
    frame.cost += cost + more
    if one is None or other is None or one == other or _are_unlike((one, other)):
        raise Unsettled
    where = frame.where(frame.draft.where)
    return Reading(
        frame.question,
        subject=frame.subject,
        figures=(Difference(limited(figure, one), limited(figure, other), "percent" in frame.draft.flags),),
        where=where,
    )


def _said_of_both(first: tuple[Cond, ...], second: tuple[Cond, ...]) -> tuple[Cond, ...]:
    """What stands after both sides: "between male and female Gentoo", "between Monday and Friday in Germany"."""
    opposed = [at for at, each in enumerate(second) if any(_same_kind(each, other) for other in first)]
    return second[opposed[-1] + 1 :] if opposed else ()


def _same_kind(first: Cond, second: Cond) -> bool:
    """Whether two conditions are on the same column, so that one takes the other's place."""
    if isinstance(first, IsValue) and isinstance(second, IsValue):
        columns = {(hit.table.full_name, hit.column) for hits in second.hits for hit in hits}
        return any((hit.table.full_name, hit.column) in columns for hits in first.hits for hit in hits)
    return type(first) is type(second)


def group_order(frame: Frame, groups: Sequence[Term | Thing], figure: Figure | None = None) -> tuple[Order, ...]:
    """The order asked for: by the figure, or by the groups themselves."""
    order = frame.draft.order
    if order is None:
        return ()
    symbol, by = order
    if by is not None or symbol == "alphabetic":
        return _ordered_by(frame, groups, figure)
    if symbol in ("high_first", "low_first") and figure is not None:
        return (Order(figure, symbol == "high_first"),)
    if symbol in ("natural", "newest_first"):
        return _in_time(groups, figure, newest_first=symbol == "newest_first")
    return ()


def _in_time(groups: Sequence[Term | Thing], figure: Figure | None, *, newest_first: bool) -> tuple[Order, ...]:
    """ "Earliest first": by the parts of time that the groups are, or else by a figure that is a time."""
    dated = isinstance(figure, Aggregate) and figure.kind in ("min", "max") and _is_time(figure.of)
    if dated and figure is not None:
        return (Order(figure, newest_first),)
    plain = [each for each in groups if not isinstance(each, Thing)]
    times = [each for each in plain if isinstance(each, Part | Bin | Bands) or _is_time(each) or _is_whole(each)]
    if groups and not times:
        raise Unsettled
    return tuple(Order(each, newest_first) for each in times)


def _is_time(term: object) -> bool:
    return isinstance(term, Field) and term.column.is_time


def _is_whole(term: Term) -> bool:
    return isinstance(term, Field) and term.column.is_whole


def _ordered_by(frame: Frame, groups: Sequence[Term | Thing], figure: Figure | None) -> tuple[Order, ...]:
    symbol, by = frame.draft.order or ("", None)
    if symbol == "alphabetic":
        first = groups[0] if groups else None
        label = first.labels[0] if isinstance(first, Thing) and first.labels else first
        if label is None or isinstance(label, Thing):
            raise Unsettled
        return (Order(label),)
    nouns = by if isinstance(by, tuple) else by.nouns if by is not None else ()
    for each in groups:
        term = each.key[0] if isinstance(each, Thing) and each.key else each
        if any(
            noun.term == term or (isinstance(each, Thing) and noun.table == each.table and noun.kind == "table")
            for noun in nouns
        ):
            label = each.labels[0] if isinstance(each, Thing) and each.labels else term
            return (Order(label, symbol == "high_first"),) if not isinstance(label, Thing) else ()
    if isinstance(by, Want) and (by.kind != "bare" or frame.draft.figures):
        wanted = frame.figure(by if by.kind != "bare" else _one_of(frame.draft.figures, by.nouns))
        return (Order(wanted if figure is None or wanted != figure else figure, symbol != "low_first"),)
    raise Unsettled


def _one_of(figures: Sequence[Want], nouns: Nouns) -> Want:
    """The figure of several that a column names: "lines and total quantity by country, biggest quantity first"."""
    of = {noun.term for noun in nouns}
    named = [each for each in figures if not of.isdisjoint(noun.term for noun in each.nouns)]
    if not named and len(figures) > 1:
        raise Unsettled
    return (named or figures)[0]
