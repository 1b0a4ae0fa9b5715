"""One step of the grammar: words that stand at a place and what they do to the draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lakebook.query.parse.measures import unit_of as unit_of_name
from lakebook.query.parse.names import Noun, is_identifier
from lakebook.query.parse.wants import Draft, Nouns
from lakebook.query.parse.words import parts, singular

# What a word costs that says nothing, and what is added where a phrase is read in its less usual sense.
FREE, LIGHT, ODD, STRANGE = 0.0, 0.1, 0.35, 0.8


@dataclass(frozen=True)
class Step:
    """Words up to `end`, the part of the query they become, and the drafts they make of a draft."""

    end: int
    cost: float
    part: str
    apply: Callable[[Draft], Iterable[Draft]]


Steps = Iterator[Step]


def of_kind(nouns: Nouns, *kinds: str) -> Nouns:
    """Those of the nouns that are of these kinds."""
    return tuple(noun for noun in nouns if noun.kind in kinds)


def numbers(nouns: Nouns) -> Nouns:
    """Those that are fields of numbers."""
    return tuple(noun for noun in nouns if noun.kind == "field" and is_number(noun) and not _is_key(noun))


def _is_key(noun: Noun) -> bool:
    column = getattr(noun.term, "column", None)
    return column is not None and is_identifier(column)


def is_key_number(noun: Noun) -> bool:
    """Whether a noun is a field of keys or numbers of things."""
    return noun.kind == "field" and _is_key(noun)


def is_named_number(noun: Noun) -> bool:
    """Whether a number after the noun names one of its values: "customer 17850", "floor 3"."""
    column = getattr(noun.term, "column", None)
    if noun.kind != "field" or column is None or not column.is_whole:
        return False
    word = parts(column.name)[-1]
    return is_identifier(column) or (singular(word) == word and unit_of_name(column.name) is None)


def is_number(noun: object) -> bool:
    """Whether a noun's values are numbers."""
    term = getattr(noun, "term", None)
    column = getattr(term, "column", None)
    return bool(column.is_number) if column is not None else bool(getattr(term, "is_number", False))
