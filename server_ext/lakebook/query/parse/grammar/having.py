"""Conditions on groups: "with more than 20 orders", "with revenue over 1000", "months with over 200 mm of rain"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.amounts import compared
from lakebook.query.parse.grammar.figures import wants
from lakebook.query.parse.grammar.possession import linked, objects, of_groups, times, trades
from lakebook.query.parse.grammar.step import FREE, LIGHT, Step, Steps, is_key_number, numbers, of_kind
from lakebook.query.parse.lexicon.nouns import PIECES
from lakebook.query.parse.names import Noun
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, HavingWant, Number, Want
from lakebook.query.parse.words import parts


def havings(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from _numbers_of(s, start)
    yield from _figures_beside(s, start)


def _numbers_of(s: Sentence, start: int) -> Steps:
    """ "with more than 20 orders", "holding 25 tracks or more", "from only one country"."""
    for lead in linked(s, start):
        for at, operator, value, unit, to in compared(s, s.article(lead), bare=lead > start):
            if unit and unit[0] != "money":
                continue
            if s.fold(at) in ("time", "times"):
                yield from _so_often(s, at + 1, times(s, start, lead), operator, value)
                continue
            then = next(iter(s.phrase(at, "different")), at)
            for end, nouns, inner, cost in objects(s, then):
                kinds = of_kind(nouns, "table", "field", "metric")
                if not kinds or to is not None or (operator == "=" and value != 1 and not s.plural(end) and not inner):
                    continue
                operators = dict.fromkeys(s.phrase(end, "or_more"), ">=")
                operators |= dict.fromkeys(s.phrase(end, "or_less"), "<=")
                more = Want("most", kinds, where=inner, distinct=then > at)
                sold = then == at and trades(s, max(start - 1, 0), lead)
                if sold and all(map(is_key_number, of_kind(nouns, "metric", "field"))):
                    more = Want("units", of_kind(nouns, "table"), where=inner)  # "sold over 70 songs": so many pieces
                elif sold and all(map(_is_of_pieces, kinds)):
                    more = Want("sum", kinds, where=inner)
                for last, op in ((end, operator), *operators.items()):
                    cond = HavingWant(more, op, value, unit)
                    yield Step(last, cost + (FREE if lead > start else LIGHT), "having", of_groups(cond))
        for at, operator, value, unit, to in compared(s, lead):
            if to is None and (s.phrase(start, "money_verb") or s.fold(at - 1) in _MONEY):
                cond = HavingWant(Want("money"), operator, value, unit)
                for end in [at, *(s.phrase(at + 1, "money_word") if s.fold(at) == "of" else ())]:
                    yield Step(end, LIGHT, "having", of_groups(cond, needs_subject=True))


def _is_of_pieces(noun: Noun) -> bool:
    """ "Sold fewer than 10 units" adds them up, "sold at more than one price" does not."""
    column = getattr(noun.term, "column", None)
    return column is not None and not PIECES.isdisjoint(parts(column.name))


def _so_often(s: Sentence, start: int, want: Want, operator: str, value: Number) -> Steps:
    """ "five times or more", "more than three times"."""
    operators = {start: operator} | dict.fromkeys(s.phrase(start, "or_more"), ">=")
    for end, op in (operators | dict.fromkeys(s.phrase(start, "or_less"), "<=")).items():
        yield Step(end, LIGHT, "having", of_groups(HavingWant(want, op, value)))


_MONEY = frozenset({"pounds", "dollars", "euros", "revenue"})


def _figures_beside(s: Sentence, start: int) -> Steps:
    """ "with revenue over 1000", "whose total quantity is at least 500", "that got less than 10 mm altogether"."""
    for lead in {start, *s.phrase(start, "whose"), *s.phrase(start, "place"), *s.phrase(start, "link")}:
        yield from _signed(s, lead)
        for then, want, cost in wants(s, lead):
            for at in s.after(then, "copula") if want.kind != "bare" else ():
                for end, cond, more in _beside(s, at, want, bare=at > then):
                    yield Step(end, cost + more + (FREE if lead > start else LIGHT), "having", of_groups(cond))
        for then in s.phrase(lead, "its_worth") if lead in s.phrase(start, "whose") and not s.nouns(lead) else ():
            for at in s.after(then, "copula"):
                for end, cond, more in _beside(s, at, Want("money"), bare=False):
                    yield Step(end, more + LIGHT, "having", of_groups(cond, needs_subject=True))
        for at, operator, value, unit, to in compared(s, lead):
            for end, nouns in s.nouns(s.article(at + 1)) if s.fold(at) == "of" and unit and to is None else ():
                if numbers(nouns):
                    sums = HavingWant(Want("sum", numbers(nouns)), operator, value, unit)
                    yield Step(end, LIGHT, "having", _of_parts(sums))
            nouns = s.of_unit(unit) if unit and to is None else ()
            for last in s.phrase(at, "silent", "sum") if nouns else ():
                if s.said(at, last).casefold() in ("in total", "altogether", "in all", "overall", "all told"):
                    yield Step(last, FREE, "having", of_groups(HavingWant(Want("sum", nouns), operator, value, unit)))


def _signed(s: Sentence, start: int) -> Steps:
    """ "with a negative revenue"."""
    for symbol, operator in (("negative", "<"), ("positive", ">")):
        for at in s.phrase(start, symbol):
            for end, want, cost in wants(s, at):
                if want.kind != "bare":
                    yield Step(end, cost, "having", of_groups(HavingWant(want, operator, 0)))


def _of_parts(cond: HavingWant) -> Callable[[Draft], Iterable[Draft]]:
    """ "months with over 200 mm of rain": what falls in all of a month."""

    def apply(draft: Draft) -> Iterable[Draft]:
        if "lists_part" in draft.flags and draft.pending is None:
            yield replace(draft, having=(*draft.having, cond))

    return apply


def _beside(s: Sentence, start: int, want: Want, *, bare: bool) -> Iterator[tuple[int, HavingWant, float]]:
    """A figure beside a number or another figure."""
    for end, operator, value, unit, to in compared(s, start, bare=bare):
        if to is None and not ((unit or s.unit(end)) and want.kind in ("rows", "count")):
            yield end, HavingWant(want, operator, value, unit), FREE
    for symbol, operator in (("gt", ">"), ("lt", "<")):
        for place in s.phrase(start, symbol):
            for end, other, cost in wants(s, place):
                if other != want and other.kind not in ("bare", "money"):
                    yield end, HavingWant(want, operator, other), cost
