"""Figures said in full, one or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.events import is_moment
from lakebook.query.parse.grammar.figures import AGGREGATES, wants
from lakebook.query.parse.grammar.showing import closes
from lakebook.query.parse.grammar.step import FREE, LIGHT, Step, Steps, numbers, of_kind
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, Nouns, Want
from lakebook.query.parse.words import parts


def whole_figures(s: Sentence, start: int) -> Steps:
    """A whole figure: "average unit price", "correlation between A and B"; several joined by "and"."""
    for end, want, cost in wants(s, start):
        joined = s.fold(start - 1) in _JOINS
        if want.kind == "bare" and not (joined and (s.phrase(end, "by") or s.fold(end) in _JOINS)):
            continue  # "revenue and units by country" are two sums
        yield Step(end, cost, "measure", _figure(want, joined=joined))
    yield from _several(s, start)
    yield from _first_and_last(s, start)


_JOINS = frozenset({"and", ",", "&", "+", "plus", ";"})


def _several(s: Sentence, start: int) -> Steps:
    """ "minimum and maximum temperature", "smallest, mean and largest length", "first and last date"."""
    for place, kinds, measured in _kinds_listed(s, start):
        for end, nouns in s.nouns(s.article(place + 1 if s.fold(place) == "of" else place)):
            known = numbers(nouns) or tuple(noun for noun in of_kind(nouns, "field") if is_moment(noun))
            known = _spoken_of(known, measured)
            if known:
                yield Step(end, FREE, "measure", _all_of(tuple(Want(kind, known) for kind in kinds)))
    yield from _listed_after(s, start)


def _kinds_listed(s: Sentence, start: int) -> Iterator[tuple[int, tuple[str, ...], Nouns]]:
    """Two aggregates or more with "and" or commas between them."""
    said: list[tuple[int, tuple[str, ...], Nouns]] = []
    said += [(at, (kind,), measured) for at, kind, measured in _extremes(s, s.article(start))]
    while said:
        said = [
            (at, (*kinds, kind), (*measured, *also))
            for end, kinds, measured in said
            for then in s.phrase(end, "and")
            for at, kind, also in _extremes(s, s.article(then))
        ]
        yield from said


def _listed_after(s: Sentence, start: int) -> Steps:
    """ "range of flipper lengths (min, max)", "spread of totals: lowest, average, highest"."""
    if s.fold(start) in ("(", ":", ",", "-", "–"):
        for end, kinds, _ in _kinds_listed(s, start + 1):
            closed = end + 1 if s.fold(start) == "(" and s.fold(end) == ")" else end
            if closes(s, closed) or s.phrase(closed, "by"):
                yield Step(closed, FREE, "measure", _instead(kinds))


def _instead(kinds: tuple[str, ...]) -> Callable[[Draft], Iterable[Draft]]:
    """The aggregates named after the column, in place of the column by itself or of its range."""

    def apply(draft: Draft) -> Iterable[Draft]:
        want = draft.figures[0] if len(draft.figures) == 1 else Want("")
        if draft.pending is None and want.kind in ("bare", "range") and not (draft.listed or draft.rank):
            yield replace(draft, ask="figure", figures=tuple(replace(want, kind=kind) for kind in kinds))

    return apply


def _first_and_last(s: Sentence, start: int) -> Steps:
    """ "date of the first and of the last invoice"."""
    for at in s.phrase(s.article(start), "dates_of"):
        for first in s.phrase(s.article(at), "first"):
            for then in s.phrase(first, "and"):
                for last in s.phrase(s.article(then + (s.fold(then) == "of")), "last"):
                    for end, nouns in s.nouns(last):
                        known = of_kind(nouns, "table", "field")
                        both = (Want(kind, known, inner="time") for kind in ("min", "max"))
                        yield Step(end, FREE, "measure", _both(*both))


def _spoken_of(known: Nouns, measured: Nouns) -> Nouns:
    """Those that the adjectives speak of: of a bill the depth, where it is the deepest."""
    terms = {noun.term for noun in measured}
    return tuple(noun for noun in known if noun.term in terms) or known


def _extremes(s: Sentence, start: int) -> list[tuple[int, str, Nouns]]:
    found: list[tuple[int, str, Nouns]] = [(end, kind, ()) for kind in AGGREGATES for end in s.phrase(start, kind)]
    found += [(end, kind, ()) for word, kind in (("first", "min"), ("last", "max")) for end in s.phrase(start, word)]
    for end, each in s.adjectives(start):
        if each.degree == "est":
            found.append((end, "max" if each.high else "min", s.measured(each)))
    return found


def _all_of(wanted: tuple[Want, ...]) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and not (draft.figures or draft.listed or draft.counted):
            yield replace(draft, ask="figure", figures=wanted)

    return apply


def _both(first: Want, second: Want) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and not (draft.figures or draft.listed or draft.counted):
            yield replace(draft, ask="figure", figures=(first, second))

    return apply


def _figure(want: Want, *, joined: bool) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        pending = draft.pending
        if pending is not None and pending.kind not in ("list", "much", "count"):
            return
        if pending is not None and pending.kind == "count" and want.kind not in ("metric",):
            return
        if draft.counted or draft.listed or draft.rank or (draft.figures and not joined):
            return
        if "count_groups" in draft.flags:
            return  # "in how many months was there an order" counts the months
        before = draft.figures[-1] if draft.figures else want
        if before.kind in _DESCRIBING and want.kind == "bare":
            yield replace(draft, figures=(*draft.figures, replace(want, kind=before.kind)))
        elif before.kind not in _DESCRIBING or want.kind not in ("min", "max") or not _is_extreme(before):
            yield replace(draft, ask="figure", pending=None, figures=(*draft.figures, want))

    return apply


_DESCRIBING = frozenset({"avg", "median", "stddev"})


def _is_extreme(want: Want) -> bool:
    """ "Average maximum and minimum temperature": of both the average."""
    columns = [getattr(noun.term, "column", None) for noun in want.nouns]
    return any(column is not None and parts(column.name)[-1] in ("max", "min") for column in columns)


def rows_named(s: Sentence, start: int) -> Steps:
    for end in s.phrase(start, "how_often"):
        yield Step(end, LIGHT, "measure", _figure(Want("rows"), joined=False))
    for end in s.phrase(s.article(start), "rows"):
        yield Step(end, LIGHT, "subject", _rows)


def _rows(draft: Draft) -> Iterable[Draft]:
    if draft.pending is not None and draft.pending.kind == "count" and not draft.counted:
        yield replace(draft, pending=None, figures=(Want("rows"),))
    elif draft.pending is None and not (draft.figures or draft.listed or draft.counted):
        yield replace(draft, ask=draft.ask or "bare", figures=(Want("rows"),))
