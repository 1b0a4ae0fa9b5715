"""What is meant without being said: money that is spent, years taken together, things that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.parse.graph import Graph
from lakebook.query.parse.settle.figure_parts import tables_of
from lakebook.query.parse.wants import Draft, IsNumber, IsValue, Want
from lakebook.query.reading import Reading
from lakebook.query.terms import Field, Thing


def of_lines(draft: Draft) -> Draft | None:
    """ "What was spent on Jazz" is what the lines come to: an invoice holds songs of other genres too."""
    money = [want for want in draft.figures if want == Want("money")]
    if not money or draft.groups or not any(isinstance(each, IsValue) for each in draft.where):
        return None
    return replace(
        draft, figures=tuple(replace(each, part="line") if each in money else each for each in draft.figures)
    )


def worth(draft: Draft) -> Draft:
    """ "The total of invoice 581483": what it comes to."""
    one = draft.where[0] if len(draft.where) == 1 else None
    named = isinstance(one, IsValue) or (isinstance(one, IsNumber) and one.operator == "=")
    if draft.pending != Want("sum") or not named or draft.figures or draft.listed or draft.counted or draft.rank:
        return draft
    return replace(draft, ask="figure", pending=None, figures=(Want("money"),))


_POOLED = re.compile(r"\ball (?:the )?(?:\w+ )?years (?:pooled|together|combined|taken together)\b", re.IGNORECASE)
_RECURRING = {"month": "month_of_year", "quarter": "quarter_of_year", "week": "week_of_year"}


def pooled(draft: Draft, question: str) -> Draft:
    """ "Which month is windiest, all years pooled": one of twelve."""
    if not _POOLED.search(question):
        return draft
    return replace(
        draft, groups=tuple(replace(each, part=_RECURRING.get(each.part, each.part)) for each in draft.groups)
    )


def split_up(reading: Reading) -> Iterator[str]:
    """That "the top customers, with country" are told apart by both: some bought from two countries."""
    for group in reading.groups:
        key = group.key[0] if isinstance(group, Thing) and len(group.key) == 1 else None
        if not isinstance(group, Thing) or not isinstance(key, Field) or not key.repeats:
            continue
        beside = [each.column.name for each in group.labels if isinstance(each, Field) and each.table == key.table]
        others = [name for name in beside if name != key.column.name]
        if others:
            yield f"{key.column.name} with more than one {' and '.join(others)}: one row for each"


def left_out(reading: Reading, graph: Graph) -> Iterator[str]:
    """That "the number of albums for each artist" has no line for artists without any."""
    if reading.limit is not None or reading.having or reading.count_groups:
        return
    for group in reading.groups:
        for many in (table for figure in reading.figures for table in tables_of(figure)):
            if isinstance(group, Thing) and graph.leads(many, group.table) and not graph.covers(many, group.table):
                yield f"{group.table.name} without any {many.name}: not shown"
