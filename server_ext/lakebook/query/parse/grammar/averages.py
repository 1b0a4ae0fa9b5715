"""Averages per thing: "on average, how many lines does an invoice have", "the average album holds how many songs"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.possession import inner
from lakebook.query.parse.grammar.step import FREE, Step, Steps, of_kind
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Cond, Draft, Nouns, Want

_AVERAGE = ("on average", "on an average", "in the mean")
_ON_AVERAGE = (*_AVERAGE, ", on average")
_HAS = ("does", "do", "did", "are", "are there", "were", "were there", "has", "have", "come", "go", "is")
_HELD = (
    "have", "has", "had", "contain", "hold", "include", "place", "placed", "get", "consist of", "make", "take", "carry",
    "comprise", "buy", "receive", "there are", "span", "cover", "",
)  # fmt: skip
_DOES_ONE = (
    "how much does a", "how much does an", "how much did a", "how much does each", "what does a", "what does each",
    "what did a", "how much do our", "how much does one",
)  # fmt: skip
_DOES_AVERAGE = (
    "how much does the average", "how much did the average", "what does the average", "what did the average",
)  # fmt: skip


_HOLDS = (
    "has", "holds", "contains", "includes", "places", "placed", "makes", "made", "buys", "bought", "carries", "covers",
    "gets", "have", "hold", "contain", "consists of", "comprises", "takes", "spans",
)  # fmt: skip


def averages(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    yield from _per_thing(s, start)
    yield from _average_thing(s, start)
    yield from _average_holds(s, start)


def _per_thing(s: Sentence, start: int) -> Steps:
    """ "on average, how many lines does an invoice have", "how many tracks are on an album on average"."""
    opened = [at + (s.fold(at) == ",") for at in s.words(start, _AVERAGE)]
    for begin, averaged in [(start, False), *((at, True) for at in opened)]:
        for at in s.phrase(begin, "count"):
            then = next(iter(s.phrase(at, "different")), at)
            for middle, things in s.nouns(then):
                for has in s.words(middle, _HAS):
                    for lead in {has, *s.phrase(has, "place"), *s.phrase(has, "link")}:
                        yield from _per_end(s, lead, things, averaged=averaged, distinct=then > at)


def _per_end(s: Sentence, start: int, things: Nouns, *, averaged: bool, distinct: bool) -> Steps:
    typical = s.words(start, ("the average", "an average", "the typical", "a typical", "the mean"))
    for place, average in [
        *((at, True) for at in typical),
        *((at, averaged) for at in s.words(start, ("a", "an", "each", "every", "one"))),
    ]:
        for end, per in s.nouns(place):
            of = of_kind(per, "table", "field")
            for last in [*s.words(end, _HELD), end] if of and not s.plural(end) else ():
                ends = s.words(last, _AVERAGE)
                if average or ends:
                    want = Want("per", things, other=of, inner="avg", distinct=True)
                    yield Step(ends[0] if ends else last, FREE, "measure", _figure(want))


def _figure(want: Want, before: tuple[Cond, ...] = ()) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.pending is None and not (draft.figures or draft.listed or draft.counted):
            yield replace(draft, ask="figure", figures=(want,)).filtered(*before)

    return apply


def _average_thing(s: Sentence, start: int) -> Steps:
    """ "how much does the average customer spend", "products per order on average"."""
    for at in s.words(start, _DOES_AVERAGE):
        for middle, before, _ in inner(s, at, ()):
            for end, nouns in s.nouns(middle):
                for last in s.phrase(end, "money_verb") if of_kind(nouns, "table", "field") else ():
                    want = Want("per", (), other=of_kind(nouns, "table", "field"), inner="avg")
                    yield Step(last, FREE, "measure", _figure(want, before))
    yield from _one_spends(s, start)
    for middle, things in (each for lead in {start, *s.phrase(start, "count")} for each in s.nouns(s.article(lead))):
        for place in s.words(middle, ("per", "in each", "in every", "for each", "for every")):
            for end, per in s.nouns(place):
                for last in _on_average_after(s, end) if not s.plural(end) else ():
                    want = Want("per", things, other=of_kind(per, "table", "field"), inner="avg", distinct=True)
                    yield Step(last, FREE, "measure", _figure(want))


def _on_average_after(s: Sentence, start: int) -> Iterator[int]:
    """ "Orders per day do we get on average"."""
    for place in {start, *s.after(start, "silent")}:
        yield from s.words(place, _ON_AVERAGE)


def _one_spends(s: Sentence, start: int) -> Steps:
    """ "how much does a customer from India spend on average"."""
    for at in s.words(start, _DOES_ONE):
        for middle, before, _ in inner(s, at, ()):
            for named, nouns in s.nouns(middle):
                want = Want("per", (), other=of_kind(nouns, "table", "field"), inner="avg")
                for end, conds, _ in inner(s, named, before) if want.other else ():
                    for last in _spends_on_average(s, end):
                        yield Step(last, FREE, "measure", _figure(want, conds))


def _spends_on_average(s: Sentence, start: int) -> Iterator[int]:
    for verb in s.phrase(start, "money_verb"):
        for at in s.after(verb, "silent"):
            yield from s.words(at, _ON_AVERAGE)


def _average_holds(s: Sentence, start: int) -> Steps:
    """ "the average album holds how many songs", "an average client places how many orders"."""
    for at in s.words(start, ("the average", "an average", "the typical", "a typical")):
        for middle, per in s.nouns(at):
            of = of_kind(per, "table", "field")
            for verb in s.words(middle, _HOLDS) if of and not s.plural(middle) else ():
                for then in s.phrase(verb, "count"):
                    for end, things in s.nouns(then):
                        want = Want("per", things, other=of, inner="avg", distinct=True)
                        yield Step(end, FREE, "measure", _figure(want))
