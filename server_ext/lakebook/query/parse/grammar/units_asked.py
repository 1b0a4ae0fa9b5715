"""In which unit: "in minutes", "how many hours is that", "in percent"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lakebook.query.parse.grammar.showing import MARKS
from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, Step, Steps, of_kind
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, Unit, Want

_PERCENT = (
    "as a percentage", "as percentage", "as a percent", "as percent", "in percentage", "in per cent", "as per cent",
    "as a percentage of the total", "as a percentage of all", "in percent of the total", "in % of the total",
    "in percent of all", "as a %", "as %", "in percentages", "as percentages", "in percents", "percentage please",
)  # fmt: skip


def units_asked(s: Sentence, start: int) -> Steps:
    """ "in minutes", "how many hours is that"."""
    for at in s.phrase(start, "unit_intro"):
        unit = s.unit(at)
        days = any(of_kind(nouns, "table") for _, nouns in s.nouns(at))  # "how many days" of a table of days
        if unit and not days:
            ends = [*s.phrase(unit[0], "is_that"), unit[0]]
            shows = s.fold(at - 1) == "many" or s.fold(start) == "and"
            for end in ends:
                yield Step(end, FREE, "unit", _in_unit(unit[1], shows=shows))
    unit = s.unit(start)
    if unit and s.fold(start - 1) in (*MARKS, "and", "or") and len(s.fold(start)) > 2 and start:
        yield Step(unit[0], LIGHT, "unit", _ranked_in_unit(unit[1]))
    if unit and s.fold(start - 1) == "many" and unit[1][0] in ("time", "money"):
        yield Step(unit[0], ODD, "unit", _counts_units(unit[1]))
    for end in s.words(start, _PERCENT):
        yield Step(end, FREE, "unit", _in_percent)
    if s.fold(start) == "%" or (s.fold(start) == "in" and s.fold(start + 1) in ("percent", "%")):
        yield Step(start + (1 if s.fold(start) == "%" else 2), FREE, "unit", _in_percent)


def _ranked_in_unit(unit: Unit) -> Callable[[Draft], Iterable[Draft]]:
    """ "the heaviest bird: species and grams": what the ranking goes by, in the unit."""

    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.rank is not None:
            yield from _in_unit(unit, shows=True)(draft)

    return apply


def _in_percent(draft: Draft) -> Iterable[Draft]:
    if draft.share or draft.along:
        yield replace(draft, share="percent" if draft.share else "").flagged("percent")


def _in_unit(unit: Unit, *, shows: bool) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.unit is None and draft.pending is None and (draft.figures or draft.rank or draft.listed):
            made = replace(draft, unit=unit)
            yield made.flagged("show") if shows else made

    return apply


def _counts_units(unit: Unit) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is not None and draft.pending.kind == "count" and draft.unit is None:
            yield replace(draft, unit=unit, pending=Want("unit"))

    return apply
