"""Finished drafts as readings: which shape of query a draft is."""

from __future__ import annotations

from dataclasses import replace

from lakebook.query.parse.binding import Binder, Unsettled
from lakebook.query.parse.settle.figure_parts import tables_of
from lakebook.query.parse.settle.frame import Frame, together
from lakebook.query.parse.settle.implied import left_out, of_lines, pooled, split_up, worth
from lakebook.query.parse.settle.listing import listing, shown_columns, with_labels
from lakebook.query.parse.settle.ranking import ranking
from lakebook.query.parse.settle.shares import compared, group_order, shared
from lakebook.query.parse.settle.subject import framed, may_wait
from lakebook.query.parse.wants import Cond, Draft, HavingWant, InTime, IsNumber, Recurs, Want
from lakebook.query.reading import Aggregate, Along, Difference, Figure, Order, Reading
from lakebook.query.terms import Field, Part, Term, Thing


def settled(draft: Draft, question: str, binder: Binder) -> tuple[Reading, float] | None:
    """The reading of a finished draft with what it costs beside the words' own cost; None where it means nothing."""
    draft = pooled(worth(draft), question)
    if (draft.pending is not None and not may_wait(draft)) or (draft.share and draft.event):
        return None
    made = _tried(draft, question, binder) or _tried(of_lines(draft), question, binder)
    if made is None:
        return None
    reading, frame = made
    if draft.digits is not None and not reading.figures:
        return None
    notes = tuple(dict.fromkeys((*frame.conditions.notes, *left_out(reading, binder.graph), *split_up(reading))))
    return replace(reading, digits=draft.digits, notes=notes), frame.cost


def _tried(draft: Draft | None, question: str, binder: Binder) -> tuple[Reading, Frame] | None:
    if draft is None:
        return None
    try:
        frame = framed(draft, question, binder)
        return _shaped(frame), frame
    except Unsettled:
        return None


def _shaped(frame: Frame) -> Reading:
    draft = frame.draft
    if draft.rank is not None and draft.figures and draft.groups and draft.limit is None:
        raise Unsettled
    if draft.share:
        _only(draft, "figures", "counted", "groups", "where")
        return shared(frame)
    if "lists_part" in draft.flags and draft.rank is None and not draft.having:
        raise Unsettled
    if draft.rank is not None and not (draft.figures and draft.groups):
        _only(draft, "listed", "shown", "groups", "each", "where", "having", "rank", "versus")
        return ranking(frame)
    if draft.versus:
        _only(draft, "figures", "counted", "where", "versus")
        return compared(frame)
    if "versus" in draft.flags:
        _only(draft, "figures", "where")
        return _less(frame)
    if draft.along:
        _only(draft, "figures", "groups", "where")
        return _along(frame)
    if draft.figures:
        _only(draft, "figures", "counted", "groups", "each", "where", "having", "rank")
        return _figured(frame)
    if draft.groups and not draft.listed:
        _only(draft, "groups", "where", "having")
        return _grouped(frame)
    _only(draft, "listed", "shown", "where", "having", "groups", "then")
    if draft.groups and not draft.having and not any(isinstance(item, Want) for item in draft.shown):
        raise Unsettled
    if draft.having:
        return _things_with(frame)
    if any(isinstance(item, Want) and item.kind not in ("label", "key") for item in draft.shown):
        return _things_with(frame)
    return listing(frame)


_PARTS = ("figures", "counted", "listed", "shown", "groups", "each", "where", "having", "rank", "versus", "then")


def _only(draft: Draft, *parts: str) -> None:
    """Raise Unsettled where the words said something that this shape of query has no place for."""
    if any(getattr(draft, part) for part in _PARTS if part not in parts):
        raise Unsettled


