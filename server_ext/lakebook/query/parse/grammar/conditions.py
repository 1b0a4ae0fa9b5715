"""Conditions on rows: values, missing values, filters of the semantic model, texts, times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.parse.grammar.amounts import amounts
from lakebook.query.parse.grammar.dates import periods
from lakebook.query.parse.grammar.gaps import Found, gap_conditions, text_conditions
from lakebook.query.parse.grammar.moments import moment_conditions
from lakebook.query.parse.grammar.step import FREE, LIGHT, ODD, STRANGE, is_named_number, of_kind
from lakebook.query.parse.lexicon.nouns import PERSONS
from lakebook.query.parse.names import Noun
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.values import Hit
from lakebook.query.parse.wants import Cond, InTime, IsMissing, IsNamed, IsNumber, IsValue, Nouns
from lakebook.query.parse.words import parts, stems

_YEARS = frozenset({"year", "years", "season", "vintage", "edition"})  # of columns of texts that are years
UNLIKELY = 9.0  # one word in small letters is hardly ever a name among many


def conditions(s: Sentence, start: int) -> list[Found]:
    """Every condition that stands at `start`."""
    return s.once("conditions", start, _conditions)


def _conditions(s: Sentence, start: int) -> list[Found]:
    found: list[Found] = []
    for way in (
        _values,
        _of_column,
        _filters,
        gap_conditions,
        text_conditions,
        moment_conditions,
        amounts,
        _left_out,
        _known_nouns,
    ):
        found.extend(way(s, start))
    best: dict[tuple[int, tuple[Cond, ...]], float] = {}
    for end, conds, cost in found:
        best[end, conds] = min(cost, best.get((end, conds), 99.0))
    return [(end, conds, cost) for (end, conds), cost in best.items()]


def _leads(s: Sentence, start: int) -> Iterator[tuple[int, bool, float]]:
    """The places after a preposition, a negation or nothing: where it ends, whether it negates, its cost."""
    yield s.article(start), False, LIGHT
    for at in s.phrase(start, "place"):
        yield at, False, FREE
        if s.article(at) != at:
            yield s.article(at), False, FREE
        for then in s.phrase(at, "not_place"):
            yield s.article(then), True, FREE
    if s.fold(start) == "non" and s.fold(start + 1) == "-":
        yield start + 2, True, FREE
    for at in s.phrase(start, "not_place"):
        yield s.article(at), True, FREE
        for then in s.phrase(at, "place"):
            yield s.article(then), True, FREE


def _values(s: Sentence, start: int) -> Iterator[Found]:
    """ "in Germany", "from France or Spain", "jazz", "except the United Kingdom"."""
    for at, negated, cost in _leads(s, start):
        for end, hits, price in value_list(s, at):
            yield end, (IsValue(_by_someone(s, start, at, hits), negated),), cost + price
    for at in [then for lead in {start, *s.phrase(start, "if_we")} for then in s.phrase(lead, "leave")]:
        for end, hits, price in value_list(s, s.article(at)):
            for last in s.phrase(end, "out"):
                yield last, (IsValue(hits, negated=True),), FREE + price


_WRITTEN = ("written by", "composed by", "wrote", "penned by", "songs written by")
_WRITERS = frozenset({"composer", "writer", "author", "songwriter"})


def _by_someone(s: Sentence, start: int, at: int, hits: tuple[tuple[Hit, ...], ...]) -> tuple[tuple[Hit, ...], ...]:
    """After "by" the values that are somebody's names, after "written by" those of writers, where there are any."""
    if s.fold(at - 1) != "by" and s.fold(s.article(start) - 1) != "by":
        return hits
    wanted = _WRITERS if s.said(start, at).casefold().startswith(_WRITTEN) else PERSONS - _WRITERS
    return tuple(tuple(hit for hit in same if _is_of(hit, wanted)) or same for same in hits)


def _is_of(hit: Hit, words: frozenset[str]) -> bool:
    """Whether a value is the name of one of these: by its column, or by its table."""
    return not words.isdisjoint(stems((*parts(hit.column.name), *parts(hit.table.name))))


