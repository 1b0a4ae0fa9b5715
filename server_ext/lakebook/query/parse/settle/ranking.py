"""Rankings: the first things by a figure, or the first rows by a column."""

from __future__ import annotations

from dataclasses import replace

from lakebook.query.parse.binding import Unsettled, column_of, is_additive
from lakebook.query.parse.lexicon.adjectives import MEASURES
from lakebook.query.parse.names import Noun
from lakebook.query.parse.settle.amounts import fitting
from lakebook.query.parse.settle.beside_ranking import columns_beside, labelled
from lakebook.query.parse.settle.figure_parts import scaled, tables_of
from lakebook.query.parse.settle.frame import Frame, together
from lakebook.query.parse.settle.listing import is_beside, label_columns
from lakebook.query.parse.wants import Draft, InTime, IsValue, Nouns, Rank, Recurs, Unit, Want
from lakebook.query.parse.words import parts, stems
from lakebook.query.reading import Aggregate, Condition, Figure, Metric, Order, Reading
from lakebook.query.terms import Field, Term, Thing

_REVERSED = frozenset(word for measure in MEASURES for word in measure.reversed_columns)


def ranking(frame: Frame) -> Reading:
    """The first things asked for; one where the question says no number and speaks of one."""
    draft, rank = frame.draft, frame.draft.rank
    if rank is None:
        raise Unsettled
    limit = _limit(frame)
    if rank.want is not None and rank.want.part == "implied" and draft.listed and (draft.groups or draft.each):
        raise Unsettled  # "top 3 products by country" may be three of each
    if draft.groups and draft.listed:
        if not _begins_with_groups(draft):
            raise Unsettled
        frame.draft = draft = replace(draft, each=(*draft.each, *draft.groups), groups=())
    if rank.by and draft.groups:
        noun, cost = frame.binder.one(rank.by, frame.anchors)
        frame.cost += cost
        if not is_additive(noun):
            raise Unsettled
        rank = Rank(rank.descending, Want("sum", (noun,)))
    if rank.want is not None and _is_of_a_row(frame, rank.want):
        rank = Rank(rank.descending, by=rank.want.nouns)
    if rank.by:
        return _rows(frame, rank, limit)
    want = rank.want
    if want is None:
        raise Unsettled
    group = _ranked(frame, want)
    table = group.table if isinstance(group, Thing) else None
    figure = _figure(frame, want, group)
    if table is not None and not _common(frame, group, figure):
        return _of_rows(frame, group, figure, rank, limit)
    if any(_is_said_again(item, figure) for item in draft.shown):
        shown_else = tuple(item for item in draft.shown if not _is_said_again(item, figure))
        frame.draft = draft = replace(draft, shown=shown_else, flags=draft.flags | {"show"})
    having, _ = frame.having(draft.having)
    each = tuple(_term(frame.group(one)) for one in draft.each)
    where = frame.where(draft.where, known=_known(group))
    if draft.versus:
        term, among = _each_value(frame)
        each, where = (*each, term), together(where, among)
    shown = tuple(
        frame.figure(item) for item in draft.shown if isinstance(item, Want) and item.kind not in ("label", "key")
    )
    if any(_is_without_its_condition(each, figure) for each in shown):
        raise Unsettled
    visible = _shows(frame, figure, shown)
    named = labelled(frame, group)
    order = (Order(figure, _descending(rank)),)
    return Reading(
        frame.question, subject=group if isinstance(group, Thing) else None, figures=visible, groups=(*each, named),
        where=where, having=having, order=order, limit=limit, each=each,
    )  # fmt: skip


def _is_said_again(item: Nouns | Want, figure: Figure) -> bool:
    """ "The ten biggest invoices, with country and amount": the amount that they are ranked by."""
    if isinstance(item, Want):
        return item.kind == "money" and isinstance(figure, Metric) and figure.is_additive
    of = figure.of if isinstance(figure, Aggregate) else None
    return any(
        (noun.metric is not None and noun.metric == figure) or (of is not None and noun.term == of) for noun in item
    )


def _is_without_its_condition(shown: Figure, ranked: Figure) -> bool:
    """ "Most often on cancelled lines, and how many lines": those that the ranking counts, not all."""
    if not isinstance(ranked, Aggregate | Metric) or ranked.where is None:
        return False
    return replace(ranked, where=None) == shown


def _begins_with_groups(draft: Draft) -> bool:
    """ "For each year the hottest day": what is said first is what each has one of."""
    parts = [span.part for span in draft.spans if span.part != "nothing"]
    return parts[:1] == ["group"] and "group" not in parts[len(draft.groups) :]


def _is_of_a_row(frame: Frame, want: Want) -> bool:
    """ "the penguin with the longest bill": rows without a key have it once each."""
    keyed = frame.subject is not None and frame.subject.key
    tables = {noun.table for noun in want.nouns}
    return frame.is_row and not keyed and want.kind in ("max", "min") and tables == set(frame.anchors[:1])


def _limit(frame: Frame) -> int:
    draft = frame.draft
    if draft.limit is not None:
        return draft.limit
    if "plural" in draft.flags:
        raise Unsettled
    return 1


def _descending(rank: Rank) -> bool:
    return rank.descending


