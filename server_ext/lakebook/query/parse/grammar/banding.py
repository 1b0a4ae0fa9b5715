"""Bands with names: "light (below 3500 g), medium (3500 to under 4500 g) or heavy (4500 g and above)"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from lakebook.query.parse.grammar.showing import closes
from lakebook.query.parse.grammar.step import FREE, LIGHT, Step, Steps, numbers, of_kind
from lakebook.query.parse.lexicon.bins import BAND_INTROS, BANDS, BY_NUMBER, SORTING
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, GroupWant, IsMissing, Nouns, Number, Unit


@dataclass(frozen=True)
class Named:
    """Names of bands, the edges between them and the unit of the edges."""

    names: tuple[str, ...] = ()
    edges: tuple[Number, ...] = ()
    unit: Unit | None = None
    whole: bool = False  # "from 0 to 9, from 10 to 99" leaves nothing out where numbers are whole


def bandings(s: Sentence, start: int) -> Steps:
    """Every step of this subject at `start`."""
    for end, bands in _bands(s, start):
        yield Step(end, FREE, "group", _in_bands(bands))
    yield from _sorted_into(s, start)
    yield from _counted(s, start)


def _sorted_into(s: Sentence, start: int) -> Steps:
    """ "sort tracks into", "classify days by high:", "make three classes of flipper length,"."""
    for at in s.words(start, SORTING):
        for then, things in s.nouns(s.article(at)):
            named = of_kind(things, "table")
            for end, by in [*_by_number(s, then), (then, ())] if named else ():
                for last in _into(s, end):
                    for close, bands in _bands(s, last):
                        by_unit = by or (s.of_unit(bands.unit) if bands.unit else ())
                        yield Step(close, FREE, "group", _all_in_bands(named, by_unit, bands))
    for at in s.words(start, ("make", "build", "form", "use")):
        for then in _kinds_of_bands(s, at):
            for middle, by in s.nouns(s.article(then + 1)) if s.fold(then) in ("of", "by", "for") else ():
                for last in s.after(middle, "joint"):
                    for close, bands in _bands(s, last):
                        tables = tuple(noun for noun in s.table_nouns() if any(noun.table == n.table for n in by))
                        yield Step(close, FREE, "group", _all_in_bands(tables[:1], numbers(by), bands))


def _by_number(s: Sentence, start: int) -> Iterator[tuple[int, Nouns]]:
    for at in s.words(start, BY_NUMBER):
        for end, nouns in s.nouns(s.article(at)):
            if numbers(nouns):
                yield end, numbers(nouns)


def _into(s: Sentence, start: int) -> Iterator[int]:
    """The places after "into three classes:", "as", a mark, or nothing."""
    yield start
    for at in [start, *s.words(start, BAND_INTROS)]:
        for end in (at, *_kinds_of_bands(s, at)):
            yield from s.after(end, "joint")


def _kinds_of_bands(s: Sentence, start: int) -> list[int]:
    """ "three classes", "price bands"."""
    number = s.number(start)
    place = number[0] if number else start
    return [last + 1 for last in range(place, min(place + 3, s.end)) if s.fold(last) in BANDS][:1]


def _bands(s: Sentence, start: int) -> Iterator[tuple[int, Named]]:
    bands, at = Named(), start
    while at < s.end and s.tokens[at].kind in ("text", "word"):
        found = _band(s, at + 1)
        if found is None or found.low != (bands.edges[-1] if bands.edges else None):
            return
        unit = bands.unit or found.unit
        if found.unit not in (None, unit):
            return
        bands = Named((*bands.names, s.tokens[at].text), bands.edges, unit, bands.whole or found.whole)
        if found.high is None:
            if len(bands.names) > 1:
                yield found.end, bands
            return
        bands = replace(bands, edges=(*bands.edges, found.high))
        at = next(iter(s.phrase(found.end, "joint", "or")), found.end)


@dataclass(frozen=True)
class _Band:
    end: int
    low: Number | None
    high: Number | None
    unit: Unit | None
    whole: bool = False


def _band(s: Sentence, start: int) -> _Band | None:
    """The words that say where a band begins and ends, bracketed or not."""
    bracketed = s.fold(start) == "("
    at = start + 1 if s.fold(start) in ("(", ":", "=", "is", "-", "–", "means") else start
    found = _limits(s, at)
    if found is None or not bracketed:
        return found
    return replace(found, end=found.end + 1) if s.fold(found.end) == ")" else None


def _limits(s: Sentence, start: int) -> _Band | None:
    for at in s.phrase(start, "lt"):
        for end, value, unit in s.amount(at):
            return _Band(end, None, value, unit)
    place = start + 1 if s.fold(start) in ("from", "between") else start
    for end, low, unit in s.amount(place):
        for at in s.words(end, ("to", "and", "-", "–", "up to", "up to but")):
            for then in s.phrase(at, "lt"):
                for last, high, of_high in s.amount(then):
                    return _Band(last, low, high, of_high or unit)
            for last, high, of_high in s.amount(at) if unit is None and isinstance(low, int) else ():
                if of_high is None and isinstance(high, int) and not s.phrase(last, "lt"):
                    return _Band(last, low, high + 1, None, whole=True)
        for last in s.phrase(end, "or_more"):
            return _Band(last, low, None, unit)
    return None


def _in_bands(bands: Named) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        for place, group in enumerate(draft.groups):
            if numbers(group.nouns) and not group.edges:
                banded = _banded(numbers(group.nouns), bands)
                yield replace(draft, groups=(*draft.groups[:place], banded, *draft.groups[place + 1 :]))

    return apply


def _banded(nouns: Nouns, bands: Named) -> GroupWant:
    return GroupWant(nouns, edges=bands.edges, names=bands.names, unit=bands.unit, whole=bands.whole)


def _all_in_bands(things: Nouns, by: Nouns, bands: Named) -> Callable[[Draft], Iterable[Draft]]:
    """The number of things in each band, where nothing was asked before."""

    def apply(draft: Draft) -> Iterable[Draft]:
        free = not (draft.pending or draft.listed or draft.counted or draft.figures or draft.groups or draft.rank)
        if free and things and by:
            yield replace(draft.counting(things), groups=(_banded(by, bands),)).filtered(IsMissing(by, negated=True))

    return apply


def _counted(s: Sentence, start: int) -> Steps:
    """After bands: "how many in each class", "and count the birds in each", "number of each"."""
    for lead in {start, *s.phrase(start, "joint")}:
        for at in [*s.phrase(lead, "count"), *s.phrase(lead, "count_them")]:
            for named in {at, s.article(at), *(end for end, _ in s.nouns(s.article(at)))}:
                for of in [named, *s.words(named, _IN_EACH)]:
                    for end in s.words(of, ("each", "every")):
                        last = end + 1 if s.fold(end) in BANDS or s.fold(end) in _EACH_BAND else end
                        if closes(s, last):
                            yield Step(last, LIGHT, "nothing", _is_banded)
            if closes(s, at):
                yield Step(at, LIGHT, "nothing", _is_banded)


_IN_EACH = ("of", "in", "for", "are in", "land in", "fall into", "are there in")
_EACH_BAND = frozenset({"class", "group", "band", "bucket", "bin", "category", "range", "bracket", "one"})


def _is_banded(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None and any(group.edges for group in draft.groups):
        yield draft