def value_list(s: Sentence, start: int) -> Iterator[tuple[int, tuple[tuple[Hit, ...], ...], float]]:
    """One value or several of a kind: "Germany, France and EIRE"."""
    for end, hits in s.bare_hits(start):
        cost = _price(s, start, end, hits)
        bare = hits if not _is_year(s.said(start, end)) else tuple(hit for hit in hits if _holds_years(hit))
        if bare:
            yield end, (bare,), cost
        for last, nouns in s.nouns(end):
            own = tuple(hit for hit in hits if any(is_column(noun, hit) for noun in nouns))
            if own:
                yield last, (own,), cost / 2
        yield from _more_values(s, end, (bare,), cost) if bare else ()


def _is_year(said: str) -> bool:
    """Whether words are a year: "in 2010" is no postal code, unless its column is named."""
    return len(said) == 4 and said.isdecimal() and said[:2] in ("19", "20")


def _holds_years(hit: Hit) -> bool:
    return not _YEARS.isdisjoint(parts(hit.column.name))


def is_column(noun: Noun, hit: Hit) -> bool:
    """Whether a noun names the column of a value: "Dream island"."""
    if noun.table != hit.table:
        return False
    return getattr(noun.term, "column", None) == hit.column


def _more_values(
    s: Sentence, end: int, before: tuple[tuple[Hit, ...], ...], cost: float
) -> Iterator[tuple[int, tuple[tuple[Hit, ...], ...], float]]:
    if len(before) >= 12:
        return
    for at in s.phrase(end, "and", "or", "with_the_one"):
        place = s.article(next(iter(s.phrase(at, "place")), at)) if s.phrase(end, "or") else s.article(at)
        for then in {place, s.article(at)}:
            for last, hits in s.bare_hits(then):
                columns = {(hit.table.full_name, hit.column) for group in before for hit in group}
                likely = _price(s, then, last, hits) < UNLIKELY
                if likely and any((hit.table.full_name, hit.column) in columns for hit in hits):
                    yield last, (*before, hits), cost
                    yield from _more_values(s, last, (*before, hits), cost)


def _price(s: Sentence, start: int, end: int, hits: tuple[Hit, ...]) -> float:
    """What it costs to read words as a value: less for kinds and quotes, more for words of the language."""
    cost = min(hit.cost for hit in hits)
    if s.tokens[start].kind == "text":
        return FREE
    if cost > ODD and end == start + 1 and s.tokens[start].text.islower():
        return UNLIKELY
    if end - start > 2:
        return cost / 3
    if s.symbols(start) and end == start + 1 and cost > ODD:
        return cost + STRANGE
    if s.tokens[start].kind == "number":
        return cost + STRANGE
    capital = s.tokens[start].text[:1].isupper() and start > 0
    return cost / 2 if capital else cost


def _of_column(s: Sentence, start: int) -> Iterator[Found]:
    """ "whose species is Gentoo", "on invoice 536370", "with channel web", "the genre isn't rock"."""
    for lead in {start, *s.phrase(start, "whose"), *s.phrase(start, "place"), *s.phrase(start, "not_place")}:
        outside = lead in s.phrase(start, "not_place") and lead not in s.phrase(start, "whose")
        for then, nouns in s.nouns(s.article(lead)):
            fields = of_kind(nouns, "field", "table")
            if not fields:
                continue
            for place in [*s.phrase(then, "copula_not")]:
                yield from _named_values(s, place, fields, negated=True)
            for place in [*s.phrase(then, "copula"), then]:
                # "Tracks of Queen" does not say what Queen is; "whose genre is of Rock" would.
                named = of_kind(fields, "field") if s.fold(place - 1) == "of" else fields
                for end, conds, cost in _named_values(s, place, named, negated=outside):
                    yield end, conds, cost + (FREE if lead > start else LIGHT)