def _ranked(frame: Frame, want: Want) -> Term | Thing:
    if frame.draft.groups and not frame.draft.listed:
        if len(frame.draft.groups) != 1:
            raise Unsettled
        figure = frame.figure(want)
        return frame.group(frame.draft.groups[0], tables_of(figure))
    if frame.noun is None or frame.subject is None:
        raise Unsettled
    if frame.noun.kind == "field":
        return frame.dimensions.term(frame.noun)
    if not frame.subject.key:
        raise Unsettled
    return frame.subject


def _figure(frame: Frame, want: Want, group: Term | Thing) -> Figure:
    if want.kind == "rows" and frame.noun is not None and frame.noun.kind == "table":
        raise Unsettled
    return frame.figure(want)


def _common(frame: Frame, group: Term | Thing, figure: Figure) -> bool:
    """Whether the figure is one of a group of rows, not a number that each of the things has once."""
    if not isinstance(group, Thing) or not frame.is_row or not isinstance(figure, Aggregate):
        return True
    return figure.table != group.table or figure.kind in ("rows", "distinct")


def _of_rows(frame: Frame, group: Term | Thing, figure: Figure, rank: Rank, limit: int) -> Reading:
    """ "the invoice with the highest total": a column of the things themselves."""
    if (
        not isinstance(figure, Aggregate)
        or not isinstance(group, Thing)
        or figure.of is None
        or isinstance(figure.of, Thing)
    ):
        raise Unsettled
    return _listed(frame, group, figure.of, rank.descending, limit)


def _rows(frame: Frame, rank: Rank, limit: int) -> Reading:
    """ "the longest track": rows of the subject by the column that the adjective speaks of."""
    subject = frame.subject
    anchors = [subject.table] if subject else []
    noun, cost = frame.binder.one(fitting(rank.by, draft_unit(frame)), anchors)
    frame.cost += cost
    if subject is None:
        if any(isinstance(cond, InTime) and isinstance(cond.when, Recurs) for cond in frame.draft.where):
            raise Unsettled  # the warmest January is a month
        subject = frame.binder.graph.thing(noun.table)
    if noun.table != subject.table or noun.term is None or (frame.noun is not None and not frame.is_row):
        raise Unsettled
    descending = rank.descending
    if _is_reversed(noun):
        descending = not descending
    return _listed(frame, subject, noun.term, descending, limit)


def draft_unit(frame: Frame) -> Unit | None:
    """The unit in which the answer was asked for; it says which column is meant."""
    return frame.draft.unit


def _is_reversed(noun: Noun) -> bool:
    column = column_of(noun.term)
    return column is not None and column.is_time and bool(set(stems(parts(column.name))) & _REVERSED)


def _listed(frame: Frame, subject: Thing, by: Term, descending: bool, limit: int) -> Reading:
    draft = frame.draft
    by_unit = scaled(by, draft.unit) if draft.unit else by
    if frame.subject is None:
        frame.subject = subject
    columns = columns_beside(frame, by)
    if not columns:
        columns = label_columns(subject)
    if not columns and not draft.shown:
        columns = tuple(Field(subject.table, column) for column in subject.table.columns)
    beside = bool(draft.shown) and is_beside(frame)
    if beside:
        columns = tuple(dict.fromkeys((*label_columns(subject), *columns)))
    if ("show" in draft.flags or draft.unit is not None or beside) and by_unit not in columns:
        columns = (*columns, by_unit)
    if not columns:
        raise Unsettled
    each = tuple(_term(frame.group(one)) for one in draft.each)
    where = frame.where(draft.where)
    if draft.versus:
        term, among = _each_value(frame)
        each, where = (*each, term), together(where, among)
    if draft.having:
        raise Unsettled
    return Reading(
        frame.question, subject=subject, columns=tuple(dict.fromkeys((*each, *columns))), where=where,
        order=(Order(by, descending),), limit=limit, each=each,
    )  # fmt: skip


def _shows(frame: Frame, figure: Figure, shown: tuple[Figure, ...]) -> tuple[Figure, ...]:
    flags = frame.draft.flags
    if shown:
        return tuple(dict.fromkeys(shown))
    if (
        "show" in flags
        or frame.draft.unit is not None
        or (frame.draft.limit or 1) > 1
        or frame.draft.ask in ("much", "count")
    ):
        return (figure,)
    return ()


def _each_value(frame: Frame) -> tuple[Term, Condition]:
    """ "in each of Germany and France": the column of the values, and that it is one of them."""
    conds = frame.draft.versus[0]
    if len(frame.draft.versus) != 1 or len(conds) != 1 or not isinstance(conds[0], IsValue):
        raise Unsettled
    among, cost = frame.conditions.one(conds[0], frame.around, frame.subject)
    frame.cost += cost
    term = getattr(among, "term", None)
    if among is None or not isinstance(term, Field):
        raise Unsettled
    return term, among


def _known(group: Term | Thing) -> Term | None:
    return group.key[0] if isinstance(group, Thing) and group.key else None if isinstance(group, Thing) else group


def _term(group: Term | Thing) -> Term:
    if isinstance(group, Thing):
        if len(group.key) == 1 and not group.labels:
            return group.key[0]
        name = group.labels[0] if len(group.labels) == 1 else None
        if isinstance(name, Field) and name.column.unique_count == name.table.row_count:
            return name
        raise Unsettled
    return group
