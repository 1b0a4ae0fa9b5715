"""What a person says around the question: whom it is for, and why something is left out."""

from __future__ import annotations

from collections.abc import Iterable

from lakebook.query.parse.binding import NAMED
from lakebook.query.parse.grammar.showing import MARKS
from lakebook.query.parse.grammar.step import ODD, Step, Steps, of_kind
from lakebook.query.parse.lexicon.units import NUMBER_WORDS
from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft

MOST_WORDS = 12
# Phrases that would mean something for the answer.
_MEANT = frozenset({
    "not_place", "leave", "is_missing", "lack", "never", "nothing_but", "nothing", "gt", "lt", "ge", "le", "ne", "top",
    "bottom", "sum", "avg", "median", "min", "max", "share", "share_of", "fraction", "running", "growth", "most",
    "fewest",
    "highest", "lowest", "common", "rare", "money_word", "money_verb", "compare", "each_of", "first", "last", "count",
    "much",
})  # fmt: skip
_NOT = frozenset({"not_place", "ne", "never", "lack", "is_missing"})  # a reason may say what is not so


def asides(s: Sentence, start: int) -> Steps:
    """ "For my music class: …", "My pupils want to know …", "… because it isn't complete"."""
    if start == 0:
        for end in range(1, min(s.end, MOST_WORDS)):
            if s.fold(end) in (":", "-", "–", "—", ".", "!") and end > 1 and _says_nothing_here(s, 0, end):
                yield Step(end + 1, ODD, "nothing", _before_all)
            for then in s.phrase(end, "wants_to_know"):
                if _says_nothing_here(s, 0, end):
                    yield Step(then, ODD, "nothing", _before_all)
        yield from _label(s)
    for at in s.phrase(start, "because"):
        end = next((place for place in range(at, s.end) if s.fold(place) in MARKS), s.end)
        if _says_nothing_here(s, at, end, but=_NOT):
            yield Step(end, ODD, "nothing", _anywhere)


def _label(s: Sentence) -> Steps:
    """ "frost days - how many days had a minimum below zero": a name for what is then said in full."""
    for middle in range(1, min(3, s.end)):
        for end, nouns in s.nouns(middle) if _says_nothing_here(s, 0, middle) else ():
            mark = end + 1 if s.fold(end) in (":", "-", "–", "—", ",") else 0
            defined = any(s.phrase(place, "gt", "lt", "ge", "le") for place in range(mark, s.end)) if mark else False
            if defined and of_kind(nouns, "table"):
                yield Step(mark, ODD, "nothing", _before_all)


def _says_nothing_here(s: Sentence, start: int, end: int, but: frozenset[str] = frozenset()) -> bool:
    """Whether no word names anything of the tables, no number, no time and nothing that an answer would hang on."""
    return all(_is_idle(s, place, but) for place in range(start, end))


def _is_idle(s: Sentence, place: int, but: frozenset[str]) -> bool:
    token, meant = s.tokens[place], _MEANT - but
    if token.kind not in ("word", "mark") or token.fold in NUMBER_WORDS or not meant.isdisjoint(s.symbols(place)):
        return False
    times = any(symbol.startswith(("part:", "adverb:")) for symbol in s.symbols(place))
    likely = any(min(hit.cost for hit in hits) < NAMED or not token.text.islower() for _, hits in s.bare_hits(place))
    return not (times or likely or s.nouns(place) or s.adjectives(place) or s.unit(place))


def _before_all(draft: Draft) -> Iterable[Draft]:
    if draft == Draft():
        yield draft


def _anywhere(draft: Draft) -> Iterable[Draft]:
    if draft.pending is None:
        yield draft
