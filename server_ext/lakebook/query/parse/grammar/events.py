"""Verbs: what was first and last, what was sold, what it brought in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lakebook.query.parse.grammar.conditions import conditions
from lakebook.query.parse.grammar.moments import event_times
from lakebook.query.parse.grammar.possession import inner
from lakebook.query.parse.grammar.step import FREE, LIGHT, STRANGE, Step, Steps, numbers, of_kind
from lakebook.query.parse.lexicon.nouns import PIECES
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Cond, Draft, GroupWant, IsValue, Nouns, Rank, Want
from lakebook.query.parse.words import parts

TRADE = frozenset({"sold", "bought", "ordered", "purchased", "shipped"})


def first_and_last(s: Sentence, start: int) -> Steps:
    """ "when was the first invoice booked", "and when the last one", "date of the latest order"."""
    for place in {s.article(then) for at in s.phrase(start, "when") for then in s.after(at, "silent")}:
        for symbol, kind in (("first", "min"), ("last", "max")):
            for then in s.phrase(place, symbol):
                for end in s.phrase(then, "one"):
                    yield Step(end, FREE, "measure", _when(kind, ()))
                for end, nouns in s.nouns(then):
                    yield Step(end, FREE, "measure", _when(kind, of_kind(nouns, "table", "field")))
                yield Step(then, STRANGE, "measure", _when(kind, ()))
    yield from _when_did(s, start)
    yield from _when_did_it(s, start)
    yield from _did_first(s, start)
    for at in s.phrase(s.article(start), "dates_of"):
        yield from _last_of_each(s, at)
        for symbol, kind in (("first", "min"), ("last", "max")):
            for then in s.phrase(s.article(at), symbol):
                for end, nouns in s.nouns(then):
                    yield Step(end, FREE, "measure", _when(kind, of_kind(nouns, "table", "field")))
    for symbol, kind in (("first", "min"), ("last", "max")):
        for then in s.phrase(s.article(start), symbol):
            for end, nouns in s.nouns(then):
                times = tuple(noun for noun in of_kind(nouns, "field") if is_moment(noun))
                if times:
                    yield Step(end, FREE, "measure", _when(kind, times))
            yield from _first_day(s, then, kind)


def _last_of_each(s: Sentence, start: int) -> Steps:
    """ "date of each customer's latest purchase"."""
    for at in s.words(start, ("each", "every")):
        for middle, whose in s.nouns(at):
            for symbol, kind in (("first", "min"), ("last", "max")):
                for then in s.phrase(middle, symbol):
                    for end, nouns in s.nouns(then):
                        want = Want(kind, of_kind(nouns, "table", "field"), inner="time")
                        yield Step(end, FREE, "measure", _of_each(want, of_kind(whose, "table", "field")))


def _of_each(want: Want, whose: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and whose and not (draft.figures or draft.listed or draft.counted or draft.groups):
            yield replace(draft, ask="figure", figures=(want,), groups=(GroupWant(whose),))

    return apply


_ACTS = (
    "sell", "ship", "deliver", "invoice", "bill", "have an order", "get an order", "sell anything", "sell something",
    "ship anything", "deliver anything", "have anything", "get anything", "sell a", "hear",
)  # fmt: skip


def _did_first(s: Sentence, start: int) -> Steps:
    """ "when did we first sell anything to Japan": a condition says of what."""
    for at in s.phrase(start, "when"):
        for we in s.words(at, ("we", "did we", "you", "did you", "they")):
            for symbol, kind in (("first", "min"), ("last", "max")):
                for then in s.phrase(we, symbol):
                    for act in s.words(then, _ACTS):
                        for end, conds, cost in conditions(s, act):
                            yield Step(end, cost, "measure", _when_of(kind, _with_times(s), conds))


def _with_times(s: Sentence) -> Nouns:
    """The one table that has a time."""
    tables = {noun.table: noun for noun in s.table_nouns() if s.times_of({noun.table.full_name})}
    return tuple(tables.values()) if len(tables) == 1 else ()


def _first_day(s: Sentence, start: int, kind: str) -> Steps:
    """ "first foggy day", "last day over 30 degrees" of a table that has a row for each day."""
    kinds = [(end, (IsValue((hits,)),)) for end, hits in s.bare_hits(start)]
    for middle, conds in [(start, ()), *kinds]:
        for end, nouns in s.nouns(middle):
            days = of_kind(nouns, "table")
            if days and s.fold(end - 1) in ("day", "date", "night"):
                yield Step(end, FREE, "measure", _when_of(kind, days, conds))
    if s.fold(start) in ("have", "see", "get", "record", "had", "saw"):
        for end, hits in s.bare_hits(start + 1):
            tables = tuple({noun.table: noun for noun in s.table_nouns()}.values())
            if len(tables) == 1:
                yield Step(end, FREE, "measure", _when_of(kind, tables, (IsValue((hits,)),)))


_TIMES = (("max", ("for the last time", "last", "most recently")), ("min", ("for the first time", "first")))
_IT = (
    ("max", ("did it last", "it last", "was the last time it", "was the last time that it", "the last time it")),
    ("min", ("did it first", "it first", "was the first time it", "was the first time that it", "the first time it")),
)


def _when_did_it(s: Sentence, start: int) -> Steps:
    """ "When did it last snow" of a table that has a row for each day."""
    tables = _with_times(s)
    for at in s.phrase(start, "when"):
        for kind, words in _IT if tables else ():
            for then in {*s.words(at, words), *s.words(start + 1, words)}:
                for end, hits in s.bare_hits(then):
                    yield Step(end, LIGHT, "measure", _when_of(kind, tables, (IsValue((hits,)),)))


def _when_did(s: Sentence, start: int) -> Steps:
    """ "when did customer 12748 place their most recent order", "when did Frank Harris last buy something"."""
    for at in s.phrase(start, "when"):
        for middle, conds, cost in inner(s, at, ()):
            if not conds:
                continue
            for verb in {middle, *s.phrase(middle, "link", "silent")}:
                for kind, words in _TIMES:
                    for end in s.words(verb, words):
                        yield Step(end, cost, "measure", _when_of(kind, (), conds))
                for symbol, kind in (("first", "min"), ("last", "max")):
                    for then in s.phrase(s.article(verb), symbol):
                        for end, nouns in s.nouns(then):
                            named = of_kind(nouns, "table", "field")
                            yield Step(end, cost, "measure", _when_of(kind, named, conds))
                        for act in s.words(then, ("have", "get", "place", "make", "receive", "see")):
                            for end, nouns in s.nouns(s.article(act)):
                                yield Step(
                                    end, cost, "measure", _when_of(kind, of_kind(nouns, "table", "field"), conds)
                                )
                        for end in s.phrase(then, "buys_something"):
                            yield Step(end, cost, "measure", _when_of(kind, (), conds))


def _when_of(kind: str, nouns: Nouns, conds: tuple[Cond, ...]) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and not (draft.figures or draft.listed or draft.counted):
            made = replace(draft, ask="figure", figures=(Want(kind, nouns, inner="time"),))
            yield made.filtered(*conds)

    return apply


def is_moment(noun: object) -> bool:
    column = getattr(getattr(noun, "term", None), "column", None)
    return bool(column is not None and column.is_time)


def _when(kind: str, nouns: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        before = draft.figures[-1] if draft.figures else None
        if draft.pending is not None or draft.listed or draft.counted:
            return
        if nouns or (before is not None and before.inner == "time"):
            named = nouns or (before.nouns if before else ())
            yield replace(draft, ask="figure", figures=(*draft.figures, Want(kind, named, inner="time")))

    return apply


def who_buys(s: Sentence, start: int) -> Steps:
    """ "who bought something by Aerosmith": those who buy are the customers."""
    customers = of_kind(s.names.at(("customer",)), "table", "field")
    for at in s.words(start, ("who", "who has", "who have", "who ever", "who has ever")) if customers else ():
        verbs = {token.fold for token in s.tokens[at : at + 2]}
        if not verbs.isdisjoint(("bought", "ordered", "purchased")):
            yield Step(at, LIGHT, "subject", _lists(customers))


def _lists(nouns: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and not (draft.listed or draft.counted or draft.figures or draft.groups):
            yield replace(draft, ask="list", listed=(nouns,)).flagged("who")

    return apply


def traded(s: Sentence, start: int) -> Steps:
    """ "in how many countries was it bought": where every row is a sale, the verb says nothing more."""
    tables = {noun.table for noun in s.table_nouns()}
    sales = [each for table in tables for each in table.columns if not PIECES.isdisjoint(parts(each.name))]
    if s.fold(start) in TRADE and len(tables) == 1 and sales:
        yield Step(start + 1, LIGHT, "nothing", _is_about_sales)


def _is_about_sales(draft: Draft) -> Iterable[Draft]:
    if any(of_kind(want.nouns, "table") or want.kind == "rows" for want in draft.figures):
        return  # "how many lamps were sold" are pieces, not lines
    if draft.pending is None and (draft.counted or draft.figures or draft.listed or draft.groups) and draft.where:
        yield draft


def was_sold(draft: Draft) -> Iterable[Draft]:
    """ "units of … sold": what is counted are pieces or money, so that the verb says nothing more."""
    sums = ("metric", "money", "bare", "sum", "units")
    for want in draft.figures:
        pieces = want.kind == "count" and (
            numbers(want.nouns) or any("units" in (noun.metric.name if noun.metric else "") for noun in want.nouns)
        )
        if draft.pending is None and (want.kind in sums or pieces):
            yield draft
            return


def happenings(s: Sentence, start: int) -> Steps:
    """ "were hired each year": which of the times a breakdown goes by."""
    if not s.phrase(start, "never"):
        for end, nouns in event_times(s, start):
            yield Step(end, LIGHT, "group", _happens(nouns))


def _happens(nouns: Nouns) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if not draft.event and draft.pending is None and (draft.counted or draft.listed or draft.figures or draft.rank):
            yield replace(draft, event=nouns)

    return apply


def money_verbs(s: Sentence, start: int) -> Steps:
    for end in s.phrase(start, "money_verb"):
        yield Step(end, FREE, "measure", _takes)
    for symbol, high in (("the_most", True), ("the_least", False)):
        for end in s.phrase(start, symbol):
            yield Step(end, LIGHT, "order", _ranks_figure(high))


def _ranks_figure(high: bool) -> Callable[[Draft], Iterable[Draft]]:
    """ "on which weekday does it rain the most": the figure said before is what the ranking goes by."""

    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.rank is None and len(draft.figures) == 1 and draft.groups and "lists_part" in draft.flags:
            yield replace(draft, figures=(), rank=Rank(high, replace(draft.figures[0], kind="most")))

    return apply


def _takes(draft: Draft) -> Iterable[Draft]:
    pending = draft.pending
    if pending is not None and pending.kind == "much":
        yield replace(draft, pending=None, figures=(*draft.figures, Want("money")))
    elif pending is None and draft.rank is not None and draft.rank.want == Want("money"):
        yield draft.flagged("show")
    elif pending is None and draft.figures and draft.figures[0].kind in ("metric", "money"):
        yield draft