def _figured(frame: Frame) -> Reading:
    """Figures for all rows or for each group."""
    draft = frame.draft
    if "of_each" in draft.flags:
        raise Unsettled  # "diagnosis and cost of every visit" are those of rows, and no sums
    if draft.counted and (draft.having or "count_groups" in draft.flags):
        return _counted_groups(frame)
    figures = tuple(frame.figure(want) for want in draft.figures)
    if frame.noun is None and not frame.anchors:
        frame.anchors = tuple(dict.fromkeys(table for figure in figures for table in tables_of(figure)))
    things = [one.table for each in figures for one in getattr(each, "groups", ()) if isinstance(one, Thing)]
    groups = tuple(frame.group(each, things) for each in draft.groups)
    having, of_rows = frame.having(draft.having)
    if of_rows is not None or (having and not groups):
        raise Unsettled
    known = _known(groups, figures)
    where = frame.where(draft.where, known=known)
    order = group_order(frame, groups, figures[0])
    if draft.order is not None and not groups and len(figures) == 1:
        raise Unsettled
    limit, each = draft.limit, tuple(_plain(frame.group(each)) for each in draft.each)
    if limit is not None:
        order = order or group_order_by_rank(frame, figures[0])
    if "number" in draft.flags or (limit is not None and not groups):
        raise Unsettled
    return Reading(
        frame.question, subject=frame.subject, figures=figures, groups=groups, where=where, having=having, order=order,
        limit=limit, each=each,
    )  # fmt: skip


def _less(frame: Frame) -> Reading:
    """ "The difference between the average high and the average low"."""
    figures = tuple(frame.figure(want) for want in frame.draft.figures)
    if len(figures) != 2 or "difference" not in frame.question.casefold():
        raise Unsettled
    if [getattr(each, "kind", "") for each in figures] == ["min", "max"]:
        figures = figures[::-1]  # "between the lowest and the highest" is no less than nothing
    if any(_is_moment(each) for each in figures):
        raise Unsettled
    return Reading(frame.question, figures=(Difference(*figures),), where=frame.where(frame.draft.where))


def _is_moment(figure: Figure) -> bool:
    of = figure.of if isinstance(figure, Aggregate) else None
    return isinstance(of, Field) and of.column.is_time


def group_order_by_rank(frame: Frame, figure: Figure) -> tuple[Order, ...]:
    """The order of a breakdown that is cut to its first groups."""
    rank = frame.draft.rank
    if rank is None:
        raise Unsettled
    return (Order(figure, rank.descending),)


def _plain(group: Term | Thing) -> Term:
    if isinstance(group, Thing):
        raise Unsettled
    return group


def _known(groups: tuple[Term | Thing, ...], figures: tuple[Figure, ...]) -> Term | None:
    """What "not counting blanks" is about: the group, or the number of the figure."""
    if len(groups) == 1:
        group = groups[0]
        if isinstance(group, Thing):
            return group.key[0] if group.key else None
        inner = getattr(group, "term", None)
        return inner if inner is not None and type(group).__name__ in ("Bin", "Bands") else group
    for figure in figures:
        if isinstance(figure, Aggregate) and figure.of is not None and not isinstance(figure.of, Thing):
            return figure.of
    return None


def _counted_groups(frame: Frame) -> Reading:
    """ "how many customers have more than 20 orders"."""
    draft = frame.draft
    if frame.subject is None or draft.groups or len(draft.figures) != 1 or frame.noun is None:
        raise Unsettled
    having, of_rows = frame.having(draft.having)
    where = together(frame.where(draft.where), of_rows)
    if not having:
        figure = frame.figure(draft.figures[0])
        return Reading(frame.question, subject=frame.subject, figures=(figure,), where=where)
    group = _as_group(frame)
    return Reading(
        frame.question, subject=frame.subject, groups=(group,), where=where, having=having, count_groups=True
    )


def _as_group(frame: Frame) -> Term | Thing:
    if frame.noun is not None and frame.noun.kind == "field":
        return frame.dimensions.term(frame.noun)
    if frame.subject is None or not frame.subject.key:
        raise Unsettled
    return frame.subject