def _named_values(s: Sentence, start: int, nouns: Nouns, *, negated: bool) -> Iterator[Found]:
    tables = {noun.table.full_name for noun in nouns if noun.kind == "table"}
    columns = {(noun.table.full_name, noun.term.column) for noun in nouns if noun.term and hasattr(noun.term, "column")}

    def kept(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        return tuple(
            replace(hit, cost=0.0)
            for hit in hits
            if (hit.table.full_name, hit.column) in columns or hit.table.full_name in tables
        )

    for end, hits in s.hits(s.article(start)):
        if kept(hits):
            groups = [kept(hits)]
            yield end, (IsValue(tuple(groups), negated),), FREE
            at = end
            while joined := next(iter(s.phrase(at, "or", "and")), 0):
                more = next(((last, kept(those)) for last, those in s.hits(s.article(joined)) if kept(those)), None)
                if more is None:
                    break
                at = more[0]
                groups.append(more[1])
                yield at, (IsValue(tuple(groups), negated),), FREE
    number = s.number(start)
    keys = tuple(noun for noun in nouns if is_named_number(noun))
    if number and keys:
        yield number[0], (IsNumber(keys, "<>" if negated else "=", number[1]),), FREE


def _filters(s: Sentence, start: int) -> Iterator[Found]:
    """ "cancelled", "that aren't cancellations"."""
    for at, negated, cost in _leads(s, start):
        for end, nouns in s.nouns(at):
            named = of_kind(nouns, "filter")
            if named:
                yield end, (IsNamed(named, negated),), cost
    for then, nouns in s.nouns(s.article(start)):
        for symbol, negated in (("copula_not", True), ("copula", False)):
            for at in s.phrase(then, symbol) if of_kind(nouns, "table", "field") else ():
                for end, names in s.nouns(s.article(at)):
                    if of_kind(names, "filter"):
                        yield end, (IsNamed(of_kind(names, "filter"), negated),), LIGHT


def _known_nouns(s: Sentence, start: int) -> Iterator[Found]:
    """ "ignoring birds of unknown sex", "excluding orders from France": the negation of a condition on the noun."""
    for at in s.phrase(start, "not_place"):
        for then, nouns in s.nouns(s.article(at)):
            if not of_kind(nouns, "table"):
                continue
            for end, conds, cost in [*gap_conditions(s, then), *_values(s, then), *_filters(s, then)]:
                turned = _turned(conds)
                if turned:
                    yield end, turned, cost + LIGHT


def _turned(conds: tuple[Cond, ...]) -> tuple[Cond, ...]:
    if len(conds) != 1 or not isinstance(conds[0], IsMissing | IsValue | IsNamed):
        return ()
    return (replace(conds[0], negated=not conds[0].negated),)


def included(s: Sentence, start: int) -> Iterator[tuple[int, float]]:
    """ "cancellations included": words that leave nothing out."""
    for way in (gap_conditions, _values, _filters):
        for end, _, cost in way(s, start):
            yield from ((last, cost) for last in s.phrase(end, "counted_in"))


def _left_out(s: Sentence, start: int) -> Iterator[Found]:
    """ "leaving returns out", "with unknown sex left out"."""
    for way in (gap_conditions, _values, _filters):
        for end, conds, cost in way(s, start):
            turned = _turned(conds)
            things = [last for last, nouns in s.nouns(end) if of_kind(nouns, "table", "field")]
            for after in [end, *things, *s.phrase(end, "rows")] if turned else ():
                yield from ((last, turned, cost) for last in s.phrase(after, "set_aside"))
    for at in [then for lead in {start, *s.phrase(start, "if_we")} for then in s.phrase(lead, "leave")]:
        for end, nouns in s.nouns(s.article(at)):
            for last in s.phrase(end, "out"):
                if of_kind(nouns, "filter"):
                    yield last, (IsNamed(of_kind(nouns, "filter"), negated=True),), FREE
        for end, when in periods(s, at):
            for last in s.phrase(end, "out"):
                yield last, (InTime(when, negated=True),), FREE
