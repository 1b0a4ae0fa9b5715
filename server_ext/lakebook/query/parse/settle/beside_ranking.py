"""The columns asked for beside a ranking."""

from __future__ import annotations

from dataclasses import replace

from lakebook.query.parse.binding import Unsettled, column_of
from lakebook.query.parse.names import is_identifier
from lakebook.query.parse.settle.figure_parts import scaled
from lakebook.query.parse.settle.frame import Frame
from lakebook.query.parse.settle.listing import label_columns, shown_columns, with_labels
from lakebook.query.parse.wants import Draft, Nouns, Want
from lakebook.query.terms import Term, Thing


def columns_beside(frame: Frame, by: Term) -> tuple[Term, ...]:
    """The columns asked for; a word that fits what the ranking goes by means that."""
    found: list[Term] = []
    subject = frame.subject
    for item in frame.draft.shown:
        nouns = item if isinstance(item, tuple) else ()
        same = [noun for noun in nouns if noun.term == by]
        if same:
            found.append(scaled(by, frame.draft.unit) if frame.draft.unit else by)
            continue
        draft = frame.draft
        try:
            frame.draft = _only(draft, item)
            found.extend(shown_columns(frame))
        finally:
            frame.draft = draft
    kept = tuple(dict.fromkeys(found))
    if kept == ((scaled(by, frame.draft.unit) if frame.draft.unit else by),) and subject is not None:
        return (*label_columns(subject), *kept)
    return kept


def _only(draft: Draft, item: Nouns | Want) -> Draft:
    return replace(draft, shown=(item,))


def labelled(frame: Frame, group: Term | Thing) -> Term | Thing:
    """The group with the columns asked for as its labels."""
    items = [item for item in frame.draft.shown if isinstance(item, tuple) or item.kind in ("label", "key")]
    if not isinstance(group, Thing):
        if not all(_is_seen(item, group, frame) for item in items):
            raise Unsettled
        return group
    if not items:
        return group
    if all(isinstance(item, Want) and item.kind == "label" for item in items):
        if not group.labels:
            raise Unsettled
        return group
    if all(isinstance(item, Want) and item.kind == "key" for item in items):
        return group
    if frame.subject is None:
        frame.subject = group
    draft = frame.draft
    try:
        frame.draft = replace(draft, shown=tuple(items))
        columns = shown_columns(frame)
    finally:
        frame.draft = draft
    return with_labels(frame, group, columns)


def _is_seen(item: Nouns | Want, group: Term, frame: Frame) -> bool:
    """Whether what was asked for beside the groups is there anyway: the group itself, or what it is ranked by."""
    if isinstance(item, Want):
        column = column_of(group)
        return item.kind != "label" or column is None or not is_identifier(column)
    of = getattr(group, "term", group)
    rank = frame.draft.rank
    ranked = rank.want.nouns if rank is not None and rank.want is not None else ()
    return any(noun.term == of or noun.metric is not None or noun in ranked for noun in item)
