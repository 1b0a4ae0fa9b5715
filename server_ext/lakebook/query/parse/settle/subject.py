"""What a draft is about: the subject, and the tables around it."""

from __future__ import annotations

from dataclasses import replace

from lakebook.query.parse.binding import Binder, Unsettled, column_of
from lakebook.query.parse.grammar.step import of_kind
from lakebook.query.parse.lexicon.nouns import PERSONS
from lakebook.query.parse.names import Noun
from lakebook.query.parse.settle.conditions import Conditions
from lakebook.query.parse.settle.counting import counted_noun, thing_of
from lakebook.query.parse.settle.dimensions import Dimensions
from lakebook.query.parse.settle.figure_parts import tables_of
from lakebook.query.parse.settle.figures import Figures
from lakebook.query.parse.settle.frame import Frame
from lakebook.query.parse.wants import Draft, Want
from lakebook.query.parse.words import parts, stems
from lakebook.query.tables import Table


def framed(draft: Draft, question: str, binder: Binder) -> Frame:
    if draft.pending is not None and not may_wait(draft):
        raise Unsettled
    noun, cost = _subject(draft, binder)
    if noun is not None and noun.kind == "field" and binder.graph.key(noun.table) == (column_of(noun.term),):
        noun = Noun("table", noun.table, cost=noun.cost)
    thing = thing_of(binder, noun) if noun is not None else None
    if "who" in draft.flags and noun is not None and not _is_person(noun, binder):
        raise Unsettled
    anchors = [thing.table] if thing is not None else []
    if noun is not None and noun.table not in anchors:
        anchors.append(noun.table)
    conditions = Conditions(binder)
    frame = Frame(
        draft, question, binder, Figures(binder, draft.unit), conditions, Dimensions(binder), noun, thing,
        tuple(anchors), cost,
    )  # fmt: skip
    _surround(frame)
    return frame


def may_wait(draft: Draft) -> bool:
    """ "who has been with us the longest" names no thing; what it ranks by says whose table is meant."""
    if draft.pending is None or draft.share:
        return False
    if draft.pending.kind == "list" and "who" in draft.flags:
        return bool(draft.where or draft.rank)
    return draft.pending.kind in ("list", "unit") and draft.rank is not None and bool(draft.rank.by)


def _subject(draft: Draft, binder: Binder) -> tuple[Noun | None, float]:
    nouns = draft.subject
    if draft.share and draft.figures and not nouns:
        nouns = of_kind(draft.figures[0].nouns, "table", "field")
        metrics = of_kind(draft.figures[0].nouns, "metric")
        if metrics and not nouns:
            return None, 0.0
    if not nouns and "who" in draft.flags and not (draft.rank and draft.rank.by):
        people = [table for table in binder.graph.tables if len(binder.graph.labels(table)) == 2]
        if len(people) != 1:
            raise Unsettled
        return Noun("table", people[0], cost=0.1), 0.1
    if not nouns:
        return None, 0.0
    if draft.counted:
        return counted_noun(binder, Want("count", nouns), [])
    return counted_noun(binder, Want("count", of_kind(nouns, "table", "field")), [])


def _is_person(noun: Noun, binder: Binder) -> bool:
    """Whether a noun may answer "who": its table has first and last names, or its name is of a person."""
    if len(binder.graph.labels(noun.table)) == 2:
        return True
    column = column_of(noun.term)
    return bool(set(stems(parts(column.name if column is not None else noun.table.name))) & PERSONS)


def _surround(frame: Frame) -> None:
    """Add the tables of the figures and of what was said in passing to what the question is about."""
    draft = frame.draft
    anchors = list(frame.anchors)
    context: list[Table] = []
    for nouns in draft.context:
        noun, _ = frame.binder.nearest(nouns, anchors)[0]
        context.append(noun.table)
    if not anchors:
        for want in draft.figures:
            if want.kind not in ("rows", "money"):
                before = frame.cost
                frame.anchors = tuple(context)
                anchors.extend(tables_of(frame.figure(replace(want, where=()))))
                frame.cost = before
    for table in context:
        far = min((frame.binder.far(table, [each]) for each in anchors), default=0.0)
        if table not in anchors:
            frame.cost += 0.1 * far
            anchors.append(table)
    frame.anchors = tuple(dict.fromkeys(anchors))