def _grouped(frame: Frame) -> Reading:
    """Parts of time that fulfil a condition: "which months got less than 10 mm altogether"."""
    draft = frame.draft
    if len(draft.groups) != 1 or draft.shown:
        raise Unsettled
    wanted, kept = _summed(draft)
    if not wanted:
        raise Unsettled
    frame.draft = draft = replace(draft, having=wanted, where=kept)
    having, _ = frame.having(draft.having)
    anchors = [table for each in having for table in tables_of(each.figure)]
    frame.anchors = tuple(dict.fromkeys((*anchors, *frame.anchors)))
    group = frame.group(draft.groups[0])
    where = frame.where(draft.where)
    figures = tuple(each.figure for each in having[:1]) if "show" in draft.flags else ()
    return Reading(
        frame.question, figures=figures, groups=(group,), where=where, having=having,
        count_groups="count_groups" in draft.flags, order=group_order(frame, (group,), having[0].figure),
    )  # fmt: skip


def _summed(draft: Draft) -> tuple[tuple[HavingWant, ...], tuple[Cond, ...]]:
    """The conditions on groups; with months "less than 20 mm" is about the sum of each."""
    sums = tuple(cond for cond in draft.where if isinstance(cond, IsNumber) and cond.to is None)
    if draft.having or not sums:
        return draft.having, draft.where
    wanted = tuple(HavingWant(Want("bare", cond.nouns), cond.operator, cond.value) for cond in sums)
    return wanted, tuple(cond for cond in draft.where if cond not in sums)


def _things_with(frame: Frame) -> Reading:
    """Things that fulfil conditions on what they have, with figures of theirs."""
    draft = frame.draft
    having, of_rows = frame.having(draft.having)
    if not having and not any(isinstance(item, Want) and item.kind not in ("label", "key") for item in draft.shown):
        kept = replace(draft, having=())
        frame.draft = kept
        made = listing(frame) if of_rows is None else None
        if made is not None:
            return made
        listed = listing(frame)
        return replace(listed, where=together(listed.where, of_rows))
    group = _as_group(frame)
    figures: list[Figure] = []
    columns: list[Term] = []
    for item in draft.shown:
        if isinstance(item, Want) and item.kind not in ("label", "key"):
            figures.append(frame.figure(item))
        else:
            frame.draft = replace(draft, shown=(item,))
            columns.extend(shown_columns(frame))
            frame.draft = draft
    if "show" in draft.flags and not figures:
        figures = [having[0].figure] if having else []
    where = together(frame.where(draft.where), of_rows)
    if columns and isinstance(group, Thing):
        group = with_labels(frame, group, columns)
    elif set(columns) - {group}:
        raise Unsettled
    shown = tuple(dict.fromkeys(figures))
    order = group_order(frame, (group,), shown[0] if shown else having[0].figure if having else None)
    groups = (group, *(frame.group(each) for each in draft.groups))
    if draft.limit is not None or draft.then:
        raise Unsettled
    return Reading(
        frame.question, subject=frame.subject, figures=shown, groups=groups, where=where, having=having, order=order
    )


def _along(frame: Frame) -> Reading:
    """A figure along months or years: its change, growth or running total."""
    draft = frame.draft
    if len(draft.figures) != 1:
        raise Unsettled
    figure = frame.figure(draft.figures[0])
    frame.anchors = tuple(dict.fromkeys((*tables_of(figure), *frame.anchors)))
    groups = tuple(frame.group(each) for each in draft.groups)
    if len(groups) != 1 or (not isinstance(groups[0], (Part,)) and not _is_time(groups[0])):
        raise Unsettled
    recurs = any(isinstance(cond, InTime) and isinstance(cond.when, Recurs) for cond in draft.where)
    if draft.having or draft.rank or draft.limit or recurs:
        raise Unsettled
    where = frame.where(draft.where)
    kind = "growth" if draft.along == "difference" and ("percent" in draft.flags or draft.share) else draft.along
    return Reading(frame.question, figures=(figure,), groups=groups, where=where, along=Along(kind), order=())


def _is_time(group: Term | Thing) -> bool:
    column = getattr(group, "column", None)
    return bool(column is not None and (column.is_time or (column.is_whole and column.name.casefold() == "year")))
