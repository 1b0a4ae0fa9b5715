"""What a draft means without saying it: money that is spent, years taken together."""

from __future__ import annotations

import re
from dataclasses import replace

from lakebook.query.parse.wants import Draft, IsNumber, IsValue, Want


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
