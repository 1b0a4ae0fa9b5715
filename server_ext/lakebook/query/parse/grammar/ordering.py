"""In which order: "highest first", "oldest year first", "sorted by country", "in calendar order"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.figures import AGGREGATES, wants
from lakebook.query.parse.grammar.step import FREE, LIGHT, Step, Steps, numbers, of_kind
from lakebook.query.parse.lexicon.time import PARTS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, GroupWant, Nouns, Want
from lakebook.query.parse.words import parts


def orders(s: Sentence, start: int) -> Steps:
    """Every order that stands at `start`."""
    leads = {start, *s.phrase(start, "joint")}
    leads |= {end for lead in leads for end in s.phrase(lead, "order_them")}
    for lead in leads:
        yield from _on_top(s, lead)
        for symbol in ("high_first", "low_first", "natural", "alphabetic", "newest_first"):
            for end in s.phrase(lead, symbol):
                yield Step(end, FREE, "order", _order(symbol))
        in_time = {*s.phrase(lead, "natural"), *s.phrase(lead, "newest_first")}
        for end, symbol in _firsts(s, lead):
            if end not in in_time:
                yield Step(end, FREE, "order", _order(symbol))
        yield from _figures_first(s, lead)
        yield from _measured_first(s, lead)
        for end, symbol, part in _times_first(s, lead):
            yield Step(end, FREE, "order", _order_of(symbol, part))
        named = s.words(lead, ("by", "by the", "by their")) if s.fold(0) in _SORT else ()
        for at in {*s.phrase(lead, "sorted_by"), *named}:
            by: list[tuple[int, Want | Nouns]] = [(end, want) for end, want, _ in wants(s, at)]
            by += s.nouns(s.article(at))
            for end, want in by:
                for symbol in ("high_first", "low_first"):
                    for last in s.phrase(end, symbol):
                        yield Step(last, FREE, "order", _order(symbol, want))
                    for last in s.phrase(end + 1, symbol) if s.fold(end) in (",", "(") else ():
                        yield Step(last + (s.fold(end) == "("), FREE, "order", _order(symbol, want))
                yield Step(end, LIGHT, "order", _order("", want))
                yield from _then_by(s, end, want)


def _then_by(s: Sentence, start: int, first: Want | Nouns) -> Steps:
    """ "sorted by state and last name": of what is alike by the first the second decides."""
    for at in s.words(start, _THEN):
        for end, nouns in s.nouns(s.article(at)):
            if fields := of_kind(nouns, "field"):
                yield Step(end, FREE, "order", _order("", first, fields))


_THEN = (
    "and", "then", "then by", "and by", "and then", "and then by", ", then", ", then by", ", and then by", ", and then",
)  # fmt: skip
_SORT = frozenset({"sort", "rank", "order", "arrange"})


def _figures_first(s: Sentence, start: int) -> Steps:
    """ "Invoices and revenue by country, biggest revenue first": by the figure that is named."""
    for at, symbol in _degrees(s, s.article(start)):
        for end, want, cost in wants(s, at):
            if s.fold(end) == "first":
                yield Step(end + 1, cost, "order", _by_one_of(symbol, want))


def _by_one_of(symbol: str, want: Want) -> Callable[[Draft], Iterable[Draft]]:
    """By one of several figures; where there is one it is that one anyway."""
    ordered = _order(symbol, want)

    def apply(draft: Draft) -> Iterable[Draft]:
        if len(draft.figures) > 1:
            yield from ordered(draft)

    return apply


def _degrees(s: Sentence, start: int) -> list[tuple[int, str]]:
    highest = [(end, "high_first") for end in s.phrase(start, "highest")]
    return highest + [(end, "low_first") for end in s.phrase(start, "lowest")]


def _firsts(s: Sentence, start: int) -> Iterator[tuple[int, str]]:
    """ "largest city first", "wettest month first", "longest stay first"."""
    place = s.article(start)
    degrees = _degrees(s, place)
    degrees += [
        (end, "high_first" if each.high else "low_first") for end, each in s.adjectives(place) if each.degree == "est"
    ]
    for at, symbol in degrees:
        if s.fold(at - 1) in ("best", "worst", "poorest"):
            continue
        averaged = [last for kind in AGGREGATES for last in s.phrase(at, kind)]
        for end in [at, *averaged, *(last for last, _ in s.nouns(at))]:
            if s.fold(end) == "first":
                yield end + 1, symbol


def _measured_first(s: Sentence, start: int) -> Steps:
    """ "Days with over 40 mm of rain, wettest first": by what the adjective speaks of."""
    for at, adjective in s.adjectives(s.article(start)):
        by = numbers(s.measured(adjective))  # "employees, oldest first" may go by their birth and by their hire
        if by and adjective.degree == "est" and s.fold(at) == "first":
            yield Step(at + 1, FREE, "order", _order("high_first" if adjective.high else "low_first", by))


def _on_top(s: Sentence, start: int) -> Steps:
    """ "so that the most frequent kind is at the top"."""
    for at in s.words(start, ("so that", "with", "so")):
        place = s.article(at)
        degrees = [(end, "high_first") for end in s.phrase(place, "highest", "common")]
        degrees += [(end, "low_first") for end in s.phrase(place, "lowest", "rare")]
        for end, symbol in degrees:
            for then in {end, *(last for last, _ in s.nouns(end)), *(s.words(end, ("one", "kind", "group", "value")))}:
                for last in s.phrase(then, "is_on_top"):
                    yield Step(last, FREE, "order", _order(symbol))


_BINS = ("bin", "group", "class", "bucket", "band", "range", "bracket", "category")


def _times_first(s: Sentence, start: int) -> Iterator[tuple[int, str, str]]:
    """ "oldest year first", "months in order", "from the first month on": the end, the order, the part of time."""
    for symbol, order in (("oldest", "natural"), ("newest", "newest_first")):
        for at in s.phrase(s.article(start), symbol):
            for end, part in _parts_named(s, at):
                yield from ((last, order, part) for last in s.words(end, ("first", "on top", "at the top")))
    for end, part in _parts_named(s, s.article(start)):
        yield from ((last, "natural", part) for last in s.phrase(end, "natural"))
    for at in s.words(start, ("from the first", "starting with the first", "beginning with the first")):
        for end, part in _parts_named(s, at):
            yield from ((last, "natural", part) for last in [*s.words(end, ("on", "onwards", "onward")), end])
    for at in s.phrase(s.article(start), "least_bin"):
        if s.fold(at) in _BINS and s.fold(at + 1) == "first":
            yield at + 2, "natural", "bin"


def _parts_named(s: Sentence, start: int) -> list[tuple[int, str]]:
    return [(end, part) for part in PARTS for end in s.phrase(start, f"part:{part}")]


def _order_of(symbol: str, part: str) -> Callable[[Draft], Iterable[Draft]]:
    """The order of a breakdown by a part of time: "oldest year first" orders no countries."""
    ordered = _order(symbol)

    def apply(draft: Draft) -> Iterable[Draft]:
        if any(_is_by(group, part) for group in draft.groups):
            yield from ordered(draft)

    return apply


def _is_by(group: GroupWant, part: str) -> bool:
    columns = [getattr(noun.term, "column", None) for noun in group.nouns]
    named = any(column is not None and part in parts(column.name) for column in columns)
    return group.part.startswith(part) or named or (part == "bin" and group.width is not None)


def _is_more(draft: Draft) -> bool:
    return bool(draft.figures or draft.rank or draft.shown or draft.groups or draft.having)


def _order(symbol: str, by: Want | Nouns | None = None, then: Nouns = ()) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.along and symbol == "natural" and draft.pending is None:
            yield draft
        elif draft.order is None and (draft.figures or draft.listed or draft.groups) and draft.pending is None:
            if draft.rank is not None and symbol == "low_first" and draft.rank.descending:
                return
            if isinstance(by, Want) and by.kind != "bare" and "lists_part" in draft.flags and not draft.figures:
                flags = draft.flags - {"lists_part", "plural"}
                yield replace(draft, ask="figure", figures=(by,), order=(symbol, by), flags=flags)
                return
            things = draft.listed[0] if len(draft.listed) == 1 else None
            if isinstance(by, Want) and by.kind != "bare" and isinstance(things, tuple) and not _is_more(draft):
                by_figure = replace(draft, ask="figure", listed=(), figures=(by,), groups=(GroupWant(things),))
                yield replace(by_figure, order=(symbol, by), flags=draft.flags - {"plural"})
            yield replace(draft, order=(symbol, by), then=then)

    return apply
