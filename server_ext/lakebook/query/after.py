"""A question asked after another: where it goes on from that one, both as one whole question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook.errors import NotFound
from lakebook.query.history import row_of
from lakebook.query.ladder_rungs import Asking
from lakebook.query.parse.following import UNCLEAR, goes_on, whole_question
from lakebook.query.parse.question import understand
from lakebook.query.reading import Declined, Reading
from lakebook.query.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import RowMapping


def chosen(asked: Asking, after: str) -> Reading | None:
    """What is asked where it is one of the readings that the question of this id left the choice of; else None."""
    try:
        row = row_of(asked.call, after)
    except NotFound:
        return None
    if not row["question"] or row["reading"]:
        return None
    before = understand(row["question"], asked.domain, asked.values)
    readings = before.readings if isinstance(before, Declined) else ()
    return next((reading for reading in readings if wording(reading) == asked.text.strip()), None)


def after_another(asked: Asking, after: str) -> Asking | Declined:
    """The question as it is to be read after the one of this id: whole, or as it is where it is one of its own.

    Declined where it goes on from the other and how is not clear; raises NotFound where it does and there is no other.
    """
    said = goes_on(asked.text)
    if said is False or (said is None and _is_understood(asked)):
        return asked
    row = row_of(asked.call, after)
    unclear = Declined((), reason=UNCLEAR.format(row["question"] or row["generated_sql"] or ""))
    for scoped in _scopes(asked, row) if row["question"] else ():
        before = understand(row["question"], scoped.domain, scoped.values)
        # What is gone on from is what was answered then: with other words, tables or a model's SQL it may differ.
        if not isinstance(before, Reading) or wording(before) != row["reading"]:
            continue
        whole = whole_question(before, asked.text, scoped.domain, scoped.values)
        if isinstance(whole, str):
            return replace(scoped, text=whole)
        if whole.choices:
            return whole
        unclear = whole
    return asked if _is_understood(asked) else unclear


def _is_understood(asked: Asking) -> bool:
    return isinstance(understand(asked.text, asked.domain, asked.values), Reading)


def _scopes(asked: Asking, row: RowMapping) -> Iterator[Asking]:
    """The tables that the caller names; else all, then those that the question before read."""
    yield asked
    read = tuple(f"{each['layer']}.{each['name']}" for each in row["datasets"] or [])
    if read and not asked.scope:
        yield replace(asked, scope=read)
